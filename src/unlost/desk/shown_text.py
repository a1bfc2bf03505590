"""Outside text made fit to be shown: bounded, without characters that turn a line around, its few marks understood."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

NAME_CHARS_MAX = 80
MARKED_CHARS_MAX = 500  # a mark that opens and does not close within this is shown as it stands
# Controls, and what reorders the text around it (Unicode 15, UAX 9): "photo\u202egnp.exe" must not read "photoexe.png".
TURNING = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
INSIDE = rf"(?=\S)([^\n]{{1,{MARKED_CHARS_MAX}}}?)(?<=\S)"
TEXTS_KEPT = 512  # a page of 120 messages and 60 lines is drawn up to three times a second
MARKS = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|`(?P<code>[^`\n]{1,500})`"
    rf"|\*\*(?P<strong>{INSIDE})\*\*"
    rf"|~~(?P<del>{INSIDE})~~"
    rf"|(?<![\w*])\*(?P<em>{INSIDE})\*(?![\w*])"
    rf"|(?<![\w_])_(?P<em_>{INSIDE})_(?![\w_])"
    r"|(?P<link>https?://[^\s<>\"'*`]{1,1000}[^\s<>\"'*`.,;:!?)\]])"
)
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


class Run(msgspec.Struct, frozen=True):
    """A stretch of text. *tag*: strong, em, del, code, link, or empty for plain text."""

    text: str
    tag: str = ""


@lru_cache(TEXTS_KEPT)
def runs_of(text: str) -> tuple[Run, ...]:
    """Chatwoot's Markdown as far as chats use it; marks inside marks are shown as they stand. Never HTML."""
    runs: list[Run] = []
    end = 0
    for found in MARKS.finditer(text):
        runs.append(Run(text[end : found.start()]))
        tag = (found.lastgroup or "").rstrip("_")
        inside = found[found.lastgroup or 0]
        runs.append(Run(inside) if tag == "escaped" else Run(inside if tag in ("code", "link") else _bare(inside), tag))
        end = found.end()
    runs.append(Run(text[end:]))
    return tuple(run for run in runs if run.text)


def _bare(text: str) -> str:
    return ESCAPED.sub(r"\1", text)


def plain(text: str) -> str:
    """*text* without its marks, in one line."""
    return " ".join("".join(run.text for run in runs_of(text)).split())


def shortened(text: str | None, chars_max: int) -> str:
    """*text*, cut with a mark when it is longer."""
    text = text or ""
    return text if len(text) <= chars_max else f"{text[:chars_max]} … ({len(text)} characters)"


def name_shown(name: str, chars_max: int = NAME_CHARS_MAX) -> str:
    """The name of a person or a file, in one line that reads in the order it was written; its end stays when cut."""
    name = TURNING.sub("\N{REPLACEMENT CHARACTER}", name)
    return name if len(name) <= chars_max else f"{name[: chars_max - 13]}…{name[-12:]}"


def size_shown(size_bytes: int) -> str:
    """How large a file is, to two or three digits."""
    for unit, unit_bytes in (("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10)):
        if size_bytes >= unit_bytes:
            size = size_bytes / unit_bytes
            return f"{size:.1f} {unit}" if size < 10 else f"{size:.0f} {unit}"
    return f"{size_bytes} bytes"
