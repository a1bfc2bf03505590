"""What a look comes to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum


class Grade(StrEnum):
    """NOTE: true and worth knowing, or not to be seen from here; WARNING: it works, and may hurt; WRONG: it does not work."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """*code* is stable, for other programs; *cure* says what to do, empty where nothing is to be done.

    *channel* is empty where it is no channel's. Holds no secret and no customer's word or number.
    """

    grade: Grade
    code: str
    text: str
    cure: str = ""
    channel: str = ""


def ok(code: str, text: str) -> Finding:
    """All is well."""
    return Finding(Grade.OK, code, text)


def note(code: str, text: str, cure: str = "") -> Finding:
    """Worth knowing."""
    return Finding(Grade.NOTE, code, text, cure)


def warning(code: str, text: str, cure: str) -> Finding:
    """Works, and may hurt."""
    return Finding(Grade.WARNING, code, text, cure)


def wrong(code: str, text: str, cure: str) -> Finding:
    """Does not work."""
    return Finding(Grade.WRONG, code, text, cure)


def counted(count: float, what: str) -> str:
    """`1 gap`, `3 gaps`."""
    return f"{count:.0f} {what}" + ("" if count == 1 else "s")


def of_channel(channel: str, found: Iterable[Finding]) -> Iterator[Finding]:
    """The same, as that channel's."""
    return (replace(finding, channel=channel) for finding in found)
