"""What a user has set: privacy, blocked people, the own picture, the link to oneself. Kept only while it is asked."""

from __future__ import annotations

from tests.fake_whatsapp.connection import Connection
from tests.fake_whatsapp.stanza import Stanza, stanza
from tests.fake_whatsapp.world import World

PRIVACY = {
    "groupadd": "all",
    "last": "contacts",
    "status": "contacts",
    "profile": "all",
    "readreceipts": "all",
    "online": "all",
    "calladd": "all",
}


async def privacy(world: World, connection: Connection, asked: Stanza) -> None:
    """The settings, what this very query changes among them."""
    changed = {one.attrs["name"]: one.attrs["value"] for one in asked.walk() if one.tag == "category"}
    categories = (stanza("category", name=name, value=value) for name, value in (PRIVACY | changed).items())
    await connection.answer(asked, stanza("privacy", *categories))


async def blocked(world: World, connection: Connection, asked: Stanza) -> None:
    """Whom the user has blocked, once this query's change is made."""
    for item in (one for one in asked.children if one.tag == "item"):
        if item.attrs.get("action") == "block":
            world.blocked[item.attrs["jid"]] = None
        else:
            world.blocked.pop(item.attrs["jid"], None)
    listed = (stanza("item", jid=jid) for jid in world.blocked)
    await connection.answer(asked, stanza("list", *listed, dhash="fake"))


async def own_picture(world: World, connection: Connection, asked: Stanza) -> None:
    await connection.answer(asked, stanza("picture", id="1"))


async def own_link(world: World, connection: Connection, asked: Stanza) -> None:
    await connection.answer(asked, stanza("qr", code="FAKECONTACT", type="contact"))
