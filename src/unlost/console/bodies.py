"""What an entry says, for the person who decides about it. A customer's words: shown on a page, never logged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from unlost.console.answers import Entry
from unlost.console.formats import plain
from unlost.journal.port import Journal
from unlost.vocabulary.envelopes import Source
from unlost.vocabulary.ids import ChannelName, EntryId

READ_MAX_BYTES = 256 * 1024  # far above any message of text; of a larger body only the beginning is shown
LAID_OUT_MAX_BYTES = 16 * 1024  # a hostile depth makes lines of thousands of spaces
RAW_MAX_CHARS = 8_000
TEXT_MAX_CHARS = 2_000
SNIPPET_MAX_CHARS = 160

TextOf = Callable[[ChannelName, Source, bytes], str]
"""The words in a whole body, empty where there are none or nobody can read it. Never raises."""


@dataclass(frozen=True, slots=True)
class Body:
    """*text*: what the message says; *raw*: what was received, laid out where it is JSON; *is_cut*: only its beginning."""

    text: str
    raw: str
    size_bytes: int
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Bodies:
    """Reads them, bounded."""

    journal: Journal
    text_of: TextOf

    async def of(self, entry: Entry) -> Body | None:
        """None where no body is kept: forgotten, or pruned."""
        view = await self.journal.body(EntryId(entry.id), limit_bytes=READ_MAX_BYTES)
        if view is None:
            return None
        is_whole = view.size_bytes <= READ_MAX_BYTES
        raw = _laid_out(view.raw)
        text = self._text(entry, view.raw) if is_whole else ""
        return Body(plain(text, TEXT_MAX_CHARS), plain(raw, RAW_MAX_CHARS), view.size_bytes, len(raw) > RAW_MAX_CHARS)

    async def snippets(self, entries: Sequence[Entry]) -> dict[int, str]:
        """The beginning of what each says, by entry."""
        said: dict[int, str] = {}
        for entry in entries:
            view = await self.journal.body(EntryId(entry.id), limit_bytes=READ_MAX_BYTES)
            if view is not None and view.size_bytes <= READ_MAX_BYTES:
                said[entry.id] = plain(" ".join(self._text(entry, view.raw).split()), SNIPPET_MAX_CHARS)
        return said

    def _text(self, entry: Entry, raw: bytes) -> str:
        return self.text_of(ChannelName(entry.channel), Source(entry.source), raw)


def _laid_out(raw: bytes) -> str:
    if len(raw) > LAID_OUT_MAX_BYTES:
        return raw[: RAW_MAX_CHARS * 4].decode(errors="replace")
    try:
        return msgspec.json.format(raw, indent=2).decode(errors="replace")
    except (msgspec.DecodeError, RecursionError):
        return raw.decode(errors="replace")
