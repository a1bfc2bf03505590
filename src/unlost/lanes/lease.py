"""The right to settle: one beat renews every lease of this process, and peers that beat no more are buried.

A peer's life is judged by its beat alone, on the observer's own monotonic clock: no two processes' clocks are ever compared. On
one host a free lock file says at once that its process is gone (the kernel frees it at death, whatever the manner).
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from unlost.clock import Clock
from unlost.errors import NotCommitted
from unlost.journal.port import Journal
from unlost.journal.rows import HolderId, HolderRow

CALL_MARGIN_S = 5.0
"""What must be left of the lease beyond a call's whole time-out when the call starts (design section 4)."""
BEATS_PER_LEASE = 6
"""Five beats may be missed in a row before peers may think us dead."""


class Locks(Protocol):
    """Lock files on this host; the kernel frees them when their process dies."""

    def take(self, holder: HolderId) -> str:
        """Create and lock the holder's file; its path."""
        ...

    def is_free(self, path: str) -> bool:
        """True where no living process holds it (or the file is gone)."""
        ...

    def release(self, holder: HolderId) -> None:
        """Unlock and remove it."""
        ...


@dataclass(slots=True)
class _Seen:
    beat: int
    since: float  # our monotonic clock, when this beat was first seen


class Lease:
    """This process's standing among its peers."""

    def __init__(
        self,
        journal: Journal,
        locks: Locks,
        clock: Clock,
        *,
        host: str,
        lease_s: float,
        name: Callable[[], str] = lambda: secrets.token_hex(6),
    ) -> None:
        self._journal, self._locks, self._clock = journal, locks, clock
        self._host, self._lease_s, self._name = host, lease_s, name
        self._peers: dict[HolderId, _Seen] = {}
        self._renewed_at = -lease_s
        self.holder = HolderId("")

    @property
    def beat_every_s(self) -> float:
        """Seconds between two beats."""
        return self._lease_s / BEATS_PER_LEASE

    def left_s(self) -> float:
        """Seconds for which no peer can think us dead. Timed from before the last successful beat was sent."""
        return self._renewed_at + self._lease_s - self._clock.monotonic()

    def covers(self, timeout_s: float) -> bool:
        """True where a call of *timeout_s* may start now."""
        return self.left_s() >= timeout_s + CALL_MARGIN_S

    async def enrol(self) -> None:
        """Begin under a new name. A name is never used twice: what an old one still holds is not ours."""
        self.holder = HolderId(f"{self._host}-{self._name()}")
        before = self._clock.monotonic()
        await self._journal.enrol(self.holder, self._host, self._locks.take(self.holder))
        self._renewed_at = before

    async def renew(self) -> bool:
        """Beat once. False: we were buried meanwhile (frozen too long) and begin anew; all work in hand must be dropped."""
        before = self._clock.monotonic()
        if await self._journal.beat(self.holder):
            self._renewed_at = before
            return True
        self._locks.release(self.holder)
        await self.enrol()
        return False

    async def bury_the_dead(self) -> int:
        """End the leases of peers that are gone; how many. A peer whose beat moved between look and deed is left alone."""
        ended = 0
        rows = [row for row in await self._journal.holders() if row.id != self.holder]
        self._peers = {row.id: self._seen(row) for row in rows}
        for row in rows:
            if self._is_dead(row):
                ended += await self._journal.bury(row.id, beat=row.beat)
        return ended

    async def retire(self) -> None:
        """A clean end."""
        try:
            await self._journal.retire(self.holder)
        except NotCommitted:
            return  # the lock file's release below tells peers the same
        finally:
            self._locks.release(self.holder)

    def _seen(self, row: HolderRow) -> _Seen:
        seen = self._peers.get(row.id)
        if seen is not None and seen.beat == row.beat:
            return seen
        return _Seen(row.beat, self._clock.monotonic())

    def _is_dead(self, row: HolderRow) -> bool:
        if row.host == self._host and self._locks.is_free(row.lock_path):
            return True
        return self._clock.monotonic() - self._peers[row.id].since >= self._lease_s
