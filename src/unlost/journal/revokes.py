"""What was deleted for everyone: no late file follows it, and what has not been shown yet is shown as deleted, if at all."""

from unlost.journal.resolving import resolve_maybe
from unlost.journal.turn import Turn
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.states import State

_ENDED = frozenset({State.DONE, State.DEAD})


def is_revoked(turn: Turn, channel: str, target: str, chat: Address | None) -> bool:
    """Whether anybody deleted the message for everyone, whatever has become of that so far."""
    rows = turn.all("revokes_of", {"channel": channel, "target": target})
    return any(resolve_maybe(turn, channel, other) == chat for other, _, _ in rows)


def has_tombstone(turn: Turn, channel: str, target: str, chat: Address | None, sender: str | None) -> bool:
    """Whether *sender*'s deletion of a message has ended without it: one that still waits finds the message when it stands.

    Ids are the senders' choice: another member's deletion of the same id says nothing of this message.
    """
    rows = turn.all("revokes_of", {"channel": channel, "target": target})
    own = (chat, resolve_maybe(turn, channel, sender)) if rows else None
    return any(
        State(state) in _ENDED and (resolve_maybe(turn, channel, other), resolve_maybe(turn, channel, by)) == own
        for other, by, state in rows
    )
