"""usync: who is on WhatsApp, with which devices, and which LID goes with which number."""

from __future__ import annotations

from tests.fake_whatsapp.connection import Connection
from tests.fake_whatsapp.jids import NUMBERS, user_of
from tests.fake_whatsapp.stanza import Stanza, stanza
from tests.fake_whatsapp.world import World


async def usync(world: World, connection: Connection, asked: Stanza) -> None:
    """Answer for every user listed, each with what the query names: contact, devices, lid, status, picture."""
    told = asked.need("usync")
    wanted = {child.tag for child in told.need("query").children}
    users = [_user(world, user, wanted) for user in told.need("list").children]
    kept = {"context": told.attrs.get("context", ""), "mode": told.attrs.get("mode", "query")}
    result = stanza(
        "usync", stanza("result"), stanza("list", *users), sid=told.attrs["sid"], index="0", last="true", **kept
    )
    await connection.answer(asked, result)


def _user(world: World, listed: Stanza, wanted: set[str]) -> Stanza:
    contact = listed.child("contact")
    asked_for = contact.data if contact else b""
    number = asked_for.decode().lstrip("+").partition("@")[0]
    jid = listed.attrs.get("jid") or f"{number}@{NUMBERS}"
    parts = []
    if "contact" in wanted:
        known = world.people.known(jid) is not None or user_of(jid) in world.accounts
        parts.append(stanza("contact", asked_for, type="in" if known else "out"))
    if "devices" in wanted:
        parts.append(stanza("devices", _devices(world, jid)))
    if "lid" in wanted:
        parts.append(stanza("lid", val=_lid(world, jid)))
    if "status" in wanted:
        parts.append(stanza("status", b"Here for tests"))
    if "picture" in wanted:
        parts.append(stanza("picture", id=world.avatars[jid].picture_id))
    return Stanza("user", {"jid": jid}, tuple(parts))


def _devices(world: World, jid: str) -> Stanza:
    """The phone; and the linked device where the user is one under test."""
    listed = [stanza("device", id="0")]
    account = next((held for held in world.accounts.values() if held.is_meant_by(jid)), None)
    if account is not None:
        listed.append(Stanza("device", {"id": str(account.device), "key-index": "1"}))
    return stanza("device-list", *listed, hash="2:fake")


def _lid(world: World, jid: str) -> str:
    account = world.accounts.get(user_of(jid))
    return account.lid if account else world.people.met(jid).lid
