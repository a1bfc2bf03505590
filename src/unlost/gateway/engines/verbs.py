"""What an engine can be asked, argument by argument: the words inside a `call` frame and its `reply`.

What comes back of people, groups, pictures and sends is what the port itself answers (`answers`). Addresses are full JIDs.
Files travel as paths in a folder that both ends see. What an engine lacks it does not list in its `hello`, and the call
ends as `not_supported`.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from unlost.gateway.events import MediaKind


class Verb(StrEnum):
    """Every verb of the port."""

    USER_INFO = "user_info"
    AVATAR = "avatar"
    CHECK = "check"
    GROUP_INFO = "group_info"
    GROUPS = "groups"
    RESOLVE = "resolve"
    SEND_TEXT = "send_text"
    SEND_MEDIA = "send_media"
    SEND_PLACE = "send_place"
    SEND_CARDS = "send_cards"
    SEND_POLL = "send_poll"
    SEND_REACTION = "send_reaction"
    EDIT = "edit"
    REVOKE = "revoke"
    MARK_READ = "mark_read"
    PRESENCE = "presence"
    CHAT_PRESENCE = "chat_presence"
    DOWNLOAD = "download"
    LOGOUT = "logout"
    PAIR_CODE = "pair_code"


SENDS = frozenset(
    {
        Verb.SEND_TEXT,
        Verb.SEND_MEDIA,
        Verb.SEND_PLACE,
        Verb.SEND_CARDS,
        Verb.SEND_POLL,
        Verb.SEND_REACTION,
        Verb.EDIT,
        Verb.REVOKE,
    }
)
"""Each puts one new message into WhatsApp."""


class Nothing(msgspec.Struct, frozen=True):
    """No arguments, or no answer but that it is done."""


class Who(msgspec.Struct, frozen=True):
    """A person, a group: whatever has an address."""

    jid: str


class PictureAsked(msgspec.Struct, frozen=True):
    """*known_id*: the picture the caller has; the call ends `unchanged` if it still is the one."""

    jid: str
    preview: bool = False
    known_id: str = ""
    community: bool = False


class Numbers(msgspec.Struct, frozen=True):
    """Phone numbers to look for, with their country code."""

    numbers: tuple[str, ...]


class Checked(msgspec.Struct, frozen=True):
    """One number's answer: *jid* is the account's true address, which for a Brazilian mobile may lack the ninth digit."""

    query: str
    jid: str
    is_in: bool
    verified_name: str = ""


class Quoted(msgspec.Struct, frozen=True):
    """The message a reply answers; *text* is what is shown of it."""

    id: str
    sender: str
    text: str = ""


class SendText(msgspec.Struct, frozen=True):
    """*mentions* are the addresses the text names. *id*: of our choosing, for an engine that takes one."""

    to: str
    text: str
    quote: Quoted | None = None
    mentions: tuple[str, ...] = ()
    forwarded: bool = False
    expires_s: int = 0
    id: str = ""


class SendMedia(msgspec.Struct, frozen=True):
    """*path* is a file both ends see. *voice*: an audio recorded as a voice message."""

    to: str
    kind: MediaKind
    path: str
    mime_type: str
    caption: str = ""
    filename: str = ""
    voice: bool = False
    view_once: bool = False
    quote: Quoted | None = None
    expires_s: int = 0
    id: str = ""


class SendPlace(msgspec.Struct, frozen=True):
    """A location, in degrees."""

    to: str
    latitude: float
    longitude: float
    name: str = ""
    address: str = ""
    quote: Quoted | None = None
    id: str = ""


class CardSent(msgspec.Struct, frozen=True):
    """One contact card."""

    name: str
    vcard: str


class SendCards(msgspec.Struct, frozen=True):
    """One contact card or several."""

    to: str
    cards: tuple[CardSent, ...]
    quote: Quoted | None = None
    id: str = ""


class SendPoll(msgspec.Struct, frozen=True):
    """A question with options; *selectable* is how many may be chosen, 0 for any number."""

    to: str
    question: str
    options: tuple[str, ...]
    selectable: int = 1
    id: str = ""


class React(msgspec.Struct, frozen=True):
    """An emoji on the message *target* of *sender* in *chat*; an empty one takes it back."""

    chat: str
    sender: str
    target: str
    emoji: str
    from_me: bool = False


class EditText(msgspec.Struct, frozen=True):
    """New words for a message of our own."""

    chat: str
    target: str
    text: str


class Revoke(msgspec.Struct, frozen=True):
    """Delete for everyone. *sender* empty: a message of our own."""

    chat: str
    target: str
    sender: str = ""


class MarkRead(msgspec.Struct, frozen=True):
    """Messages of one sender in one chat are read, or played."""

    chat: str
    sender: str
    ids: tuple[str, ...]
    played: bool = False


class SetPresence(msgspec.Struct, frozen=True):
    """Whether the account shows as online; WhatsApp tells of typing only while it does."""

    available: bool


class SetChatPresence(msgspec.Struct, frozen=True):
    """Typing, recording, or neither any more."""

    chat: str
    composing: bool
    audio: bool = False


class Download(msgspec.Struct, frozen=True):
    """The file of a recorded message: by *source* (its place in the record's `done`), or by id and chat."""

    source: int = 0
    id: str = ""
    chat: str = ""


class Downloaded(msgspec.Struct, frozen=True):
    """The file lies at *path*, whole; *mime_type* and *filename* are what the message says."""

    path: str
    size_bytes: int
    mime_type: str
    filename: str = ""


class Phone(msgspec.Struct, frozen=True):
    """The number that is to be linked, digits with the country code."""

    number: str


class PairCode(msgspec.Struct, frozen=True):
    """What the person types into the phone."""

    code: str
