"""Calls under way in one worker, and who may be under way beside whom."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from unlost.gateway.engines.frames import Failure, FailureKind, Reply

CALLS_MAX = 64  # the worker has few threads; what waits longer than a caller does is better refused at once
BEGUN_WITHIN = 0.8
"""The part of a caller's wait in which its call has to begin: the rest is for the answer, or for the word that it did not begin."""


class EngineFailure(Exception):
    """A call that has no answer; its *kind* says what a caller may do now."""

    def __init__(self, kind: FailureKind, text: str) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text


class Turnstile:
    """Many may pass together, or one alone."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._inside = 0
        self._alone = False
        self._waiting_alone = 0

    @asynccontextmanager
    async def passing(self, *, alone: bool) -> AsyncIterator[None]:
        """Inside, nobody passes beside one who is *alone*; who wants to be alone is let in before those who came later."""
        await (self._enter_alone() if alone else self._enter())
        try:
            yield
        finally:
            await self._leave(alone)

    async def _enter(self) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: not self._alone and not self._waiting_alone)
            self._inside += 1

    async def _enter_alone(self) -> None:
        async with self._changed:
            self._waiting_alone += 1
            try:
                await self._changed.wait_for(lambda: not self._alone and self._inside == 0)
                self._alone = True
                self._inside = 1
            finally:
                self._waiting_alone -= 1
                self._changed.notify_all()

    async def _leave(self, alone: bool) -> None:
        async with self._changed:
            self._inside -= 1
            self._alone = self._alone and not alone
            self._changed.notify_all()


class Ledger:
    """The calls one worker was given and has not answered."""

    def __init__(self) -> None:
        self._waiting: dict[int, tuple[str, asyncio.Future[Reply]]] = {}
        self._last = 0
        self.turnstile = Turnstile()
        self.closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    def open(self, name: str) -> tuple[int, asyncio.Future[Reply]]:
        """An id for a call about to be given to the worker, and its reply to come. Raises EngineFailure if there are too many."""
        if len(self._waiting) >= CALLS_MAX:
            raise EngineFailure(FailureKind.BUSY, f"{CALLS_MAX} calls are under way")
        self._last += 1
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[self._last] = (name, reply)
        return self._last, reply

    def settle(self, reply: Reply) -> None:
        """The worker answered; an answer nobody waits for any more is dropped."""
        _, waiting = self._waiting.pop(reply.id, ("", None))
        if waiting is not None and not waiting.done():
            waiting.set_result(reply)

    def close(self, why: str) -> list[str]:
        """The worker ended: every call under way fails at once. Returns their names."""
        self.closed = True
        names = [name for name, _ in self._waiting.values()]
        for id_, (_, waiting) in self._waiting.items():
            if not waiting.done():
                waiting.set_result(Reply(id_, error=Failure(FailureKind.ENGINE_CRASHED, why)))
        self._waiting.clear()
        return names
