"""One webhook from memory, with exactly the tries of the version spoken (GOWA page, 2.1).

After the last try there is one log line and the event is gone: no dead letter, no replay, no Retry-After.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import Protocol

import structlog

from unlost.gateway.versions import DeliveryRule

log = structlog.get_logger("unlost.gateway")


class Answer(StrEnum):
    """What one try came to."""

    ACCEPTED = "accepted"  # 2xx
    REFUSED = "refused"  # any other status, all alike: 404 and 410 are retried too
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"


Post = Callable[[str, bytes, float], Awaitable[Answer]]


class Clock(Protocol):
    """Time as the tries see it, so that a test need not wait for it."""

    def now_s(self) -> float: ...

    async def sleep(self, wait_s: float) -> None: ...


class Tries:
    """Delivers single webhooks; any number of calls run side by side, unordered and unbounded, as in GOWA."""

    def __init__(self, rule: DeliveryRule, urls: Sequence[str], post: Post, clock: Clock) -> None:
        self._rule = rule
        self._urls = urls
        self._post = post
        self._clock = clock

    async def deliver(self, body: bytes, download_s: float = 0.0) -> bool:
        """True if every URL took it. The deadline runs over the download and all URLs together."""
        deadline = self._rule.deadline_s
        ends_s = None if deadline is None else self._clock.now_s() + deadline
        if download_s:
            await self._clock.sleep(download_s if deadline is None else min(download_s, deadline))
        taken = True
        for url in self._urls:
            if not await self._to_url(url, body, ends_s):
                taken = False
                if not self._rule.all_urls:
                    break
        return taken

    async def _to_url(self, url: str, body: bytes, ends_s: float | None) -> bool:
        rule, spent = self._rule, False
        last = Answer.UNREACHABLE
        for attempt in range(5):
            last = Answer.UNREACHABLE if spent else await self._try(url, body, ends_s)
            if last is Answer.ACCEPTED or (last is Answer.REFUSED and rule.any_answer):
                return True
            spent = spent or (rule.first_timeout_final and last is Answer.TIMED_OUT)
            if attempt < len(rule.waits_s):
                await self._clock.sleep(rule.waits_s[attempt])
        log.error("webhook.lost", tries=5, last=last.value)
        return False

    async def _try(self, url: str, body: bytes, ends_s: float | None) -> Answer:
        """One try; past the deadline it fails at once without a connection."""
        left_s = self._rule.try_s if ends_s is None else min(self._rule.try_s, ends_s - self._clock.now_s())
        return Answer.TIMED_OUT if left_s <= 0 else await self._post(url, body, left_s)
