"""The gateway's steps, performed: one question each, and the fact it yields. No rule of meaning is known here."""

from typing import Protocol

from msgspec.structs import replace

from unlost.gowa.answers import UserInfo
from unlost.journal.rows import NOTHING_LEARNED, Learned
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Pairing
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import WhatsAppId
from unlost.vocabulary.steps import AskAvatar, AskGroupInfo, AskStorage, AskUserInfo, GatewayStep


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


class ToGateway:
    """One channel's. Raises what its clients raise: TryLater, Refused or Blocked; then nothing was learned."""

    def __init__(self, look_ups: AsksWhatsApp, storage: AsksStorage) -> None:
        self._look_ups = look_ups
        self._storage = storage

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


def _pairings(info: UserInfo) -> tuple[Pairing, ...]:
    if info.lid is None or info.phone is None:
        return ()
    return (Pairing(info.lid, info.phone),)
