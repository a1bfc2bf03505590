"""How times, ages, people and outside words stand on a page."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

import phonenumbers

from unlost.console.words import Words
from unlost.vocabulary.addresses import Address, is_group, is_lid, is_phone, user_of

TEXT_MAX_CHARS = 300
UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))


@dataclass(frozen=True, slots=True)
class Formats:
    """For one page at one moment: *now* in epoch seconds, times shown in *zone*."""

    zone: tzinfo
    words: Words
    now: float

    def at(self, at: float | None) -> str:
        """Time of day to the second, with its day where that is not today."""
        when = self._local(at)
        if when is None:
            return "–"
        return when.strftime("%H:%M:%S" if when.date() == self.today else "%Y-%m-%d %H:%M:%S")

    def iso(self, at: float | None) -> str:
        """For machines; empty for what is no time."""
        when = self._local(at)
        return "" if when is None else when.astimezone(UTC).isoformat()

    def age(self, seconds: float | None) -> str:
        """`3 s`, `12 min`, `5 h`, `2 d`, in the page's language."""
        if seconds is None:
            return "–"
        for unit, size in UNITS:
            if seconds >= 2 * size:
                return f"{seconds / size:.0f} {self.words.units[unit]}"
        return f"{max(0.0, seconds):.0f} {self.words.units['s']}"

    def ago(self, at: float | None) -> str:
        """The age of a moment."""
        return self.age(None if at is None else self.now - at)

    def within(self, at: float | None) -> str:
        """How long until a moment; `0 s` for what is past."""
        return self.age(None if at is None else max(0.0, at - self.now))

    def who(self, address: str) -> str:
        """A phone number as people write it; of groups and hidden numbers the last four digits."""
        named = Address(address)
        tail = plain(user_of(named))[-4:]
        if is_phone(named):
            return _phone(user_of(named))
        if is_group(named):
            return self.words.group.format(digits=tail)
        if is_lid(named):
            return self.words.hidden_number.format(digits=tail)
        kind, _, number = address.partition(":")
        return f"{self.words.conversation} {plain(number)}" if kind == "conversation" else plain(address)[:80] or "–"

    @property
    def today(self) -> date:
        """The day of *now*."""
        return datetime.fromtimestamp(self.now, self.zone).date()

    def _local(self, at: float | None) -> datetime | None:
        if at is None:
            return None
        try:
            return datetime.fromtimestamp(at, self.zone)
        except (OverflowError, ValueError, OSError):  # a stamp far outside the calendar
            return None


def plain(text: object, limit: int = TEXT_MAX_CHARS) -> str:
    """Outside words, bounded, without control, direction and invisible characters; line ends stay."""
    said = str(text)
    cut = said[:limit]
    kept = "".join(char if char.isprintable() or char == "\n" else " " for char in cut)
    return kept + ("…" if len(said) > limit else "")


def _phone(digits: str) -> str:
    try:
        number = phonenumbers.parse(f"+{digits}", None)
    except phonenumbers.NumberParseException:
        return plain(digits)[:40]
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
