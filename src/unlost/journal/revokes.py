"""What was deleted for everyone: no late file follows it, and what has not been shown yet is shown as deleted, if at all."""

from unlost.journal.resolving import resolve, resolve_maybe
from unlost.journal.turn import Turn
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.states import State

_ENDED = frozenset({State.DONE, State.DEAD})


def is_revoked(turn: Turn, channel: str, target: str, chat: Address | None) -> bool:
    """Whether anybody deleted the message for everyone, whatever has become of that so far."""
    names = {"channel": channel, "target": target}
    rows = [*turn.all("revokes_of", names), *turn.all("revoked_links_of", names)]
    return any(resolve_maybe(turn, channel, row[0]) == chat for row in rows)


def leave_mark(turn: Turn, channel: str, target: str | None, chat: str | None) -> None:
    """A deletion's entry is about to go: the links of what it deleted remember it, as long as anything can follow the message."""
    if target is None or chat is None:
        return
    of_chat = resolve(turn, channel, Address(chat))
    forms = {row[1] for row in turn.all("message_links", {"channel": channel, "whatsapp_id": target})}
    for form in sorted(forms):
        if resolve(turn, channel, form) == of_chat:
            turn.run("message_revoked", {"channel": channel, "target": target, "chat": form})


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
