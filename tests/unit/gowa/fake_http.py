"""A small HTTP world: answers by path, and remembers what it was asked."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.unit.gowa.samples import OWN
from unlost.gowa.client import GowaClient
from unlost.transport import Answer, AnswerTooLarge, Call, TransportFailed

Reply = Answer | TransportFailed
URL = "http://gateway.test:3000"


def ok(results: object) -> Answer:
    """What GOWA answers when all went well."""
    return Answer(200, {}, json.dumps({"code": "SUCCESS", "message": "ok", "results": results}).encode())


def fault(status: int, code: str, message: str = "") -> Answer:
    """What GOWA answers when it did not."""
    return Answer(status, {}, json.dumps({"code": code, "message": message}).encode())


class FakeHttp:
    """Each path has its replies, given in turn; the last one repeats. A reply may be made from the call."""

    def __init__(self) -> None:
        self.replies: dict[str, list[Reply | Callable[[Call], Reply]]] = {}
        self.calls: list[Call] = []
        self.default: Reply = Answer(404, {}, b"Cannot GET")

    def on(self, path: str, *replies: Reply | Callable[[Call], Reply]) -> "FakeHttp":
        self.replies[path] = list(replies)
        return self

    async def send(self, call: Call) -> Answer:
        self.calls.append(call)
        waiting = self.replies.get(urlsplit(call.url).path)
        reply = self.default if not waiting else waiting.pop(0) if len(waiting) > 1 else waiting[0]
        reply = reply(call) if callable(reply) else reply
        if isinstance(reply, TransportFailed):
            raise reply
        return reply

    async def receive(self, call: Call, into: Callable[[bytes], None]) -> Answer:
        answer = await self.send(call)
        if answer.status != 200:
            return answer
        if len(answer.body) > call.answer_max_bytes:
            raise AnswerTooLarge
        for start in range(0, len(answer.body), 7):
            into(answer.body[start : start + 7])
        return Answer(200, answer.headers, b"")

    def queries(self, path: str) -> list[dict[str, str]]:
        """The query of each call of *path*."""
        return [
            {name: values[0] for name, values in parse_qs(urlsplit(call.url).query).items()}
            for call in self.calls
            if urlsplit(call.url).path == path
        ]


def client(http: FakeHttp, **changed: Any) -> GowaClient:
    """A client of *http*, unless *changed* says otherwise."""
    values: dict[str, Any] = {
        "url": URL,
        "username": "bridge",
        "password": "s3cret",
        "device": OWN,
        "timeout_s": 10.0,
    }
    return GowaClient(http, fetching=http, **(values | changed))
