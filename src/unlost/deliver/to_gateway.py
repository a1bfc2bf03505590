"""The gateway's steps, performed: one question each, and the fact it yields. No rule of meaning is known here."""

from collections.abc import Callable
from typing import Protocol

from msgspec.structs import replace

from unlost.deliver.spool_waits import SpoolWaits
from unlost.errors import Refused, TryLater, UnlostError
from unlost.gowa.answers import Downloaded, UserInfo
from unlost.gowa.readers import filename_of_row
from unlost.journal.rows import NOTHING_LEARNED, Learned
from unlost.spool import Shelf, SpoolFull, look_at
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.attachments import FileTrouble, SpooledFile
from unlost.vocabulary.envelopes import Pairing
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import WhatsAppId
from unlost.vocabulary.steps import (
    AskAvatar,
    AskDownload,
    AskFileName,
    AskGroupInfo,
    AskStorage,
    AskUserInfo,
    FetchFile,
    GatewayStep,
)


class AsksWhatsApp(Protocol):
    """The look-ups (`gowa.look_ups`, in their pace)."""

    async def user_info(self, address: Address) -> UserInfo:
        """Who that is."""
        ...

    async def avatar(self, address: Address) -> str | None:
        """Where the picture lies; None where none is shown."""
        ...

    async def group_info(self, group: Address) -> str:
        """What the group is called."""
        ...


class AsksStorage(Protocol):
    """The gateway's chat storage (`gowa.client`)."""

    async def storage_row(self, chat: Address, id: WhatsAppId, told_at: float | None) -> bytes | None:
        """The row of one message; None where there is none."""
        ...


class HandsOutFiles(Protocol):
    """The files of messages (`gowa.client`)."""

    async def download(self, chat: Address, id: WhatsAppId) -> Downloaded:
        """Have the gateway fetch one from WhatsApp."""
        ...

    async def bring(self, told: str, max_bytes: int, into: Callable[[bytes], None]) -> bool:
        """Hand its bytes on; False where they are too many."""
        ...


class ToGateway:
    """One channel's. Raises what its clients raise: TryLater, Refused or Blocked; then nothing was learned."""

    def __init__(
        self,
        look_ups: AsksWhatsApp,
        storage: AsksStorage,
        files: HandsOutFiles,
        shelf: Shelf,
        fetched: Callable[[str], None],
    ) -> None:
        """*fetched* hears how each fetch of a file ended: downloaded, a `FileTrouble`, refused, failed or no_room."""
        self._look_ups = look_ups
        self._storage = storage
        self._files = files
        self._shelf = shelf
        self._fetched = fetched
        self._waits = SpoolWaits()

    async def perform(self, step: GatewayStep, facts: Facts) -> tuple[Facts, Learned]:
        """*facts* with the answer, which may be that there is none; a pairing it proves is learned."""
        match step:
            case AskUserInfo(address):
                info = await self._look_ups.user_info(address)
                facts = replace(facts, user_asked=True, user_name=info.name, picture_id=info.picture_id)
                return facts, Learned(pairings=_pairings(info))
            case AskAvatar(address):
                url = await self._look_ups.avatar(address)
                return replace(facts, picture_asked=True, picture_url=url or ""), NOTHING_LEARNED
            case AskGroupInfo(group):
                name = await self._look_ups.group_info(group)
                return replace(facts, group_asked=True, group_name=name), NOTHING_LEARNED
            case AskStorage(chat, id, told_at):
                row = await self._storage.storage_row(chat, id, told_at)
                text = "" if row is None else row.decode("utf-8", "replace")
                return replace(facts, storage_asked=True, storage_row=text), NOTHING_LEARNED
            case AskFileName(chat, id, told_at):
                row = await self._storage.storage_row(chat, id, told_at)
                name = "" if row is None else filename_of_row(row)
                return replace(facts, file_name_asked=True, file_name=name), NOTHING_LEARNED
            case AskDownload(chat, id):
                found = await self._files.download(chat, id)
                name = facts.file_name or found.name
                return replace(
                    facts, file_path=found.path, downloads=facts.downloads + 1, file_name=name
                ), NOTHING_LEARNED
            case FetchFile():
                return await self._fetch(step, facts), NOTHING_LEARNED

    async def _fetch(self, step: FetchFile, facts: Facts) -> Facts:
        """The file stands in the spool, synced, before anybody says so."""
        try:
            found = await self._spooled(step)
        except SpoolFull as full:
            self._fetched("no_room")
            wait_s = self._waits.found_none(step.spooled, full.came_bytes)
            raise TryLater("no room for a file now", cause="rate_limited", away=True, wait_s=wait_s) from full
        except UnlostError as error:
            self._fetched("refused" if isinstance(error, Refused) else "failed")
            raise
        self._waits.ended(step.spooled)
        if isinstance(found, FileTrouble):
            self._fetched(found.value)
            return replace(facts, file_trouble=found)
        self._fetched("downloaded")
        return replace(facts, file=found, fetches=facts.fetches + 1)

    async def _spooled(self, step: FetchFile) -> SpooledFile | FileTrouble:
        with self._shelf.begin(step.spooled) as spooling:
            if not self._waits.has_room(step.spooled, spooling.room_bytes):
                raise SpoolFull
            if not await self._files.bring(step.told.path, step.max_bytes, spooling.write):
                return FileTrouble.TOO_LARGE
            await spooling.keep()
        told = step.told
        try:
            looked = look_at(
                spooling.path, hangs=step.hangs, told_type=told.mime_type, told_name=told.name, called=step.called
            )
        except OSError as error:
            raise SpoolFull from error
        if looked.is_bomb:
            self._shelf.drop(step.spooled)
            return FileTrouble.PICTURE_BOMB
        return SpooledFile(step.spooled, looked.name, looked.mime_type, spooling.size_bytes)


def _pairings(info: UserInfo) -> tuple[Pairing, ...]:
    if info.lid is None or info.phone is None:
        return ()
    return (Pairing(info.lid, info.phone),)
