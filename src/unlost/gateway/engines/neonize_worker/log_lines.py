"""What the engine's debug lines say of stanzas. The lines hold keys and people's words: they are read here and dropped.

whatsmeow prints a node as XML with its attributes sorted by name and *nothing escaped*, so a push name may hold quotes,
angle brackets and attributes of its own making (binary/xml.go, pinned by `tests/contract/gateway/engines`). `id` and `from`
stand before `notify` and cannot be forged; all that follows can, so every address found is taken and none is trusted.
"""

from __future__ import annotations

import re

import msgspec

from unlost.gateway.engines.neonize_worker import notice_lines

RECEIVED = "Client/Recv"
SENT = "Client/Send"
CLIENT = "Client"
PARTS_MAX = 8
LINE_MAX_CHARACTERS = 64 * 1024
PASSING_RECEIPTS = frozenset({"retry", "enc_rekey_retry", "read", "read-self", "played", "played-self"})
_ATTRIBUTE = re.compile(r' ([a-z_]+)="([^"]*)"')
_ITEM = re.compile(r'<item id="([^"]*)"')
_ADDRESS = re.compile(
    r"[0-9A-Za-z._:-]{1,80}@(?:s\.whatsapp\.net|lid|g\.us|broadcast|newsletter|hosted|hosted\.lid|bot)"
)
_IGNORED = re.compile(r"^Ignoring message (\S+) from ")
_ADDRESS_KEYS = frozenset(
    {
        "from",
        "participant",
        "participant_lid",
        "participant_pn",
        "recipient",
        "recipient_lid",
        "recipient_pn",
        "sender_lid",
        "sender_pn",
    }
)


class Arrived(msgspec.Struct, frozen=True):
    """A message stanza came in."""

    id: str
    chat: str
    sender: str
    addresses: tuple[str, ...]
    parts: int


class Leaving(msgspec.Struct, frozen=True):
    """A receipt or an acknowledgement for these messages is about to leave."""

    ids: tuple[str, ...]
    chat: str


class Sending(msgspec.Struct, frozen=True):
    """A message of ours is about to leave."""

    id: str
    chat: str


class Came(msgspec.Struct, frozen=True):
    """A notice or a receipt came in; *line* is all of it, or as much as is kept."""

    tag: str
    kind: str
    id: str
    chat: str
    sender: str
    at_s: int
    line: str


class Ignored(msgspec.Struct, frozen=True):
    """The engine dropped an encrypted part that it had decrypted before."""

    id: str


Line = Arrived | Came | Leaving | Sending | Ignored


def read(name: str, text: str) -> Line | None:
    """What the line says, if it is one of those that matter."""
    if name == RECEIVED and text.startswith("<message "):
        return _arrived(text[:LINE_MAX_CHARACTERS])
    if name == RECEIVED and (kept := notice_lines.kept_of(text)):
        return Came(*kept, text[:LINE_MAX_CHARACTERS])
    if name == SENT:
        return _leaving(text[:LINE_MAX_CHARACTERS])
    if name == CLIENT and (found := _IGNORED.match(text)):
        return Ignored(key_of(found[1]))
    return None


def key_of(id: str) -> str:
    """An id as a line can show it: a quote in it would end it there."""
    return id.partition('"')[0]


def _arrived(text: str) -> Arrived:
    attributes = _ATTRIBUTE.findall(text)
    first = dict(reversed(attributes))
    named = [value for key, value in attributes if key in _ADDRESS_KEYS and _ADDRESS.fullmatch(value)]
    participants = [value for key, value in attributes if key == "participant"]
    return Arrived(
        id=first.get("id", ""),
        chat=first.get("from", ""),
        sender=participants[-1] if participants else "",
        addresses=tuple(dict.fromkeys(named)),
        parts=max(1, min(text.count("><enc "), PARTS_MAX)),
    )


def _leaving(text: str) -> Leaving | Sending | None:
    tag, _, _ = text[1:].partition(" ")
    if tag not in ("receipt", "ack", "message"):
        return None
    first = dict(reversed(_ATTRIBUTE.findall(text)))
    if tag == "message":
        return Sending(first.get("id", ""), first.get("to", ""))
    about_message = (
        first.get("type", "") not in PASSING_RECEIPTS if tag == "receipt" else first.get("class") == "message"
    )
    ids = tuple(dict.fromkeys([first.get("id", ""), *_ITEM.findall(text)]))
    return Leaving(ids, first.get("to", "")) if about_message else None
