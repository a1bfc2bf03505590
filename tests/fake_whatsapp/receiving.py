"""What the device sends to people: acknowledged, decrypted by its receivers, kept for the test to read."""

from __future__ import annotations

from dataclasses import dataclass

from tests.fake_whatsapp import protobufs
from tests.fake_whatsapp.account import Account
from tests.fake_whatsapp.connection import Connection
from tests.fake_whatsapp.delivering import now
from tests.fake_whatsapp.jids import GROUPS, server_of, user_of
from tests.fake_whatsapp.messages import words_of
from tests.fake_whatsapp.peer import Peer, Sealed
from tests.fake_whatsapp.stanza import Stanza, stanza
from tests.fake_whatsapp.world import World


@dataclass(frozen=True)
class Read:
    """A message as one receiver read it; *raw* is the protobuf, decrypted."""

    id: str
    to: str
    reader: Peer
    raw: bytes

    @property
    def text(self) -> str:
        return words_of(self.raw)


async def receive(world: World, connection: Connection, told: Stanza) -> list[Read]:
    """Acknowledge *told* and let every receiver that can read it do so.

    The user's own phone is among the receivers of a message's copies, but is not reported.
    """
    if connection.account is None:
        return []
    if not world.withholds_acks:
        refused = {"error": world.refuses_sends} if world.refuses_sends else {}
        named = {"class": "message", "id": told.id, "from": told.attrs["to"], "t": now()}
        await connection.send(Stanza("ack", {**named, **refused}))
    if world.refuses_sends:
        return []
    if server_of(told.attrs["to"]) == GROUPS:
        return await _read_in_group(world, connection.account, told)
    return await _read_alone(world, connection.account, told)


async def _read_alone(world: World, account: Account, told: Stanza) -> list[Read]:
    read = []
    for jid, sealed in _copies(told):
        if account.is_meant_by(jid):
            continue
        peer = world.people.met(jid)
        read.append(Read(told.id, told.attrs["to"], peer, await peer.open(account, sealed)))
    return read


async def _read_in_group(world: World, account: Account, told: Stanza) -> list[Read]:
    group = told.attrs["to"]
    for jid, sealed in _copies(told):
        if not account.is_meant_by(jid):
            await _learn(world.people.met(jid), group, account, sealed)
    shared = told.need("enc").data
    members = world.people.groups[group].members if group in world.people.groups else []
    return [Read(told.id, group, peer, await peer.open_for_group(group, account, shared)) for peer in members]


async def _learn(peer: Peer, group: str, account: Account, sealed: Sealed) -> None:
    message = protobufs.parse("Message", await peer.open(account, sealed))
    distribution = message.senderKeyDistributionMessage.axolotlSenderKeyDistributionMessage
    await peer.learn_sender_key(group, account, distribution)


def _copies(told: Stanza) -> list[tuple[str, Sealed]]:
    """Address and ciphertext of every copy made for one receiver alone."""
    copies = [(to.attrs["jid"], to.need("enc")) for part in told.children for to in part.children if to.tag == "to"]
    alone = told.child("enc")
    if not copies and alone is not None:
        copies = [(told.attrs["to"], alone)]
    return [(jid, Sealed(part.attrs["type"], part.data)) for jid, part in copies if user_of(jid)]


def acknowledged(told: Stanza) -> Stanza:
    """The server's word that it has a receipt (or a call's stanza)."""
    kept = {name: told.attrs[name] for name in ("type", "participant") if name in told.attrs}
    return Stanza("ack", {"class": told.tag, "id": told.id, "from": told.attrs.get("to", ""), **kept})


def failure(reason: int, **attrs: str) -> Stanza:
    """Refuses a login: 401 logged out, 402 banned for a time, 403 banned, 405 outdated, 503 away."""
    return stanza("failure", reason=str(reason), location="fake", **attrs)
