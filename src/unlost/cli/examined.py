"""How findings look on a terminal, as they come, and as JSON."""

import shutil
import textwrap
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from unlost.doctor.examination import Section
    from unlost.doctor.findings import Finding

SHOWN = {"ok": ("ok", "green"), "note": ("note", "cyan"), "warning": ("warning", "yellow"), "wrong": ("WRONG", "red")}
QUIET = frozenset({"warning", "wrong"})
INDENT = " " * 10
WIDTH_MAX = 120


@dataclass(slots=True)
class Show:
    """Prints each finding as soon as it is there. *quiet*: only warnings and what is wrong; *is_silent*: nothing at all."""

    is_silent: bool
    quiet: bool
    _title: str = ""

    def begin(self, channels: int, *, roundtrip: bool) -> None:
        """What is about to be done, on standard error."""
        if not self.is_silent:
            sides = f"both sides of {channels} channel{'' if channels == 1 else 's'}"
            trip = ", then sending a test message through" if roundtrip else ""
            click.echo(f"looking at this machine, the bridge, and {sides}{trip} …", err=True)

    def section(self, section: "Section") -> None:
        """All of it."""
        self.title(section.title)
        for finding in section.findings:
            self.finding(finding)

    def title(self, title: str) -> None:
        """What the next findings are about; printed with the first of them."""
        self._title = title

    def finding(self, finding: "Finding") -> None:
        """Mark and text, and the cure below."""
        if self.is_silent or (self.quiet and finding.grade.value not in QUIET):
            return
        if self._title:
            click.echo()
            click.secho(self._title, bold=True)
            self._title = ""
        mark, colour = SHOWN[finding.grade.value]
        click.echo(click.style(f"{mark:>8}  ", fg=colour, bold=finding.grade.value == "wrong") + _folded(finding.text))
        if finding.cure:
            click.echo(f"{INDENT}→ {_folded(finding.cure, more=2)}")


def _folded(text: str, more: int = 0) -> str:
    """Broken at the terminal's width, below its own beginning. What a side said must not act on the terminal."""
    plain_text = "".join(char if char.isprintable() else "·" for char in text)
    indent = INDENT + " " * more
    width = min(shutil.get_terminal_size((WIDTH_MAX, 24)).columns, WIDTH_MAX)
    lines = textwrap.wrap(
        plain_text,
        max(width, 60),
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return "\n".join(lines)[len(indent) :]


def summed(sections: "Iterable[Section]") -> str:
    """How many of each grade."""
    counts = Counter(finding.grade.value for section in sections for finding in section.findings)
    warnings = f"{counts['warning']} warning{'' if counts['warning'] == 1 else 's'}"
    return f"\n{counts['wrong']} wrong, {warnings}, {counts['note']} worth a note, {counts['ok']} ok"


def plain(section: "Section") -> dict[str, Any]:
    """As other programs read it."""
    rows = [
        {"grade": one.grade.value, "code": one.code, "channel": one.channel, "text": one.text, "cure": one.cure}
        for one in section.findings
    ]
    return {"title": section.title, "findings": rows}
