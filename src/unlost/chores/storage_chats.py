"""What the chats of a gateway's storage tell: of themselves, of how late it is, and of this machine's clock. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

BEHIND_S = 86_400.0
"""A clock that is so much behind reaches behind what pruning left; more than any mix-up of zones makes."""
AHEAD_S = 300.0
"""Storage cannot hold what is told later, but where this machine's clock is behind."""


@dataclass(frozen=True, slots=True)
class StorageChat:
    """One chat of the gateway's storage. *touched_at*: the later of its last message and its last change; None: unknown.

    *told_at*: WhatsApp's time of a message that it holds or held, commonly its last; None: not told.
    """

    jid: str
    touched_at: float | None
    told_at: float | None = None


def both(one: StorageChat, other: StorageChat) -> StorageChat:
    """A chat that two pages showed."""
    touched_at = max(one.touched_at, other.touched_at) if one.touched_at and other.touched_at else None
    told_at = max((at for at in (one.told_at, other.told_at) if at is not None), default=None)
    return StorageChat(one.jid, touched_at, told_at)


def told_until(chats: Collection[StorageChat], now: float) -> float | None:
    """The newest time that any chat tells, later than *now* left out; *now* where there are chats and none tells one.

    The clock at hand may be ahead; a message's time never is, but for nonsense, which would hide all that comes until then.
    """
    told = [chat.told_at for chat in chats if chat.told_at is not None]
    if chats and not told:
        return now
    return max((at for at in told if at <= now), default=None)


def is_behind(chats: Collection[StorageChat], now: float) -> bool:
    """*now* is of a clock that is behind: two chats were told of long after it, or the only one. A single one may be nonsense."""
    ahead = [chat for chat in chats if chat.told_at is not None and chat.told_at > now + BEHIND_S]
    return len(ahead) >= min(2, max(1, len(chats)))
