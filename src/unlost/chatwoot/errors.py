"""What a failed call means. The only place that reads a status code of the helpdesk; no body ever enters an error's text.

Two tables, because the same failure means different things: for a *once-only* call (post, create, delete) only proof that nothing
was done is `TryLater`; a call that is *safe to repeat* may simply be made again. Chatwoot saves a message before it answers, and
what fails after the commit becomes a 4xx or 5xx although the message stands: no such answer proves absence.
"""

from typing import Any, Final

import msgspec

from unlost.errors import Refused, TryLater, UnlostError, Unsure
from unlost.transport import Answer, TransportFailed

FLOOD_WAIT_S: Final = 20.0
"""Chatwoot counts the last 60 s of a conversation (lib/limits.rb); a third of it, as others' messages leave the window one by one."""
RATE_WAIT_S: Final = 20.0
"""rack-attack counts in fixed minutes and, as shipped, does not say when the next begins."""
RATE_WAIT_MAX_S: Final = 300.0
CLEAR: Final = frozenset({401, 403, 404, 413})
"""Refused before anything was saved, on every call a bridge makes. 413 is a proxy's: the file never came to Chatwoot."""
FLOODED: Final = "Too many messages"
"""Hard-coded English in Chatwoot's message.rb; what stands before it is translated."""
CONTACT_FIELDS: Final = frozenset({"identifier", "phone_number", "email", "name"})
"""Checked before the contact is saved, so a finding about one of them proves that no contact was made."""
FAULT_BYTES_MAX: Final = 65_536


class _Fault(msgspec.Struct):
    error: Any = None
    message: Any = None
    attributes: Any = None


def unanswered_once(what: str, failed: TransportFailed) -> UnlostError:
    """A once-only call without an answer: `TryLater` only where nothing was sent."""
    if failed.nothing_sent:
        return TryLater(f"{what}: {failed.cause}", cause=failed.cause, away=True)
    return Unsure(f"{what}: no answer ({failed.cause})", cause=failed.cause)


def unanswered(what: str, failed: TransportFailed) -> UnlostError:
    """A call that is safe to repeat without an answer."""
    return TryLater(f"{what}: {failed.cause}", cause=failed.cause, away=failed.nothing_sent)


def refused_once(what: str, answer: Answer) -> UnlostError:
    """A once-only call answered with anything but 2xx. `Unsure.status` is set only where it is a 4xx."""
    if answer.status == 429:
        return _rate_limited(what, answer)
    if answer.status in CLEAR:
        return Refused(f"{what}: answered {answer.status}", status=answer.status)
    if answer.status == 422 and _is_flooded(_fault(answer)):
        return _flooded(what)
    if 400 <= answer.status < 500:
        return Unsure(f"{what}: answered {answer.status}", cause="http_4xx", status=answer.status)
    return Unsure(f"{what}: answered {answer.status}", cause="http_5xx")


def refused_contact(what: str, answer: Answer) -> UnlostError:
    """As `refused_once`, for the creation of a contact: a finding about one of its own fields proves that none was made."""
    fields = _fields(_fault(answer)) if answer.status == 422 else ()
    if CONTACT_FIELDS.intersection(fields):
        return Refused(f"{what}: answered 422", status=422, fields=fields)
    return refused_once(what, answer)


def refused(what: str, answer: Answer) -> UnlostError:
    """A call that is safe to repeat answered with anything but 2xx.

    A redirect is a proxy's (a moved site, a maintenance page): the helpdesk as a whole is away.
    """
    if answer.status == 429:
        return _rate_limited(what, answer)
    if answer.status < 400:
        return TryLater(f"{what}: answered {answer.status}", cause="http_4xx", away=True, status=answer.status)
    if answer.status >= 500 or answer.status == 408:
        return TryLater(f"{what}: answered {answer.status}", cause="http_5xx", away=False, status=answer.status)
    fault = _fault(answer)
    if answer.status == 422 and _is_flooded(fault):
        return _flooded(what)
    return Refused(f"{what}: answered {answer.status}", status=answer.status, fields=_fields(fault))


def unreadable_once(what: str, error: Exception) -> UnlostError:
    """A once-only call answered with 2xx and something else than Chatwoot's words: it may well have been done."""
    return Unsure(f"{what}: unreadable answer ({type(error).__name__})", cause="unreadable")


def unreadable(what: str, error: Exception) -> UnlostError:
    """A call that is safe to repeat answered with 2xx and something else than Chatwoot's words."""
    return TryLater(f"{what}: unreadable answer ({type(error).__name__})", cause="unreadable", away=False)


def _rate_limited(what: str, answer: Answer) -> TryLater:
    return TryLater(f"{what}: answered 429", cause="rate_limited", away=True, wait_s=_wait_s(answer), status=429)


def _wait_s(answer: Answer) -> float:
    told = answer.headers.get("retry-after", "")
    if not (told.isascii() and told.isdigit() and len(told) <= 9):
        return RATE_WAIT_S
    return min(max(float(told), 1.0), RATE_WAIT_MAX_S)


def _flooded(what: str) -> TryLater:
    return TryLater(f"{what}: too many messages", cause="flood", away=False, wait_s=FLOOD_WAIT_S, status=422)


def _fault(answer: Answer) -> _Fault:
    if len(answer.body) > FAULT_BYTES_MAX:
        return _Fault()
    try:
        return msgspec.json.decode(answer.body, type=_Fault)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _Fault()


def _is_flooded(fault: _Fault) -> bool:
    texts = (fault.error, fault.message)
    return any(isinstance(text, str) and text.endswith(FLOODED) for text in texts)


def _fields(fault: _Fault) -> tuple[str, ...]:
    if not isinstance(fault.attributes, list):
        return ()
    return tuple(name for name in fault.attributes[:20] if isinstance(name, str) and len(name) <= 64)
