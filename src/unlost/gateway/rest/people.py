"""`/user/…`: look-ups in WhatsApp, which an engine may refuse, be slow at, or die of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from unlost.gateway import wire_rest
from unlost.gateway.addresses import is_lid
from unlost.gateway.devices import LiveDevice
from unlost.gateway.look_ups.kept import Asked
from unlost.gateway.rest import query
from unlost.gateway.rest.answers import Refusal, answer, not_on_whatsapp, plain_error
from unlost.gateway.rest.asking import ask
from unlost.gateway.rest.breaking import break_if_told
from unlost.gateway.rest.counter import Counter
from unlost.gateway.versions import LID_LOOKUP_SINCE

T = TypeVar("T")
NONE_FOUND = "no avatar found"
AVATAR_TOO_LATE = Refusal(408, "CONTEXT_ERROR", "timeout while getting the avatar")  # GOWA's answer (its page, 3.1)


class People:
    """The look-ups. Each first meets the fault that breaks its connection."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def info(self, request: Request) -> Response:
        asked, live = query.address(request, "phone"), self._counter.device(request)
        break_if_told(self._counter.faults)
        person = await paced(self._counter, live, lambda: live.engine.user_info(asked))
        if person is None or (is_lid(asked) and self._counter.version < LID_LOOKUP_SINCE):
            raise not_on_whatsapp(asked)
        await self._counter.avatars.seen(live.slot.id, asked, person.picture_id)
        return answer("Success get user info", wire_rest.user_info(person, self._counter.version, asked))

    async def avatar(self, request: Request) -> Response:
        """Without the engine where avatars are off: as for someone who has none."""
        asked, live = query.address(request, "phone"), self._counter.device(request)
        break_if_told(self._counter.faults)
        if not self._counter.settings.avatars:
            raise plain_error(NONE_FOUND)
        wanted = Asked(live.slot.id, asked, bool(query.flag(request, "is_preview")))
        looked_up = self._counter.avatars.picture(live.engine, wanted)
        picture = await ask(looked_up, self._counter.settings.avatar_wait_s, AVATAR_TOO_LATE)
        base_url = f"{request.url.scheme}://{request.url.netloc}"
        return answer("Success get avatar", wire_rest.user_avatar(picture, base_url))

    async def check(self, request: Request) -> Response:
        asked, live = query.address(request, "phone"), self._counter.device(request)
        known = await paced(self._counter, live, lambda: live.engine.check(asked))
        return answer("Success check user", {"is_on_whatsapp": known})

    async def contacts(self, request: Request) -> Response:
        live = self._counter.device(request)
        found = await ask(live.engine.contacts(), self._counter.settings.call_wait_s)
        return answer("Success get list contacts", {"data": [{"jid": one.jid, "name": one.name} for one in found]})

    async def privacy(self, request: Request) -> Response:
        live = self._counter.device(request)
        told = await paced(self._counter, live, lambda: live.engine.privacy())
        return answer("Success get privacy", wire_rest.privacy(told))

    async def groups(self, request: Request) -> Response:
        live = self._counter.device(request)
        found = await paced(self._counter, live, lambda: live.engine.groups())
        return answer("Success get list groups", {"data": [wire_rest.group_info(one) for one in found]})


async def paced(counter: Counter, live: LiveDevice, asked: Callable[[], Awaitable[T]]) -> T:
    """The answer to a question to WhatsApp, which waits for its turn. Raises Refusal."""

    async def in_turn() -> T:
        async with counter.paces.of(live.slot.id).turn():
            return await asked()

    return await ask(in_turn(), counter.settings.call_wait_s)
