"""The real engine meets what the fake can do to it."""

from signal import SIGSTOP

import pytest

pytest.importorskip("pyaileys", reason="the library that has WhatsApp's token tables is not installed")

from tests.fake_whatsapp import messages
from tests.fake_whatsapp.avatars import Avatar, Kind
from tests.fake_whatsapp.conftest import Linked
from tests.fake_whatsapp.connection import Connection
from tests.fake_whatsapp.engine_process import EngineGone, EngineProcess
from tests.fake_whatsapp.peer import Peer
from tests.fake_whatsapp.people import Group
from tests.fake_whatsapp.record import sent
from tests.fake_whatsapp.server import FakeWhatsApp
from tests.fake_whatsapp.stanza import Stanza

NUMBER = "628999888777"
TEAM = "120363000000000001@g.us"
ABORTED = -6
"""SIGABRT: how Go ends after a panic."""


def bob() -> Peer:
    return Peer(f"{NUMBER}@s.whatsapp.net")


async def test_one_picture_ends_the_engine(server: FakeWhatsApp, linked: Linked) -> None:
    server.avatars[NUMBER] = Avatar(Kind.PANICS)
    with pytest.raises(EngineGone) as gone:
        await linked.engine.ask(f"client.get_profile_picture(jid('{NUMBER}'))")
    assert gone.value.status == ABORTED
    assert "panic: interface conversion" in linked.engine.last_words


async def test_a_pairing_without_an_id_ends_the_engine(server: FakeWhatsApp, linked: Linked) -> None:
    await server.panic_at_pairing(linked.account)
    with pytest.raises(EngineGone) as gone:
        await linked.engine.message()
    assert gone.value.status == ABORTED
    assert "handlePairSuccess" in linked.engine.last_words


async def test_what_came_while_the_device_was_away_is_given_at_its_next_login(
    server: FakeWhatsApp, linked: Linked
) -> None:
    peer = bob()
    await linked.engine.kill()
    ids = [await server.push_text(peer, linked.account, f"down {number}") for number in range(3)]
    assert [held.id for held in server.offline[linked.account]] == ids
    async with again(server, linked) as engine:
        assert [(await engine.message())["text"] for _ in ids] == ["down 0", "down 1", "down 2"]
        for one in ids:
            await server.acknowledged(one, within_s=10)
    assert server.offline[linked.account] == []


def again(server: FakeWhatsApp, linked: Linked) -> EngineProcess:
    """The same device in a new process."""
    return EngineProcess(server.endpoint_file, linked.engine.database)


@pytest.mark.parametrize("where", ["by number", "by lid", "in a group", "in a group by lid"])
async def test_a_device_that_lost_its_sessions_gets_the_message_encrypted_anew(
    server: FakeWhatsApp, linked: Linked, where: str
) -> None:
    """What a crash between decryption and write needs: redelivery alone is of no use, the key is used up."""
    peer, mode = bob(), "lid" if where.endswith("lid") else "pn"
    team = Group(TEAM, "Team", [peer], mode)

    async def write(words: str) -> str:
        if not where.startswith("in a group"):
            return await server.push_text(peer, linked.account, words, mode=mode)
        return await server.push_group_message(team, peer, linked.account, messages.text(words))

    await server.acknowledged(await write("before"), within_s=10)
    peer.settle(linked.account)
    await linked.engine.kill()
    linked.engine.lose_sessions()
    pushed = await write("precious")
    async with again(server, linked) as engine:
        assert (await engine.message())["text"] == "precious"
        await server.acknowledged(pushed, within_s=10)
        asked = server.record.sent("receipt", id=pushed, type="retry")
        assert len(asked) == 1
        await write("after")
        assert (await engine.message())["text"] == "after"
        assert server.record.sent("receipt", type="retry") == asked


async def test_what_was_given_and_not_acknowledged_is_given_again(server: FakeWhatsApp, linked: Linked) -> None:
    """The process stands still while the message comes, and never goes on."""
    linked.engine.process.send_signal(SIGSTOP)
    pushed = await server.push_text(bob(), linked.account, "again")
    await linked.engine.kill()
    async with again(server, linked) as engine:
        assert (await engine.message())["text"] == "again"
        await server.acknowledged(pushed, within_s=10)
    given = [entry.stanza.attrs.get("offline") for entry in server.record.given("message", id=pushed)]
    assert given == [None, "0"]


async def test_a_message_whose_sender_is_gone_stays_unreadable(server: FakeWhatsApp, linked: Linked) -> None:
    peer = bob()
    await server.acknowledged(await server.push_text(peer, linked.account, "before"), within_s=10)
    peer.settle(linked.account)
    await linked.engine.kill()
    linked.engine.lose_sessions()
    server.world.ignores_retries = True
    pushed = await server.push_text(peer, linked.account, "lost")
    async with again(server, linked) as engine:
        await engine.wait("UndecryptableMessageEv")
        await server.wait_for(sent("receipt", id=pushed, type="retry"), within_s=10)
    assert server.offline[linked.account] == []


async def test_a_dropped_device_comes_back_by_itself(server: FakeWhatsApp, linked: Linked) -> None:
    said = len(server.record)
    await server.drop(linked.account)
    await server.logged_in(linked.account, within_s=30, after=said)
    await server.push_text(bob(), linked.account, "still there?")
    assert (await linked.engine.message())["text"] == "still there?"


async def test_a_replaced_device_is_told_so(server: FakeWhatsApp, linked: Linked) -> None:
    await server.replace_stream(linked.account)
    await linked.engine.wait("StreamReplacedEv")


async def test_an_unlinked_device_is_told_so(server: FakeWhatsApp, linked: Linked) -> None:
    await server.unlink(linked.account)
    await linked.engine.wait("LoggedOutEv")


async def test_a_login_is_refused_with_the_reason_given(server: FakeWhatsApp, linked: Linked) -> None:
    await server.refuse(linked.account, 402, code="101", expire="3600")
    await linked.engine.wait("TemporaryBanEv")


async def test_a_query_is_answered_by_a_hook_where_there_is_one(server: FakeWhatsApp, linked: Linked) -> None:
    async def silent(connection: Connection, asked: Stanza) -> None:
        pass

    server.hooks["w:profile:picture", "get"] = silent
    await linked.engine.tell(f"client.get_profile_picture(jid('{NUMBER}'))")
    asked = await server.wait_for(sent("iq", xmlns="w:profile:picture"), within_s=10)
    assert server.record.given("iq", id=asked.stanza.id) == []
