"""`/ui/devices/{key}`: one device, and how it is linked: a QR that renews itself, or a code to be typed on the phone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from starlette.responses import Response

from unlost.gateway.addresses import FORMS, PHONE_SERVER
from unlost.gateway.engines.frames import StateName
from unlost.gateway.engines.port import Engine, EngineError, EngineRefused
from unlost.gateway.pages.qr_svg import path_of, side_of
from unlost.gateway.pages.site import Site
from unlost.gateway.pages.snapshot import MOVING, DeviceView, device_view, key_of
from unlost.gateway.pages.troubles import PASSING, sentence_of, status_of
from unlost.gateway.pages.visits import Visit
from unlost.gateway.qr import TooLong, modules_of
from unlost.gateway.rest.asking import bounded

REFRESH_MOST_S = (
    5.0  # an engine does not say how old the QR is that it shows: one asked for often is never stale for long
)
AGAIN_S = 5.0
PHONE_MAX_CHARS = 40
BETWEEN_DIGITS = re.compile(r"[\s().\-/‐-―\u200e\u200f\u202a-\u202e]+")


class Mode(StrEnum):
    """What stands below a device's state: the ways to link it, that the phone has agreed, that it was linked just now, or nothing."""

    OPEN = "open"
    BUSY = "busy"
    LINKED = "linked"
    AWAY = "away"


async def show(site: Site, visit: Visit) -> Response:
    """The page."""
    return _page(site, visit, {})


async def state(site: Site, visit: Visit) -> Response:
    """What a page that refreshes itself puts in place; how to link only where that has changed, so that a QR is left alone."""
    view, shown = _view(site, visit), visit.asked("shown")
    mode = _mode(view, shown)
    is_just_linked = mode is Mode.LINKED and shown in (Mode.OPEN, Mode.BUSY)
    changed = {"is_other": mode != shown, "is_just_linked": is_just_linked}
    return site.page(visit, "device_state", _facts(view, mode) | changed)


async def qr(site: Site, visit: Visit) -> Response:
    """The picture to be scanned now; where there is none yet, why, and it is asked for again. Without scripts in a page of its own."""
    live = site.device(visit)
    drawn = await _drawn(site, visit, live.engine)
    site.pulse.stir()
    if visit.by_script:
        return site.page(visit, "qr", drawn | {"key": key_of(live)})
    return _page(site, visit, drawn | {"drawn": True})


async def _drawn(site: Site, visit: Visit, engine: Engine) -> dict[str, object]:
    facts: dict[str, object] = {"path_d": "", "side": 0, "error": "", "again_s": 0.0}
    try:
        told = await bounded(engine.qr(), site.counter.settings.call_wait_s)
        modules = modules_of(told.text)
    except TooLong:
        return facts | {"error": visit.words.cannot}
    except (EngineError, TimeoutError) as error:
        again_s = AGAIN_S if isinstance(error, PASSING) else 0.0
        return facts | {"error": sentence_of(error, visit.words), "again_s": again_s}
    return facts | {
        "path_d": path_of(modules),
        "side": side_of(modules),
        "again_s": min(told.valid_s, REFRESH_MOST_S),
    }


async def code(site: Site, visit: Visit) -> Response:
    """The code that the phone of this number types."""
    live, told = site.device(visit), visit.told("phone")
    phone = digits_of(told)
    if phone is None:
        return _page(site, visit, {"phone": told, "phone_error": visit.words.no_phone}, status=400)
    try:
        shown = await bounded(live.engine.pair_code(phone), site.counter.settings.call_wait_s)
    except (EngineError, TimeoutError) as error:
        linked = isinstance(error, EngineRefused) and live.engine.link().is_logged_in
        words = visit.words.linked_already if linked else sentence_of(error, visit.words)
        return _page(site, visit, {"phone": told, "phone_error": words}, status=status_of(error))
    site.pulse.stir()
    return _page(site, visit, {"phone": told, "code": shown})


def digits_of(told: str) -> str | None:
    """A phone number as people write it, in international form, as digits; None where it is none."""
    if len(told) > PHONE_MAX_CHARS:
        return None
    bare = BETWEEN_DIGITS.sub("", told).removeprefix("+").removeprefix("00")
    return bare if FORMS[PHONE_SERVER].fullmatch(bare) and len(bare) >= 7 else None


def _page(site: Site, visit: Visit, more: Mapping[str, object], *, status: int = 200) -> Response:
    view = _view(site, visit)
    return site.page(visit, "device", _facts(view, _mode(view, "")) | dict(more), status=status)


def _view(site: Site, visit: Visit) -> DeviceView:
    live = site.device(visit)
    return device_view(live, site.pulse.since(live))


def _facts(view: DeviceView, mode: Mode) -> dict[str, object]:
    """*path*: where another language leads, also from what a form answered."""
    linking = {"code": "", "phone": "", "phone_error": "", "drawn": False, "is_just_linked": False}
    return {"device": view, "key": view.key, "path": f"/ui/devices/{view.key}", "mode": mode} | linking


def _mode(view: DeviceView, shown: str) -> Mode:
    """*shown*: what the page shows now. An engine that is begun to be linked starts and connects first: nothing moves then."""
    if view.is_linked:
        return Mode.LINKED
    if view.can_be_linked:
        return Mode.OPEN
    if view.state == StateName.PAIRED or (shown == Mode.BUSY and view.state in MOVING):
        return Mode.BUSY
    return Mode.OPEN if shown == Mode.OPEN else Mode.AWAY
