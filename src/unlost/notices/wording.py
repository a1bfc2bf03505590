"""One notice, in words. Only our own words, names of channels and counts stand in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from unlost.notices.ledger import Item
from unlost.notices.troubles import TROUBLES
from unlost.telemetry.shortening import without_numbers

SEVERITY_OF = {trouble.name: trouble.severity for trouble in TROUBLES}

Mood = Literal["info", "success", "warning", "failure"]


@dataclass(frozen=True, slots=True)
class Notice:
    """As Apprise takes it; *mood* is its kind of notice."""

    title: str
    body: str
    mood: Mood


def notice_of(items: Sequence[Item], *, host: str, zone: tzinfo) -> Notice:
    """All of *items* in one; there is at least one."""
    begun = [item for item in items if item.what == "began"]
    title = f"unlost on {host}: " + ("trouble" if begun else "trouble is over")
    return Notice(title, "\n".join(without_numbers(_line(item, zone)) for item in items), _mood(begun))


def trial_of(host: str) -> Notice:
    """What `unlost notify-test` sends."""
    return Notice(f"unlost on {host}: a trial", "Notices of unlost arrive here. Nothing is the matter.", "info")


def _line(item: Item, zone: tzinfo) -> str:
    name = item.key.name + (f" ({item.key.subject})" if item.key.subject else "")
    line, began = item.line, _time(item.line.began_at, zone)
    over = "" if line.ended_at is None else _time(line.ended_at, zone)
    match item.what:
        case "began":
            again = f" It began {item.times} times since {_time(line.first_at, zone)}." if item.times > 1 else ""
            page = f"docs/operating.md#{item.key.name.lower()}"
            return f"[{_severity(item)}] {name}, since {began}: {line.says}{again} What to do: {page}"
        case "ended":
            again = f" It came back {item.times} times before that." if item.times else ""
            return f"[over] {name}, at {over}.{again}"
        case "passed":
            return f"[over] {name} came {item.times} times from {_time(line.first_at, zone)} on; over since {over}."


def _severity(item: Item) -> str:
    return SEVERITY_OF.get(item.key.name, "warning")


def _mood(begun: Sequence[Item]) -> Mood:
    if not begun:
        return "success"
    return "warning" if all(_severity(item) == "warning" for item in begun) else "failure"


def _time(at: float, zone: tzinfo) -> str:
    return datetime.fromtimestamp(at, zone).strftime("%Y-%m-%d %H:%M %Z")
