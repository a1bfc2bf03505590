"""Text from outside, made fit to be kept and shown: bounded, without NUL, without half characters."""

import unicodedata
from datetime import UTC, datetime
from hashlib import blake2b

CONTENT_MAX_CHARS = 150_000
"""Chatwoot's bound of a message (its app/models/message.rb, v4.16.2)."""
NAME_MAX_CHARS = 255
"""Chatwoot's bound of a contact's name (its app/models/application_record.rb)."""
QUOTE_MAX_CHARS = 200
"""An inline quote reminds; the message itself stands further up."""
SPEAKER_MAX_CHARS = 60
"""A group member's name in front of every message; WhatsApp's own push names end at 25."""
EMOJI_MAX_CHARS = 32
"""The longest emoji sequence in use is a family or a flag of 14 code points; anything beyond is no emoji."""
CUT_MARK = "…"
YEAR_9999_ENDS_AT = 253_402_300_800.0


def cleaned(text: str) -> str:
    """*text* without NUL, lone surrogates replaced by U+FFFD; else as it is."""
    without_nul = text.replace("\0", "")
    try:
        without_nul.encode()
    except UnicodeEncodeError:
        return without_nul.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return without_nul


def cut(text: str, max_chars: int) -> str:
    """*text*, at most *max_chars* long; where it was longer it ends in a visible mark."""
    return text if len(text) <= max_chars else text[: max_chars - len(CUT_MARK)] + CUT_MARK


def one_line(text: str, max_chars: int) -> str:
    """*text* on one line: control characters and runs of white space become one space each."""
    # Only so much can be shown; a hostile megabyte is not walked through.
    head = cleaned(text[: 4 * max_chars])
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in head)
    return cut(" ".join(visible.split()), max_chars)


def name_of(text: str) -> str:
    """A person's or group's name as chosen, within the helpdesk's bound and without control characters; empty if nothing is left."""
    head = cleaned(text[: 4 * NAME_MAX_CHARS])
    visible = "".join(" " if c in "\n\r\t" else c for c in head if c in "\n\r\t" or unicodedata.category(c) != "Cc")
    return cut(visible.strip(), NAME_MAX_CHARS)


def text_hash(text: str) -> str:
    """Eight bytes, hex, of a message's own words: tells whether two events say the same, and no more."""
    return blake2b(cleaned(text).encode(), digest_size=8).hexdigest()


def time_shown(told_at: float | None, *, utc_offset_s: int, pattern: str) -> str:
    """WhatsApp's time as a person at *utc_offset_s* reads it; empty where there is none, or none after 1970 that a calendar knows."""
    if told_at is None or not 0 < told_at < YEAR_9999_ENDS_AT - abs(utc_offset_s):
        return ""
    return datetime.fromtimestamp(told_at + utc_offset_s, UTC).strftime(pattern)
