"""The file that `unlost init` writes holds every key, and says the truth about each."""

import re
from pathlib import Path

import pytest

from tests.unit.settings.files import written
from unlost.settings.keys import Key, keys_of
from unlost.settings.reading import read_settings
from unlost.settings.template import SECTIONS, WHERE_THEY_STAND, template
from unlost.settings.values import Settings

SECRETS = {
    "UNLOST_GATEWAY_WEBHOOK_SECRET": "a",
    "UNLOST_HELPDESK_TOKEN": "b",
    "UNLOST_HELPDESK_WEBHOOK_SECRET": "c",
}
KEY_LINE = re.compile(r"#?([a-z_]+) = ")


def sections_of(text: str) -> dict[str, list[str]]:
    """The key names under each section's title, in order."""
    found: dict[str, list[str]] = {}
    title = ""
    for line in text.splitlines():
        if re.fullmatch(r"#?\[.*\]", line):
            title = line.removeprefix("#")
            found[title] = []
        elif match := KEY_LINE.match(line):
            found[title].append(match[1])
    return found


def read(folder: Path, text: str) -> Settings:
    return read_settings(written(folder, text), SECRETS)


def test_every_known_key_stands_in_it_and_no_other() -> None:
    known = {title: list(keys_of(section)) for title, section, _ in (*SECTIONS, *WHERE_THEY_STAND)}
    assert sections_of(template()) == known


def test_filled_in_it_gives_the_defaults(tmp_path: Path) -> None:
    settings = read(tmp_path, template())
    assert settings == Settings(file=settings.file, channels=settings.channels)
    assert settings.channels[0].gateway.reorder_wait_s == 0.5


def test_the_defaults_it_shows_are_the_defaults(tmp_path: Path) -> None:
    """With every shown key taken for real, nothing changes, but that desk and gateway stand."""
    taken = re.sub(r"^#(?=[a-z_]+ = |\[)", "", template(), flags=re.MULTILINE)
    plain, shown = read(tmp_path, template()), read(tmp_path, taken)
    assert shown.desk is not None
    assert shown.gateway is not None
    assert (
        Settings(**{name: getattr(shown, name) for name in Settings.__slots__} | {"desk": None, "gateway": None})
        == plain
    )


@pytest.mark.parametrize(
    ("title", "key"),
    [(title, key) for title, section, _ in (*SECTIONS, *WHERE_THEY_STAND) for key in keys_of(section).values()],
    ids=lambda value: value.name if isinstance(value, Key) else value,
)
def test_every_key_has_a_reason_an_example_where_it_must_be_given_and_a_fitting_one(title: str, key: Key) -> None:
    assert len(key.why) > 5
    assert not key.is_required or key.example is not None
    if key.example is not None:
        key.shape.read(key.example)


def test_no_line_is_longer_than_a_wide_terminal() -> None:
    assert max(len(line) for line in template().splitlines()) <= 130
