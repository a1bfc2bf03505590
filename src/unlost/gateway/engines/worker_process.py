"""One worker as a process: begun by exec, spoken to in frames, its last words kept, ended and reaped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

from unlost.gateway.engines.frames import LENGTH_BYTES, FromWorker, ToWorker, for_gateway, length_of, packed
from unlost.gateway.engines.last_words import LastWords

STDERR_CHUNK_BYTES = 16 * 1024


@dataclass(frozen=True)
class WorkerCommand:
    """How a worker is begun. `{fd}` and `{parent}` in *argv* become its socket and this process's id.

    *env* is added to this process's own.
    """

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)


class WorkerProcess:
    """Made by `begin`. Frames come one at a time; None says that there will be no more."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self.last_words = LastWords()
        self._listening = asyncio.create_task(self._listen(), name=f"worker {process.pid} stderr")

    @classmethod
    async def begin(cls, command: WorkerCommand) -> WorkerProcess:
        """Start it. Raises OSError where the program cannot be run."""
        ours, theirs = socket.socketpair()
        try:
            words = {"{fd}": str(theirs.fileno()), "{parent}": str(os.getpid())}
            process = await asyncio.create_subprocess_exec(
                *(words.get(one, one) for one in command.argv),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,  # engines print; nothing of theirs may look like the gateway's own
                stderr=asyncio.subprocess.PIPE,
                pass_fds=(theirs.fileno(),),
                env={**os.environ, **command.env},
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        reader, writer = await asyncio.open_connection(sock=ours)
        return cls(process, reader, writer)

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def send(self, frame: ToWorker) -> None:
        """Give *frame* to the worker; one that is gone takes it silently. Raises FrameRefused if it is too long."""
        data = packed(frame)
        if not self._writer.is_closing():
            self._writer.write(data)

    async def receive(self) -> FromWorker | None:
        """The worker's next word. Raises FrameRefused, after which only `kill` makes sense."""
        try:
            head = await self._reader.readexactly(LENGTH_BYTES)
            body = await self._reader.readexactly(length_of(head))
        except (asyncio.IncompleteReadError, OSError):
            return None
        return for_gateway(body)

    def kill(self) -> None:
        """End it at once, stopped or hung as it may be."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def wait(self) -> int:
        """Its exit code, negative for a signal, once it has ended; its last words are all in by then."""
        code = await self._process.wait()
        await self._listening
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()
        return code

    async def _listen(self) -> None:
        stderr = self._process.stderr
        assert stderr is not None
        while piece := await stderr.read(STDERR_CHUNK_BYTES):
            self.last_words.hear(piece)
