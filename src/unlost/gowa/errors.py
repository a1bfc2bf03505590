"""What a failed call means. The only place that reads a status code of the gateway; no body ever enters an error's text.

All calls of this room are safe to repeat. GOWA maps every plain Go error to 500, so its words are looked into where two
meanings share a status (GOWA page, 3.1).
"""

import re
from typing import Any, Final

import msgspec

from unlost.errors import Blocked, Cause, Refused, TryLater, UnlostError
from unlost.transport import Answer, TransportFailed

RATE_WAIT_S: Final = 20.0
RATE_WAIT_MAX_S: Final = 300.0
FAULT_BYTES_MAX: Final = 65_536
AWAY: Final[frozenset[Cause]] = frozenset({"connection_refused", "dns", "tls"})

NO_PICTURE: Final = (
    "no avatar found",  # GOWA, where WhatsApp answers without one; ours too, with avatars switched off
    "hidden their profile picture",  # whatsmeow, ErrProfilePictureUnauthorized
    "does not have a profile picture",  # whatsmeow, ErrProfilePictureNotSet
)
NO_SUCH_CHAT: Final = re.compile(r"chat with JID \S+ not found")
"""Before v8.9.0 an unknown chat is a 500 (GOWA page, 4) with these words, GOWA's and our own gateway's, and with none besides."""


class Fault(msgspec.Struct):
    """GOWA's envelope around a refusal."""

    code: Any = None
    message: Any = None


def unanswered(what: str, failed: TransportFailed) -> UnlostError:
    """No answer. Away: nobody listens there, or the connection was never made; a broken call may be this call's own fault."""
    away = failed.cause in AWAY or (failed.cause == "timeout" and failed.nothing_sent)
    return TryLater(f"{what}: {failed.cause}", cause=failed.cause, away=away)


def refused(what: str, answer: Answer) -> UnlostError:
    """Anything but 2xx."""
    fault = _fault(answer)
    if names_no_device(answer):
        return TryLater(
            f"{what}: the gateway does not know the device", cause="http_4xx", away=True, status=answer.status
        )
    if answer.status in (401, 403):
        return _unauthorized(what, answer.status, fault)
    if answer.status == 429:
        return TryLater(f"{what}: answered 429", cause="rate_limited", away=True, wait_s=_wait_s(answer), status=429)
    if answer.status == 503 and fault is not None and fault.code == "engine_crashed":
        return TryLater(f"{what}: the engine crashed", cause="engine_crashed", away=False, status=503)
    if says_not_started(answer):
        return TryLater(f"{what}: the engine does not run", cause="http_5xx", away=True, status=503)
    if answer.status == 408:
        return TryLater(f"{what}: answered 408", cause="timeout", away=False, status=408)
    if answer.status >= 500:
        return TryLater(f"{what}: answered {answer.status}", cause="http_5xx", away=False, status=answer.status)
    return _refused_for_now_or_ever(what, answer.status, fault)


def unreadable(what: str, error: Exception) -> UnlostError:
    """A 2xx whose body is not what GOWA answers there: a login page, half an answer."""
    return TryLater(f"{what}: unreadable answer ({type(error).__name__})", cause="unreadable", away=False)


def names_no_device(answer: Answer) -> bool:
    """DEVICE_NOT_FOUND, DEVICE_ID_REQUIRED, DEVICE_MANAGER_UNAVAILABLE: which account is meant is not settled."""
    fault = _fault(answer) if answer.status in (400, 404, 503) else None
    return fault is not None and isinstance(fault.code, str) and fault.code.startswith("DEVICE_")


def says_not_started(answer: Answer) -> bool:
    """Our own gateway's word for an engine that is being started again: nothing was asked of it, and nothing done."""
    fault = _fault(answer) if answer.status == 503 else None
    return fault is not None and fault.code == "not_started"


def says_no_picture(answer: Answer) -> bool:
    """The person shows no picture, or none to us."""
    return answer.status == 500 and _words_contain(answer, NO_PICTURE)


def says_no_chat(answer: Answer) -> bool:
    """Chat storage has no such chat. A 404 never says so: it is a proxy's, or that of a gateway without the call."""
    fault = _fault(answer) if answer.status == 500 else None
    if fault is None or fault.code != "INTERNAL_SERVER_ERROR" or not isinstance(fault.message, str):
        return False
    return NO_SUCH_CHAT.fullmatch(fault.message) is not None


def says_no_path(answer: Answer) -> bool:
    """This version has no such call."""
    return answer.status in (404, 405)


def says_no_feed(answer: Answer) -> bool:
    """GOWA, or our own gateway in GOWA's temper."""
    return answer.status in (404, 405, 501)


def _unauthorized(what: str, status: int, fault: Fault | None) -> UnlostError:
    """The envelope speaks of WhatsApp's login, plain text of ours."""
    if fault is not None and isinstance(fault.code, str):
        return TryLater(f"{what}: not logged in to WhatsApp", cause="http_4xx", away=True, status=status)
    return Blocked(f"{what}: the gateway refuses our credentials", cause="http_4xx", status=status)


def _refused_for_now_or_ever(what: str, status: int, fault: Fault | None) -> UnlostError:
    """A redirect is a proxy's. GOWA says INVALID_JID too where its own check timed out, so that may pass."""
    if status < 400:
        return TryLater(f"{what}: answered {status}", cause="http_4xx", away=True, status=status)
    if fault is not None and fault.code == "INVALID_JID":
        return TryLater(
            f"{what}: not on WhatsApp, or not to be checked now", cause="http_4xx", away=False, status=status
        )
    return Refused(f"{what}: answered {status}", status=status)


def _wait_s(answer: Answer) -> float:
    told = answer.headers.get("retry-after", "")
    if not (told.isascii() and told.isdigit() and len(told) <= 9):
        return RATE_WAIT_S
    return min(max(float(told), 1.0), RATE_WAIT_MAX_S)


def _words_contain(answer: Answer, words: tuple[str, ...]) -> bool:
    fault = _fault(answer)
    told = fault.message.lower() if fault is not None and isinstance(fault.message, str) else ""
    return any(word in told for word in words)


def _fault(answer: Answer) -> Fault | None:
    """None where the body is no JSON object: a proxy's page, or basic auth's plain text."""
    if len(answer.body) > FAULT_BYTES_MAX:
        return None
    try:
        return msgspec.json.decode(answer.body, type=Fault)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
