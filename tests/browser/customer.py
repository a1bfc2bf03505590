"""What a customer and a bridge do at the demo helpdesk while somebody looks at its page."""

import json
import struct
import zlib
from typing import Any

import aiohttp

from tests.contract.desk.serving import Caller, Door


async def says(desk: Caller, text: str, **more: Any) -> int:
    """A message of Ana's; its id."""
    body = {"content": text, "message_type": "incoming"} | more
    _, message = await desk.call("POST", "conversations/1/messages", body)
    return int(message["id"])


async def sends(desk: Caller, name: str, kind: str, content: bytes) -> str:
    """A file of Ana's; its address."""
    form = aiohttp.FormData({"message_type": "incoming"})
    form.add_field("attachments[]", content, filename=name, content_type=kind)
    url = f"{desk.base}/api/v1/accounts/1/conversations/1/messages"
    async with desk.client.post(url, data=form) as answer:
        return str((await answer.json())["attachments"][0]["data_url"])


async def contents(desk: Caller) -> list[str]:
    """What the messages of Ana's conversation say."""
    _, listed = await desk.call("GET", "conversations/1/messages")
    return [one["content"] for one in listed["payload"]]


async def told(door: Door) -> Any:
    """The next webhook that tells of a message the page wrote."""
    while True:
        body = json.loads((await door.next())[1])
        if body["event"] == "message_created" and body["message_type"] == "outgoing":
            return body


def picture(width: int = 240, height: int = 160) -> bytes:
    """A PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x2a\x7f\x62" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def recording(length_s: int = 2) -> bytes:
    """Silence as WAV, 8 bit, 8 kHz."""
    samples = b"\x80" * (8000 * length_s)
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8)
    return head + struct.pack("<4sI", b"data", len(samples)) + samples
