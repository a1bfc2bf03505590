"""A whole gateway with the real engine: linked, told, asked and sent through over HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from pathlib import Path
from typing import TYPE_CHECKING

from tests.contract.gateway.engines.joined import BOB, OWN, USER, joined, until
from tests.contract.gateway.engines.real import WAIT_S, needs_engine
from tests.contract.gateway.receiver import Call, Receiver
from unlost.gateway.engines.answers import NOT_LINKED
from unlost.gateway.settings import Dialect, Temper

pytestmark = needs_engine

if TYPE_CHECKING:
    from tests.fake_whatsapp.peer import Peer
    from tests.fake_whatsapp.server import FakeWhatsApp

GROUP = "120363000000000001@g.us"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


async def test_linked_by_its_qr_it_tells_and_sends(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    async with joined(server, disk, receiver) as made:
        assert (await made.get("/app/status"))[1]["results"]["is_logged_in"] is False
        account = await made.link(server)
        id_ = await server.push_text(bob, account, "hello é")
        await made.told("hello é")
        await server.acknowledged(id_, WAIT_S)
        (call,) = [one for one in receiver.calls if one.json["event"] == "message"]
        assert is_signed(call)
        _, page = await made.get("/events", after="0")
        kept = [json.loads(one["body"]) for one in page["results"]["data"]]
        assert [one["payload"]["id"] for one in kept if one["event"] == "message"] == [id_]
        status, answered = await made.post("/send/message", key="one", phone=BOB, message="hello back")
        again = await made.post("/send/message", key="one", phone=BOB, message="hello back")
        assert (status, (status, answered)) == (200, again)
        await until(lambda: server.read != [])
        assert [one.text for one in server.read if one.reader is bob] == ["hello back"]
        _, chats = await made.get(f"/chat/{BOB}/messages")
        assert [one["content"] for one in chats["results"]["data"]] == ["hello back", "hello é"]


async def test_a_pairing_code_links_it_too(server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer) -> None:
    async with joined(server, disk, receiver) as made:
        _, told = await made.post(f"/devices/{OWN}/login/code?phone={USER}")
        account = await server.pair_by_code(told["results"]["pair_code"], USER)
        await until(lambda: made.live().engine.link().is_logged_in)
        await server.push_text(bob, account, "hello")
        await made.told("hello")
        assert (await made.get(f"/devices/{OWN}/login"))[0] == 400


async def test_with_avatars_off_the_engine_is_not_asked_and_the_link_stays(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    from tests.fake_whatsapp.avatars import Avatar, Kind

    async with joined(server, disk, receiver) as made:
        await made.link(server)
    server.avatars[BOB] = Avatar(Kind.PANICS)
    async with joined(server, disk, receiver, avatars=False) as made:
        assert (await made.get("/user/avatar", phone=BOB))[1]["message"] == "no avatar found"
        await until(lambda: made.live().engine.link().is_logged_in)
        assert (await made.get("/user/avatar", phone=BOB))[1]["message"] == "no avatar found"
        assert made.counted("whatsapp_web_avatar_fetch_panics_total") == 0


async def test_a_device_that_nobody_links_rests_and_is_begun_again_for_who_asks(
    server: FakeWhatsApp, disk: Path, receiver: Receiver
) -> None:
    async with joined(server, disk, receiver, linking_s=3.0) as made:
        assert (made.live().engine.link(), made.live().account) == (NOT_LINKED, None)
        assert (await made.http.get(f"{made.running.url}/health")).status == 200
        assert (await made.get(f"/chat/{BOB}/messages"))[0] == 401
        assert (await made.get(f"/devices/{OWN}/login"))[0] == 200
        await until(lambda: made.live().engine.link() == NOT_LINKED)
        assert made.counted("unlost_gateway_worker_restarts_total", device=made.label()) == 0
        await made.link(server)
        await asyncio.sleep(3.5)
        assert await made.is_in()


async def test_only_its_own_user_may_read_what_people_wrote(
    server: FakeWhatsApp, disk: Path, receiver: Receiver
) -> None:
    async with joined(server, disk, receiver) as made:
        await made.link(server)
    assert {path.stat().st_mode & 0o077 for path in (disk / "engines", disk / "chats.db", disk / "events.db")} == {0}


async def test_people_groups_and_files_are_looked_up(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    from tests.fake_whatsapp import media, messages
    from tests.fake_whatsapp.people import Group

    server.people.add_group(Group(GROUP, "Família", [bob]))
    picture = server.media.put(media.seal(PNG, "image"))
    async with joined(server, disk, receiver) as made:
        account = await made.link(server)
        _, told = await made.get("/app/info")
        assert (told["results"]["engine"], told["results"]["engine_version"]) == ("neonize", "0.5.2")
        assert (await made.get("/user/check", phone=BOB))[1]["results"] == {"is_on_whatsapp": True}
        assert (await made.get("/user/info", phone=BOB))[0] == 200
        assert (await made.get("/group/info", group_id=GROUP))[1]["results"]["Name"] == "Família"
        assert [one["Name"] for one in (await made.get("/user/my/groups"))[1]["results"]["data"]] == ["Família"]
        assert (await made.get("/user/my/contacts"))[0] == 501
        await server.push_message(bob, account, messages.image(picture, caption="look"))
        await made.told("look")
        (call,) = [one for one in receiver.calls if one.json["event"] == "message"]
        path = call.payload["image"]["path"] if isinstance(call.payload["image"], dict) else call.payload["image"]
        assert await made.fetch(f"/{path}") == (200, PNG)
        (_, again) = await made.get(f"/message/{call.payload['id']}/download", phone=BOB)
        assert await made.fetch(f"/{again['results']['file_path']}") == (200, PNG)


async def test_every_kind_of_send_reaches_the_phone(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    from tests.fake_whatsapp.people import Group

    server.people.add_group(Group(GROUP, "Família", [bob]))
    async with joined(server, disk, receiver) as made:
        account = await made.link(server)
        theirs = await server.push_text(bob, account, "question")
        await made.told("question")
        status, told = await made.post("/send/message", phone=BOB, message="answer", reply_message_id=theirs)
        assert status == 200, told
        mine = told["results"]["message_id"]
        for path, fields in (
            (f"/message/{theirs}/reaction", {"emoji": "👍"}),
            (f"/message/{mine}/update", {"message": "better"}),
            (f"/message/{mine}/revoke", {}),
            (f"/message/{theirs}/read", {}),
            ("/send/location", {"latitude": "-25.4", "longitude": "-49.3"}),
            ("/send/contact", {"contact_name": "Ana", "contact_phone": "5511987654321"}),
            ("/send/poll", {"question": "when?", "options": ["today", "later"], "max_answer": 1}),
            ("/send/chat-presence", {"action": "start"}),
        ):
            status, told = await made.post(path, phone=BOB, **fields)
            assert status == 200, (path, told)
        assert (await made.post("/send/message", phone=GROUP, message="to all"))[0] == 200
        assert (await made.upload("image", PNG, phone=BOB, caption="look"))[0] == 200
        await until(lambda: len([one for one in server.read if one.reader is bob]) == 9)
        read = [one for one in server.read if one.reader is bob]
        assert [one.text for one in read if one.text] == ["answer", "to all"]
        assert b"better" in read[2].raw
        assert b"look" in read[-1].raw


async def test_a_number_that_is_not_on_whatsapp_is_sent_nothing(
    server: FakeWhatsApp, disk: Path, receiver: Receiver
) -> None:
    async with joined(server, disk, receiver) as made:
        await made.link(server)
        status, told = await made.post("/send/message", phone="5511900000009@s.whatsapp.net", message="hello?")
        assert (status, server.read) == (400, []), told


async def test_typing_is_told_and_the_past_goes_to_storage_alone(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    """WhatsApp itself tells of typing only to who shows as online; the fake tells everybody."""
    from tests.fake_whatsapp.history import Told

    async with joined(server, disk, receiver) as made:
        account = await made.link(server)
        past = [Told(BOB, f"OLD{number}", f"old {number}", 1_700_000_000 + number, number == 1) for number in range(60)]
        await server.push_history(account, past)
        await made.stored(BOB, 60)
        await server.push_typing(bob, account, typing=True)
        await until(lambda: "chat_presence" in made.events())
        (typing,) = [call.payload for call in receiver.calls if call.json["event"] == "chat_presence"]
        assert typing == {"chat_id": BOB, "from": BOB, "is_group": False, "media": "", "state": "composing"}
        rows = await made.stored(BOB, 60)
        assert [one["content"] for one in rows] == [f"old {number}" for number in reversed(range(60))]
        assert [one["sender_jid"] for one in rows if one["is_from_me"]] == [OWN]
        assert made.texts() == []


async def test_what_is_gone_from_whatsapp_s_servers_is_not_found(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    from tests.fake_whatsapp import media, messages

    picture = server.media.put(media.seal(PNG, "image"))
    async with joined(server, disk, receiver) as made:
        account = await made.link(server)
        await server.push_message(bob, account, messages.image(picture, caption="look"))
        await made.told("look")
        server.media.status = 410
        (call,) = [one for one in receiver.calls if one.json["event"] == "message"]
        assert (await made.fetch(f"/{call.payload['image']['path']}"))[0] == 404


async def test_gowa_s_temper_tells_what_the_real_engine_heard(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    async with joined(server, disk, receiver, temper=Temper.GOWA, dialect=Dialect.FLAT) as made:
        account = await made.link(server, path="/app/login")
        await server.push_text(bob, account, "flat")
        await until(lambda: "flat" in receiver.texts())


def is_signed(call: Call) -> bool:
    wanted = hmac.new(b"secret", call.body, hashlib.sha256).hexdigest()
    return call.headers["X-Hub-Signature-256"] == f"sha256={wanted}"
