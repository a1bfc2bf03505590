"""The engine's errors, which are sentences, as kinds a caller can act on."""

from __future__ import annotations

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


def failure_of(error: Exception) -> EngineFailure:
    """What a call that raised *error* comes to."""
    if isinstance(error, EngineFailure):
        return error
    text = said_by(error)
    kind = next((kind for word, kind in WORDS if word in text.lower()), FailureKind.REFUSED)
    return EngineFailure(kind, shown(text)[:TEXT_MAX_CHARACTERS])


def said_by(error: Exception) -> str:
    """The sentence, which some of neonize's errors carry inside a whole answer."""
    first = error.args[0] if error.args else ""
    if isinstance(first, bytes):
        return first.decode(errors="replace")
    return str(getattr(first, "Error", "") or error)


def invalid(text: str) -> EngineFailure:
    """The arguments mean nothing."""
    return EngineFailure(FailureKind.INVALID, text)
