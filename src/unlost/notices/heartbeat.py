"""Calls one address while the door can commit: whoever listens there raises the alarm when we fall silent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from unlost.telemetry.log import Telemetry
from unlost.telemetry.notices import HeartbeatMade, HeartbeatTurned
from unlost.transport import Call, Http, TransportFailed

CALL_MAX_S = 10.0
ANSWER_MAX_BYTES = 65536


@dataclass(slots=True)
class Heartbeat:
    """*url* is the operator's own and may lie anywhere, a private network included; no redirect is followed.

    *can_commit*: whether a webhook would be answered 2xx now; bounded in time, never raises.
    """

    url: str
    http: Http
    can_commit: Callable[[], Awaitable[bool]]
    telemetry: Telemetry
    _was_heard: bool = True

    async def beat(self) -> None:
        """One call, or none where the door cannot commit."""
        if not await self.can_commit():
            return
        why = await call_once(self.url, self.http)
        self.telemetry.tell(HeartbeatMade("failed" if why else "sent"))
        if self._was_heard is bool(why):
            self._was_heard = not why
            self.telemetry.tell(HeartbeatTurned("failing" if why else "heard", why or ""))


async def call_once(url: str, http: Http) -> str | None:
    """None where it answered 2xx or 3xx, else why not. The address is not repeated: its path is a password."""
    try:
        answer = await http.send(Call("GET", url, CALL_MAX_S, answer_max_bytes=ANSWER_MAX_BYTES))
    except TransportFailed as error:
        return f"no answer ({error.cause})"
    return None if answer.status < 400 else f"answered {answer.status}"
