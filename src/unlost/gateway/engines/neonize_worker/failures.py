"""The engine's errors, which are sentences, as kinds a caller can act on."""

from __future__ import annotations

import re

from unlost.gateway.engines.calls import EngineFailure
from unlost.gateway.engines.frames import FailureKind
from unlost.gateway.engines.last_words import shown

TEXT_MAX_CHARACTERS = 300
# whatsmeow's words (errors.go, request.go, user.go) and goneonize's, at 0.5.2; the first that fits counts
WORDS: tuple[tuple[str, FailureKind], ...] = (
    ("hidden their profile picture", FailureKind.HIDDEN),
    ("does not have a profile picture", FailureKind.NOT_FOUND),
    ("not connected", FailureKind.NOT_CONNECTED),
    ("client is nil", FailureKind.NOT_CONNECTED),
    ("not logged in", FailureKind.NOT_CONNECTED),
    ("doesn't contain a device jid", FailureKind.NOT_CONNECTED),
    ("disconnected before", FailureKind.TIMED_OUT),
    ("timed out", FailureKind.TIMED_OUT),
    ("deadline exceeded", FailureKind.TIMED_OUT),
    ("rate-overlimit", FailureKind.LIMITED),
    ("429", FailureKind.LIMITED),
    ("463", FailureKind.LIMITED),
    ("item-not-found", FailureKind.NOT_FOUND),
    ("not a participant", FailureKind.NOT_FOUND),
    ("does not exist", FailureKind.NOT_FOUND),
    ("not-authorized", FailureKind.REFUSED),
    ("404", FailureKind.NOT_FOUND),
    ("410", FailureKind.NOT_FOUND),
)
# whatsmeow's words for the one answer that is about the message itself (send.go: its acknowledgement bore an error)
NOT_TAKEN = re.compile(r"server returned error \d+")


def failure_of(error: Exception) -> EngineFailure:
    """What a call that raised *error* comes to."""
    if isinstance(error, EngineFailure):
        return error
    text = said_by(error)
    kind = next((kind for word, kind in WORDS if word in text.lower()), FailureKind.REFUSED)
    return EngineFailure(kind, shown(text)[:TEXT_MAX_CHARACTERS])


def send_failure_of(error: Exception, *, left: bool) -> EngineFailure:
    """What a send that raised *error* comes to; *left*: its message was about to leave, so that it may have.

    Then the words say little: whatsmeow sends a message again over the next connection, and "not connected" may be the end of
    that. Only WhatsApp's own no to this message proves that nobody will read it.
    """
    failure = failure_of(error)
    if left and not NOT_TAKEN.fullmatch(said_by(error)):
        return EngineFailure(FailureKind.IN_DOUBT, failure.text)
    if not left and failure.kind is FailureKind.TIMED_OUT:
        return EngineFailure(FailureKind.NOT_STARTED, failure.text)
    return failure


def said_by(error: Exception) -> str:
    """The sentence, which some of neonize's errors carry inside a whole answer."""
    first = error.args[0] if error.args else ""
    if isinstance(first, bytes):
        return first.decode(errors="replace")
    return str(getattr(first, "Error", "") or error)


def invalid(text: str) -> EngineFailure:
    """The arguments mean nothing."""
    return EngineFailure(FailureKind.INVALID, text)
