"""What a waiting entry is said to wait for."""

from datetime import UTC

import pytest

from unlost.console.answers import Channel, Entry, Pause, Status
from unlost.console.formats import Formats
from unlost.console.story import lines
from unlost.console.words import CATALOGUES

EN = CATALOGUES["en"]
AWAY = Channel("support", 1, 0, 0, 0, 0, 0, 0, 5.0, 1, [], gateway_up=True, gateway_logged_in=True, helpdesk_up=False)
NEXT_TRY = "Next try in 10 s"


def waiting(direction: str) -> Entry:
    return Entry(
        id=7, channel="support", direction=direction, source="chore", kind="file", chat="5541999990001@s.whatsapp.net",
        sender=None, whatsapp_id=None, state="waiting", verdict=None, reason=None, arrived_at=0.0, told_at=None, due_at=110.0,
        settled_at=None, attempts=0, crashes=0, late=False, failures=[], helpdesk_messages=[],
    )  # fmt: skip


def awaited(direction: str, *pauses: Pause) -> str:
    status = Status("0.1.0", None, [AWAY], [], list(pauses), [], [], 1)
    return lines(waiting(direction), status, EN, Formats(UTC, EN, 100.0))[-1].what


@pytest.mark.parametrize(
    ("direction", "waits_for"),
    [
        ("in", EN.waits_for_helpdesk),
        ("chore", EN.waits_for_helpdesk),
        ("look", NEXT_TRY),
        ("media", NEXT_TRY),
    ],
)
def test_nothing_that_asks_the_gateway_waits_for_the_helpdesk(direction: str, waits_for: str) -> None:
    assert awaited(direction) == waits_for


@pytest.mark.parametrize("direction", ["look", "media"])
def test_files_stand_still_with_the_look_ups(direction: str) -> None:
    assert awaited(direction, Pause("support", "look-ups", False, "paused by Ana", 50.0)) == EN.waits_for_pause
