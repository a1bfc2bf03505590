"""What all parts of the server share: who is there, who is connected, what was said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.fake_whatsapp.account import Account
from tests.fake_whatsapp.avatars import Avatars
from tests.fake_whatsapp.certificates import NoiseAuthority
from tests.fake_whatsapp.connection import Connection
from tests.fake_whatsapp.jids import NUMBERS
from tests.fake_whatsapp.link_codes import LinkCodes
from tests.fake_whatsapp.media import MediaStore
from tests.fake_whatsapp.offline import OfflineQueues
from tests.fake_whatsapp.peer import Peer
from tests.fake_whatsapp.people import Group, People
from tests.fake_whatsapp.protobufs import Protobuf
from tests.fake_whatsapp.record import Record
from tests.fake_whatsapp.stanza import Stanza

Answer = Callable[[Connection, Stanza], Awaitable[None]]


@dataclass(frozen=True)
class Pushed:
    """A message as its sender keeps it, so that it can be encrypted again when the device asks."""

    id: str
    peer: Peer
    account: Account
    message: Protobuf
    group: Group | None
    attrs: dict[str, str]
    """Of its stanza: from, participant, time, type, addresses."""


@dataclass
class World:
    """State, and no rules."""

    authority: NoiseAuthority = field(default_factory=NoiseAuthority)
    record: Record = field(default_factory=Record)
    offline: OfflineQueues = field(default_factory=OfflineQueues)
    people: People = field(default_factory=People)
    avatars: Avatars = field(default_factory=Avatars)
    media: MediaStore = field(default_factory=MediaStore)
    accounts: dict[str, Account] = field(default_factory=dict)
    """Paired devices by user; one device each."""
    connections: list[Connection] = field(default_factory=list)
    link_codes: LinkCodes = field(default_factory=LinkCodes)
    pushed: dict[tuple[Account, str], Pushed] = field(default_factory=dict)
    hooks: dict[tuple[str, str], Answer] = field(default_factory=dict)
    """By xmlns and type of an iq: asked before the server's own answer."""
    blocked: dict[str, None] = field(default_factory=dict)
    """Addresses, in order."""
    ignores_retries: bool = False
    """The senders no longer have what they sent, or their phones are off: a request to encrypt again stays unanswered."""

    withholds_acks: bool = False
    """What the device sends is taken and read, but its acknowledgement stays away."""
    refuses_sends: str = ""
    """An error's number, given instead of the acknowledgement; nobody reads what was sent."""
    _phones: dict[Account, Peer] = field(default_factory=dict)

    def phone(self, account: Account) -> Peer:
        """The user's own phone, which vouched for the device."""
        if account not in self._phones:
            own = Peer(f"{account.user}@{NUMBERS}", lid=account.lid, name="Me", identity=account.phone_identity)
            self._phones[account] = own
        return self._phones[account]

    def connection_of(self, account: Account) -> Connection | None:
        """The newest connection that is logged in as *account*."""
        return next((held for held in reversed(self.connections) if held.account is account), None)
