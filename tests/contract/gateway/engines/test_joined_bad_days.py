"""Bad days of a whole gateway with the real engine: panics, kills, damaged files, lost links."""

from __future__ import annotations

import asyncio
import os
import signal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.contract.gateway.asking import PNG
from tests.contract.gateway.engines.joined import BOB, OWN, SECOND, SECOND_USER, joined, until
from tests.contract.gateway.engines.real import needs_engine
from tests.contract.gateway.engines.test_neonize_bad_days import damage
from tests.contract.gateway.receiver import Receiver
from unlost.gateway.engines.frames import StateName
from unlost.gowa.readers import read_event
from unlost.vocabulary.envelopes import Source
from unlost.vocabulary.events import MessageArrived

pytestmark = needs_engine

if TYPE_CHECKING:
    from tests.fake_whatsapp.peer import Peer
    from tests.fake_whatsapp.server import FakeWhatsApp

GROUP = "120363000000000001@g.us"
CAROL = "628999888778@s.whatsapp.net"
DYING = "tests.contract.gateway.engines.dying_worker"


async def test_a_panic_in_the_avatar_fetch_is_contained_to_its_call(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    """The engine's real panic, by a real stanza, asked for over HTTP, while the other device gets 60 messages."""
    from tests.fake_whatsapp.avatars import Avatar, Kind

    async with joined(server, disk, receiver) as made:
        await made.post("/devices", device_id=SECOND)
        account, other = await made.link(server), await made.link(server, SECOND, SECOND_USER)
        server.avatars[BOB] = Avatar(Kind.PANICS)
        restarts = made.counted("unlost_gateway_worker_restarts_total", device=SECOND)
        asked = asyncio.create_task(made.get("/user/avatar", phone=BOB))
        theirs = [f"theirs {number}" for number in range(60)]
        for words in theirs:
            await server.push_text(bob, other, words)
        status, told = await asked
        assert (status, told["code"]) == (503, "engine_crashed")
        mine = [f"mine {number}" for number in range(5)]
        for words in mine:
            await server.push_text(bob, account, words)
        await made.told(*mine, *theirs)
        await until(lambda: made.live().engine.link().is_logged_in)
        assert [one for one in made.texts() if one in theirs] == theirs
        assert [one for one in made.texts() if one in mine] == mine
        assert made.counted("whatsapp_web_avatar_fetch_panics_total") == 1
        _, page = await made.fetch("/")
        assert b"After a panic: 1." in page
        assert made.counted("unlost_gateway_worker_restarts_total", device=SECOND) == restarts == 0
        assert await made.is_in(SECOND)
        server.avatars[BOB] = Avatar(Kind.PRESENT)
        assert (await made.get("/user/avatar", phone=BOB))[1]["results"]["url"].startswith("https://")


async def test_a_picture_that_whatsapp_never_answers_for_holds_up_no_other_question(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    from tests.fake_whatsapp.avatars import Avatar, Kind

    async with joined(server, disk, receiver, avatar_wait_s=1.0) as made:
        await made.link(server)
        server.avatars[BOB] = Avatar(Kind.SILENT)
        assert (await made.get("/user/avatar", phone=BOB))[0] == 408
        carol = "628999888778@s.whatsapp.net"
        assert (await made.get("/user/avatar", phone=carol))[0] == 200


async def test_logged_out_here_its_chats_stay_and_it_is_linked_again(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    async with joined(server, disk, receiver) as made:
        account = await made.link(server)
        await server.push_text(bob, account, "before")
        await made.told("before")
        assert (await made.post(f"/devices/{OWN}/logout"))[0] == 200
        await until(lambda: "logout" in made.events())
        assert (await made.get(f"/devices/{OWN}/status"))[1]["results"]["state"] == "logged_out"
        assert len((await made.get(f"/chat/{BOB}/messages"))[1]["results"]["data"]) == 1
        bob.forget(account)
        await server.push_text(bob, await made.link(server), "after")
        await made.told("after")
    async with joined(server, disk, receiver) as made:
        await until(lambda: made.live().engine.link().is_logged_in)


async def test_unlinked_on_the_phone_it_says_so_and_knocks_no_more(
    server: FakeWhatsApp, disk: Path, receiver: Receiver
) -> None:
    async with joined(server, disk, receiver) as made:
        account = await made.link(server)
        await server.unlink(account)
        await until(lambda: "logout" in made.events())
        _, told = await made.get("/app/status")
        assert (told["results"]["is_logged_in"], told["results"]["state"]) == (False, "logged_out")
        assert "scan" in told["results"]["cure"]


async def test_a_removed_device_leaves_nothing_and_the_others_alone(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    async with joined(server, disk, receiver) as made:
        await made.post("/devices", device_id=SECOND)
        account, other = await made.link(server), await made.link(server, SECOND, SECOND_USER)
        await server.push_text(bob, other, "last words")
        await made.told("last words")
        async with made.http.delete(f"{made.running.url}/devices/{SECOND}") as got:
            assert got.status == 200
        assert [one.name.startswith(SECOND) for one in (disk / "engines").iterdir()] == [False]
        await server.push_text(bob, account, "still here")
        await made.told("still here")


@pytest.mark.parametrize("harm", ["gone", "garbage", "emptied"])
async def test_a_damaged_store_is_refused_with_the_cure_and_never_linked_anew(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, harm: str
) -> None:
    async with joined(server, disk, receiver) as made:
        await made.link(server)
    (store,) = (disk / "engines").glob("*/engine.db")
    damage(store, harm)
    async with joined(server, disk, receiver) as made:
        await until(lambda: made.live().engine.link().state is StateName.STORE_DAMAGED)
        assert "backup" in (await made.get("/app/status"))[1]["results"]["cure"]
        assert (await made.get(f"/devices/{OWN}/login"))[0] == 400
        async with made.http.get(f"{made.running.url}/health") as got:
            assert got.status == 503
            assert "store_damaged" in await got.text()


async def test_a_damaged_record_is_refused_with_the_cure_and_harms_no_other(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    async with joined(server, disk, receiver) as made:
        await made.post("/devices", device_id=SECOND)
        await made.link(server)
        account = await made.link(server, SECOND, SECOND_USER)
    (record,) = (disk / "engines").glob("2333-*/record.db")
    for file in record.parent.glob("record.db*"):
        file.unlink()
    record.write_bytes(os.urandom(8192))
    async with joined(server, disk, receiver) as made:
        assert (await made.get(f"/devices/{OWN}/status"))[1]["results"]["state"] == "store_damaged"
        assert (await made.get(f"/devices/{OWN}/login"))[0] == 400
        assert (await made.post(f"/devices/{OWN}/reconnect"))[0] == 500
        await until(lambda: made.live(SECOND).engine.link().is_logged_in)
        await server.push_text(bob, account, "unharmed")
        await made.told("unharmed")


async def test_a_send_that_its_engine_died_in_is_not_repeated_and_one_that_never_left_is(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    """WhatsApp withholds its word, and the worker is killed: whether the message arrived cannot be known."""
    async with joined(server, disk, receiver) as made:
        await made.link(server)
        server.world.withholds_acks = True
        sending = asyncio.create_task(made.post("/send/message", key="doubt", phone=BOB, message="once"))
        await until(lambda: [one.text for one in server.read] == ["once"])
        os.kill(made.pid(), signal.SIGKILL)
        assert (await sending)[1]["code"] == "outcome_unknown"
        server.world.withholds_acks = False
        await until(lambda: made.live().engine.link().is_logged_in)
        assert (await made.post("/send/message", key="doubt", phone=BOB, message="once"))[0] == 409
        assert (await made.post("/send/message", key="other", phone=BOB, message="twice"))[0] == 200
        await until(lambda: [one.text for one in server.read] == ["once", "twice"])


async def test_a_send_behind_one_that_whatsapp_does_not_answer_has_not_begun_and_is_sent_once_when_it_is_asked_again(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    """The first is in doubt; the second stood behind it until its caller was about to give up, and may be repeated."""
    from tests.fake_whatsapp.peer import Peer

    server.people.add(Peer(CAROL))
    async with joined(server, disk, receiver, send_wait_s=4.0) as made:
        await made.link(server)
        server.world.withholds_acks = True
        first = asyncio.create_task(made.post("/send/message", key="first", phone=BOB, message="first"))
        await until(lambda: [one.text for one in server.read] == ["first"])
        status, told = await made.post("/send/message", key="second", phone=CAROL, message="second")
        assert (status, told["code"]) == (503, "not_started")
        assert (await first)[1]["code"] == "outcome_unknown"
        server.world.withholds_acks = False
        os.kill(made.pid(), signal.SIGKILL)
        await until(lambda: not made.live().engine.link().is_logged_in)
        await until(lambda: made.live().engine.link().is_logged_in)
        assert (await made.post("/send/message", key="second", phone=CAROL, message="second"))[0] == 200
        await until(lambda: [one.text for one in server.read] == ["first", "second"])


async def test_what_whatsapp_refuses_leaves_its_key_free(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    async with joined(server, disk, receiver) as made:
        await made.link(server)
        server.world.refuses_sends = "479"
        status, told = await made.post("/send/message", key="k", phone=BOB, message="once")
        assert (status, told["code"]) == (400, "REFUSED")
        server.world.refuses_sends = ""
        assert (await made.post("/send/message", key="k", phone=BOB, message="once"))[0] == 200
        await until(lambda: [one.text for one in server.read] == ["once"])


async def test_a_send_whose_link_broke_twice_before_it_left_is_sent_once_when_it_is_asked_again(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    """whatsmeow asks for the group's devices again over the next connection, and then gives up."""
    from tests.fake_whatsapp.people import Group

    async def silence(*_: object) -> None:
        """No device list: the send goes no further."""

    server.people.add_group(Group(GROUP, "Família", [bob]))
    async with joined(server, disk, receiver) as made:
        account = await made.link(server)
        server.hooks["usync", "get"] = silence
        before = len(server.record.sent("iq", xmlns="usync"))
        sending = asyncio.create_task(made.post("/send/message", key="k", phone=GROUP, message="once"))
        for asked in (1, 2):
            await until(partial(asked_for_devices, server, before + asked))
            await server.drop(account)
        status, told = await sending
        assert (status, told["code"], server.record.sent("message")) == (503, "not_started", [])
        del server.hooks["usync", "get"]
        await until(lambda: made.live().engine.link().is_logged_in)
        assert (await made.post("/send/message", key="k", phone=GROUP, message="once"))[0] == 200
        await until(lambda: [one.text for one in server.read] == ["once"])


def asked_for_devices(server: FakeWhatsApp, times: int) -> bool:
    return len(server.record.sent("iq", xmlns="usync")) >= times


async def test_a_file_whose_caller_gave_up_during_its_upload_is_not_sent_afterwards(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    async with joined(server, disk, receiver, send_wait_s=3.0) as made:
        await made.link(server)
        server.media.opened.clear()
        assert (await made.upload("image", PNG, phone=BOB))[0] == 504
        server.media.opened.set()
        await until(lambda: bool(server.media.uploads))
        assert (await made.post("/send/message", phone=BOB, message="after it"))[0] == 200
        await until(lambda: bool(server.read))
        assert [one.text for one in server.read] == ["after it"]


async def test_a_message_that_nobody_can_read_is_told_as_the_bridge_reads_it_counted_and_logged(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    """The worker dies with it decrypted, and its sender does not encrypt it again."""
    async with joined(server, disk, receiver, DYING, "decrypted", unrecovered_after_s=0.5) as made:
        account = await made.link(server)
        server.world.ignores_retries = True
        (folder,) = (disk / "engines").iterdir()
        (folder / "die").touch()
        id_ = await server.push_text(bob, account, "gone")
        await until(lambda: "message.unrecovered" in made.events())
        (call,) = [one for one in receiver.calls if one.json["event"] == "message.unrecovered"]
        read = read_event(Source.ENVELOPE, call.body, None)
        assert isinstance(read, MessageArrived)
        assert (read.is_unrecovered, read.id, read.chat, read.sender) == (True, id_, BOB, BOB)
        await until(lambda: made.counted("unlost_gateway_messages_unrecovered_total", device=made.label()) == 1)


async def test_without_a_network_who_asks_for_a_code_is_told_so(
    server: FakeWhatsApp, disk: Path, receiver: Receiver
) -> None:
    assert server._proxy is not None
    await server._proxy.close()
    async with joined(server, disk, receiver) as made:
        assert (await made.get("/app/info"))[1]["results"]["engine_version"] == "0.5.2"
        status, told = await made.get(f"/devices/{OWN}/login")
        assert (status, told["code"]) == (503, "not_started")
        assert "network" in told["message"]
        assert (await made.get(f"/devices/{OWN}/status"))[1]["results"]["is_connected"] is False
