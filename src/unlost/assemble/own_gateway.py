"""What only a gateway of our own tells: its numbered feed, and how its link stands. Wired between door and tending."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from unlost.assemble.channels import ChannelParts
from unlost.chores.feed import FeedOutcome, FeedReader, Told
from unlost.clock import Clock
from unlost.ingress.keeping import Keeping
from unlost.journal.port import Journal
from unlost.telemetry.log import Telemetry
from unlost.telemetry.sides import FeedRead
from unlost.vocabulary.ids import ChannelName


def told_of(channels: Sequence[ChannelParts], clock: Clock) -> dict[ChannelName, Told]:
    """The numbers that the door has kept, for each channel that has a feed."""
    return {channel.name: Told(clock) for channel in channels if channel.feed is not None}


def turned_link(channels: Sequence[ChannelParts]) -> Callable[[ChannelName, bytes], None]:
    """Only a gateway of our own tells of its link: whoever else uses those words means something else."""
    connections = {channel.name: channel.connection for channel in channels}

    def turned(channel: ChannelName, body: bytes) -> None:
        if (connection := connections[channel]) is not None:
            connection.turned(body)

    return turned


def feed_reader(
    channel: ChannelParts,
    keeping: Keeping,
    told: Mapping[ChannelName, Told],
    journal: Journal,
    clock: Clock,
    telemetry: Telemetry,
) -> FeedReader | None:
    """None where the gateway is none of ours, and has no feed."""
    if channel.feed is None:
        return None

    def hears(outcome: FeedOutcome) -> None:
        if outcome != FeedOutcome():
            telemetry.tell(FeedRead(channel.name, outcome.appended, outcome.lost, outcome.error or ""))

    return FeedReader(
        channel=channel.name,
        journal=journal,
        feed=channel.feed,
        told=told[channel.name],
        clock=clock,
        keep=partial(keeping.keep_fed, channel.gateway_door),
        hears=hears,
    )
