"""What a test sends to the device: people's words, receipts, the phone's own copies, anything else."""

from __future__ import annotations

from collections.abc import Sequence

from tests.fake_whatsapp import messages
from tests.fake_whatsapp.account import Account
from tests.fake_whatsapp.connection import Connection
from tests.fake_whatsapp.delivering import addressed, hand_over, new_id, now, push
from tests.fake_whatsapp.history import Told, notification
from tests.fake_whatsapp.jids import NUMBERS
from tests.fake_whatsapp.peer import Peer
from tests.fake_whatsapp.people import Group
from tests.fake_whatsapp.protobufs import Protobuf
from tests.fake_whatsapp.stanza import Stanza, stanza
from tests.fake_whatsapp.world import Pushed, World


class Pushing:
    """Every verb queues while the device is away, and gives the id of what it pushed."""

    world: World

    async def push_text(self, peer: Peer, account: Account, words: str, *, id: str = "", mode: str = "pn") -> str:
        """*peer* writes to the device's user. *mode* says how the sender is named: `pn`, `lid` or `plain`."""
        return await self.push_message(peer, account, messages.text(words), id=id, mode=mode)

    async def push_message(
        self, peer: Peer, account: Account, message: Protobuf, *, id: str = "", kind: str = "text", mode: str = "pn"
    ) -> str:
        """*kind* is `text`, `media` or `reaction`."""
        self.world.people.add(peer)
        attrs = _described(addressed(peer, mode), peer, kind)
        return await push(self.world, Pushed(id or new_id(), peer, account, message, None, attrs))

    async def push_group_message(
        self, group: Group, peer: Peer, account: Account, message: Protobuf, *, id: str = "", kind: str = "text"
    ) -> str:
        """*peer* writes to *group*, with its sender key; the first time the key comes along."""
        self.world.people.add_group(group)
        attrs = _described(group.addressed(peer), peer, kind)
        return await push(self.world, Pushed(id or new_id(), peer, account, message, group, attrs))

    async def push_own(self, account: Account, to: Peer, message: Protobuf, *, id: str = "", kind: str = "text") -> str:
        """The user wrote to *to* on the phone: the device gets its copy."""
        own = f"{account.user}@{NUMBERS}"
        attrs = _described({"from": own, "recipient": to.jid}, self.world.phone(account), kind)
        copy = messages.sent_by_own_phone(to.jid, message)
        return await push(self.world, Pushed(id or new_id(), self.world.phone(account), account, copy, None, attrs))

    async def push_history(self, account: Account, told: Sequence[Told], *, kind: str = "RECENT") -> str:
        """The phone tells of messages from before the pairing; they lie at the media host. *kind* as in HistorySyncType."""
        phone, message = self.world.phone(account), notification(self.world.media, told, kind)
        attrs = _described({"from": f"{account.user}@{NUMBERS}", "category": "peer"}, phone, "text")
        return await push(self.world, Pushed(new_id(), phone, account, message, None, attrs))

    async def push_receipt(self, peer: Peer, account: Account, message_id: str, kind: str = "") -> str:
        """*peer* got (no *kind*), `read` or `played` what the device sent."""
        attrs = {"from": peer.jid, "id": message_id, "t": now()}
        await self.push_queued(account, Stanza("receipt", {**attrs, **({"type": kind} if kind else {})}))
        return message_id

    async def push_group_change(self, group: Group, by: Peer, account: Account, *changes: Stanza) -> str:
        """*by* changed *group*: `stanza("add", stanza("participant", jid=…))`, `stanza("subject", subject=…)` …"""
        attrs = {"from": group.jid, "participant": by.jid, "id": new_id(), "t": now(), "type": "w:gp2"}
        await self.push_queued(account, Stanza("notification", attrs, changes))
        return attrs["id"]

    async def push_queued(self, account: Account, told: Stanza) -> None:
        """Anything with an id that a device acknowledges."""
        async with account.order:
            await hand_over(self.world, account, told)

    async def push_stanza(self, account: Account, told: Stanza) -> None:
        """Anything else, as it is; not queued. Raises LookupError while the device is away."""
        await self._connected(account).send(told)

    async def push_typing(self, peer: Peer, account: Account, *, typing: bool) -> None:
        state = stanza("composing" if typing else "paused")
        await self.push_stanza(account, stanza("chatstate", state, from_=peer.jid))

    def _connected(self, account: Account) -> Connection:
        connection = self.world.connection_of(account)
        if connection is None:
            raise LookupError(f"{account.user} is not connected")
        return connection


def _described(addresses: dict[str, str], peer: Peer, kind: str) -> dict[str, str]:
    return {**addresses, "t": now(), "type": kind, "notify": peer.name}
