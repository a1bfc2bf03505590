"""The operator's pages and API, handed all they ask of the running bridge."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import phonenumbers
from starlette.types import ASGIApp

from unlost.assemble.channels import ChannelParts
from unlost.assemble.tending import Tending
from unlost.console.answers import Found
from unlost.console.app import build_console
from unlost.console.bodies import Bodies
from unlost.console.operator import Operator
from unlost.console.pulse import Pulse
from unlost.console.sessions import Sessions
from unlost.console.site import Site
from unlost.errors import Refused
from unlost.gowa import readers as gowa_readers
from unlost.lanes.circuit import Circuit
from unlost.settings.values import Settings
from unlost.vocabulary.addresses import Address, is_phone, user_of
from unlost.vocabulary.envelopes import Source
from unlost.vocabulary.events import MessageArrived, MessageEdited, ReactionArrived
from unlost.vocabulary.ids import ChannelName

if TYPE_CHECKING:  # who builds the bridge builds these last
    from unlost.assemble.bridge import Outside

FROM_GATEWAY = (Source.FLAT, Source.ENVELOPE, Source.STORAGE)


def build_pages(
    settings: Settings,
    outside: "Outside",
    channels: Sequence[tuple[ChannelParts, Tending]],
    circuits: Sequence[Circuit],
    *,
    door_open_since: Callable[[], float | None],
    is_writable: Callable[[], bool],
) -> tuple[ASGIApp, Pulse]:
    """The app behind the door, and what ends its streams. No I/O."""
    devices = {parts.name: parts.device for parts, _ in channels}
    tending_of = {parts.name: tending for parts, tending in channels}
    operator = _operator(outside, tending_of, circuits, door_open_since, _region(devices.values()))
    pulse = Pulse(operator)
    site = Site(
        operator=operator,
        bodies=Bodies(outside.journal, _text_of(devices)),
        pulse=pulse,
        sessions=Sessions(settings.console.password.reveal()),
        telemetry=outside.telemetry,
        is_writable=is_writable,
        public_url=settings.server.public_url,
        zone=ZoneInfo(settings.server.timezone),
        zone_name=settings.server.timezone,
    )
    return build_console(site), pulse


def _operator(
    outside: "Outside",
    by_name: Mapping[ChannelName, Tending],
    circuits: Sequence[Circuit],
    door_open_since: Callable[[], float | None],
    region: str | None,
) -> Operator:
    async def reconcile_channel(name: ChannelName, since: float | None) -> Found:
        outcome = await by_name[name].reconcile_now(since)
        return Found(name, outcome.looked_at, outcome.appended, outcome.error)

    def sides(name: ChannelName) -> dict[str, bool | None]:
        watch = by_name[name].watch
        look = watch.last
        return {
            "gateway_up": None if look is None else look.is_up,
            "gateway_logged_in": None if look is None else look.is_logged_in,
            "gateway_connected": None if look is None else look.is_connected,
            "helpdesk_up": watch.helpdesk_up,
        }

    def sides_since(name: ChannelName) -> dict[str, float | None]:
        watch = by_name[name].watch
        return {"gateway": watch.gateway_since, "helpdesk": watch.helpdesk_since}

    return Operator(
        journal=outside.journal,
        clock=outside.clock,
        channels=list(by_name),
        sides=sides,
        open_circuits=lambda: [circuit.host for circuit in circuits if circuit.is_open],
        reconcile_channel=reconcile_channel,
        backup_to=outside.backup_to,
        forget_addresses=outside.forget_addresses,
        door_open_since=door_open_since,
        sides_since=sides_since,
        region=region,
    )


def _text_of(devices: Mapping[ChannelName, Address | None]) -> Callable[[ChannelName, Source, bytes], str]:
    def text_of(channel: ChannelName, source: Source, raw: bytes) -> str:
        """A customer's words. What the helpdesk tells is not read: its text stands in the helpdesk."""
        if source not in FROM_GATEWAY:
            return ""
        try:
            event = gowa_readers.read_event(source, raw, devices.get(channel))
        except Refused:
            return ""
        match event:
            case MessageArrived(text=text):
                return text
            case MessageEdited(text=text):
                return text or ""
            case ReactionArrived(emoji=emoji):
                return emoji
            case _:
                return ""

    return text_of


def _region(devices: Iterable[Address | None]) -> str | None:
    """The country of the first channel's own number: how people there type the others."""
    for device in devices:
        if device is not None and is_phone(device):
            try:
                number = phonenumbers.parse(f"+{user_of(device)}", None)
            except phonenumbers.NumberParseException:
                continue
            return phonenumbers.region_code_for_number(number)
    return None
