"""Messages to the device: encrypted by their sender, queued until acknowledged, encrypted again when asked."""

from __future__ import annotations

import secrets
import time

from tests.fake_whatsapp import protobufs
from tests.fake_whatsapp.account import Account, DeviceKeys, PreKey
from tests.fake_whatsapp.connection import Connection
from tests.fake_whatsapp.jids import NUMBERS, SERVER
from tests.fake_whatsapp.offline import ids_of
from tests.fake_whatsapp.peer import Peer, Sealed
from tests.fake_whatsapp.people import Group
from tests.fake_whatsapp.stanza import Stanza, stanza
from tests.fake_whatsapp.world import Pushed, World


def new_id() -> str:
    """A message's id as an Android phone makes them."""
    return "3A" + secrets.token_hex(9).upper()


def now() -> str:
    return str(int(time.time()))


async def push(world: World, pushed: Pushed) -> str:
    """Encrypt and hand over, or queue while the device is away; the message's id."""
    world.pushed[pushed.account, pushed.id] = pushed
    async with pushed.account.order:
        sealed = await _sealed_for_group(pushed, pushed.group) if pushed.group else [await _sealed(pushed)]
        await hand_over(world, pushed.account, _message(pushed, sealed))
    return pushed.id


async def hand_over(world: World, account: Account, told: Stanza) -> None:
    """Queue *told*, and send it where the device is there; the caller holds the account's order."""
    world.offline.put(account, told)
    connection = world.connection_of(account)
    if connection is not None and connection.ready:
        await connection.send(told)


async def give_backlog(world: World, connection: Connection, account: Account) -> None:
    """After a login: all that was not acknowledged, between its announcement and its end."""
    async with account.order:
        held = world.offline[account]
        number = str(len(held))
        counts = {"count": number, "appdata": "0", "message": number, "notification": "0", "receipt": "0"}
        await connection.send(stanza("ib", stanza("offline_preview", **counts), from_=SERVER))
        for told in held:
            await connection.send(told.with_attrs(offline="0"))
        await connection.send(stanza("ib", stanza("offline", count=number), from_=SERVER))
        connection.ready = True


async def encrypt_again(world: World, account: Account, receipt: Stanza) -> None:
    """A retry receipt: the sender begins a new session and sends the same message, under its id, once more."""
    if world.ignores_retries:
        return
    for named in ids_of(receipt):
        pushed = world.pushed.get((account, named))
        if pushed is not None:
            await _push_again(world, pushed, receipt)


async def _push_again(world: World, pushed: Pushed, receipt: Stanza) -> None:
    account, peer = pushed.account, pushed.peer
    count = receipt.need("retry").attrs.get("count", "1")
    async with account.order:
        keys, once = _bundle(account, receipt)
        await peer.begin(account, keys, once)
        _, distribution = await _group_parts(pushed, pushed.group) if pushed.group else (None, None)
        sealed = await _sealed(pushed, distribution)
        await hand_over(world, account, _message(pushed, [sealed], count=count))


def _bundle(account: Account, receipt: Stanza) -> tuple[DeviceKeys, PreKey | None]:
    """The keys for a new session: those that came with the receipt, else those on the server."""
    told = receipt.child("keys")
    if told is None:
        return account.keys, account.prekeys.popleft() if account.prekeys else None
    signed = _prekey(told.need("skey"))
    registration = int.from_bytes(receipt.need("registration").data, "big")
    keys = DeviceKeys(registration, told.need("identity").data[-32:], signed, account.keys.noise)
    once = told.child("key")
    return keys, _prekey(once) if once else None


def _prekey(told: Stanza) -> PreKey:
    signature = told.child("signature")
    number = int.from_bytes(told.need("id").data, "big")
    return PreKey(number, told.need("value").data[-32:], signature.data if signature else b"")


async def _sealed(pushed: Pushed, distribution: bytes | None = None) -> Sealed:
    """For the device alone; with the sender key of its group where one is given."""
    plain = pushed.message.SerializeToString()
    if distribution is not None and pushed.group is not None:
        plain += _distributing(pushed.group, distribution)
    return await pushed.peer.seal(pushed.account, plain)


async def _sealed_for_group(pushed: Pushed, group: Group) -> list[Sealed]:
    """The sender key for the device alone, where it has not got it, and the message for the group."""
    sealed, distribution = await _group_parts(pushed, group)
    if pushed.account in group.told_by(pushed.peer):
        return [sealed]
    group.told_by(pushed.peer).add(pushed.account)
    return [await pushed.peer.seal(pushed.account, _distributing(group, distribution)), sealed]


async def _group_parts(pushed: Pushed, group: Group) -> tuple[Sealed, bytes]:
    return await pushed.peer.seal_for_group(group.jid, pushed.message.SerializeToString())


def _distributing(group: Group, distribution: bytes) -> bytes:
    inner = protobufs.new(
        "Message.SenderKeyDistributionMessage", groupId=group.jid, axolotlSenderKeyDistributionMessage=distribution
    )
    raw: bytes = protobufs.new("Message", senderKeyDistributionMessage=inner).SerializeToString()
    return raw


def _message(pushed: Pushed, sealed: list[Sealed], **attrs: str) -> Stanza:
    parts = (stanza("enc", part.raw, v="2", type=part.kind, **attrs) for part in sealed)
    return Stanza("message", {**pushed.attrs, "id": pushed.id}, tuple(parts))


def addressed(peer: Peer, mode: str) -> dict[str, str]:
    """How *peer* is named: *mode* `pn`, `lid`, or `plain` for a number without a word of its LID."""
    numbered = peer.jid.endswith(NUMBERS)
    if mode == "lid" or not numbered:
        return {"from": peer.lid, "addressing_mode": "lid", **({"sender_pn": peer.jid} if numbered else {})}
    known = {} if mode == "plain" else {"addressing_mode": "pn", "sender_lid": peer.lid}
    return {"from": peer.jid, **known}
