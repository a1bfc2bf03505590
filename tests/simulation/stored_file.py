"""One file of the simulated disk: what programs see of it, what is safe, and what a power loss may make of it."""

from __future__ import annotations

import random

SECTOR_BYTES = 512
"""The grain in which a write may be torn: the smallest sector that disks on sale have."""

CERTAIN_MAX = 4_000
"""Writes kept as they came before they are put together: of 4 KiB at most, so 16 MiB."""


class StoredFile:
    """The bytes of one file, twice: as the page cache shows them and as they are certain to stand.

    *content* is what every open handle reads. *synced* is what stood at the end of the last sync. *pending*
    holds what was done since, in order: ``(offset, bytes)`` for a write, ``(size, None)`` for a truncation.
    """

    __slots__ = ("_certain", "_synced", "content", "pending")

    def __init__(self, content: bytes | bytearray = b"") -> None:
        self.content = bytearray(content)
        self.pending: list[tuple[int, bytes | None]] = []
        self._synced = bytearray(content)
        self._certain: list[tuple[int, bytes | None]] = []  # synced since then: few files are ever asked for it

    @property
    def synced(self) -> bytearray:
        """What is certain to stand."""
        self._put_together()
        return self._synced

    def write(self, data: bytes, offset: int) -> None:
        """Put *data* at *offset* into the page cache; a hole before it reads as zeros."""
        content = self.content
        if offset > len(content):
            content.extend(bytes(offset - len(content)))
        content[offset : offset + len(data)] = data
        self.pending.append((offset, data))

    def truncate(self, size: int) -> None:
        """Cut or extend the file to *size* bytes in the page cache."""
        resize(self.content, size)
        self.pending.append((size, None))

    def sync(self) -> None:
        """Make everything done so far certain."""
        self._certain += self.pending
        self.pending.clear()
        if len(self._certain) > CERTAIN_MAX:
            self._put_together()

    def _put_together(self) -> None:
        for offset, data in self._certain:
            if data is None:
                resize(self._synced, offset)
            else:
                put(self._synced, data, offset)
        self._certain.clear()

    def fail_sync(self) -> None:
        """Forget what was pending, as Linux does when fsync fails: the cache shows it, no later sync writes it."""
        self.pending.clear()

    def survivor(self, rng: random.Random) -> StoredFile:
        """What stands after a power loss: all that was synced, and of each pending write all, a part or nothing.

        How much of the rest survives is drawn per file, so that "all of it" and "none of it" are common.
        """
        after = bytearray(self.synced)
        kept_share = rng.choice((0.0, 0.3, 0.7, 1.0))
        torn_share = rng.choice((0.0, 0.5))
        for offset, data in self.pending:
            if rng.random() >= kept_share:
                if data is not None:
                    grow_with_rubbish(after, offset + len(data), rng)
            elif data is None:
                resize(after, offset)
            elif rng.random() < torn_share:
                put_torn(after, data, offset, rng)
            else:
                put(after, data, offset)
        return StoredFile(after)


def put(content: bytearray, data: bytes, offset: int) -> None:
    """Write *data* at *offset*; a hole before it becomes zeros."""
    if offset > len(content):
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def resize(content: bytearray, size: int) -> None:
    """Cut to *size*, or extend to it with zeros."""
    if size < len(content):
        del content[size:]
    else:
        content.extend(bytes(size - len(content)))


def grow_with_rubbish(content: bytearray, size: int, rng: random.Random) -> None:
    """At times let the file have grown to *size* although the bytes were lost: zeros or old rubbish stand there.

    SQLite expects this of every disk that does not claim SAFE_APPEND (sqlite.org/atomiccommit.html, section 2).
    """
    missing = size - len(content)
    if missing > 0 and rng.random() < 0.25:
        content.extend(bytes(missing) if rng.random() < 0.5 else rng.randbytes(missing))


def put_torn(content: bytearray, data: bytes, offset: int, rng: random.Random) -> None:
    """Write a part of *data*: whole sectors from its start, any sectors of it, or up to the middle of a sector."""
    way = rng.randrange(3)
    if way == 0:
        put(content, data[: rng.randrange(0, len(data) + 1, SECTOR_BYTES)], offset)
    elif way == 1:
        put(content, data[: rng.randrange(len(data) + 1)], offset)
    else:
        for start in sector_starts(offset, len(data)):
            if rng.random() < 0.5:
                end = (start // SECTOR_BYTES + 1) * SECTOR_BYTES
                put(content, data[max(start, offset) - offset : end - offset], max(start, offset))


def sector_starts(offset: int, length: int) -> range:
    """Where the sectors that a write touches begin, in the file."""
    return range(offset // SECTOR_BYTES * SECTOR_BYTES, offset + length, SECTOR_BYTES)
