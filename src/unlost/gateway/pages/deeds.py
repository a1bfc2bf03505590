"""Add, reconnect, log out, remove. What cannot be taken back is asked about first, on a page of its own."""

from __future__ import annotations

from collections.abc import Awaitable

import structlog
from starlette.responses import Response

from unlost.gateway.devices import TooManyDevices
from unlost.gateway.devices.live import DEVICES_MOST
from unlost.gateway.engines.port import EngineError
from unlost.gateway.pages.formats import quiet
from unlost.gateway.pages.site import NotFound, NotMeant, Site
from unlost.gateway.pages.snapshot import device_view, key_of
from unlost.gateway.pages.troubles import sentence_of, status_of
from unlost.gateway.pages.visits import Visit
from unlost.gateway.rest.asking import bounded
from unlost.gateway.rest.query import SLOT_ID
from unlost.gateway.rest.removing import remove as take_away

ASKED_FIRST = ("logout", "remove")
log = structlog.get_logger("unlost.gateway")


async def add(site: Site, visit: Visit) -> Response:
    """A slot with nothing linked, and on to its page."""
    name, words = visit.told("name").strip(), visit.words
    if not SLOT_ID.fullmatch(name):
        raise NotMeant(words.no_name)
    if any(live.slot.id == name for live in site.counter.devices):
        raise NotMeant(words.name_taken)
    try:
        live = await site.counter.devices.add(name, name)
    except TooManyDevices:
        raise NotMeant(words.too_many.format(count=DEVICES_MOST)) from None
    _done(site, "add", name)
    return site.to(f"/ui/devices/{key_of(live)}")


async def ask_first(site: Site, visit: Visit) -> Response:
    """What it means, and a button that does it."""
    live, verb = site.device(visit), str(visit.request.path_params["verb"])
    if verb not in ASKED_FIRST:
        raise NotFound
    return site.page(visit, "confirm", {"device": device_view(live, site.pulse.since(live)), "verb": verb})


async def reconnect(site: Site, visit: Visit) -> Response:
    """Drop the connection and make it again."""
    live = site.device(visit)
    asked = bounded(live.engine.reconnect(), site.counter.settings.call_wait_s)
    return await _answer(site, visit, "reconnect", live.slot.name, asked)


async def logout(site: Site, visit: Visit) -> Response:
    """Unlink the account; the device stays."""
    live = site.device(visit)
    asked = bounded(live.engine.logout(), site.counter.settings.call_wait_s)
    return await _answer(site, visit, "logout", live.slot.name, asked)


async def remove(site: Site, visit: Visit) -> Response:
    """Unlink the account and forget the device."""
    live = site.device(visit)
    return await _answer(site, visit, "remove", live.slot.name, take_away(site.counter, live))


async def _answer(site: Site, visit: Visit, verb: str, name: str, asked: Awaitable[None]) -> Response:
    try:
        await asked
    except (EngineError, TimeoutError) as error:
        site.pulse.stir()
        return site.sorry(visit, status_of(error), sentence_of(error, visit.words))
    _done(site, verb, name)
    return site.to("/", done=verb)


def _done(site: Site, verb: str, name: str) -> None:
    site.pulse.stir()
    log.info("page.deed", deed=verb, device=quiet(name))
