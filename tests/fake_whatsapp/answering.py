"""The server's answers to queries, by xmlns and type; what is not listed gets an empty result."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.fake_whatsapp import avatars, media
from tests.fake_whatsapp.account import PreKey
from tests.fake_whatsapp.answering_groups import group_asked, group_told
from tests.fake_whatsapp.answering_settings import blocked, own_link, own_picture, privacy
from tests.fake_whatsapp.answering_usync import usync
from tests.fake_whatsapp.connection import Connection
from tests.fake_whatsapp.link_codes import REG
from tests.fake_whatsapp.peer import Peer
from tests.fake_whatsapp.receiving import failure
from tests.fake_whatsapp.stanza import Stanza, stanza
from tests.fake_whatsapp.world import World

Answering = Callable[[World, Connection, Stanza], Awaitable[None]]
MEDIA_TTL_S = "300"


async def answer(world: World, connection: Connection, asked: Stanza) -> None:
    """Answer a query: by the test's hook where there is one, else as WhatsApp would."""
    about = (asked.attrs.get("xmlns", ""), asked.attrs.get("type", ""))
    if hook := world.hooks.get(about):
        return await hook(connection, asked)
    return await ANSWERS.get(about, _empty)(world, connection, asked)


async def _empty(world: World, connection: Connection, asked: Stanza) -> None:
    await connection.answer(asked)


async def _prekeys_asked(world: World, connection: Connection, asked: Stanza) -> None:
    """Either the count of the asker's own one-time keys, or the keys of the addresses that it names."""
    wanted = asked.child("key")
    if wanted is None:
        held = len(connection.account.prekeys) if connection.account else 0
        return await connection.answer(asked, stanza("count", value=str(held)))
    users = [await _bundle(world, user.attrs["jid"]) for user in wanted.children]
    return await connection.answer(asked, stanza("list", *users))


async def _bundle(world: World, jid: str) -> Stanza:
    peer: Peer = world.people.met(jid)
    keys, once = await peer.keys()
    return stanza(
        "user",
        stanza("registration", keys.registration_id.to_bytes(4, "big")),
        stanza("type", b"\x05"),
        stanza("identity", keys.identity),
        _key("skey", keys.signed_prekey),
        _key("key", once),
        jid=jid,
    )


def _key(tag: str, key: PreKey) -> Stanza:
    parts = [stanza("id", key.id.to_bytes(3, "big")), stanza("value", key.public)]
    if key.signature:
        parts.append(stanza("signature", key.signature))
    return stanza(tag, *parts)


async def _prekeys_told(world: World, connection: Connection, asked: Stanza) -> None:
    """The device uploads one-time keys."""
    listed = asked.child("list")
    if listed is not None and connection.account is not None:
        for key in listed.children:
            once = PreKey(int.from_bytes(key.need("id").data, "big"), key.need("value").data)
            connection.account.prekeys.append(once)
    await connection.answer(asked)


async def _avatar(world: World, connection: Connection, asked: Stanza) -> None:
    jid = asked.attrs.get("target", asked.attrs.get("to", ""))
    picture = asked.child("picture")
    told = avatars.answer_of(world.avatars.asked(jid), jid, picture.attrs if picture else {})
    if told is not None:
        await connection.answer(asked, told[1], type=told[0])


async def _media_hosts(world: World, connection: Connection, asked: Stanza) -> None:
    host = stanza("host", hostname=media.HOST)
    limits = {"auth": "a-test", "ttl": MEDIA_TTL_S, "auth_ttl": MEDIA_TTL_S, "max_buckets": "12"}
    await connection.answer(asked, stanza("media_conn", host, **limits))


async def _passive(world: World, connection: Connection, asked: Stanza) -> None:
    await connection.answer(asked, *(stanza(child.tag) for child in asked.children[:1]))


async def _devices(world: World, connection: Connection, asked: Stanza) -> None:
    """A code to be linked with is asked for; or the device logs itself out."""
    if asked.child(REG) is not None:
        return await world.link_codes.heard(connection, asked)
    if asked.child("remove-companion-device") is not None and connection.account is not None:
        connection.account.refusal = failure(401)
    return await connection.answer(asked)


ANSWERS: dict[tuple[str, str], Answering] = {
    ("encrypt", "get"): _prekeys_asked,
    ("encrypt", "set"): _prekeys_told,
    ("usync", "get"): usync,
    ("w:profile:picture", "get"): _avatar,
    ("w:m", "set"): _media_hosts,
    ("w:profile:picture", "set"): own_picture,
    ("w:qr", "set"): own_link,
    ("w:g2", "get"): group_asked,
    ("w:g2", "set"): group_told,
    ("privacy", "get"): privacy,
    ("blocklist", "get"): blocked,
    ("blocklist", "set"): blocked,
    ("passive", "set"): _passive,
    ("md", "set"): _devices,
}
