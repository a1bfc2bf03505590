"""The port over a supervised worker: its verbs, its failures as the port's errors, its link while it rests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from unlost.gateway.addresses import user_of
from unlost.gateway.engines import neonize, verbs
from unlost.gateway.engines.answers import (
    About,
    Contact,
    Fetched,
    GroupInfo,
    Link,
    Person,
    Picture,
    Placed,
    Privacy,
    Qr,
)
from unlost.gateway.engines.calls import EngineFailure
from unlost.gateway.engines.device_engine import DeviceEngine, Supervised
from unlost.gateway.engines.frames import FailureKind, StateName
from unlost.gateway.engines.history import History
from unlost.gateway.engines.outgoing import ContactCard, How, Poll, Target, Upload
from unlost.gateway.engines.port import (
    Engine,
    EngineAway,
    EngineCrashed,
    EngineError,
    EngineRefused,
    NotStarted,
    PictureHidden,
    PictureMissing,
    PictureSame,
    Quarantined,
    Throttled,
    Unable,
)
from unlost.gateway.engines.verbs import Verb
from unlost.gateway.engines.worker_life import WorkerLife

T = TypeVar("T")
QR_VALID_S = 20.0
# With one of these no code will be shown, though the worker goes on trying
OBSTACLES = frozenset(
    {
        StateName.NO_NETWORK,
        StateName.CLOCK_WRONG,
        StateName.REFUSED_LOGIN,
        StateName.BANNED,
        StateName.OUTDATED,
        StateName.STORE_DAMAGED,
        StateName.RECORD_FAILED,
        StateName.ENGINE_MISSING,
    }
)
MEANT: dict[FailureKind, type[EngineError]] = {
    FailureKind.NOT_STARTED: NotStarted,
    FailureKind.NOT_CONNECTED: EngineAway,
    FailureKind.NOT_SUPPORTED: Unable,
    FailureKind.QUARANTINED: Quarantined,
    FailureKind.BUSY: Throttled,
    FailureKind.LIMITED: Throttled,
    FailureKind.HIDDEN: PictureHidden,
    FailureKind.UNCHANGED: PictureSame,
    FailureKind.INVALID: EngineRefused,
    FailureKind.NOT_FOUND: EngineRefused,
    FailureKind.TOO_LARGE: EngineRefused,
    FailureKind.REFUSED: EngineRefused,
    FailureKind.IN_DOUBT: EngineCrashed,
    FailureKind.ENGINE_CRASHED: EngineCrashed,
}


async def _meant(asked: Awaitable[T]) -> T:
    """The answer. Raises the port's errors; TimeoutError where the worker had it and did not answer."""
    try:
        return await asked
    except EngineFailure as failure:
        if failure.kind is FailureKind.TIMED_OUT:
            raise TimeoutError(failure.text) from failure
        raise MEANT[failure.kind](failure.text) from failure


async def _found(asked: Awaitable[T]) -> T | None:
    """The answer; None where there is nothing of that name. Raises as `_meant`."""
    try:
        return await _meant(asked)
    except EngineRefused as error:
        failure = error.__cause__
        if isinstance(failure, EngineFailure) and failure.kind is FailureKind.NOT_FOUND:
            return None
        raise


class WorkerEngine:
    """One device whose engine lives in a worker. *left* tells which ids have left WhatsApp-wards under a send's key.

    *send_wait_s*: after so long nobody waits for a send any more, so that nothing of it may leave then.
    """

    def __init__(
        self, life: WorkerLife, left: Callable[[str], Awaitable[tuple[str, ...]]], *, send_wait_s: float
    ) -> None:
        self._life = life
        self._supervisor = life.supervisor
        self._left = left
        self._asked = DeviceEngine(Supervised(life.supervisor, send_wait_s=send_wait_s))

    def link(self) -> Link:
        return self._life.link

    def about(self) -> About:
        hello = self._supervisor.hello
        return About(hello.engine, hello.version) if hello else About(neonize.PACKAGE, neonize.installed_version())

    def history(self) -> History:
        return self._supervisor.history()

    def takes_ids(self) -> bool:
        return self._supervisor.hello is not None and self._supervisor.hello.takes_ids

    async def user_info(self, jid: str) -> Person | None:
        return await _found(self._asked.user_info(jid))

    async def avatar(self, jid: str, *, preview: bool, known_id: str) -> Picture:
        told = await _found(self._asked.avatar(verbs.PictureAsked(jid, preview, known_id)))
        if told is None:
            raise PictureMissing(jid)
        return told

    async def check(self, phone: str) -> bool:
        return any(one.is_in for one in await _meant(self._asked.check((user_of(phone),))))

    async def group_info(self, jid: str) -> GroupInfo | None:
        return await _found(self._asked.group_info(jid))

    async def groups(self) -> list[GroupInfo]:
        return list(await _meant(self._asked.groups()))

    async def contacts(self) -> list[Contact]:
        raise Unable("contacts")

    async def privacy(self) -> Privacy:
        raise Unable("privacy")

    async def download(self, target: Target, into: Path) -> Fetched:
        """The worker has a folder of its own; its file is moved to where it is wanted."""
        told = await _meant(self._asked.download(verbs.Download(id=target.id, chat=target.chat)))
        await asyncio.to_thread(_move, Path(told.path), into)
        return Fetched(str(into), told.mime_type, told.size_bytes)

    async def send_text(self, chat: str, text: str, how: How) -> Placed:
        asked = verbs.SendText(chat, text, _quote(how), how.mentions, how.forwarded, how.expires_s, self._id(how))
        return await self._send(Verb.SEND_TEXT, asked, how.message_id)

    async def send_media(self, chat: str, file: Upload, how: How) -> Placed:
        asked = verbs.SendMedia(
            to=chat,
            kind=file.kind,
            path=file.path,
            mime_type=file.mime_type,
            caption=file.caption,
            filename=file.filename,
            voice=file.voice,
            view_once=file.view_once,
            quote=_quote(how),
            expires_s=how.expires_s,
            id=self._id(how),
        )
        return await self._send(Verb.SEND_MEDIA, asked, how.message_id)

    async def send_contact(self, chat: str, card: ContactCard, how: How) -> Placed:
        lines = (
            "BEGIN:VCARD",
            "VERSION:3.0",
            f"FN:{_escaped(card.name)}",
            f"TEL;waid={card.phone}:+{card.phone}",
            "END:VCARD",
        )
        asked = verbs.SendCards(chat, (verbs.CardSent(card.name, "\n".join(lines)),), _quote(how), self._id(how))
        return await self._send(Verb.SEND_CARDS, asked, how.message_id)

    async def send_location(self, chat: str, latitude: float, longitude: float, how: How) -> Placed:
        asked = verbs.SendPlace(chat, latitude, longitude, quote=_quote(how), id=self._id(how))
        return await self._send(Verb.SEND_PLACE, asked, how.message_id)

    async def send_poll(self, chat: str, poll: Poll, how: How) -> Placed:
        asked = verbs.SendPoll(chat, poll.question, poll.options, poll.most, self._id(how))
        return await self._send(Verb.SEND_POLL, asked, how.message_id)

    async def send_reaction(self, target: Target, emoji: str, message_id: str) -> Placed:
        asked = verbs.React(target.chat, target.sender, target.id, emoji, target.from_me)
        return await self._send(Verb.SEND_REACTION, asked, message_id)

    async def edit(self, target: Target, text: str, message_id: str) -> Placed:
        return await self._send(Verb.EDIT, verbs.EditText(target.chat, target.id, text), message_id)

    async def revoke(self, target: Target, message_id: str) -> Placed:
        sender = "" if target.from_me else target.sender
        return await self._send(Verb.REVOKE, verbs.Revoke(target.chat, target.id, sender), message_id)

    async def mark_read(self, target: Target) -> None:
        await _meant(self._asked.mark_read(verbs.MarkRead(target.chat, target.sender, (target.id,))))

    async def delete_for_me(self, target: Target) -> None:
        raise Unable("delete for me")

    async def star(self, target: Target, *, starred: bool) -> None:
        raise Unable("star")

    async def presence(self, *, available: bool) -> None:
        await _meant(self._asked.presence(available=available))

    async def chat_presence(self, chat: str, *, composing: bool) -> None:
        await _meant(self._asked.chat_presence(verbs.SetChatPresence(chat, composing)))

    async def qr(self) -> Qr:
        await self._want(lambda: bool(self._supervisor.codes))
        return Qr(self._supervisor.codes[-1], QR_VALID_S)

    async def pair_code(self, phone: str) -> str:
        await self._want(lambda: self.link().state is StateName.PAIRING)
        return await _meant(self._asked.pair_code(phone))

    async def logout(self) -> None:
        await _meant(self._asked.logout())

    async def reconnect(self) -> None:
        if not self._life.is_linked:
            raise EngineAway("the device is not linked to an account")
        if not self._supervisor.is_running:
            raise EngineRefused(f"{self.link().cause}: {self.link().cure}")
        self._supervisor.restart()

    async def open(self) -> None:
        self._life.begin()

    async def close(self) -> None:
        await self._life.end()

    async def _want(self, ready: Callable[[], bool]) -> None:
        if self._life.is_linked:
            raise EngineRefused("the device is linked already; log it out first")
        await self._life.want(lambda: ready() or self._life.is_linked or self.link().state in OBSTACLES)
        if self._life.is_linked:
            raise EngineRefused("the device has just been linked")
        if not ready():
            raise NotStarted(f"{self.link().cause}: {self.link().cure}")

    def _id(self, how: How) -> str:
        """The id to send under, for an engine that takes one; the others refuse a call that names one."""
        return how.message_id if self.takes_ids() else ""

    async def _send(self, verb: Verb, asked: msgspec.Struct, key: str) -> Placed:
        return await _meant(self._sent(verb, asked, key))

    async def _sent(self, verb: Verb, asked: msgspec.Struct, key: str) -> Placed:
        """A worker that died before anything left under this key has sent nothing: that is no doubt. Raises EngineFailure.

        One that answers has judged that itself. One whose answer stays away may send yet, whatever its record says now.
        """
        try:
            return await self._asked.send(verb, asked, key=key)
        except EngineFailure as failure:
            if failure.kind is FailureKind.ENGINE_CRASHED and not await self._left(key):
                raise EngineFailure(FailureKind.NOT_STARTED, "the engine ended before the message left") from failure
            raise


def _move(file: Path, into: Path) -> None:
    """Both lie in the gateway's data folder: on one disk, so it is a change of name."""
    into.parent.mkdir(parents=True, exist_ok=True)
    file.replace(into)


def _quote(how: How) -> verbs.Quoted | None:
    return None if how.quoted is None else verbs.Quoted(how.quoted.id, how.quoted.sender, how.quoted.text)


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace("\n", " ").replace(",", "\\,").replace(";", "\\;")


def _checked(engine: WorkerEngine) -> Engine:
    """The type checker's proof that this is the port."""
    return engine
