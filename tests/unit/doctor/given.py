"""Sights of a set-up in which all is well; a test changes only what matters to it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from unlost.chatwoot.answers import Health, Profile
from unlost.chatwoot.inboxes import InboxSettings
from unlost.doctor.findings import Finding, Grade
from unlost.doctor.sights import BridgeSight, GatewaySight, HelpdeskSight, MachineSight
from unlost.gowa.answers import Status
from unlost.gowa.set_up import Device
from unlost.settings.secret import Secret
from unlost.settings.values import Channel, ChannelGateway, ChannelHelpdesk, Settings
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.ids import ChannelName

OWN = Address("5511900000000@s.whatsapp.net")
HELPDESK_DOOR = "https://bridge.example.com/webhooks/helpdesk/support"
GATEWAY_DOOR = "https://bridge.example.com/webhooks/gateway/support"
SECRET = "a-long-word-of-the-inbox"
GATEWAY_SECRET = "a-long-word-of-the-gateway"
TOKEN = "t0ken-of-an-administrator"


def channel(*, helpdesk: dict[str, Any] | None = None, gateway: dict[str, Any] | None = None, **more: Any) -> Channel:
    """Channel `support`, joined to inbox 1 of account 1."""
    theirs: dict[str, Any] = {
        "url": "https://chatwoot.example.com",
        "account_id": 1,
        "inbox_id": 1,
        "token": Secret(TOKEN),
        "webhook_secret": Secret(SECRET),
    }
    ours: dict[str, Any] = {
        "kind": "gowa",
        "url": "http://gowa:3000",
        "username": "unlost-user",
        "password": Secret("the-password-of-gowa"),
        "device": OWN,
        "webhook_secret": Secret(GATEWAY_SECRET),
        "reorder_wait_s": 0.5,
        "gap_wait_s": 16.0,
    }
    return Channel(
        name=ChannelName("support"),
        gateway=ChannelGateway(**(ours | (gateway or {}))),
        helpdesk=ChannelHelpdesk(**(theirs | (helpdesk or {}))),
        **more,
    )


def settings(*channels: Channel, **more: Any) -> Settings:
    """Around these channels."""
    return Settings(file=Path("/home/firm/unlost.toml"), channels=channels or (channel(),), **more)


def inbox(**changed: Any) -> InboxSettings:
    """Inbox 1, which calls us and does nothing by itself."""
    return replace(InboxSettings(1, "WhatsApp", webhook_url=HELPDESK_DOOR, secret=SECRET), **changed)


def helpdesk(**changed: Any) -> HelpdeskSight:
    """A Chatwoot of today; an inbox may be given by its changed fields alone."""
    values: dict[str, Any] = {
        "health": Health("4.16.2"),
        "profile": Profile(1, "administrator"),
        "inbox": inbox(),
        "clock_off_s": 0.2,
        "door_is_public": True,
    }
    return HelpdeskSight(**(values | changed))


def gateway(**changed: Any) -> GatewaySight:
    """A GOWA of today."""
    values: dict[str, Any] = {
        "status": Status(True, True, OWN),
        "version": (9, 2, 0),
        "forwards": False,
        "devices": (Device("org", OWN),),
        "stored_chats": 3,
        "zone_s": 0.0,
        "clock_off_s": 0.2,
    }
    return GatewaySight(**(values | changed))


def bridge(**changed: Any) -> BridgeSight:
    """A bridge that runs."""
    values: dict[str, Any] = {"can_commit": True, "version": "0.1.0"}
    return BridgeSight(**(values | changed))


def machine(**changed: Any) -> MachineSight:
    """A roomy local disk."""
    values: dict[str, Any] = {"free_bytes": 50 * 1024**3, "file_system": "ext4", "sync_s": 0.004}
    return MachineSight(**(values | changed))


def troubles(found: Iterable[Finding]) -> list[tuple[str, str]]:
    """Grade and code of what is not well, in order."""
    return [(one.grade.value, one.code) for one in found if one.grade in (Grade.WARNING, Grade.WRONG)]


def graded(found: Iterable[Finding], code: str) -> list[str]:
    """The grades of the findings of one code."""
    return [one.grade.value for one in found if one.code == code]


def cures(found: Iterable[Finding]) -> Iterator[str]:
    """What to do, of each finding that is not well."""
    return (one.cure for one in found if one.grade in (Grade.WARNING, Grade.WRONG))
