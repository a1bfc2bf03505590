"""The program: a gateway behind its port, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

import structlog
from starlette.types import ASGIApp

from unlost.gateway.engines.neonize_devices import Workers
from unlost.gateway.gateway import Gateway
from unlost.gateway.listener import Listener
from unlost.gateway.settings import WEATHER_S, GatewaySettings
from unlost.gateway.weather import blow, forecast

log = structlog.get_logger("unlost.gateway")


class RunningGateway:
    """A gateway that serves; usable inside any loop, a test's too."""

    def __init__(self, settings: GatewaySettings, workers: Workers = Workers()) -> None:  # noqa: B008 - frozen
        self.gateway = Gateway(settings, workers)
        self.stopping = asyncio.Event()
        self._port_turn = asyncio.Lock()
        self._away: set[asyncio.Task[None]] = set()
        app = self.gateway.app(self.refuse, self.stopping.set)
        self._listener = Listener(app, settings.listen_host, settings.listen_port)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{self.gateway.settings.listen_host}:{self._listener.port}"

    async def start(self) -> None:
        """Listen, then take from WhatsApp's queue. Raises OSError where the port is taken."""
        try:
            await self._listener.open()
        except OSError:
            self._listener.let_go()
            await self.gateway.stop()
            raise
        await self.gateway.start()
        self._begin_weather()
        log.info("gateway.started", url=self.url, temper=self.gateway.settings.temper.value)

    async def stop(self) -> None:
        """A clean stop: HTTP is drained, webhooks under way are not awaited."""
        for task in self._away:
            task.cancel()
        await asyncio.gather(*self._away, return_exceptions=True)
        self.gateway.faults.set(hanging=False)
        if self.gateway.pages is not None:
            self.gateway.pages.end()
        await self._listener.close(at_once=False)
        self._listener.let_go()
        await self.gateway.stop()
        log.info("gateway.stopped")

    def _begin_weather(self) -> None:
        settings = self.gateway.settings
        if settings.weather_every_s > 0:
            squalls = forecast(settings.seed, for_s=WEATHER_S, every_s=settings.weather_every_s)
            self._away.add(asyncio.create_task(blow(squalls, self.gateway.faults, self.refuse)))

    def refuse(self, down_s: float) -> None:
        """Close the port and reset its connections for *down_s*; returns at once."""
        task = asyncio.create_task(self._refuse(down_s))
        self._away.add(task)
        task.add_done_callback(self._away.discard)

    async def _refuse(self, down_s: float) -> None:
        async with self._port_turn:
            await asyncio.sleep(0.05)  # the command's own answer leaves first
            await self._listener.close(at_once=True)
            await asyncio.sleep(down_s)
            await self._listener.open()


def build_app(settings: GatewaySettings) -> ASGIApp:
    """The REST API alone, with nothing behind it that drains or delivers; it must be served by `BreakableProtocol`."""
    return Gateway(settings).app(_not_served, _not_served_at_all)


async def serve(
    settings: GatewaySettings,
    *,
    ready: Callable[[str], None] | None = None,
    workers: Workers = Workers(),  # noqa: B008 - frozen
) -> None:
    """Serve until SIGTERM or SIGINT. *ready* is told the URL once it listens."""
    running = RunningGateway(settings, workers)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, running.stopping.set)
    await running.start()
    if ready is not None:
        ready(running.url)
    await running.stopping.wait()
    await running.stop()


def _not_served(down_s: float) -> None:
    raise RuntimeError("an application that nobody serves has no port to close")


def _not_served_at_all() -> None:
    raise RuntimeError("an application that nobody serves cannot be stopped")
