"""What is made of answers while looking: clocks, mounts, metrics, foreign messages, rows."""

import json
from pathlib import Path
from typing import Any

import pytest

from unlost.chatwoot.answers import Message
from unlost.doctor.look_at_arrivals import Counted, seen_in
from unlost.doctor.look_at_bridge import channels_of, metric
from unlost.doctor.look_at_gateway import name_of
from unlost.doctor.look_at_helpdesk import foreign_among
from unlost.doctor.look_at_machine import look_at_machine
from unlost.doctor.timed_http import TimedHttp, read_date
from unlost.gowa.set_up import Device
from unlost.transport import Answer, Call
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId

OWN, OTHER = Address("5511900000000@s.whatsapp.net"), Address("5511911111111@s.whatsapp.net")


class SlowHttp:
    """Each answer takes so long on the clock below, and carries a Date of the other side's clock."""

    def __init__(self, clock: "Hands", *, ahead_s: float) -> None:
        self.clock, self.ahead_s, self.took_s = clock, ahead_s, 1.0

    async def send(self, call: Call) -> Answer:
        from email.utils import formatdate

        half = self.took_s / 2
        told = formatdate(int(self.clock.at + half + self.ahead_s), usegmt=True)
        self.clock.at += self.took_s
        return Answer(200, {"date": told}, b"")


class Hands:
    """A clock that a test moves."""

    at = 1_800_000_000.0

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at


@pytest.mark.parametrize("ahead_s", [0.0, 400.0, -400.0])
async def test_the_other_clock_is_heard_from_its_answers(ahead_s: float) -> None:
    clock = Hands()
    http = TimedHttp(SlowHttp(clock, ahead_s=ahead_s), clock)
    await http.send(Call("GET", "http://x/", 1))
    assert http.off_s == pytest.approx(ahead_s, abs=0.6)


async def test_a_slow_answer_does_not_overrule_a_quick_one() -> None:
    clock = Hands()
    slow = SlowHttp(clock, ahead_s=0)
    http = TimedHttp(slow, clock)
    await http.send(Call("GET", "http://x/", 1))
    heard, slow.took_s, slow.ahead_s = http.off_s, 30.0, 99.0
    await http.send(Call("GET", "http://x/", 1))
    assert http.off_s == heard


@pytest.mark.parametrize("text", ["", "yesterday", "9" * 65, "Mon, 99 Nov 2026 10:00:00 GMT"])
def test_a_date_that_is_none_tells_nothing(text: str) -> None:
    assert read_date(text) is None


def test_a_date_is_the_middle_of_its_second() -> None:
    assert read_date("Thu, 01 Jan 1970 00:00:10 GMT") == 10.5


def mounted(*lines: tuple[str, str]) -> str:
    return "\n".join(f"36 35 98:0 / {point} rw,noatime shared:1 - {kind} /dev/x rw" for point, kind in lines)


def test_the_journals_file_system_is_the_innermost_mount_above_it(tmp_path: Path) -> None:
    mountinfo = mounted(("/", "ext4"), (str(tmp_path.resolve()), "nfs4"))
    assert look_at_machine(tmp_path / "data" / "unlost.db", mountinfo=mountinfo).file_system == "nfs4"


def test_where_no_mounts_are_told_the_file_system_is_not_known(tmp_path: Path) -> None:
    assert look_at_machine(tmp_path / "unlost.db", mountinfo="").file_system == ""


def test_a_look_at_the_disk_writes_for_real_and_leaves_nothing(tmp_path: Path) -> None:
    sight = look_at_machine(tmp_path / "unlost.db")
    assert (sight.sync_s is not None, sight.free_bytes > 0, list(tmp_path.iterdir())) == (True, True, [])


def message(id: int, *, source_id: str = "WAID:X", key: str = "", deleted: bool = False) -> Message:
    return Message(HelpdeskMessageId(id), ConversationId(1), 1, "incoming", "", source_id, key, "sent", deleted)


@pytest.mark.parametrize(
    ("messages", "count"),
    [
        ((message(1, key="k"), message(2)), 1),
        ((message(1), message(2, key="k")), 0),  # stood there before us
        ((message(1), message(2)), 0),  # nothing of ours in sight: not our time
        ((message(1, key="k"), message(2, deleted=True)), 0),
        ((message(1, key="k"), message(2, source_id="")), 0),  # an agent's
        ((), 0),
    ],
)
def test_a_foreign_message_has_our_kind_of_source_id_and_not_our_key(messages: tuple[Message, ...], count: int) -> None:
    assert foreign_among(messages) == count


@pytest.mark.parametrize(
    ("devices", "device", "name"),
    [
        ((Device("a", OTHER), Device("b", OWN)), OWN, "b"),
        ((Device("a", OTHER),), None, "a"),
        ((Device("a", OTHER), Device("b", OWN)), None, None),
        ((), OWN, None),
    ],
)
def test_the_device_is_named_as_the_gateway_does(
    devices: tuple[Device, ...], device: Address | None, name: str | None
) -> None:
    assert name_of(devices, device) == name


METRICS = """\
# HELP x y
whatsapp_web_signature_invalid_total{side="gateway"} 3.0
whatsapp_web_signature_invalid_total{side="helpdesk"} 0.0
unlost_duplicates_total{where="second_forwarder"} 1.2e+01
"""


@pytest.mark.parametrize(
    ("name", "label", "value"),
    [
        ("whatsapp_web_signature_invalid_total", 'side="gateway"', 3.0),
        ("unlost_duplicates_total", 'where="second_forwarder"', 12.0),
        ("unlost_duplicates_total", 'where="door"', 0.0),
    ],
)
def test_a_metric_is_read_by_its_label(name: str, label: str, value: float) -> None:
    assert metric(METRICS, name, label) == value


def test_a_channels_state_is_read_from_the_bridges_status() -> None:
    row = {"name": "support", "waiting": 2, "leased": 1, "dead": 4, "oldest_waiting_s": None}
    pauses = [
        {"channel": "support", "direction": "inbound", "blocked": True, "reason": "credentials"},
        {"channel": "support", "direction": "chores", "blocked": True, "reason": "credentials"},
        {"channel": "other", "direction": "inbound", "blocked": False, "reason": "paused by ana"},
    ]
    status: dict[str, Any] = {
        "channels": [row],
        "pauses": pauses,
        "gaps": [{"channel": "support"}, {"channel": "other"}],
    }
    (state,) = channels_of(status)
    assert (state.waiting, state.dead, state.gaps, state.blocked, state.paused) == (3, 4, 1, ("credentials",), False)


@pytest.mark.parametrize(
    ("sources", "counts"),
    [({"envelope"}, (1, 0, 0)), ({"flat", "storage"}, (1, 0, 0)), ({"storage"}, (0, 1, 0)), (set(), (0, 0, 1))],
)
def test_a_message_came_by_webhook_if_any_of_its_entries_did(sources: set[str], counts: tuple[int, int, int]) -> None:
    counted = Counted()
    counted.add(sources)
    assert (counted.by_webhook, counted.by_storage, counted.unknown) == counts


ROW = {"id": "3EB0", "chat_jid": "5511@s.whatsapp.net", "timestamp": "2026-11-23T10:00:00Z", "is_from_me": False}


@pytest.mark.parametrize(
    ("changed", "is_seen"),
    [
        ({}, True),
        ({"is_from_me": True}, False),
        ({"id": ""}, False),
        ({"timestamp": "soon"}, False),
        ({"id": 7}, False),
    ],
)
def test_only_what_somebody_else_wrote_is_looked_for(changed: dict[str, Any], is_seen: bool) -> None:
    assert (seen_in(json.dumps(ROW | changed).encode()) is not None) is is_seen
