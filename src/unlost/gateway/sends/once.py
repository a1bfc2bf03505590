"""One keyed send, from its first try to its last repeat (hard case 24.3)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import apsw

from unlost.gateway.clerk import Clerk
from unlost.gateway.engines.port import EngineCrashed, EngineError, NotStarted
from unlost.gateway.sends.keys import Kept, Keys, KeyState


class KeyTaken(Exception):
    """The key stands for another request."""


class OutcomeUnknown(Exception):
    """A send of this key was interrupted inside an engine that takes no id; it will never be tried again."""


@dataclass(frozen=True)
class Said:
    """What was sent, and how it is answered: *row* writes its message into storage, inside a transaction."""

    answer: bytes
    row: Callable[[], None]


@dataclass(frozen=True)
class Keyed:
    """A caller's key for one request on one device; *takes_ids* as that device's engine says."""

    device: str
    key: str
    request: bytes
    takes_ids: bool


def new_message_id() -> str:
    """An id in the form WhatsApp Web's own clients give (whatsmeow: `3EB0` and nine random bytes in hex)."""
    return f"3EB0{secrets.token_hex(9).upper()}"


class Once:
    """Sends once per key, however often it is asked and whenever the process dies."""

    def __init__(self, keys: Keys, clerk: Clerk) -> None:
        self._keys = keys
        self._clerk = clerk
        self._turns: dict[tuple[str, str], tuple[asyncio.Lock, int]] = {}

    async def answer_of(self, keyed: Keyed) -> bytes | None:
        """The answer this key has already, if it has one. Raises KeyTaken and OutcomeUnknown."""
        kept = await self._clerk.do(self._keys.find, keyed.device, keyed.key)
        return None if kept is None else _answer_of(keyed, kept)

    async def send(self, keyed: Keyed, perform: Callable[[str], Awaitable[Said]]) -> bytes:
        """The answer of the one send of this key; *perform* is handed the id and called at most once a call.

        Raises KeyTaken, OutcomeUnknown, and what *perform* raises where that left nothing to remember.
        """
        async with self._turn(keyed.device, keyed.key):
            kept = await self._begun(keyed)
            answer = _answer_of(keyed, kept)
            if answer is not None:
                return answer
            said = await self._performed(keyed, kept.message_id, perform)
            await self._clerk.do(self._keys.finish, keyed.device, keyed.key, said.answer, said.row)
            return said.answer

    async def _begun(self, keyed: Keyed) -> Kept:
        """The key's row, begun. Raises NotStarted where the disk does not take it: nothing is sent that is not written first."""
        try:
            return await self._clerk.do(
                self._keys.begin, keyed.device, keyed.key, keyed.request, new_message_id(), takes_ids=keyed.takes_ids
            )
        except apsw.Error as error:
            raise NotStarted("the disk takes no commit") from error

    async def _performed(self, keyed: Keyed, message_id: str, perform: Callable[[str], Awaitable[Said]]) -> Said:
        """What *perform* says. A key stays begun where it is in doubt and the id makes a repeat the same message."""
        try:
            return await perform(message_id)
        except (EngineCrashed, TimeoutError) as error:
            if keyed.takes_ids:
                raise
            await self._clerk.do(self._keys.doubt, keyed.device, keyed.key)
            raise OutcomeUnknown from error
        except EngineError:
            await self._clerk.do(self._keys.put_back, keyed.device, keyed.key)
            raise

    @asynccontextmanager
    async def _turn(self, device: str, key: str) -> AsyncIterator[None]:
        """Repeats of a key that come at the same time wait for one another."""
        lock, waiting = self._turns.get((device, key), (asyncio.Lock(), 0))
        self._turns[device, key] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._turns.pop((device, key))
            if waiting > 1:
                self._turns[device, key] = (lock, waiting - 1)


def _answer_of(keyed: Keyed, kept: Kept) -> bytes | None:
    if kept.request != keyed.request:
        raise KeyTaken
    if kept.state is KeyState.UNKNOWN:
        raise OutcomeUnknown
    return kept.answer if kept.state is KeyState.DONE else None
