"""A road of one channel whose sides are never asked, and the claims that are read on it."""

from pathlib import Path
from typing import Any, NoReturn

from unlost.journal.rows import Claim, HolderId
from unlost.road import ChannelRoad, Road
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction, Kind, Source
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ChannelName, ContactId, ConversationId, EntryId, LaneId
from unlost.vocabulary.links import ChatLink, Known
from unlost.vocabulary.policy import Policy

RECORDED = Path(__file__).parents[2] / "recorded" / "gowa"
CHANNEL = ChannelName("support")
CHAT = Address("628987654321@s.whatsapp.net")


class _Nobody:
    async def perform(self, *_: object) -> NoReturn:
        raise AssertionError("nobody is asked")

    async def wait_turn(self) -> NoReturn:
        raise AssertionError("nobody is asked")

    async def wait_room(self, conversation: int) -> NoReturn:
        raise AssertionError("nobody is asked")


def road() -> Road:
    """With default rules."""
    channel = ChannelRoad(
        policy=lambda at, direction: Policy(),
        device=None,
        turns=_Nobody(),
        to_helpdesk=_Nobody(),
        chores_to_helpdesk=_Nobody(),
        to_gateway=_Nobody(),
        helpdesk_host="http://desk",
        gateway_host="http://gateway",
        helpdesk_timeout_s=20.0,
        helpdesk_upload_timeout_s=35.0,
        gateway_timeout_s=10.0,
        doubt_wait_s=20.0,
    )
    return Road({CHANNEL: channel}, lambda *_: None, lambda host: False)


def claim(recorded: str, **more: Any) -> Claim:
    """A claim on a recorded webhook, in a chat that is linked."""
    values: dict[str, Any] = {
        "entry": EntryId(1),
        "lane": LaneId(1),
        "token": 1,
        "holder": HolderId("me"),
        "channel": CHANNEL,
        "direction": Direction.INBOUND,
        "source": Source.ENVELOPE,
        "kind": Kind.MESSAGE,
        "raw": (RECORDED / recorded).read_bytes(),
        "chat": CHAT,
        "door_key": "5f" * 32,
        "arrived_at": 1_760_000_000.0,
        "told_at": None,
        "attempts": 0,
        "crashes": 0,
        "facts": Facts(),
        "known": Known(chat=ChatLink(CHAT, ContactId(7), ConversationId(17), name="Ana")),
    }
    return Claim(**values | more)
