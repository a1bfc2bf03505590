"""How times, ages, chats, receivers and outside words stand on a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from unlost.gateway.addresses import PHONE_SERVER, is_group, is_lid, server_of, user_of
from unlost.gateway.engines.last_words import SHOWN_DIGITS, shown
from unlost.gateway.pages.words import Words

TEXT_MAX_CHARS = 300
TOKEN = re.compile(r"(?=.*\d)[\w.~+=-]{20,}")  # long and with digits: no word of a language
UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))


@dataclass(frozen=True, slots=True)
class Formats:
    """For one page at one moment: *now* in epoch seconds; times are shown in UTC, for a gateway has no zone of its own."""

    words: Words
    now: float

    def at(self, at: float) -> str:
        """Time of day to the second, with its day where that is not today."""
        when = datetime.fromtimestamp(at, UTC)
        is_today = when.date() == datetime.fromtimestamp(self.now, UTC).date()
        return when.strftime("%H:%M:%S" if is_today else "%Y-%m-%d %H:%M:%S")

    def iso(self, at: float) -> str:
        """For machines."""
        return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")

    def age(self, seconds: float) -> str:
        """`3 s`, `12 min`, `5 h`, `2 d`, in the page's language."""
        for unit, size in UNITS:
            if seconds >= 2 * size:
                return f"{seconds / size:.0f} {self.words.units[unit]}"
        return f"{max(0.0, seconds):.0f} {self.words.units['s']}"

    def ago(self, at: float) -> str:
        """The age of a moment."""
        return self.words.ago.format(age=self.age(self.now - at))

    def chat(self, address: str) -> str:
        """A chat by its last digits; a dash where an event belongs to none."""
        if not address:
            return "–"
        tail = account(address)
        if is_group(address):
            return self.words.group.format(digits=tail)
        if is_lid(address):
            return self.words.hidden_number.format(digits=tail)
        return tail if server_of(address) == PHONE_SERVER else self.words.other_chat.format(digits=tail)


def account(jid: str) -> str:
    """An address by its last digits."""
    return f"…{plain(user_of(jid))[-SHOWN_DIGITS:]}"


def receiver(url: str) -> str:
    """A webhook's address without what may be a secret: no user, no query, and no part of the path that looks like a token."""
    try:
        parts = urlsplit(url)
        place = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "?"
    path = "/".join("…" if TOKEN.fullmatch(part) else shown(part) for part in parts.path.split("/"))
    host = f"[{place}]" if ":" in place else place
    return plain(f"{parts.scheme}://{host}{port}{path}", 120)


def plain(text: object, limit: int = TEXT_MAX_CHARS) -> str:
    """Outside words, bounded, without control, direction and invisible characters; line ends stay."""
    said = str(text)
    cut = said[:limit]
    kept = "".join(char if char.isprintable() or char == "\n" else " " for char in cut)
    return kept + ("…" if len(said) > limit else "")


def quiet(text: str, limit: int = TEXT_MAX_CHARS) -> str:
    """Words of an engine or a name: bounded, long numbers by their last digits, nothing that looks like a key."""
    return plain(shown(text[: 4 * limit]), limit)
