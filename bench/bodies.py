"""Signed webhooks as GOWA 9 sends them, and whole HTTP requests ready to be written to a socket."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Mapping
from itertools import count

SECRET = "bench-secret"
CHANNEL = "bench"
DEVICE = "628987654321@s.whatsapp.net"
GROUP = "120363402106000001@g.us"
DOOR = f"/webhooks/gateway/{CHANNEL}"


def chat_of(number: int) -> str:
    """The address of a customer with an Indonesian number: one spelling, so three calls for someone new."""
    return f"62812{number:08d}@s.whatsapp.net"


def brazilian_of(number: int) -> str:
    """The address of a customer with a Brazilian mobile number: two spellings."""
    return f"554199{number:07d}@s.whatsapp.net"


def text_body(chat: str, message_id: str, text: str, *, sender: str | None = None, from_me: bool = False) -> bytes:
    """A text message of now."""
    payload = {
        "body": text,
        "chat_id": chat,
        "from": DEVICE if from_me else sender or chat,
        "from_name": "Me" if from_me else "John Doe",
        "id": message_id,
        "is_from_me": from_me,
        "sender_display_name": "Saved Contact",
        "timestamp": _stamp(),
    }
    return _body("message", payload)


def receipt_body(chat: str, reader: str, message_id: str, kind: str) -> bytes:
    """One reader's receipt for one message."""
    payload = {
        "chat_id": chat,
        "from": reader,
        "ids": [message_id],
        "receipt_type": kind,
        "receipt_type_description": "",
        "sender_display_name": "Saved Contact",
    }
    return _body("message.ack", payload)


def requests(chats: int, *, mark: str, path: str = DOOR) -> Iterator[bytes]:
    """Text messages without end, each with an id of its own, spread over *chats* chats."""
    for number in count():
        yield request(text_body(chat_of(number % chats), f"3EB0{mark}{number:010X}", f"Hello {number}"), path)


def request(body: bytes, path: str = DOOR) -> bytes:
    """One POST, keep-alive, signed over the raw body."""
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _body(event: str, payload: Mapping[str, object]) -> bytes:
    outer = {"device_id": DEVICE, "event": event, "payload": payload, "timestamp": _stamp()}
    return json.dumps(outer, separators=(",", ":")).encode()


def _stamp() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
