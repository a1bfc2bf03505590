"""A whole gateway with the real engine, asked over HTTP, whose WhatsApp is the fake one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

from tests.contract.gateway.engines.real import PACE, WAIT_S, command
from tests.contract.gateway.receiver import Receiver
from tests.contract.gateway.world import LOGIN, PASSWORD, USERNAME
from unlost.gateway.devices import LiveDevice
from unlost.gateway.engines.neonize_devices import Workers, label_of
from unlost.gateway.engines.worker_engine import WorkerEngine
from unlost.gateway.png import dots
from unlost.gateway.qr import modules_of
from unlost.gateway.rest.logins import PIXELS, QUIET
from unlost.gateway.server import RunningGateway
from unlost.gateway.settings import EngineName, GatewaySettings

if TYPE_CHECKING:
    from tests.fake_whatsapp.account import Account
    from tests.fake_whatsapp.server import FakeWhatsApp

USER = "628111222333"
OWN = f"{USER}@s.whatsapp.net"
BOB = "628999888777@s.whatsapp.net"
SECOND, SECOND_USER = "sales", "628111222444"


def workers(
    endpoint_file: Path, *wrapped: str, unrecovered_after_s: float = 600.0, linking_s: float = 300.0
) -> Workers:
    """As in production, but that they know only the fake, and are begun again at once."""
    pace = replace(PACE, linking_s=linking_s)
    return Workers(lambda folder: command(endpoint_file, folder, unrecovered_after_s, *wrapped), pace)


class Joined:
    """One gateway, and a caller of its REST API."""

    def __init__(self, running: RunningGateway, http: aiohttp.ClientSession, receiver: Receiver) -> None:
        self.running = running
        self.http = http
        self.receiver = receiver

    async def get(self, path: str, device: str = OWN, **params: str) -> tuple[int, Any]:
        async with self.http.get(self.running.url + path, params=params, headers={"X-Device-Id": device}) as got:
            return got.status, await got.json()

    async def post(self, path: str, device: str = OWN, key: str = "", **told: Any) -> tuple[int, Any]:
        headers = {"X-Device-Id": device} | ({"Idempotency-Key": key} if key else {})
        async with self.http.post(self.running.url + path, json=told, headers=headers) as got:
            return got.status, await got.json()

    async def upload(self, kind: str, file: bytes, device: str = OWN, **told: str) -> tuple[int, Any]:
        form = aiohttp.FormData(told)
        form.add_field(kind, file, filename="picture.png")
        async with self.http.post(f"{self.running.url}/send/{kind}", data=form, headers={"X-Device-Id": device}) as got:
            return got.status, await got.json()

    async def fetch(self, path: str) -> tuple[int, bytes]:
        async with self.http.get(self.running.url + path) as got:
            return got.status, await got.read()

    def live(self, device: str = OWN) -> LiveDevice:
        return self.running.gateway.devices.named(device)

    async def is_in(self, device: str = OWN) -> bool:
        return bool((await self.get(f"/devices/{device}/status"))[1]["results"]["is_logged_in"])

    async def link(self, server: FakeWhatsApp, device: str = OWN, user: str = USER, path: str = "") -> Account:
        """Scan the picture that the REST API shows."""
        status, told = await self.get(path or f"/devices/{device}/login")
        assert status == 200, told
        _, picture = await self.fetch(told["results"]["qr_link"].removeprefix(self.running.url))
        code = (await self.live(device).engine.qr()).text
        assert picture == dots(modules_of(code), PIXELS, QUIET)
        account = await server.pair(code, user)
        await until(lambda: self.live(device).engine.link().is_logged_in)
        return account

    async def stored(self, chat: str, count: int, device: str = OWN) -> list[dict[str, Any]]:
        """What chat storage has of *chat*, the newest first, once there are *count* rows."""
        async with asyncio.timeout(WAIT_S):
            while True:
                _, told = await self.get(f"/chat/{chat}/messages", device, limit="100")
                rows: list[dict[str, Any]] = told["results"]["data"] if "results" in told else []
                if len(rows) >= count:
                    return rows

    def texts(self) -> list[str]:
        """The words of every message told so far, in order."""
        return [call.payload["body"] for call in self.receiver.calls if call.json["event"] == "message"]

    def events(self) -> list[str]:
        """The names of all events told so far."""
        return [call.json["event"] for call in self.receiver.calls]

    def pid(self, device: str = OWN) -> int:
        """The worker's process."""
        engine = self.live(device).engine
        assert isinstance(engine, WorkerEngine)
        assert engine._supervisor.pid is not None
        return engine._supervisor.pid

    def label(self, device: str = OWN) -> str:
        """How metrics call it."""
        return label_of(self.live(device).slot)

    async def told(self, *texts: str) -> None:
        """Return once all of these were told."""
        await until(lambda: set(texts) <= set(self.texts()))

    def counted(self, name: str, **labels: str) -> float:
        return self.running.gateway.counts.registry.get_sample_value(name, labels) or 0.0


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT_S):
        while not holds():
            await asyncio.sleep(0.01)


def settings(folder: Path, receiver: Receiver, **changed: Any) -> GatewaySettings:
    values: dict[str, Any] = {
        "data_folder": folder,
        "device": OWN,
        "webhook_urls": (receiver.url,),
        "listen_port": 0,
        "username": USERNAME,
        "password": PASSWORD,
        "engine": EngineName.NEONIZE,
        "time_scale": 0.01,
        "drain_every_s": 0.01,
        "look_up_every_s": 0.0,
        "call_wait_s": 30.0,
        "avatar_wait_s": 20.0,
    }
    return GatewaySettings(**(values | changed))


@asynccontextmanager
async def joined(
    server: FakeWhatsApp,
    folder: Path,
    receiver: Receiver,
    *wrapped: str,
    unrecovered_after_s: float = 600.0,
    linking_s: float = 300.0,
    **changed: Any,
) -> AsyncIterator[Joined]:
    """A gateway that runs on *folder*; what it was linked to before, it is linked to."""
    how = workers(server.endpoint_file, *wrapped, unrecovered_after_s=unrecovered_after_s, linking_s=linking_s)
    running = RunningGateway(settings(folder, receiver, **changed), how)
    await running.start()
    try:
        async with aiohttp.ClientSession(headers=LOGIN) as http:
            yield Joined(running, http, receiver)
    finally:
        await running.stop()
