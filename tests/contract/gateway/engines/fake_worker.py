"""A worker without an engine: it says hello, beats, and does to itself what its verbs are called.

fake_worker.py FD PARENT [at-start ACTION]
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading

import msgspec

from unlost.gateway.engines.frames import (
    PROTOCOL,
    Call,
    Failure,
    FailureKind,
    Hello,
    Pulse,
    Recorded,
    Reply,
    State,
    StateName,
)
from unlost.gateway.engines.worker_end import WorkerEnd, die_with, leave

PANIC = (
    "panic: unsupported payload type: *store.PrivacyToken for 5541999887766\n\n"
    "goroutine 17 [running, locked to thread]:\nmain.GetProfilePicture(...)\n"
)
PULSE_EVERY_S = 0.05
VERBS = (
    "echo", "avatar", "panic", "abort", "kill", "exit", "stop_self", "mute", "never", "garble", "huge", "busy", "state", "count", "until",
)  # fmt: skip


class Script:
    """The verbs. *busy* keeps one turn going for ever, *mute* stops the pulse, *never* is never answered."""

    def __init__(self, end: WorkerEnd, sock: socket.socket) -> None:
        self._end = end
        self._socket = sock
        self.pulse = Pulse(0)
        self.muted = threading.Event()

    def do(self, call: Call) -> None:
        match call.verb:
            case "echo" | "count":
                self._end.send(Reply(call.id, call.args))
            case "until":
                self._end.send(Reply(call.id, msgspec.Raw(msgspec.json.encode({"words": str(call.until)}))))
            case "state":
                self._end.send(
                    State(StateName(msgspec.json.decode(call.args)["name"]), "as told", leaving=True, rest_s=0.01)
                )
                leave(0)
            case "busy":
                self.pulse = Pulse(self.pulse.turn + 1, in_turn=True)
            case "never":
                self._end.send(Recorded(call.id))
            case "garble":
                self._socket.sendall(b"\0\0\0\x02no")
            case "huge":
                self._socket.sendall(b"\x7f\0\0\0")
            case "mute":
                self.muted.set()
            case verb:
                act(verb)


def act(what: str) -> None:
    """End or stop this process."""
    match what:
        case "panic" | "avatar":
            sys.stderr.write(PANIC)
            sys.stderr.flush()
            os.abort()
        case "abort":
            os.abort()
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "stop_self":
            os.kill(os.getpid(), signal.SIGSTOP)
        case "exit":
            leave(2)
        case _:
            pass


def beat(end: WorkerEnd, script: Script) -> None:
    while not script.muted.wait(PULSE_EVERY_S):
        end.send(script.pulse)


def main() -> None:
    fd, parent, *more = sys.argv[1:]
    die_with(int(parent))
    if more:
        act(more[0])
    sock = socket.socket(fileno=int(fd))
    end = WorkerEnd(sock)
    script = Script(end, sock)
    protocol = 99 if more == ["future"] else PROTOCOL
    if more != ["silent"]:
        end.send(Hello("fake", "1.0", protocol, VERBS))
        threading.Thread(target=beat, args=(end, script), daemon=True).start()
        end.send(State(StateName.LOGGED_IN, jid="5541999887766@s.whatsapp.net"))
    while isinstance(call := end.receive(), Call):
        if call.verb == "count" and (kind := msgspec.json.decode(call.args).get("words")):
            end.send(Reply(call.id, error=Failure(FailureKind(kind), "as told")))
        else:
            script.do(call)
    leave(0)


if __name__ == "__main__":
    main()
