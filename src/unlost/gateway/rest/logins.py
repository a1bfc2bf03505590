"""Linking a device: the QR as a picture, the pairing code; under `/app/…` and under `/devices/{id}/…`."""

from __future__ import annotations

import secrets
import time

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from unlost.gateway.addresses import PHONE_SERVER, server_of, user_of
from unlost.gateway.devices import LiveDevice
from unlost.gateway.engines.answers import Qr
from unlost.gateway.engines.port import EngineError, EngineRefused, NotStarted
from unlost.gateway.png import dots
from unlost.gateway.qr import TooLong, modules_of
from unlost.gateway.rest import query
from unlost.gateway.rest.answers import Refusal, answer, invalid, plain_error
from unlost.gateway.rest.asking import ask, bounded, refusal_of
from unlost.gateway.rest.counter import Counter

PIXELS, QUIET = 6, 4  # a module's side; the empty border the standard asks for, in modules


class Logins:
    """The calls that link. *pictures*: what is shown now, by a name nobody can guess, one for each device."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._shown: dict[str, tuple[str, Qr, float]] = {}

    async def app_login(self, request: Request) -> Response:
        return answer("Login success", await self._qr(request, self._counter.device(request)))

    async def app_code(self, request: Request) -> Response:
        return answer(
            "Success get pairing code", {"pair_code": await self._code(request, self._counter.device(request))}
        )

    async def app_logout(self, request: Request) -> Response:
        await ask(self._counter.device(request).engine.logout(), self._counter.settings.call_wait_s)
        return answer("Success logout")

    async def app_reconnect(self, request: Request) -> Response:
        await ask(self._counter.device(request).engine.reconnect(), self._counter.settings.call_wait_s)
        return answer("Reconnect success")

    async def login(self, request: Request) -> Response:
        live = self._slot(request)
        return answer("Login success", {"device_id": live.slot.id} | await self._qr(request, live))

    async def code(self, request: Request) -> Response:
        live = self._slot(request)
        return answer("Pairing code", {"device_id": live.slot.id, "pair_code": await self._code(request, live)})

    async def picture(self, request: Request) -> Response:
        """The QR of this name, while it can be scanned."""
        named = str(request.path_params["name"])
        found = [qr for name, qr, until in self._shown.values() if name == named and time.monotonic() < until]
        if not found:
            return PlainTextResponse("Not Found", 404)
        return Response(
            dots(modules_of(found[0].text), PIXELS, QUIET),
            media_type="image/png",
            headers={"Cache-Control": "no-store"},
        )

    async def _qr(self, request: Request, live: LiveDevice) -> dict[str, object]:
        try:
            qr = await bounded(live.engine.qr(), self._counter.settings.call_wait_s)
            modules_of(qr.text)
        except TooLong as error:
            raise plain_error("the engine's QR is too long to be drawn") from error
        except (EngineError, TimeoutError) as error:
            raise _refusal(error) from error
        name = f"{secrets.token_urlsafe(24)}.png"
        self._shown[live.slot.id] = (name, qr, time.monotonic() + qr.valid_s)
        url = f"{request.url.scheme}://{request.url.netloc}/statics/qrcode/{name}"
        return {"qr_link": url, "qr_duration": int(qr.valid_s)}

    async def _code(self, request: Request, live: LiveDevice) -> str:
        phone = query.address(request, "phone")
        if server_of(phone) != PHONE_SERVER:
            raise invalid("phone: must be the number of the phone that will type the code.")
        try:
            return await bounded(live.engine.pair_code(user_of(phone)), self._counter.settings.call_wait_s)
        except (EngineError, TimeoutError) as error:
            raise _refusal(error) from error

    def _slot(self, request: Request) -> LiveDevice:
        return self._counter.slot(str(request.path_params["device_id"]))


def _refusal(error: EngineError | TimeoutError) -> Refusal:
    """An engine that is linked already refuses to be linked; one that cannot even ask for a code says why."""
    if isinstance(error, EngineRefused):
        return Refusal(400, "ALREADY_LOGGED_IN", str(error))
    if isinstance(error, NotStarted) and str(error):
        return Refusal(503, "not_started", str(error))
    if isinstance(error, EngineError):
        return refusal_of(error)
    return Refusal(504, "GATEWAY_TIMEOUT", "whatsapp did not show a code in time")
