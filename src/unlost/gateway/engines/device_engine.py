"""The port that REST asks: one device's engine, asynchronous, whatever it is made of. Each verb raises EngineFailure."""

from __future__ import annotations

from typing import Protocol, TypeVar

import msgspec

from unlost.gateway.engines import verbs
from unlost.gateway.engines.answers import GroupInfo, Person, Picture, Placed
from unlost.gateway.engines.frames import State
from unlost.gateway.engines.supervisor import Supervisor
from unlost.gateway.engines.verbs import SENDS, Nothing, Verb

T = TypeVar("T")
# Above whatsmeow's own patience where it has one (75 s for a query, request.go), so that its word comes before ours
LOOK_UP_S = 20.0
AVATAR_S = 10.0
SEND_S = 80.0
FILE_S = 300.0
WAITS = {
    Verb.AVATAR: AVATAR_S,
    Verb.SEND_TEXT: SEND_S,
    Verb.SEND_MEDIA: FILE_S,
    Verb.SEND_PLACE: SEND_S,
    Verb.SEND_CARDS: SEND_S,
    Verb.SEND_POLL: SEND_S,
    Verb.SEND_REACTION: SEND_S,
    Verb.EDIT: SEND_S,
    Verb.REVOKE: SEND_S,
    Verb.DOWNLOAD: FILE_S,
}


class Asked(Protocol):
    """What REST and the outbox of sends need of an engine."""

    @property
    def state(self) -> State:
        """Where the device stands."""
        ...

    async def ask(self, verb: Verb, args: msgspec.Struct, answer: type[T], *, key: str = "") -> T:
        """Do *verb*. Raises EngineFailure."""
        ...


class DeviceEngine:
    """The verbs by name, over whatever asks them."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    @property
    def state(self) -> State:
        """Where the device stands."""
        return self._asked.state

    async def user_info(self, jid: str) -> Person:
        return await self._asked.ask(Verb.USER_INFO, verbs.Who(jid), Person)

    async def avatar(self, asked: verbs.PictureAsked) -> Picture:
        return await self._asked.ask(Verb.AVATAR, asked, Picture)

    async def check(self, numbers: tuple[str, ...]) -> tuple[verbs.Checked, ...]:
        return await self._asked.ask(Verb.CHECK, verbs.Numbers(numbers), tuple[verbs.Checked, ...])

    async def resolve(self, jid: str) -> str:
        """The person's other address, or nothing."""
        return (await self._asked.ask(Verb.RESOLVE, verbs.Who(jid), verbs.Who)).jid

    async def group_info(self, jid: str) -> GroupInfo:
        return await self._asked.ask(Verb.GROUP_INFO, verbs.Who(jid), GroupInfo)

    async def groups(self) -> tuple[GroupInfo, ...]:
        return await self._asked.ask(Verb.GROUPS, Nothing(), tuple[GroupInfo, ...])

    async def send(self, verb: Verb, asked: msgspec.Struct, *, key: str) -> Placed:
        """Any send, reaction, edit or revoke. *key* names the intent; what left under it stands in the record."""
        return await self._asked.ask(verb, asked, Placed, key=key)

    async def mark_read(self, asked: verbs.MarkRead) -> None:
        await self._asked.ask(Verb.MARK_READ, asked, Nothing)

    async def presence(self, *, available: bool) -> None:
        await self._asked.ask(Verb.PRESENCE, verbs.SetPresence(available), Nothing)

    async def chat_presence(self, asked: verbs.SetChatPresence) -> None:
        await self._asked.ask(Verb.CHAT_PRESENCE, asked, Nothing)

    async def download(self, asked: verbs.Download) -> verbs.Downloaded:
        return await self._asked.ask(Verb.DOWNLOAD, asked, verbs.Downloaded)

    async def pair_code(self, number: str) -> str:
        return (await self._asked.ask(Verb.PAIR_CODE, verbs.Phone(number), verbs.PairCode)).code

    async def logout(self) -> None:
        await self._asked.ask(Verb.LOGOUT, Nothing(), Nothing)


class Supervised:
    """Asks a supervised worker, each verb with its own patience; *send_wait_s* is that of whoever asks for a send."""

    def __init__(self, supervisor: Supervisor, *, send_wait_s: float) -> None:
        self._supervisor = supervisor
        self._send_wait_s = send_wait_s

    @property
    def state(self) -> State:
        """Where the device stands."""
        return self._supervisor.state

    async def ask(self, verb: Verb, args: msgspec.Struct, answer: type[T], *, key: str = "") -> T:
        """Do *verb*. Raises EngineFailure."""
        wait_s = WAITS.get(verb, LOOK_UP_S)
        if verb in SENDS:
            wait_s = min(wait_s, self._send_wait_s)
        return await self._supervisor.call(verb, args, answer, wait_s=wait_s, key=key)
