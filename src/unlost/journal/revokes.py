"""What was deleted for everyone: no late file follows it, and what has not been shown yet is shown as deleted, if at all."""

from unlost.journal.resolving import resolve, resolve_maybe
from unlost.journal.turn import Turn
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.states import State

_ENDED = frozenset({State.DONE, State.DEAD})


def is_revoked(turn: Turn, channel: str, target: str, chat: Address | None, sender: str) -> bool:
    """Whether *sender*'s message was deleted for everyone, whatever has become of the deletion so far."""
    own, users = resolve(turn, channel, Address(sender)), _users(turn, channel, target, chat)
    if any(is_marked for user, _, is_marked in users if user == own):
        return True
    is_sole = {user for user, _, _ in users} <= {own}
    rows = turn.all("revokes_of", {"channel": channel, "target": target})
    return any(
        resolve_maybe(turn, channel, other) == chat and (is_sole or resolve_maybe(turn, channel, by) == own)
        for other, by, _ in rows
    )


def leave_mark(turn: Turn, channel: str, target: str | None, chat: str | None, by: str | None) -> None:
    """A deletion's entry is about to go: the links of what it deleted remember it, as long as anything can follow the message."""
    if target is None or chat is None:
        return
    users = _users(turn, channel, target, resolve(turn, channel, Address(chat)))
    deleter, is_sole = resolve_maybe(turn, channel, by), len({user for user, _, _ in users}) == 1
    for user, link, _ in users:
        if is_sole or user == deleter:
            turn.run("message_revoked", {"channel": channel, "target": target, "chat": link[0], "sender": link[1]})


def _users(turn: Turn, channel: str, target: str, chat: Address | None) -> list[tuple[Address, tuple[str, str], bool]]:
    """Who used this id in *chat*, by the links: (sender, the link's own chat and sender, marked). Any member may choose any id, and an
    admin deletes what another wrote: whose deletion it was decides only where more than one used it."""
    rows = turn.all("message_users", {"channel": channel, "target": target})
    return [
        (resolve(turn, channel, Address(sender)), (link_chat, sender), bool(is_marked))
        for link_chat, sender, is_marked in rows
        if resolve(turn, channel, Address(link_chat)) == chat
    ]


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
