"""The bridge as a process: its door opens first and closes last."""

import asyncio
import contextlib
import errno
import gc
import random
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator
from functools import partial

import uvicorn

from unlost.assemble import files
from unlost.assemble.bridge import Bridge, Outside, build_bridge, open_up, stop, work
from unlost.clock import SystemClock
from unlost.journal.reserve import RESERVE_BYTES
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.journal.unusable import JournalUnusable
from unlost.lanes.locks import FileLocks, folder_of
from unlost.settings.agreement import largest_files
from unlost.settings.shapes import Listen
from unlost.settings.values import Settings
from unlost.spool import Spool
from unlost.telemetry.log import Telemetry, hear_libraries, telemetry_on
from unlost.telemetry.sides import ProgramTurned
from unlost.transport.over_aiohttp import open_http

DOOR_CLOSE_S = 1
"""Requests under way get this long after the last claim was given back."""
YOUNG_OBJECTS = 10_000
"""New objects between two collections of the young: about a megabyte, some hundred webhooks."""


class CannotStart(Exception):
    """One line, with the cure."""


async def run_bridge(settings: Settings, *, verbose: bool = False) -> None:
    """Run until SIGTERM or SIGINT. Raises CannotStart."""
    telemetry = telemetry_on(sys.stderr, verbose=verbose)
    hear_libraries(telemetry)
    listening = _listening(settings.server.listen)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with _outside(settings, telemetry) as outside:
        bridge = build_bridge(settings, outside)
        _leave_alone_what_stays()
        async with _served(bridge, listening) as address:
            telemetry.tell(ProgramTurned("listening", address))
            await open_up(bridge)
            await work(bridge)
            await stopping.wait()
            telemetry.tell(ProgramTurned("stopping"))
            await stop(bridge)
    telemetry.tell(ProgramTurned("stopped"))


def _leave_alone_what_stays() -> None:
    """What is imported and built stays to the end: no collection shall walk it (70 ms each, measured, with the door open).

    With Python's own 700 new objects between two young collections these cost a tenth of the event loop's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


@contextlib.asynccontextmanager
async def _outside(settings: Settings, telemetry: Telemetry) -> AsyncIterator[Outside]:
    path = settings.journal_path
    clock = SystemClock()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_used = path.exists() and path.stat().st_size > 0
        journal = await SqliteJournal.open(path, clock=clock)
    except JournalUnusable as error:
        raise CannotStart(str(error)) from None
    except OSError as error:
        raise CannotStart(
            f"{path.parent} cannot be made: {error.strerror}; name another file in [journal] url"
        ) from None
    try:
        async with open_http(connections_per_host=settings.limits.connections_per_host) as http:
            yield Outside(
                journal=journal,
                journal_path=path,
                journal_is_used=is_used,
                http=http,
                spool=Spool(
                    files.folder_of(path),
                    settings.limits.media_spool_max_bytes,
                    largest_files(settings),
                    leave_bytes=2 * RESERVE_BYTES,
                ),
                clock=clock,
                locks=FileLocks(folder_of(path)),
                host=socket.gethostname(),
                telemetry=telemetry,
                spread=random.random,
                name=lambda: secrets.token_hex(6),
                backup_to=journal.backup_to,
                forget_addresses=journal.forget,
                prune=partial(
                    journal.prune,
                    keep_days=settings.journal.keep_days,
                    keep_links_days=settings.journal.keep_links_days,
                ),
            )
    finally:
        await journal.close()


def _listening(listen: Listen) -> socket.socket:
    """Bound and listening before anything else is done: who knocks while we start is heard."""
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, so that asyncio turns Nagle off
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((listen.host, listen.port))
    except OSError as error:
        listening.close()
        cure = "end what listens there, or name another [server] listen"
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(f"{listen} is taken by another program; {cure}") from None
        raise CannotStart(f"cannot listen at {listen}: {error.strerror}; {cure}") from None
    listening.listen(1024)
    return listening


class _Server(uvicorn.Server):
    """Signals are ours: the bridge gives its work back before the door closes."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]  # uvicorn's own is untyped
        """Leave them alone."""
        yield


@contextlib.asynccontextmanager
async def _served(bridge: Bridge, listening: socket.socket) -> AsyncIterator[str]:
    config = uvicorn.Config(
        bridge.app,
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        proxy_headers=False,  # who may come in is decided by the peer itself and by whether such headers are there at all
        timeout_graceful_shutdown=DOOR_CLOSE_S,
        timeout_keep_alive=15,
        backlog=1024,
    )
    server = _Server(config)
    serving = asyncio.ensure_future(server.serve(sockets=[listening]))
    while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn tells no other way
        await asyncio.sleep(0.005)
    try:
        host, port = listening.getsockname()[:2]
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        await serving
