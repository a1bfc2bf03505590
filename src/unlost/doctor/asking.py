"""How a look asks: a client for each side, and a failure as a value."""

from collections.abc import Awaitable
from typing import TypeVar

from unlost.chatwoot.client import ChatwootClient
from unlost.chatwoot.pace import Rank
from unlost.chatwoot.turns import HostPace
from unlost.clock import Clock
from unlost.doctor.sights import Trouble
from unlost.errors import UnlostError
from unlost.gowa.client import GowaClient
from unlost.settings.values import Channel, Settings
from unlost.transport import Http

T = TypeVar("T")


async def tried(asked: Awaitable[T]) -> T | Trouble:
    """What was answered, or why nothing was."""
    try:
        return await asked
    except UnlostError as error:
        return Trouble.of(error)


def helpdesk_client(http: Http, settings: Settings, channel: Channel, clock: Clock) -> ChatwootClient:
    """The channel's helpdesk, asked no faster than the bridge would."""
    ours = channel.helpdesk
    pace = HostPace(clock, per_min=settings.limits.helpdesk_calls_per_min)
    return ChatwootClient(
        http,
        url=ours.url,
        account_id=ours.account_id,
        inbox_id=ours.inbox_id,
        token=ours.token.reveal(),
        call_timeout_s=ours.call_timeout_s,
        pace=pace.turns(channel.name, Rank.CHORE),
    )


def gateway_client(http: Http, settings: Settings, channel: Channel) -> GowaClient:
    """The channel's gateway."""
    ours = channel.gateway
    return GowaClient(
        http,
        url=ours.url,
        username=ours.username,
        password=ours.password.reveal(),
        device=ours.device,
        timeout_s=settings.retry.lookup_timeout_s,
    )
