"""What each sight of the gateway means: for every finding one that fires, and one set-up at which none does."""

from typing import Any

import pytest

from tests.unit.doctor.given import GATEWAY_DOOR, GATEWAY_SECRET, OWN, channel, cures, gateway, graded, troubles
from unlost.doctor.findings import Finding
from unlost.doctor.judge_gateway import EVENTS, judge_gateway
from unlost.doctor.look_at_gateway import UNKNOWN_DEVICE
from unlost.doctor.sights import Arrivals, Trouble
from unlost.gowa.answers import Status
from unlost.gowa.set_up import Device, DeviceWebhook, Forwarder
from unlost.settings.values import Channel
from unlost.vocabulary.addresses import Address

OTHER = Address("5511911111111@s.whatsapp.net")
OURS = DeviceWebhook(GATEWAY_DOOR, GATEWAY_SECRET)
NAMELESS = channel(gateway={"device": None})
ALWAYS = channel(gateway={"avatars": "always"})
CAME = Arrivals(5, 0, 1)


def judged(ours: Channel | None = None, arrivals: Arrivals | None = CAME, **changed: Any) -> list[Finding]:
    """As a look gives them: the accounts of a gateway that does not answer are not known."""
    status = changed.get("status")
    if isinstance(status, Trouble) and status.status not in UNKNOWN_DEVICE:
        changed["devices"] = None
    return list(judge_gateway(gateway(**changed), ours or channel(), GATEWAY_DOOR, arrivals))


def test_at_a_sound_gateway_nothing_is_amiss() -> None:
    assert troubles(judged()) == []


@pytest.mark.parametrize(
    ("ours", "changed", "expected"),
    [
        (None, {"status": Trouble("connection_refused")}, ("wrong", "gateway.connection_refused")),
        (None, {"status": Trouble("dns")}, ("wrong", "gateway.dns")),
        (None, {"status": Trouble("tls")}, ("wrong", "gateway.tls")),
        (None, {"status": Trouble("timeout")}, ("wrong", "gateway.timeout")),
        (None, {"status": Trouble("http_4xx", 401)}, ("wrong", "gateway.password")),
        (None, {"status": Trouble("http_4xx", 404), "devices": None}, ("wrong", "gateway.unreadable")),
        (None, {"status": Trouble("http_4xx", 400)}, ("wrong", "gateway.device")),
        (None, {"status": Trouble("http_4xx", 404), "devices": ()}, ("wrong", "gateway.device")),
        (None, {"status": Trouble("http_5xx", 500)}, ("wrong", "gateway.fails")),
        (None, {"status": Status(True, False, None)}, ("wrong", "gateway.logged_in")),
        (None, {"status": Status(False, True, OWN)}, ("wrong", "gateway.connected")),
        (None, {"status": Status(True, True, OTHER)}, ("wrong", "gateway.device")),
        (NAMELESS, {"devices": (Device("a", OWN), Device("b", OTHER))}, ("wrong", "gateway.device")),
        (None, {"version": (7, 2, 0)}, ("wrong", "gateway.version")),
        (None, {"version": (8, 2, 1)}, ("warning", "gateway.captions_lost")),
        (None, {"version": (8, 0, 0)}, ("warning", "gateway.own_messages_untold")),
        (None, {"version": (7, 7, 0)}, ("warning", "gateway.incident")),
        (None, {"version": (7, 9, 0)}, ("warning", "gateway.crash_loop")),
        (None, {"version": (7, 3, 1)}, ("warning", "gateway.500_is_delivered")),
        (None, {"version": (8, 7, 0)}, ("warning", "gateway.media_drops_event")),
        (ALWAYS, {"version": (7, 11, 4)}, ("warning", "gateway.avatars")),
        (ALWAYS, {"version": None}, ("warning", "gateway.avatars")),
        (None, {"asks_for_password": False}, ("warning", "gateway.open")),
        (None, {"webhook": DeviceWebhook("http://elsewhere/", "x")}, ("wrong", "gateway.device_webhook")),
        (None, {"webhook": DeviceWebhook("http://[bad", "x")}, ("wrong", "gateway.device_webhook")),
        (None, {"webhook": DeviceWebhook(GATEWAY_DOOR, "x")}, ("wrong", "gateway.webhook_secret")),
        (None, {"webhook": DeviceWebhook(GATEWAY_DOOR, GATEWAY_SECRET, ("message",))}, ("warning", "gateway.events")),
        (None, {"forwards": True}, ("wrong", "gateway.second_forwarder")),
        (None, {"forwarder": Forwarder("https://chatwoot.example.com", 1, 1)}, ("wrong", "gateway.second_forwarder")),
        (None, {"forwarder": Forwarder("https://chatwoot.example.com", 1, 2)}, ("warning", "gateway.second_forwarder")),
        (None, {"stored_chats": Trouble("http_5xx", 500)}, ("wrong", "gateway.storage")),
        (None, {"stored_chats": 0}, ("warning", "gateway.storage")),
        (None, {"clock_off_s": 400.0}, ("warning", "gateway.clock")),
    ],
)  # fmt: skip
def test_each_trouble_is_found_and_has_a_cure(
    ours: Channel | None, changed: dict[str, Any], expected: tuple[str, str]
) -> None:
    found = judged(ours, **changed)
    assert expected in troubles(found)
    assert all(cures(found))


@pytest.mark.parametrize(
    ("ours", "changed"),
    [
        (None, {"webhook": OURS}),
        (None, {"webhook": DeviceWebhook(GATEWAY_DOOR, GATEWAY_SECRET, EVENTS)}),
        (None, {"webhook": DeviceWebhook("http://10.0.0.9:8080/webhooks/whatsapp/5511900000000", GATEWAY_SECRET)}),
        (None, {"webhook": Trouble("timeout"), "forwarder": Trouble("timeout")}),
        (NAMELESS, {}),
        (None, {"status": Status(True, True, None)}),
        (None, {"version": None}),
        (None, {"version": (9, 3, 0)}),
        (ALWAYS, {"version": (8, 8, 0)}),
        (None, {"forwards": None}),
        (None, {"zone_s": -10800.0}),
        (None, {"clock_off_s": None}),
        (channel(gateway={"url": "http://127.0.0.1:3000"}), {"asks_for_password": False}),
    ],
)  # fmt: skip
def test_what_is_no_trouble_is_not_called_one(ours: Channel | None, changed: dict[str, Any]) -> None:
    assert troubles(judged(ours, **changed)) == []


@pytest.mark.parametrize(
    ("arrivals", "grades"),
    [
        (Arrivals(5, 0, 0), ["ok"]),
        (Arrivals(5, 2, 0), ["warning"]),
        (Arrivals(0, 5, 0), ["wrong"]),
        (Arrivals(0, 0, 5), ["note"]),
        (Arrivals(0, 0, 0), ["note"]),
        (None, []),
    ],
)
def test_whether_webhooks_come_is_told_by_how_the_newest_messages_came(
    arrivals: Arrivals | None, grades: list[str]
) -> None:
    assert graded(judged(arrivals=arrivals), "gateway.webhooks_come") == grades


def test_of_an_old_gateway_nobody_asks_for_pictures_and_it_is_said() -> None:
    assert graded(judged(version=(7, 11, 4)), "gateway.avatars") == ["note"]


def test_with_pictures_off_nothing_is_said_of_them() -> None:
    assert graded(judged(channel(gateway={"avatars": "off"}), version=(7, 11, 4)), "gateway.avatars") == []


@pytest.mark.parametrize(
    ("version", "forwards", "grades"),
    [((8, 1, 9), None, ["ok"]), ((8, 2, 0), None, ["note"]), ((9, 2, 0), False, ["ok"])],
)
def test_a_forwarder_is_looked_for_where_there_is_one(
    version: tuple[int, int, int], forwards: bool | None, grades: list[str]
) -> None:
    assert graded(judged(version=version, forwards=forwards), "gateway.second_forwarder") == grades


@pytest.mark.parametrize("version", [(7, 6, 0), (7, 7, 1), (8, 1, 0)])
def test_only_the_incidents_version_is_the_incident(version: tuple[int, int, int]) -> None:
    assert graded(judged(version=version), "gateway.incident") == []


def test_what_no_call_tells_is_named_for_the_operator_to_look_at() -> None:
    (said,) = [one.text for one in judged() if one.code == "gateway.environment"]
    assert all(name in said for name in ("WHATSAPP_WEBHOOK_EVENTS", "WHATSAPP_AUTO_DOWNLOAD_MEDIA"))
