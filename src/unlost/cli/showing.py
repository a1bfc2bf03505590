"""How lists and times look on a terminal, and as JSON for other programs."""

import json
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table

from unlost.settings.values import Settings

UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}
WIDTH_MIN = 140
"""A table is not folded to fit: a terminal wraps it readably, and other programs get one row a line."""
SPAN = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)([smhd])")


class Span(click.ParamType[float]):
    """A length of time as people write it: 90s, 15m, 24h, 2d. Gives seconds."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds."""
        if isinstance(value, float):
            return value
        match = SPAN.fullmatch(str(value))
        if match is None:
            self.fail(f"{value!r} is no length of time; write 90s, 15m, 24h or 2d", param, ctx)
        return float(match[1]) * UNITS_S[match[2]]


def show_json(value: object) -> None:
    """One document on standard output."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, none: str) -> None:
    """A table, or the sentence *none* where there are no rows."""
    listed = [[("" if cell is None else str(cell)) for cell in row] for row in rows]
    if not listed:
        click.echo(none)
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, no_wrap=True)
    for row in listed:
        table.add_row(*(_plain(cell) for cell in row))
    console = Console()
    Console(width=max(console.width, WIDTH_MIN)).print(table, crop=False)


@dataclass(frozen=True, slots=True)
class Times:
    """Shown in *zone*, which each names: a terminal in a container shows other clocks than the wall."""

    zone: tzinfo

    @classmethod
    def of(cls, settings: Settings) -> "Times":
        """In that of the console's pages, and of what is written into conversations."""
        return cls(ZoneInfo(settings.server.timezone))

    def __call__(self, at: float | None) -> str:
        """To the second; empty for None."""
        return "" if at is None else datetime.fromtimestamp(at, self.zone).strftime("%Y-%m-%d %H:%M:%S %Z")


def age(seconds: float | None) -> str:
    """`3 s`, `12 min`, `5 h`, `2 d`; empty for None."""
    if seconds is None:
        return ""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def since_epoch(span_s: float | None) -> float | None:
    """The epoch second *span_s* ago; None for None."""
    return None if span_s is None else time.time() - span_s


def harmless(text: str) -> str:
    """Outside words must not act on the terminal: each character that is not to be printed becomes a dot."""
    return "".join(char if char.isprintable() else "·" for char in text)


def _plain(cell: str) -> str:
    """Nor on rich's markup."""
    return harmless(cell).replace("[", r"\[")
