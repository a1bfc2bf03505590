"""What the search box takes: whatever `trace` takes, any other id, a time, or a span of time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from unlost.console.answers import Entry, Gap
from unlost.console.operator import Operator
from unlost.console.subject import Subject, read_subject
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.ids import EntryId, WhatsAppId

SPREAD_S = 120.0  # around a time told to the minute
SPREAD_OF_SECOND_S = 5.0
DAY = r"(?:(?P<day>\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.]\d{1,2}(?:[/.]\d{4})?))"
CLOCK = r"(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)(?:(?<=:\d\d:\d\d)(?:\.\d{1,6})?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
MOMENT = re.compile(rf"{DAY}(?:[T\s]+{CLOCK})?|(?P<only>\d{{1,2}}:\d{{2}}(?::\d{{2}})?)")
SPAN = re.compile(r"(.+?)\s*(?:–|—|\.\.|\s-\s|(?<=:\d\d)-(?=\d))\s*(.+)")
BARE_URL = re.compile(r"[\w.-]+(?::\d+)?/\S*conversations/\d+")
NUMBER = re.compile(r"#?(\d{1,15})")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as typed: *at*, and from where to where it may be meant. A day is all of it."""

    at: float
    begins: float
    ends: float
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """*span*: the time that was asked for, where it was one; *number*: the address that a phone number was read as."""

    entries: Sequence[Entry]
    gaps: Sequence[Gap]
    door_open_since: float | None
    span: tuple[float, float] | None = None
    number: Address | None = None


async def find(operator: Operator, text: str, *, now: float, zone: tzinfo) -> Found:
    """What *text* names, oldest first. Raises ValueError where nothing can be meant."""
    text = text.strip()
    span = read_span(text, now=now, zone=zone)
    if span is not None:
        trace = await operator.trace(Subject(), *span)
        return Found(trace.entries, trace.gaps, trace.door_open_since, span)
    number = NUMBER.fullmatch(text)
    subject = _subject(text, operator.region, has_other_meanings=number is not None)
    trace = await operator.trace(subject, None, None)
    entries = {entry.id: entry for entry in trace.entries}
    if number:
        entries |= await _by_number(operator, number[1])
    if number and not entries:
        _subject(text, operator.region, has_other_meanings=False)
    in_order = sorted(entries.values(), key=lambda each: (each.arrived_at, each.id))
    return Found(in_order, trace.gaps, trace.door_open_since, number=next(iter(subject.chats), None))


def read_span(text: str, *, now: float, zone: tzinfo) -> tuple[float, float] | None:
    """From and until, in epoch seconds; None where *text* is no time. A time of day is the last one that has been."""
    text = text.strip()
    if len(text) > 80:
        return None
    whole = _moment(text, now, zone)
    if whole is not None:
        return whole.begins, whole.ends
    halves = SPAN.fullmatch(text)
    if halves is None:
        return None
    first, last = _moment(halves[1], now, zone), _moment(halves[2], now, zone)
    if first is None or last is None:
        return None
    return min(first.at, last.at), max(first.at, last.ends if last.is_day else last.at)


def _subject(text: str, region: str | None, *, has_other_meanings: bool) -> Subject:
    if BARE_URL.match(text):
        text = f"https://{text}"
    if text.startswith("WAID:"):
        text = text.partition("#")[0]  # the parts of one message share its id
    try:
        return read_subject(text, region=region)
    except ValueError:
        if has_other_meanings:  # a phone number without its area code may be a message id made of digits
            return Subject(message=WhatsAppId(text.removeprefix("#")))
        raise


async def _by_number(operator: Operator, digits: str) -> dict[int, Entry]:
    """A bare number may also be an entry's own, a helpdesk message's, or a message id made of digits alone."""
    trace = await operator.trace(Subject(message=WhatsAppId(digits)), None, None)
    found = {entry.id: entry for entry in trace.entries}
    entry = await operator.entry(EntryId(int(digits)))
    return found if entry is None else found | {entry.id: entry}


def _moment(text: str, now: float, zone: tzinfo) -> Moment | None:
    match = MOMENT.fullmatch(text.strip())
    if match is None:
        return None
    clock, told_zone = match["clock"] or match["only"], match["zone"]
    here = datetime.fromtimestamp(now, zone)
    try:
        day = _day(match["day"], here) if match["day"] else here
        if clock is None:
            begins = day.replace(hour=0, minute=0, second=0, microsecond=0)
            ends = begins + timedelta(days=1)
            return Moment(begins.timestamp(), begins.timestamp(), ends.timestamp(), is_day=True)
        hour, minute, second = ([int(part) for part in clock.split(":")] + [0])[:3]
        at = day.replace(hour=hour, minute=minute, second=second, microsecond=0)
        if told_zone:
            at = datetime.fromisoformat(f"{at:%Y-%m-%dT%H:%M:%S}{told_zone}")
        if match["day"] is None and at.timestamp() > now:
            at -= timedelta(days=1)
        spread = SPREAD_OF_SECOND_S if clock.count(":") == 2 else SPREAD_S
        return Moment(at.timestamp(), at.timestamp() - spread, at.timestamp() + spread)
    except (ValueError, OverflowError):
        return None


def _day(text: str, here: datetime) -> datetime:
    """`2026-11-23`, `23/11/2026`, `23.11.`; without a year the last one that has been."""
    numbers = [int(part) for part in re.split(r"[-/.]", text)]
    if len(numbers) == 2:
        day = here.replace(day=1, month=numbers[1]).replace(day=numbers[0])
        return day if day.date() <= here.date() else day.replace(year=day.year - 1)
    if "-" in text:
        return here.replace(year=numbers[0], month=numbers[1], day=numbers[2])
    return here.replace(year=numbers[2], month=numbers[1], day=numbers[0])
