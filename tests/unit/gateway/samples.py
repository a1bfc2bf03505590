"""The recorded webhooks, and the few values that all of them share."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from unlost.gateway.events import Book, Content, Device, Message

RECORDED = Path(__file__).parents[2] / "recorded" / "gowa"
OWN = "628987654321@s.whatsapp.net"
PEER = "628123456789@s.whatsapp.net"
LID = "251556368777322@lid"
GROUP = "120363402106000001@g.us"
MEMBER = "6289685000001@s.whatsapp.net"
DEVICE = Device(jid=OWN, name="Me")
OTHER_DEVICE = Device(jid=PEER, name="Saved Contact")
BOOK = Book(phones={LID: PEER}, names={PEER: "Saved Contact", MEMBER: "Saved Contact", OWN: "Saved Contact"})
HELLO = "Hello, how are you?"
VCARD = "BEGIN:VCARD\nVERSION:3.0\nN:;{0};;;\nFN:{0}\nTEL;type=Mobile:{1}\nEND:VCARD"


def sample(name: str) -> dict[str, Any]:
    """The recorded body *name*, without `.json`."""
    value: dict[str, Any] = json.loads((RECORDED / f"{name}.json").read_bytes())
    return value


def at(text: str) -> datetime:
    """An RFC 3339 time, aware."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def message(id_: str, when: str, content: Content, **fields: Any) -> Message:
    """A message of the samples' peer, unless *fields* say otherwise."""
    values: dict[str, Any] = {"chat": PEER, "sender": PEER, "name": "John Doe"} | fields
    return Message(id=id_, at=at(when), content=content, **values)
