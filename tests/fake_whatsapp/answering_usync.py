"""usync: who is on WhatsApp, with which devices, and which LID goes with which number."""

from __future__ import annotations

from collections.abc import Callable

from tests.fake_whatsapp import protobufs
from tests.fake_whatsapp.avatars import Kind
from tests.fake_whatsapp.connection import Connection
from tests.fake_whatsapp.jids import NUMBERS, server_of, user_of
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
    jid = _true(world, listed.attrs.get("jid") or f"{number}@{NUMBERS}")
    answers: dict[str, Callable[[], Stanza]] = {
        "contact": lambda: stanza("contact", asked_for, type="in" if _is_known(world, jid) else "out"),
        "devices": lambda: stanza("devices", _devices(world, jid)),
        "lid": lambda: stanza("lid", val=_lid(world, jid)),
        "status": lambda: stanza("status", world.people.met(jid).status.encode()),
        "picture": lambda: _picture(world, jid),
        "business": lambda: _business(world, jid),
    }
    return Stanza("user", {"jid": jid}, tuple(answer() for about, answer in answers.items() if about in wanted))


def _true(world: World, jid: str) -> str:
    """The address that WhatsApp itself uses for *jid*, which may be written another way; a LID stays one."""
    known = world.people.known(jid)
    return known.jid if known and server_of(jid) == NUMBERS == server_of(known.jid) else jid


def _is_known(world: World, jid: str) -> bool:
    return world.people.known(jid) is not None or user_of(jid) in world.accounts


def _picture(world: World, jid: str) -> Stanza:
    avatar = world.avatars[jid]
    return stanza("picture", id=avatar.picture_id) if avatar.kind is Kind.PRESENT else stanza("picture")


def _business(world: World, jid: str) -> Stanza:
    name = world.people.met(jid).business
    if not name:
        return stanza("business")
    details = protobufs.new("VerifiedNameCertificate.Details", verifiedName=name, serial=1, issuer="fake")
    certificate = protobufs.new("VerifiedNameCertificate", details=details.SerializeToString())
    return stanza("business", stanza("verified_name", certificate.SerializeToString(), v="1", serial="1"))


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
