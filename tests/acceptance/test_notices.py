"""The running bridge tells a person, and a notice service that hangs is nobody else's trouble."""

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.acceptance.conftest import Opened
from tests.acceptance.office import Office
from tests.acceptance.waiting import eventually
from tests.contract.notices.service import Service, service

CONSOLE = "[console]\n"
STOP_S = 3.0


@pytest.fixture(scope="module")
def services() -> Iterator[tuple[Service, Service]]:
    """One that hangs for ever, and one that takes what it is told."""
    with ExitStack() as stack:
        hangs, takes = stack.enter_context(service()), stack.enter_context(service())
        hangs.may_answer.clear()
        yield hangs, takes


@pytest.fixture(scope="module")
def office(open_office: Opened, services: tuple[Service, Service]) -> Office:
    hangs, takes = services
    notify = f'[notify]\nurls = ["{hangs.url}", "{takes.url}"]\nheartbeat_url = "{takes.beat_url}"\n'
    return open_office((CONSOLE, f"{notify}heartbeat_every_s = 5\n{CONSOLE}"))


def test_the_heartbeat_beats(office: Office, services: tuple[Service, Service]) -> None:
    assert eventually(lambda: services[1].beats, "a heartbeat")[0] == "/beat"


def test_a_dead_letter_is_told_to_one_address_while_another_hangs(
    office: Office, services: tuple[Service, Service]
) -> None:
    assert office.knock(b'{"confidential": "words"}') == 200
    told = services[1].told
    eventually(lambda: any("UnlostDeadLetters (demo)" in each["message"] for each in told), "a notice", within_s=60)
    assert "words" not in str(told)


def test_a_notice_under_way_holds_up_no_stop(office: Office, services: tuple[Service, Service]) -> None:
    assert services[0].heard.wait(60)
    began = time.monotonic()
    office.bridge.stop()
    assert office.bridge.exit_code == 0
    assert time.monotonic() - began < STOP_S + 5  # on a busy machine; a notice's own bound is 45 s
