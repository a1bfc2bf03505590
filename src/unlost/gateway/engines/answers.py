"""What an engine tells: the state of its link, people, groups, and where a message went."""

from __future__ import annotations

from datetime import datetime

import msgspec

from unlost.gateway.engines.frames import StateName

CONNECTED = frozenset({StateName.PAIRING, StateName.PAIRED, StateName.LOGGED_IN})


class Link(msgspec.Struct, frozen=True):
    """A state with its *cause* and the *cure*, in an operator's words; both empty while all is well."""

    state: StateName
    cause: str = ""
    cure: str = ""

    @property
    def is_connected(self) -> bool:
        """True while a socket to WhatsApp is open."""
        return self.state in CONNECTED

    @property
    def is_logged_in(self) -> bool:
        """True while it speaks for an account."""
        return self.state is StateName.LOGGED_IN


NOT_LINKED = Link(
    StateName.DISCONNECTED, "not linked to an account", "scan the QR, or type the pairing code, on the phone"
)
LOGGED_OUT = Link(
    StateName.LOGGED_OUT, "the device was logged out", "link it again: scan the QR, or type the pairing code"
)


class About(msgspec.Struct, frozen=True):
    """Which engine this is."""

    name: str
    version: str


class Qr(msgspec.Struct, frozen=True):
    """The text a phone scans to link this device, shown for so many seconds before the next one."""

    text: str
    valid_s: float


class Person(msgspec.Struct, frozen=True):
    """Somebody on WhatsApp. *phone* and *lid* are whole addresses, empty where unknown; *address* is the one in use.

    *picture_id* is empty where there is no picture or it is hidden. *devices* are device numbers, 0 the phone.
    """

    address: str
    phone: str = ""
    lid: str = ""
    name: str = ""
    verified_name: str = ""
    status: str = ""
    picture_id: str = ""
    devices: tuple[int, ...] = (0,)


class Picture(msgspec.Struct, frozen=True):
    """A profile picture that is shown. *url* may be a path under the gateway's own `/statics/`, or a link that expires."""

    id: str
    url: str


class Member(msgspec.Struct, frozen=True):
    """One member of a group, by address, phone and LID as far as they are known."""

    address: str
    phone: str = ""
    lid: str = ""
    name: str = ""
    is_admin: bool = False
    is_owner: bool = False


class GroupInfo(msgspec.Struct, frozen=True):
    """A group the account is in."""

    jid: str
    name: str
    topic: str = ""
    owner: str = ""
    members: tuple[Member, ...] = ()
    created_at: datetime | None = None
    is_locked: bool = False
    is_announce: bool = False


class Contact(msgspec.Struct, frozen=True):
    """One entry of the account's address book."""

    jid: str
    name: str


class Privacy(msgspec.Struct, frozen=True):
    """The account's own privacy settings, in WhatsApp's words."""

    group_add: str
    last_seen: str
    status: str
    profile: str
    read_receipts: str


class Placed(msgspec.Struct, frozen=True):
    """A message WhatsApp's server has taken: under which id, and when."""

    id: str
    at: datetime


class Fetched(msgspec.Struct, frozen=True):
    """A message's file, now on this machine's disk at *path*."""

    path: str
    mime_type: str
    size_bytes: int
