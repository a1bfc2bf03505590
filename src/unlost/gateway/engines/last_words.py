"""What a worker said on stderr before it ended: the head of a panic, and a short tail. Bounded, and quiet about people."""

from __future__ import annotations

import re
from collections import deque

LINE_MAX_CHARACTERS = 400
HEAD_LINES = 12  # the message, the signal, the goroutine and the first calls: what tells one panic from another
TAIL_LINES = 40
SHOWN_DIGITS = 4
# Go's own first words for an end that nobody can catch (runtime/panic.go), Python's for one of its own
BEGINNINGS = ("panic:", "fatal error:", "unexpected fault address", "SIGABRT:", "runtime:", "Fatal Python error:")
_DIGITS = re.compile(r"\d{7,}")
_LONG_WORD = re.compile(r"[A-Za-z0-9+/=]{33,}")  # keys, tokens and hashes, in base64 or hexadecimal


class LastWords:
    """Fed with pieces as they come; the head is that of the first panic."""

    def __init__(self) -> None:
        self._rest = b""
        self._head: list[str] = []
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)

    def hear(self, piece: bytes) -> None:
        """Take some bytes of stderr."""
        *whole, self._rest = (self._rest + piece).split(b"\n")
        self._rest = self._rest[: LINE_MAX_CHARACTERS * 4]
        for line in whole:
            self._take(line)

    @property
    def panicked(self) -> bool:
        """True if the runtime announced its own end."""
        return bool(self._head)

    @property
    def head(self) -> str:
        """The first lines of the panic, or the last line said at all; numbers shortened, nothing that looks like a key."""
        if self._head:
            return "\n".join(self._head)
        return self._tail[-1] if self._tail else ""

    @property
    def first_line(self) -> str:
        """What the panic was about."""
        return self._head[0] if self._head else self.head

    def _take(self, line: bytes) -> None:
        text = shown(line[: LINE_MAX_CHARACTERS * 4].decode(errors="replace"))[:LINE_MAX_CHARACTERS]
        if not text.strip():
            return
        if self._head or text.startswith(BEGINNINGS):
            if len(self._head) < HEAD_LINES:
                self._head.append(text)
        else:
            self._tail.append(text)


def shown(text: str) -> str:
    """*text* as it may stand in a log: long numbers keep their last digits, long words of no language are left out."""
    shortened = _DIGITS.sub(lambda found: "…" + found[0][-SHOWN_DIGITS:], text)
    return _LONG_WORD.sub("…", shortened)
