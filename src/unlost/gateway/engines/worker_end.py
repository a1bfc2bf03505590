"""The worker's end of the socket, for threads that may block; and how a worker makes sure not to outlive its gateway."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
import threading
from typing import NoReturn

from unlost.gateway.engines.frames import LENGTH_BYTES, FromWorker, ToWorker, for_worker, length_of, packed

PR_SET_PDEATHSIG = 1  # linux/prctl.h
ORPHANED = 70  # EX_SOFTWARE; nobody is left to read it


class WorkerEnd:
    """Any thread may send; one thread receives."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._turn = threading.Lock()

    def send(self, frame: FromWorker) -> None:
        """Hand *frame* to the gateway, whole. Raises OSError once the gateway is gone."""
        data = packed(frame)
        with self._turn:
            self._socket.sendall(data)

    def receive(self) -> ToWorker | None:
        """The gateway's next word; None when there will be none. Raises FrameRefused."""
        head = self._exactly(LENGTH_BYTES)
        body = self._exactly(length_of(head)) if head is not None else None
        return for_worker(body) if body is not None else None

    def _exactly(self, count: int) -> bytes | None:
        taken = bytearray()
        while len(taken) < count:
            try:
                piece = self._socket.recv(min(count - len(taken), 1 << 20))
            except OSError:
                return None
            if not piece:
                return None
            taken += piece
        return bytes(taken)


def die_with(parent: int) -> None:
    """From here on this process ends when *parent* does, however that ends; at once if it has ended already.

    Linux alone can promise it; elsewhere the closed socket must do.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        leave(ORPHANED)


def leave(code: int) -> NoReturn:
    """End at once, whatever other threads do: nothing is flushed, nobody is waited for."""
    os._exit(code)
