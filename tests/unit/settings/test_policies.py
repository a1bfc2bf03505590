"""What the interpreter is told of a channel."""

from pathlib import Path

import pytest

from tests.unit.settings.files import channel, written
from unlost.settings.policies import policies_of, utc_offset_s
from unlost.settings.reading import read_settings
from unlost.vocabulary.policy import Policy


def test_a_channel_with_every_default_has_the_default_policy(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, channel()), {})
    assert policies_of(settings, settings.channels[0])(0.0) == Policy(inbox=settings.channels[0].helpdesk.inbox_id)


@pytest.mark.parametrize(
    ("timezone", "at", "hours"),
    [
        ("UTC", 0.0, 0),
        ("Asia/Jakarta", 1_760_000_000.0, 7),
        ("America/Sao_Paulo", 1_760_000_000.0, -3),
        ("Europe/Madrid", 1_752_000_000.0, 2),
        ("Europe/Madrid", 1_765_000_000.0, 1),
        ("Asia/Jakarta", 253_402_300_799.0, 7),
        ("Asia/Jakarta", 1e300, 7),
        ("UTC", float("nan"), 0),
        ("UTC", -1e300, 0),
    ],
)
def test_the_offset_is_that_of_the_moment_in_any_year(timezone: str, at: float, hours: int) -> None:
    assert utc_offset_s(timezone, at) == hours * 3600


def test_the_offset_changes_at_the_second_in_which_the_clocks_are_changed() -> None:
    forward = 1_774_746_000  # Berlin, 29 March 2026, 01:00 UTC
    assert [utc_offset_s("Europe/Berlin", forward + at) for at in (-0.5, 0)] == [3600, 7200]
