"""`kill -9` at each instant of a message's way in: nothing is acknowledged unwritten, and nothing is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.contract.gateway.engines.dying_worker import INSTANTS
from tests.contract.gateway.engines.real import WAIT_S, device, needs_engine
from unlost.gateway.engines.deaths import Reason

pytestmark = needs_engine

if TYPE_CHECKING:
    from tests.fake_whatsapp.account import Account
    from tests.fake_whatsapp.peer import Peer
    from tests.fake_whatsapp.server import FakeWhatsApp

DYING = "tests.contract.gateway.engines.dying_worker"
BOB = "628999888777@s.whatsapp.net"
GROUP = "120363000000000001@g.us"


async def push(server: FakeWhatsApp, bob: Peer, account: Account, how: str, words: str) -> str:
    """`pkmsg` and `msg`: to the account alone, by number; `lid`: by LID; `group…`: to a group.

    `group-twin` is the first one of its sender: two encrypted parts, two events, the first of them empty.
    """
    from tests.fake_whatsapp import messages
    from tests.fake_whatsapp.people import Group

    if how.startswith("group"):
        group = Group(GROUP, "Group", [bob], mode="lid" if how.endswith("lid") else "pn")
        known = server.people.groups.get(GROUP, group)
        return await server.push_group_message(known, bob, account, messages.text(words))
    if how == "msg":
        bob.settle(account)
    return await server.push_text(bob, account, words, mode="lid" if how == "lid" else "pn")


@pytest.mark.parametrize("how", ["pkmsg", "msg", "lid", "group", "group-lid", "group-twin"])
@pytest.mark.parametrize("instant", INSTANTS)
async def test_killed_at_any_instant_a_message_is_told_once_and_acknowledged_after(
    server: FakeWhatsApp, disk: Path, instant: str, how: str
) -> None:
    """A first message makes the session and the sender key; the second one kills the worker, which is begun again."""
    from tests.contract.gateway.engines.watching import Watch
    from tests.fake_whatsapp.peer import Peer

    bob = Peer(BOB)
    async with device(server.endpoint_file, disk / "support", DYING, instant) as made:
        account = await server.pair(await made.code(), "628111222333")
        await made.logged_in()
        if how not in ("pkmsg", "group-twin"):
            first = await push(server, bob, account, how, "first")
            await made.text(first)
            await server.acknowledged(first, WAIT_S)
        watch = Watch(made)
        watching = asyncio.create_task(server.wait_for(watch, WAIT_S, after=len(server.record)))
        logins = made.supervisor.deaths
        (made.folder / "die").touch()
        id_ = await push(server, bob, account, how, "precious")
        await made.told.until(lambda: made.supervisor.deaths > logins)
        await made.text(id_)
        await server.acknowledged(id_, WAIT_S)
        watching.cancel()
        assert made.supervisor.last_fault is not None
        assert made.supervisor.last_fault.reason is Reason.KILLED
        assert made.texts().count("precious") == 1
        assert watch.early == []
        assert made.supervisor.pulse.released == 0


@pytest.mark.parametrize("instant", ["noticed", "decrypted", "written"])
async def test_killed_at_any_instant_a_group_s_notice_is_told_once_though_it_was_acknowledged(
    server: FakeWhatsApp, disk: Path, instant: str
) -> None:
    """It is acknowledged as it comes in; WhatsApp may bring it again or not."""
    from tests.fake_whatsapp.peer import Peer
    from tests.fake_whatsapp.people import Group
    from tests.fake_whatsapp.stanza import stanza

    bob = Peer(BOB)
    team = server.people.add_group(Group(GROUP, "Group", [bob]))
    async with device(server.endpoint_file, disk / "support", DYING, instant) as made:
        account = await server.pair(await made.code(), "628111222333")
        await made.logged_in()
        (made.folder / "die").touch()
        joins = stanza("add", stanza("participant", jid="628000000001@s.whatsapp.net"))
        await server.push_group_change(team, bob, account, joins)
        await made.logged_in(2)
        leaves = stanza("remove", stanza("participant", jid="628000000001@s.whatsapp.net"))
        await server.push_group_change(team, bob, account, leaves)
        await made.told.until(lambda: [one.kind for one in made.changes()][-1:] == ["leave"])
        assert [(one.kind, one.chat, one.jids) for one in made.changes()] == [
            (kind, GROUP, ("628000000001@s.whatsapp.net",)) for kind in ("join", "leave")
        ]


@pytest.mark.parametrize("instant", ["noticed", "decrypted", "written"])
async def test_killed_at_any_instant_a_receipt_is_told_though_it_was_acknowledged(
    server: FakeWhatsApp, disk: Path, instant: str
) -> None:
    """A status that is told twice says nothing new."""
    from tests.fake_whatsapp.peer import Peer
    from unlost.gateway.events import ReceiptType

    async with device(server.endpoint_file, disk / "support", DYING, instant) as made:
        account = await server.pair(await made.code(), "628111222333")
        await made.logged_in()
        (made.folder / "die").touch()
        await server.push_receipt(Peer(BOB), account, "3EB0AAAA", "read")
        await made.logged_in(2)
        await made.told.until(lambda: made.receipts() != [])
        for told in made.receipts():
            assert (told.ids, told.chat, told.sender, told.kind) == (("3EB0AAAA",), BOB, BOB, ReceiptType.READ)


@pytest.mark.parametrize("instant", ["noticed", "decrypted", "written"])
async def test_killed_at_any_instant_a_call_is_told_once_though_it_was_acknowledged(
    server: FakeWhatsApp, disk: Path, instant: str
) -> None:
    from tests.fake_whatsapp.delivering import now
    from tests.fake_whatsapp.peer import Peer
    from tests.fake_whatsapp.stanza import Stanza, stanza

    async with device(server.endpoint_file, disk / "support", DYING, instant) as made:
        account = await server.pair(await made.code(), "628111222333")
        await made.logged_in()
        (made.folder / "die").touch()
        offer = Stanza("offer", {"call-id": "C1", "call-creator": BOB})
        await server.push_queued(account, stanza("call", offer, from_=BOB, id="S1", t=now(), platform="android"))
        await made.logged_in(2)
        await made.told.until(lambda: made.calls() != [])
        await made.text(await server.push_text(Peer(BOB), account, "after it"))
        assert [(one.call_id, one.sender) for one in made.calls()] == [("C1", BOB)]
