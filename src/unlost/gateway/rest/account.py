"""`/app/…`, `/health`: the account itself, and whether this gateway is well."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from unlost.gateway import wire_rest
from unlost.gateway.addresses import user_of
from unlost.gateway.devices import LiveDevice
from unlost.gateway.rest.answers import answer
from unlost.gateway.rest.counter import Counter
from unlost.gateway.rest.shown import shown_device

SHOWN_DIGITS = 4


class Account:
    """The account's calls."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def status(self, request: Request) -> Response:
        shown = shown_device(self._counter, self._counter.device(request))
        return answer("Connection status retrieved", wire_rest.app_status(shown, self._counter.version))

    async def info(self, request: Request) -> Response:
        return answer("Fetch app info success", self._about())

    def _about(self) -> dict[str, Any]:
        enabled = self._counter.settings.chatwoot_enabled
        engines = [live.engine.about() for live in self._counter.devices]
        engine = engines[0] if engines and self._counter.is_ours else None
        return wire_rest.app_info(self._counter.version, engine, chatwoot_enabled=enabled)

    async def app_devices(self, request: Request) -> Response:
        live = self._counter.device(request)
        return answer("Fetch device success", wire_rest.app_devices(live.slot.name, live.slot.id, live.jid))

    async def health(self, request: Request) -> Response:
        """GOWA's is 200 whenever the device exists and says nothing of WhatsApp (its page, 2.3).

        Ours is 200 only while the disk takes a commit and every account that was linked is logged in; else 503, and why.
        """
        ills = await self._ills() if self._counter.is_ours else []
        if not ills:
            return PlainTextResponse("OK")
        return PlainTextResponse("\n".join(["Service Unavailable", *ills]), 503)

    async def _ills(self) -> list[str]:
        storages = [live.storage for live in self._counter.devices if live.storage]
        writable = not storages or await self._counter.clerk.do(storages[0].is_writable)
        links = [_ill(live) for live in self._counter.devices if live.account and not live.engine.link().is_logged_in]
        return ([] if writable else ["the disk takes no commit: free some space"]) + links


def _ill(live: LiveDevice) -> str:
    link, digits = live.engine.link(), user_of(live.account.jid if live.account else "")
    return f"device …{digits[-SHOWN_DIGITS:]}: {link.state.value}: {link.cause}: {link.cure}"
