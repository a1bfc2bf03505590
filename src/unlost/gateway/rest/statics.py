"""`/statics/…`: files of messages and profile pictures, outside basic auth as in GOWA (its page, 3.1)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from unlost.gateway.png import picture
from unlost.gateway.population import storage_reading
from unlost.gateway.rest.counter import Counter

NOT_FOUND = PlainTextResponse("Not Found", 404)


class Statics:
    """Pictures made from their own names, for names that are known."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def media(self, request: Request) -> Response:
        """A message's file, under the webhook's path or under that of a later download."""
        name = request.path_params["path"].rpartition("/")[2]
        connection = self._counter.population.connection
        known = await self._counter.clerk.do(storage_reading.is_stored_path, connection, f"statics/media/{name}")
        return Response(picture(name), media_type="image/png") if known else NOT_FOUND

    async def avatar(self, request: Request) -> Response:
        """A profile picture; GOWA hands out WhatsApp's own link here."""
        name = request.path_params["name"]
        everyone = await self._counter.clerk.do(self._counter.population.people.customers)
        known = any(one.picture_id and f"{one.picture_id}.png" == name for one in everyone)
        return Response(picture(name), media_type="image/png") if known else NOT_FOUND
