"""`GET /events?after=NUMBER&limit=`: the numbered feed. Whoever missed a webhook finds its event here, under the number it would have had.

Beyond GOWA. A reader that remembers *feed* and the highest number without a hole asks for what comes after it; where *oldest* is
higher than that, what lies between is gone from here, and where *feed* is another, the numbers began anew.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from unlost.gateway.feed import FeedEvent
from unlost.gateway.rest import query
from unlost.gateway.rest.answers import answer, invalid
from unlost.gateway.rest.counter import Counter
from unlost.gateway.rest.dead_letters import outbox_of

PAGE, PAGE_MOST = 100, 500
DIGITS_MOST = 15  # of a number: far more events than there will be, and exact in every JSON reader


class Events:
    """The calls about what happened."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def routes(self) -> list[Route]:
        """Beyond GOWA."""
        return [Route("/events", self.after)]

    async def after(self, request: Request) -> Response:
        """The events above *after*, oldest first, at most *limit*; fewer where they are large. `body` is the webhook's, as a string."""
        after = _number(request.query_params.get("after", "") or "0")
        limit = query.number(request, "limit", default=PAGE, least=1, most=PAGE_MOST)
        extent, events = await outbox_of(self._counter).events(after, limit)
        page = {
            "feed": extent.identity,
            "oldest": extent.oldest,
            "newest": extent.newest,
            "data": [_shown(event) for event in events],
        }
        return answer("Events", page)


def _number(told: str) -> int:
    if not (told.isascii() and told.isdigit() and len(told) <= DIGITS_MOST):
        raise invalid("after: must be the number of an event, or 0.")
    return int(told)


def _shown(event: FeedEvent) -> dict[str, Any]:
    at = datetime.fromtimestamp(event.at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"number": event.number, "time": at, "chat": event.chat, "body": event.body.decode()}
