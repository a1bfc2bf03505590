"""All looks and judgements, one section after the other, so that whoever waits sees each as soon as it is there."""

from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass

import unlost
from unlost.clock import Clock
from unlost.doctor.asking import gateway_client, helpdesk_client
from unlost.doctor.findings import Finding, Grade, of_channel
from unlost.doctor.judge_gateway import judge_gateway
from unlost.doctor.judge_helpdesk import judge_helpdesk
from unlost.doctor.judge_machine import judge_bridge, judge_machine, judge_notices, judge_settings, judge_state
from unlost.doctor.look_at_arrivals import look_at_arrivals
from unlost.doctor.look_at_bridge import OwnBridge, look_at_bridge
from unlost.doctor.look_at_gateway import look_at_gateway
from unlost.doctor.look_at_helpdesk import look_at_helpdesk
from unlost.doctor.look_at_machine import look_at_machine
from unlost.doctor.sights import BridgeSight, ChannelState
from unlost.doctor.timed_http import TimedHttp
from unlost.settings.doors import webhook_url
from unlost.settings.judging import judge
from unlost.settings.values import Channel, Settings
from unlost.transport import Http


@dataclass(frozen=True, slots=True)
class Section:
    """What one look came to. *state*: the channel's numbers, where the section is a channel's own in the bridge."""

    title: str
    findings: tuple[Finding, ...]
    state: ChannelState | None = None


def is_wrong(sections: Iterable[Section]) -> bool:
    """Whether anything does not work."""
    return any(finding.grade is Grade.WRONG for section in sections for finding in section.findings)


async def examine(
    settings: Settings, channels: tuple[Channel, ...], http: Http, clock: Clock
) -> AsyncGenerator[Section, None]:
    """Machine and bridge, then helpdesk, gateway and state of each of *channels*. Changes nothing outside."""
    bridge = OwnBridge.of(http, settings)
    sight = await look_at_bridge(bridge)
    runs = sight.can_commit is not None
    machine = look_at_machine(settings.journal_path)
    yield Section(
        "this machine",
        (
            *judge_settings(judge(settings), is_running=runs),
            *judge_machine(machine, may_be_lost=settings.journal.throwaway),
            *judge_notices(settings.notify),
        ),
    )
    found = judge_bridge(sight, bridge.url, settings.server.public_url, unlost.__version__)
    yield Section("the bridge", tuple(found))
    for channel in channels:
        async for section in _of_channel(settings, channel, http, clock, bridge, sight):
            yield section


async def _of_channel(
    settings: Settings, channel: Channel, http: Http, clock: Clock, bridge: OwnBridge, sight: BridgeSight
) -> AsyncGenerator[Section, None]:
    yield await _helpdesk(settings, channel, TimedHttp(http, clock), clock, webhooks_came=sight.taken_from_helpdesk > 0)
    yield await _gateway(settings, channel, TimedHttp(http, clock), clock, bridge if sight.can_commit else None)
    state = state_of(sight, channel)
    if state is not None:
        yield Section(f"{channel.name}: in the bridge", tuple(of_channel(channel.name, judge_state(state))), state)


async def _helpdesk(
    settings: Settings, channel: Channel, http: TimedHttp, clock: Clock, *, webhooks_came: bool
) -> Section:
    seen = await look_at_helpdesk(helpdesk_client(http, settings, channel, clock), http)
    door_url = webhook_url(settings, channel, "helpdesk")
    found = judge_helpdesk(seen, channel, door_url, webhooks_came=webhooks_came)
    return Section(f"{channel.name}: the helpdesk", tuple(of_channel(channel.name, found)))


async def _gateway(
    settings: Settings, channel: Channel, http: TimedHttp, clock: Clock, bridge: OwnBridge | None
) -> Section:
    client = gateway_client(http, settings, channel)
    seen = await look_at_gateway(client, http, channel.gateway.device)
    arrivals = None if bridge is None else await look_at_arrivals(bridge, client, clock.now())
    found = judge_gateway(seen, channel, webhook_url(settings, channel, "gateway"), arrivals)
    return Section(f"{channel.name}: the gateway", tuple(of_channel(channel.name, found)))


def state_of(sight: BridgeSight, channel: Channel) -> ChannelState | None:
    """The channel's numbers; None where the bridge does not tell them."""
    states = sight.channels if isinstance(sight.channels, tuple) else ()
    return next((state for state in states if state.name == channel.name), None)
