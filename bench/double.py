"""An instant Chatwoot: answers at once, keeps what exactly-once needs, counts every call. `python -m bench.double PORT`.

Beside the API: `GET /bench/counts`, `GET /bench/posts` (when, in which conversation), `POST /bench/hang` with the names of calls
that get no answer from now on.
"""

import asyncio
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, cast

import msgspec
import uvloop

Answer = tuple[int, Any] | None
"""Status and body; None: never answered."""

_CALLS = (
    ("POST", "post_message", re.compile(r"/conversations/(\d+)/messages$")),
    ("GET", "list_messages", re.compile(r"/conversations/(\d+)/messages\?")),
    ("PATCH", "set_message_status", re.compile(r"/conversations/(\d+)/messages/(\d+)$")),
    ("POST", "find_contact", re.compile(r"/contact_inboxes/filter$")),
    ("POST", "find_person", re.compile(r"/contacts/filter$")),
    ("POST", "create_contact", re.compile(r"/contacts$")),
    ("POST", "join_inbox", re.compile(r"/contacts/(\d+)/contact_inboxes$")),
    ("GET", "list_conversations", re.compile(r"/contacts/(\d+)/conversations$")),
    ("POST", "create_conversation", re.compile(r"/accounts/\d+/conversations$")),
    ("GET", "profile", re.compile(r"/profile$")),
    ("GET", "inbox", re.compile(r"/inboxes/1$")),
    ("GET", "probe", re.compile(r"/api$")),
)
FILLED_MAX = 1_000_000
"""Ids below it come from a journal that was filled."""
BEYOND_MESSAGES = frozenset({"profile", "inbox", "probe"})
"""Looks by the clock: not asked on behalf of any message."""


class Helpdesk:
    """What stands in it."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.posts: list[tuple[float, int]] = []
        self.hangs: frozenset[str] = frozenset()
        self._messages: dict[int, list[dict[str, Any]]] = {}
        self._contacts = FILLED_MAX
        self._conversations = FILLED_MAX
        self._last = 0
        self._by_name: dict[str, Callable[[re.Match[str], bytes], Answer]] = {
            "post_message": self._post,
            "list_messages": lambda found, _: (200, {"payload": self._messages.get(int(found[1]), [])[-100:]}),
            "set_message_status": self._mark,
            "find_contact": lambda *_: (404, {"error": "Resource could not be found"}),
            "find_person": lambda *_: (200, {"payload": []}),
            "create_contact": self._create_contact,
            "join_inbox": lambda *_: (200, {}),
            "list_conversations": lambda *_: (200, {"payload": []}),
            "create_conversation": self._create_conversation,
            "profile": lambda *_: (200, {"id": 1, "accounts": [{"id": 1, "role": "administrator"}]}),
            "inbox": lambda *_: (200, {"id": 1, "name": "bench", "channel_type": "Channel::Api"}),
            "probe": lambda *_: (200, {"version": "4.16.2"}),
        }

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """What one call gets."""
        if path.startswith("/bench/"):
            return self._about_itself(path, body)
        for its_method, name, pattern in _CALLS:
            found = pattern.search(path) if method == its_method else None
            if found is not None:
                self.counts[name] += 1
                return None if name in self.hangs else self._by_name[name](found, body)
        self.counts[f"unknown: {method} {path}"] += 1
        return 404, {"error": "no such call"}

    def _about_itself(self, path: str, body: bytes) -> Answer:
        if path == "/bench/hang":
            self.hangs = frozenset(json.loads(body))
        return 200, {"counts": self.counts, "posts": self.posts if path == "/bench/posts" else []}

    def _post(self, found: re.Match[str], body: bytes) -> Answer:
        told = msgspec.json.decode(body)
        conversation = int(found[1])
        self._last += 1
        message = {
            "id": self._last,
            "conversation_id": conversation,
            "inbox_id": 1,
            "message_type": 1 if told["message_type"] == "outgoing" else 0,
            "content": told["content"],
            "source_id": told["source_id"],
            "content_attributes": told["content_attributes"],
            "status": "sent",
        }
        self._messages.setdefault(conversation, []).append(message)
        self.posts.append((time.monotonic(), conversation))
        return 200, message

    def _mark(self, found: re.Match[str], body: bytes) -> Answer:
        for message in self._messages.get(int(found[1]), []):
            if message["id"] == int(found[2]):
                message["status"] = msgspec.json.decode(body)["status"]
                return 200, message
        return 404, {"error": "Resource could not be found"}

    def _create_contact(self, _found: re.Match[str], body: bytes) -> Answer:
        told = msgspec.json.decode(body)
        self._contacts += 1
        contact = {"id": self._contacts, "name": told["name"], "identifier": told["identifier"]}
        return 200, {"payload": {"contact": {**contact, "phone_number": told.get("phone_number")}}}

    def _create_conversation(self, _found: re.Match[str], body: bytes) -> Answer:
        """A contact that a journal was filled with gets the conversation of its own number."""
        told = msgspec.json.decode(body)
        self._conversations += 1
        number = told["contact_id"] if told["contact_id"] < FILLED_MAX else self._conversations
        return 200, {"id": number, "inbox_id": 1, "status": "open", "custom_attributes": told["custom_attributes"]}


class Wire(asyncio.Protocol):
    """HTTP/1.1, keep-alive, one request at a time: as little as can be."""

    def __init__(self, helpdesk: Helpdesk) -> None:
        self._helpdesk = helpdesk
        self._got = b""
        self._transport = cast(asyncio.Transport, None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """As asyncio calls it."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """As asyncio calls it."""
        self._got += data
        head, found, body = self._got.partition(b"\r\n\r\n")
        if not found:
            return
        _, has_length, rest = head.lower().partition(b"content-length:")
        if len(body) < (int(rest.partition(b"\r\n")[0]) if has_length else 0):
            return
        self._got = b""
        method, path, _ = head[: head.index(b"\r\n")].decode().split(" ")
        answer = self._helpdesk.answer(method, path, body)
        if answer is not None:
            said = msgspec.json.encode(answer[1])
            line = b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            self._transport.write(line % (answer[0], len(said)) + said)


async def serve(port: int) -> None:
    """For ever."""
    helpdesk = Helpdesk()
    server = await asyncio.get_running_loop().create_server(lambda: Wire(helpdesk), "127.0.0.1", port, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
