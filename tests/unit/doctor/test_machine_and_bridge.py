"""Disk, settings and the running bridge: for every finding one that fires, and one that does not."""

from typing import Any

import pytest

from tests.unit.doctor.given import bridge, cures, machine, troubles
from unlost.doctor.findings import Finding, Grade
from unlost.doctor.judge_machine import judge_bridge, judge_machine, judge_notices, judge_settings, judge_state
from unlost.doctor.sights import ChannelState, Trouble
from unlost.settings.judging import Finding as Oddity
from unlost.settings.judging import Weight
from unlost.settings.secret import Secret
from unlost.settings.values import Notify

GIB = 1024**3
PUBLIC = "https://bridge.example.com"
IN_USE = Oddity(Weight.ODD, "server.listen", "127.0.0.1:8080 is in use: fine if that is the running program")


def of_bridge(**changed: Any) -> list[Finding]:
    return list(judge_bridge(bridge(**changed), "http://127.0.0.1:8080", PUBLIC, "0.1.0"))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"free_bytes": 4 * GIB}, [("warning", "machine.disk")]),
        ({"free_bytes": GIB - 1}, [("wrong", "machine.disk")]),
        ({"file_system": "nfs4"}, [("wrong", "machine.file_system")]),
        ({"file_system": "fuse.sshfs"}, [("wrong", "machine.file_system")]),
        ({"file_system": "tmpfs"}, [("wrong", "machine.file_system")]),
        ({"file_system": ""}, []),
        ({"file_system": "overlay"}, []),  # its container is judged with the settings
        ({"sync_s": 0.7}, [("warning", "machine.sync")]),
        ({"sync_s": None, "sync_error": "No space left on device"}, [("wrong", "machine.sync")]),
    ],
)
def test_disk_and_file_system(changed: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    found = list(judge_machine(machine(**changed)))
    assert troubles(found) == expected
    assert all(cures(found))


@pytest.mark.parametrize(
    ("notify", "said"),
    [
        (Notify(), "tells nobody"),
        (Notify(heartbeat_url="https://beat.example"), "tells nobody"),
        (Notify(urls=(Secret("ntfy://a"),)), "machine is gone"),
    ],
)
def test_that_nobody_is_told_of_a_trouble_is_worth_a_note(notify: Notify, said: str) -> None:
    (found,) = judge_notices(notify)
    assert (found.grade, found.code) == (Grade.NOTE, "machine.notices")
    assert said in found.text
    assert found.cure


def test_somebody_who_is_told_of_both_is_left_in_peace() -> None:
    (found,) = judge_notices(Notify(urls=(Secret("ntfy://a"),), heartbeat_url="https://beat.example"))
    assert found.grade is Grade.OK


def test_a_journal_that_may_be_lost_may_lie_in_memory() -> None:
    assert troubles(judge_machine(machine(file_system="tmpfs"), may_be_lost=True)) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"can_commit": None}, [("warning", "bridge.running")]),
        ({"can_commit": False}, [("wrong", "bridge.journal")]),
        ({"public": True}, []),
        ({"public": False}, [("warning", "bridge.public_url")]),
        ({"public": Trouble("tls")}, [("warning", "bridge.public_url")]),
        ({"channels": Trouble("http_4xx", 401)}, [("warning", "bridge.api")]),
        ({"version": "0.0.9"}, [("warning", "bridge.version")]),
        ({"unsigned_gateway": 3.0}, [("warning", "bridge.unsigned_gateway")]),
        ({"unsigned_helpdesk": 1.0}, [("warning", "bridge.unsigned_helpdesk")]),
        ({"forwarded": 1.0}, [("warning", "bridge.second_forwarder")]),
    ],
)
def test_the_running_bridge(changed: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    found = of_bridge(**changed)
    assert troubles(found) == expected
    assert all(cures(found))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"waiting": 3, "oldest_waiting_s": 5.0}, []),
        ({"blocked": ("credentials",)}, [("wrong", "bridge.blocked")]),
        ({"paused": True}, [("warning", "bridge.paused")]),
        ({"dead": 1}, [("warning", "bridge.dead_letters")]),
        ({"gaps": 2}, [("warning", "bridge.gaps")]),
    ],
)
def test_a_channel_of_the_bridge(changed: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    found = list(judge_state(ChannelState(**({"name": "support"} | changed))))
    assert troubles(found) == expected
    assert all(cures(found))


@pytest.mark.parametrize(
    ("oddities", "is_running", "expected"),
    [
        ([], True, []),
        ([IN_USE], True, []),
        ([IN_USE], False, [("warning", "settings.listen")]),
        ([Oddity(Weight.WRONG, "channel", "there is none")], True, [("wrong", "settings.channel")]),
        ([Oddity(Weight.ODD, "channel.a.gateway.webhook_secret", "is the word `secret`, GOWA's default")], True,
         [("warning", "settings.webhook_secret")]),
    ],
)  # fmt: skip
def test_the_settings_are_judged_as_check_does(
    oddities: list[Oddity], is_running: bool, expected: list[tuple[str, str]]
) -> None:
    assert troubles(judge_settings(oddities, is_running=is_running)) == expected
