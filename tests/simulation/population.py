"""What customers really sent: the truth that the helpdesk is compared with. Nobody of the bridge ever sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from unlost.gateway.events import Message

OWN = "628110000000@s.whatsapp.net"


class Sort(StrEnum):
    """What a told thing is, as far as the helpdesk must show it."""

    TEXT = "text"  # a message, perhaps a reply
    OWN = "own"  # typed by the firm on its phone
    REACTION = "reaction"
    EDIT = "edit"
    REVOKE = "revoke"
    POLL = "poll"  # without content: nobody can tell it from a twin, and it stands as a line from the catalogue
    NOISE = "noise"  # empty, from oneself to oneself
    KILLER = "killer"  # ends whoever works it
    POISON = "poison"  # the helpdesk refuses it for ever
    READ_KILLER = "read_killer"  # ends whoever reads it


BAD = frozenset({Sort.KILLER, Sort.POISON, Sort.READ_KILLER})
"""What cannot be delivered, and may end dead."""
REFERRING = frozenset({Sort.REACTION, Sort.EDIT, Sort.REVOKE})
"""What may be parked: its place in its chat is behind its target's, not where it was told."""


@dataclass(slots=True, eq=False)
class Chat:
    """A person or a group. *lid* is empty for groups. *speaks_lid*: WhatsApp addresses the chat by LID; *is_paired*: the gateway
    knows its number. *members*: names and addresses of a group."""

    name: str
    phone: str
    lid: str = ""
    speaks_lid: bool = False
    is_paired: bool = True
    members: tuple[tuple[str, str], ...] = ()
    was_unpaired: bool = False
    told_as: set[str] = field(default_factory=set)

    @property
    def is_group(self) -> bool:
        """Whether it has members."""
        return bool(self.members)

    @property
    def address(self) -> str:
        """What WhatsApp calls it now."""
        return self.lid if self.lid and self.speaks_lid else self.phone

    @property
    def forms(self) -> frozenset[str]:
        """All its addresses."""
        return frozenset({self.phone, self.lid} - {""})


@dataclass(slots=True, eq=False)
class Told:
    """One thing that happened in WhatsApp. *words* stand in it and nowhere else. *hooked*: a webhook was made of it; *stored*: the
    gateway's storage has it; *acked_at*: loop times at which a bridge answered 2xx to one of its webhooks."""

    number: int
    sort: Sort
    chat: Chat
    event: Message
    words: str
    at: float
    target: Told | None = None
    hooked: bool = False
    stored: bool = False
    has_twin: bool = False
    is_before_start: bool = False
    edited_to: list[str] = field(default_factory=list)
    revoked: bool = False
    acked_at: list[float] = field(default_factory=list)
    gateway_at: float = 0.0

    @property
    def source_id(self) -> str:
        """What the helpdesk knows it by."""
        return f"WAID:{self.event.id}"

    @property
    def can_be_had(self) -> bool:
        """Whether a bridge was told, or can look it up: storage keeps messages, nothing that refers to one."""
        return bool(self.acked_at) or (self.stored and (self.sort in (Sort.TEXT, Sort.OWN) or self.sort in BAD))


@dataclass(slots=True)
class Population:
    """Everybody, and all they said, in the order in which WhatsApp has it."""

    chats: list[Chat] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    garbage: list[bytes] = field(default_factory=list)
    """Signed bodies that nobody can read, as far as a bridge acknowledged them."""
    sends: list[str] = field(default_factory=list)
    """Calls to the gateway that would have sent something: this version makes none."""
    receipts: dict[str, str] = field(default_factory=dict)
    """The highest acknowledged receipt per message id."""

    @property
    def own_user(self) -> str:
        """The firm's own number."""
        return OWN.partition("@")[0]

    def of(self, chat: Chat) -> list[Told]:
        """One chat's, in order."""
        return [told for told in self.told if told.chat is chat]
