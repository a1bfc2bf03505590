"""A scripted other side: answers each call with the next line of its script and keeps what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from unlost.chatwoot.client import ChatwootClient
from unlost.transport import Answer, Call, TransportFailed

URL = "http://127.0.0.1:1/sub"
INBOX = 7


def answer(status: int = 200, body: Any = None, **headers: str) -> Answer:
    """An answer with *body* as JSON, or as it is where it is bytes."""
    raw = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw)


class ScriptedHttp:
    """Fails the test where more is asked than was scripted."""

    def __init__(self, *script: Answer | TransportFailed) -> None:
        self.calls: list[Call] = []
        self._script = list(script)

    async def send(self, call: Call) -> Answer:
        self.calls.append(call)
        assert self._script, f"unexpected {call.method} {call.url}"
        said = self._script.pop(0)
        if isinstance(said, TransportFailed):
            raise said
        return said

    async def receive(self, call: Call, into: Callable[[bytes], None]) -> Answer:
        raise AssertionError("a helpdesk hands out no files")

    @property
    def asked(self) -> list[str]:
        """Method and path of every call, without the account's prefix."""
        return [
            f"{call.method} {call.url.removeprefix(URL).removeprefix('/api/v1/accounts/3/')}" for call in self.calls
        ]

    def body(self, place: int = -1) -> Any:
        """The JSON of one call."""
        sent = self.calls[place].json
        assert sent is not None
        return msgspec.json.decode(sent)


class OpenTurns:
    """Never waits; counts."""

    def __init__(self) -> None:
        self.taken = 0
        self.rooms = 0
        self.too_many = 0
        self.flooded: list[int] = []

    async def wait_turn(self) -> None:
        self.taken += 1

    async def wait_room(self, conversation: int) -> None:
        self.rooms += 1

    def check_open(self, conversation: int) -> None:
        """It always is."""

    def told_too_many(self) -> None:
        self.too_many += 1

    def told_flooded(self, conversation: int) -> None:
        self.flooded.append(conversation)


def client(
    http: ScriptedHttp, turns: OpenTurns | None = None, observed: list[tuple[str, str]] | None = None
) -> ChatwootClient:
    """Account 3, inbox 7."""
    seen = [] if observed is None else observed
    return ChatwootClient(
        http,
        url=URL,
        account_id=3,
        inbox_id=INBOX,
        token="secret-token",
        call_timeout_s=20,
        pace=turns or OpenTurns(),
        observe=lambda name, outcome: seen.append((name, outcome)),
    )


def contact(id: int = 11, **fields: Any) -> dict[str, Any]:
    """A contact as the API shows one, cut to what matters."""
    shape = {"id": id, "name": "Ana", "identifier": "5511@s.whatsapp.net", "phone_number": "+5511", "email": None}
    return shape | {"contact_inboxes": []} | fields


def conversation(id: int = 21, **fields: Any) -> dict[str, Any]:
    """A conversation as the API shows one, cut to what matters."""
    return {"id": id, "inbox_id": INBOX, "status": "open", "custom_attributes": {}, "messages": []} | fields


def message(id: int = 31, **fields: Any) -> dict[str, Any]:
    """An incoming message as the API shows one, cut to what matters."""
    shape = {
        "id": id,
        "conversation_id": 21,
        "inbox_id": INBOX,
        "message_type": 0,
        "content": "hello",
        "status": "sent",
    }
    return shape | {"source_id": "WAID:A", "content_attributes": {"unlost_key": "k"}, "private": False} | fields


def page(*messages: dict[str, Any]) -> Answer:
    """An answer with these messages."""
    return answer(200, {"meta": {}, "payload": list(messages)})
