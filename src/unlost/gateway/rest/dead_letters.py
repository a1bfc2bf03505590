"""`/webhooks/dead…`: webhooks that were given up, listed without a customer's words; told again or told no more by a person.

GOWA has no such thing: it forgets. Nothing here hangs on a device, and nothing is there in GOWA's temper.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from unlost.errors import NotCommitted
from unlost.gateway.outbox import DEAD_SHOWN_MAX, Outbox
from unlost.gateway.rest import query
from unlost.gateway.rest.answers import Refusal, answer, invalid
from unlost.gateway.rest.counter import Counter
from unlost.journal.rows import EntryView
from unlost.vocabulary.ids import EntryId

BODY_MAX_BYTES = 65_536
AT_ONCE_MAX = 10_000  # letters that one call may touch


class DeadLetters:
    """The calls about what the durable temper gave up."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def routes(self) -> list[Route]:
        """Beyond GOWA."""
        return [
            Route("/webhooks/dead", self.listed),
            Route("/webhooks/dead/retry", self.retry, methods=["POST"]),
            Route("/webhooks/dead/discard", self.discard, methods=["POST"]),
        ]

    async def listed(self, request: Request) -> Response:
        """Newest first: where it was to go, why it was given up, what each try came to."""
        limit = query.number(request, "limit", default=100, least=1, most=DEAD_SHOWN_MAX)
        letters = await outbox_of(self._counter).dead(limit)
        return answer("Dead letters", {"data": [_shown(letter) for letter in letters]})

    async def retry(self, request: Request) -> Response:
        """`{"ids": [1, 2]}`, `{"url": "…"}` or `{"all": true}`: to the end of their chats' lanes. One that fails is dead again at once."""
        outbox = outbox_of(self._counter)
        letters = await _named(request, outbox)
        return answer("Dead letters are told again", {"count": await _committed(outbox.retry(letters))})

    async def discard(self, request: Request) -> Response:
        """As `retry` names them; they stay in the feed for as long as it keeps them."""
        outbox = outbox_of(self._counter)
        letters = await _named(request, outbox)
        return answer("Dead letters are told no more", {"count": await _committed(outbox.discard(letters))})


def outbox_of(counter: Counter) -> Outbox:
    """Raises Refusal where there is none: GOWA's temper, or not started yet."""
    outbox = counter.outbox()
    if outbox is None:
        raise Refusal(501, "NOT_IMPLEMENTED", "only the durable temper keeps events")
    return outbox


async def _committed(verb: Awaitable[int]) -> int:
    try:
        return await verb
    except NotCommitted as error:
        raise Refusal(503, "NOT_COMMITTED", str(error)) from error


async def _named(request: Request, outbox: Outbox) -> list[EntryId]:
    """Those that the body names, at most AT_ONCE_MAX. Raises Refusal."""
    match await _told(request):
        case {"ids": [*ids]} if ids and len(ids) <= AT_ONCE_MAX and all(_is_number(one) for one in ids):
            return [EntryId(one) for one in ids]
        case {"url": str(url)}:
            return await outbox.dead_ids(url, AT_ONCE_MAX)
        case {"all": True}:
            return await outbox.dead_ids(None, AT_ONCE_MAX)
        case _:
            raise invalid('name them: {"ids": [1, 2]}, {"url": "https://…"} or {"all": true}')


def _is_number(told: object) -> bool:
    return type(told) is int and 0 < told < 2**63


async def _told(request: Request) -> Any:
    """The body, which must say that it is JSON: no page of another site can say so without being asked first."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE", "the body must be application/json")
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_MAX_BYTES:
            raise invalid("the body is too long")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise invalid("the body is not JSON") from error


def _shown(letter: EntryView) -> dict[str, Any]:
    tries = [{"at": _rfc3339(one.at), "cause": one.cause, "text": one.text} for one in letter.failures]
    return {
        "id": letter.id,
        "url": letter.channel,
        "chat": letter.chat,
        "reason": letter.reason,
        "promised_at": _rfc3339(letter.arrived_at),
        "given_up_at": None if letter.settled_at is None else _rfc3339(letter.settled_at),
        "attempts": letter.attempts,
        "tries": tries,
    }


def _rfc3339(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
