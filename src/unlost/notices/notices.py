"""Looks at the numbers, and tells each address what turned. Two loops' worth: one look for all, one posting for each address."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from unlost.clock import Clock
from unlost.notices import memory
from unlost.notices.apprise_child import kind_of
from unlost.notices.ledger import Ledger
from unlost.notices.numbers import Numbers, read
from unlost.notices.troubles import TROUBLES
from unlost.notices.watching import Turn, Watcher
from unlost.notices.wording import Notice, notice_of
from unlost.telemetry.log import Telemetry
from unlost.telemetry.notices import NoticePosted

LOOK_EVERY_S = 5.0
"""As often as the numbers themselves are counted."""
AGAIN_WAITS_S = (30.0, 60.0, 120.0, 300.0, 600.0)
"""After a notice that was not taken: a service that is away is asked for days, and not hammered."""

Post = Callable[[str, Notice], Awaitable[str | None]]


@dataclass(slots=True)
class _Address:
    """Where people are told: *number* counts from 1, as in notify.urls."""

    number: int
    url: str
    ledger: Ledger
    failures: int = 0
    not_before_s: float = 0.0


@dataclass(slots=True, kw_only=True)
class Notices:
    """*post* hands one notice to one address: None, or why it was not taken. It is bounded in time and never raises."""

    telemetry: Telemetry
    clock: Clock
    post: Post
    host: str
    zone: tzinfo
    path: Path
    addresses: tuple[_Address, ...]
    _numbers: Numbers = field(default_factory=Numbers)
    _watcher: Watcher
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def look(self) -> None:
        """Once at all numbers; what turned is written into every ledger."""
        at, tick_s = self.clock.now(), self.clock.monotonic()
        self._numbers.add(read(self.telemetry.metrics, at=at, tick_s=tick_s))
        turns = self._watcher.look(self._numbers, tick_s)
        for turn in turns:
            for address in self.addresses:
                address.ledger.take(turn)
        if turns:
            await self._remember()

    async def post_due(self, address: _Address) -> bool:
        """Tell one address what is due, all in one notice. True where something was handed over."""
        if self.clock.monotonic() < address.not_before_s:
            return False
        address.ledger.forget_what_is_over(self.clock.now())
        items = address.ledger.due(self.clock.now())
        if not items:
            return False
        why = await self.post(address.url, notice_of(items, host=self.host, zone=self.zone))
        self.telemetry.tell(
            NoticePosted(address.number, kind_of(address.url), len(items), sent=why is None, why=why or "")
        )
        if why is not None:
            wait_s = AGAIN_WAITS_S[min(address.failures, len(AGAIN_WAITS_S) - 1)]
            address.failures, address.not_before_s = address.failures + 1, self.clock.monotonic() + wait_s
            return False
        for item in items:
            address.ledger.told(item, self.clock.now())
        address.failures = 0
        await self._remember()
        return True

    async def _remember(self) -> None:
        async with self._writing:
            await asyncio.to_thread(
                memory.remember, self.path, {each.url: Ledger(dict(each.ledger.lines)) for each in self.addresses}
            )


def build_notices(
    urls: Sequence[str], *, telemetry: Telemetry, clock: Clock, post: Post, host: str, zone: tzinfo, journal: Path
) -> Notices:
    """For these addresses. Reads what they were told before."""
    path = memory.file_beside(journal)
    addresses = tuple(
        _Address(number, url, memory.remembered(path, url)) for number, url in enumerate(dict.fromkeys(urls), 1)
    )
    standing = {key: line for each in addresses for key, line in each.ledger.lines.items() if line.ended_at is None}
    for address in addresses:  # one that is new is told what others know to stand
        for key in standing.keys() - address.ledger.lines.keys():
            line = standing[key]
            address.ledger.take(Turn(key, began=True, at=line.began_at, says=line.says))
    return Notices(
        telemetry=telemetry,
        clock=clock,
        post=post,
        host=host,
        zone=zone,
        path=path,
        addresses=addresses,
        _watcher=Watcher(TROUBLES, clock.monotonic(), set(standing)),
    )
