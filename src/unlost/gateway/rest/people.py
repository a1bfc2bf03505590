"""`/user/info`, `/user/avatar`, `/group/info`: look-ups in WhatsApp, which an engine may refuse or die of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from unlost.gateway import wire_rest
from unlost.gateway.addresses import is_lid
from unlost.gateway.engines import EngineAway, EngineCrashed, PictureHidden, PictureMissing
from unlost.gateway.rest import query
from unlost.gateway.rest.answers import Refusal, answer, not_on_whatsapp, plain_error
from unlost.gateway.rest.breaking import break_if_told
from unlost.gateway.rest.counter import Counter
from unlost.gateway.versions import LID_LOOKUP_SINCE

T = TypeVar("T")
# whatsmeow's own words for a picture that cannot be had
HIDDEN = "the user has hidden their profile picture from you"
MISSING = "that user or group does not have a profile picture"
NONE_FOUND = "no avatar found"


class People:
    """The look-ups. Each first meets the fault that breaks its connection."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def info(self, request: Request) -> Response:
        asked = query.address(request, "phone")
        break_if_told(self._counter.faults)
        engine = self._counter.engine
        customer = await self._ask(lambda: engine.user(asked))
        if customer is None or (is_lid(asked) and self._counter.version < LID_LOOKUP_SINCE):
            raise not_on_whatsapp(asked)
        return answer("Success get user info", wire_rest.user_info(customer, self._counter.version, asked))

    async def avatar(self, request: Request) -> Response:
        asked = query.address(request, "phone")
        break_if_told(self._counter.faults)
        if not self._counter.settings.avatars:
            raise plain_error(NONE_FOUND)
        engine = self._counter.engine
        try:
            customer = await self._ask(lambda: engine.picture(asked))
        except PictureHidden as error:
            raise plain_error(HIDDEN) from error
        except PictureMissing as error:
            raise plain_error(MISSING) from error
        base_url = f"{request.url.scheme}://{request.url.netloc}"
        return answer("Success get avatar", wire_rest.user_avatar(customer, base_url))

    async def group(self, request: Request) -> Response:
        asked = query.address(request, "group_id")
        break_if_told(self._counter.faults)
        engine, people = self._counter.engine, self._counter.population.people
        group = await self._ask(lambda: engine.group(asked))
        if group is None:
            raise plain_error("that group does not exist")
        known = {one.key: one for one in await self._counter.clerk.do(people.customers)}
        return answer("Success get group info", wire_rest.group_info(group, known, self._counter.device.jid))

    async def _ask(self, look_up: Callable[[], T]) -> T:
        try:
            return await self._counter.clerk.do(look_up)
        except EngineAway as error:
            raise Refusal(401, "AUTHENTICATION_ERROR", "you are not connected to whatsapp") from error
        except EngineCrashed as error:
            raise Refusal(503, "engine_crashed", "the engine failed in this call; ask again later") from error
