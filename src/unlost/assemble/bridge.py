"""One bridge from settings: every object it needs, and the loops that make it run. The simulation builds the same."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from unlost.assemble import files, noticing, own_gateway, tending
from unlost.assemble.blocks import Blocks
from unlost.assemble.channels import ChannelParts, build_channel
from unlost.assemble.pages import build_pages
from unlost.assemble.telling import Telling
from unlost.chatwoot.turns import HostPace
from unlost.chores.feed import Told
from unlost.clock import Clock
from unlost.console.pulse import Pulse
from unlost.errors import NotCommitted
from unlost.ingress.door import DoorApp, DoorLimits
from unlost.ingress.gaps import GapKeeper
from unlost.ingress.keeping import Keeping
from unlost.ingress.paths import Doors
from unlost.journal.port import Journal
from unlost.journal.rows import ChannelRow, Forgotten, Pool
from unlost.lanes.backoff import Schedule
from unlost.lanes.circuit import Circuit
from unlost.lanes.lease import Lease, Locks
from unlost.lanes.next_sweeps import NextSweeps
from unlost.lanes.receipts import Receipts
from unlost.lanes.runner import Runner
from unlost.lanes.shares import Shares
from unlost.lanes.walk import Walker
from unlost.road import Road
from unlost.settings.values import Settings
from unlost.spool import Spool
from unlost.telemetry.log import Telemetry
from unlost.telemetry.sides import CircuitTurned
from unlost.transport import FetchingHttp
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.ids import ChannelName

Loop = Callable[[], Awaitable[None]]
LOOP_AGAIN_S = 1.0
DIRECTIONS = (Direction.INBOUND, Direction.OUTBOUND, Direction.CHORE, Direction.MEDIA, Direction.LOOK_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What a bridge is given: everything that is not the same in a simulation. *spread* draws a number in [0, 1)."""

    journal: Journal
    journal_path: Path
    journal_is_used: bool
    http: FetchingHttp
    spool: Spool
    clock: Clock
    locks: Locks
    host: str
    telemetry: Telemetry
    spread: Callable[[], float]
    name: Callable[[], str]
    backup_to: Callable[[Path], Awaitable[int]]
    forget_addresses: Callable[[Sequence[Address]], Awaitable[Forgotten]]
    prune: Callable[[], Awaitable[int]]


@dataclass(slots=True, kw_only=True)
class Bridge:
    """Built, not yet running. *app* answers from the moment it is served: the door needs nothing but the journal."""

    settings: Settings
    outside: Outside
    app: DoorApp
    gaps: GapKeeper
    lease: Lease
    runner: Runner
    receipts: tuple[Receipts, ...]
    circuits: tuple[Circuit, ...]
    channels: tuple[ChannelParts, ...]
    tendings: tuple[tending.Tending, ...]
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    opened_at: float | None = None
    pulse: Pulse | None = None


def build_bridge(settings: Settings, outside: Outside) -> Bridge:
    """Every object, wired. No I/O."""
    telling = Telling(outside.telemetry, outside.clock)
    paces = _paces(settings, outside.clock)
    channels = tuple(build_channel(settings, channel, outside, paces) for channel in settings.channels)
    circuits = _circuits(channels, outside)
    lease = Lease(
        outside.journal,
        outside.locks,
        outside.clock,
        host=outside.host,
        lease_s=settings.journal.lease_s,
        name=outside.name,
    )
    walker = _walker(settings, outside, channels, circuits, lease, telling)
    runner = _runner(settings, outside, channels, circuits, walker, telling)
    gaps = GapKeeper(outside.journal, outside.clock, outside.telemetry)
    doors = Doors(tuple(door for channel in channels for door in channel.doors), settings.server.public_url)
    told = own_gateway.told_of(channels, outside.clock)
    keeping = Keeping(
        journal=outside.journal,
        doors=doors,
        gaps=gaps,
        clock=outside.clock,
        telemetry=outside.telemetry,
        commit_wait_s=settings.limits.commit_wait_s,
        journal_is_used=outside.journal_is_used,
        numbered=lambda channel, feed, number: told[channel].kept(feed, number),
        turned=own_gateway.turned_link(channels),
    )
    tendings = tuple(_tending(channel, keeping, outside, told) for channel in channels)
    bridge = Bridge(
        settings=settings,
        outside=outside,
        app=_door(settings, outside, doors, keeping, gaps),
        gaps=gaps,
        lease=lease,
        runner=runner,
        receipts=tuple(_receipts(channel, circuits, outside) for channel in channels),
        circuits=tuple(circuits.values()),
        channels=channels,
        tendings=tendings,
    )
    bridge.app.inner, bridge.pulse = build_pages(
        settings,
        outside,
        list(zip(channels, tendings, strict=True)),
        bridge.circuits,
        door_open_since=lambda: bridge.opened_at,
        is_writable=lambda: keeping.is_writable,
    )
    return bridge


def _walker(
    settings: Settings,
    outside: Outside,
    channels: Sequence[ChannelParts],
    circuits: Mapping[str, Circuit],
    lease: Lease,
    telling: Telling,
) -> Walker:
    return Walker(
        journal=outside.journal,
        road=Road(
            {channel.name: channel.road for channel in channels}, telling.failed, lambda host: circuits[host].is_open
        ),
        lease=lease,
        clock=outside.clock,
        schedule=_schedule(settings),
        look_up_schedule=_look_up_schedule(settings),
        media_schedule=files.schedule(settings.retry.media_tries),
        spread=outside.spread,
        circuit_of=circuits.get,
        settled=files.settled(telling.settled, outside.spool),
        next_sweeps=NextSweeps(),
    )


def _runner(
    settings: Settings,
    outside: Outside,
    channels: Sequence[ChannelParts],
    circuits: dict[str, Circuit],
    walker: Walker,
    telling: Telling,
) -> Runner:
    return Runner(
        journal=outside.journal,
        walker=walker,
        lease=walker.lease,
        clock=outside.clock,
        pools=[Pool(channel.name, direction) for direction in DIRECTIONS for channel in channels],
        shares=_shares(settings, len(channels)),
        open_now=_open_now(channels, circuits),
        went_wrong=telling.went_wrong,
    )


async def open_up(bridge: Bridge) -> None:
    """Make the channels known and the last absence a gap. The door may be open already."""
    outside = bridge.outside
    rows = [ChannelRow(each.name, each.device, each.helpdesk) for each in bridge.channels]
    await outside.journal.introduce(rows)
    names = [each.name for each in bridge.channels]
    outside.telemetry.metrics.introduce(names)
    await bridge.lease.bury_the_dead()
    is_alone = not await outside.journal.holders()
    await tending.note_absence(outside.journal, names, outside.clock, outside.telemetry, is_alone=is_alone)
    bridge.opened_at = outside.clock.now()


async def work(bridge: Bridge) -> None:
    """Enrol and start every loop; returns at once. `stop` ends them."""
    outside, settings = bridge.outside, bridge.settings
    await bridge.lease.enrol()
    pulse = tending.Pulse(bridge.lease, bridge.runner)
    journal, clock = outside.journal, outside.clock
    names = [each.name for each in bridge.channels]
    standstill = tending.Standstill(journal, clock, names, bridge.lease.beat_every_s, bridge.app.keeping.trouble)
    loops: list[Loop] = [
        bridge.gaps.run,
        bridge.runner.run,
        *(each.run for each in bridge.receipts),
        partial(tending.every, bridge.lease.beat_every_s, pulse.beat),
        partial(tending.every, tending.BURY_EVERY_S, pulse.bury),
        partial(tending.every, tending.RELEASE_EVERY_S, partial(tending.release, journal, clock)),
        partial(tending.every, tending.PRUNE_EVERY_S, outside.prune),
        partial(tending.every, files.SWEEP_EVERY_S, partial(files.sweep, journal, outside.spool)),
        partial(tending.every, files.WAKE_EVERY_S, partial(files.wake, journal, bridge.channels, bridge.circuits)),
        partial(tending.watch_circuits, bridge.circuits),
        partial(tending.every, bridge.lease.beat_every_s, standstill.tick),
        partial(tending.every, tending.COUNT_EVERY_S, Blocks(journal, outside.telemetry, bridge.runner.pools).look),
        partial(tending.every, tending.ALIVE_EVERY_S, lambda: journal.mark_alive(clock.now())),
        partial(
            tending.every,
            tending.COUNT_EVERY_S,
            partial(tending.count, journal, outside.journal_path, clock, outside.telemetry),
        ),
    ]
    for each in bridge.tendings:
        loops.append(partial(tending.keep_watch, each.watch, settings.limits.watch_every_s))
        loops.append(partial(tending.every, tending.GAPS_EVERY_S, each.tend))
    loops += noticing.loops(settings, outside)
    bridge.tasks += [asyncio.ensure_future(_kept_going(loop, outside)) for loop in loops]


async def stop(bridge: Bridge) -> None:
    """Let work under way end for a moment, give the rest back, and go. The door is closed by whoever serves it."""
    if bridge.pulse is not None:
        bridge.pulse.end()  # an open page holds a request: nobody shall wait for it
    await bridge.runner.stop(grace_s=bridge.settings.limits.stop_wait_s * 0.6)
    for task in bridge.tasks:
        task.cancel()
    await asyncio.gather(*bridge.tasks, return_exceptions=True)
    try:
        await bridge.outside.journal.mark_alive(bridge.outside.clock.now())
    except NotCommitted:
        pass
    await bridge.lease.retire()


async def _kept_going(loop: Loop, outside: Outside) -> None:
    """The top of a loop: what ends it is our bug; it is told, and the loop begins again. Nothing else may stand still for it."""
    telling = Telling(outside.telemetry, outside.clock)
    while True:
        try:
            await loop()
        except Exception as error:  # noqa: BLE001 - the top of a loop
            telling.went_wrong("loop", error, None)
        await asyncio.sleep(LOOP_AGAIN_S)


def _shares(settings: Settings, channels: int) -> Shares:
    limits = settings.limits
    return Shares(
        slots=limits.slots,
        channels=channels,
        background=limits.background_slots,
        media=min(limits.media_slots, max(1, limits.slots // 4)),
    )


def _schedule(settings: Settings) -> Schedule:
    retry = settings.retry
    return Schedule(retry.attempts_max, retry.schedule, retry.base_s, retry.ceiling_s)


def _look_up_schedule(settings: Settings) -> Schedule:
    retry = settings.retry
    return Schedule(retry.lookup_tries, "exponential", retry.lookup_base_s, retry.ceiling_s)


def _paces(settings: Settings, clock: Clock) -> dict[str, HostPace]:
    """One per helpdesk's host, shared by its channels."""
    urls = {channel.helpdesk.url for channel in settings.channels}
    return {url: HostPace(clock, per_min=_per_min(settings, url)) for url in urls}


def _per_min(settings: Settings, url: str) -> int | None:
    """Rack-attack lets loopback through whatever the rate (chatwoot-contract, section 4), so there we need no pace."""
    near = ("http://127.0.0.1", "http://localhost", "http://[::1]")
    return None if url.startswith(near) else settings.limits.helpdesk_calls_per_min


def _circuits(channels: Sequence[ChannelParts], outside: Outside) -> dict[str, Circuit]:
    """One per host, asked by the first channel that has it."""
    made: dict[str, Circuit] = {}
    for channel in channels:
        for host, probe in (
            (channel.road.helpdesk_host, channel.probe_helpdesk),
            (channel.road.gateway_host, channel.probe_gateway),
        ):
            if host not in made:
                made[host] = Circuit(host, probe, outside.clock, _turned(host, outside.telemetry))
                outside.telemetry.metrics.circuit_open.labels(host).set(0)
    return made


def _turned(host: str, telemetry: Telemetry) -> Callable[[bool], None]:
    def changed(is_open: bool) -> None:
        telemetry.tell(CircuitTurned(host, is_open))

    return changed


def _open_now(channels: Sequence[ChannelParts], circuits: dict[str, Circuit]) -> Callable[[Pool], bool]:
    by_name = {channel.name: channel for channel in channels}

    def open_now(pool: Pool) -> bool:
        """Look-ups wait for gateway, helpdesk and their own pace; files for the gateway; all else for the helpdesk alone."""
        channel = by_name[pool.channel]
        if pool.direction is Direction.MEDIA:
            return not circuits[channel.road.gateway_host].is_open
        if circuits[channel.road.helpdesk_host].is_open:
            return False
        if pool.direction is not Direction.LOOK_UP:
            return True
        return not circuits[channel.road.gateway_host].is_open and channel.may_look_up()

    return open_now


def _receipts(channel: ChannelParts, circuits: dict[str, Circuit], outside: Outside) -> Receipts:
    circuit = circuits[channel.road.helpdesk_host]
    return Receipts(outside.journal, channel.name, channel.set_status, lambda: not circuit.is_open)


def _tending(
    channel: ChannelParts, keeping: Keeping, outside: Outside, told: Mapping[ChannelName, Told]
) -> tending.Tending:
    channel.watch.came_back = lambda: keeping.trouble(channel.name)
    if channel.connection is not None:
        channel.connection.came_back = channel.watch.came_back
    return tending.Tending(
        channel.name,
        outside.journal,
        outside.clock,
        outside.telemetry,
        channel.watch,
        channel.reconcile(lambda: keeping.hold_s(channel.gateway_door)),
        channel.rescue,
        channel.reconcile_every_s,
        own_gateway.feed_reader(channel, keeping, told, outside.journal, outside.clock, outside.telemetry),
        channel.connection,
    )


def _door(settings: Settings, outside: Outside, doors: Doors, keeping: Keeping, gaps: GapKeeper) -> DoorApp:
    limits = settings.limits

    async def can_commit() -> bool:
        await outside.journal.prove_writable()
        return True

    return DoorApp(
        doors=doors,
        keeping=keeping,
        gaps=gaps,
        limits=DoorLimits(
            body_max_bytes=limits.body_max_bytes,
            body_wait_s=limits.body_wait_s,
            commit_wait_s=limits.commit_wait_s,
            concurrency=limits.door_concurrency,
            held_max_bytes=limits.door_held_max_bytes,
        ),
        clock=outside.clock,
        telemetry=outside.telemetry,
        can_commit=can_commit,
        inner=_nothing_yet,
        password=settings.console.password.reveal(),
        public_url=settings.server.public_url,
    )


async def _nothing_yet(*_: object) -> None:
    raise RuntimeError("the API is built last")
