"""Every verb of the port against the fake WhatsApp, and what a killed send leaves behind."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec
import pytest

from tests.contract.gateway.engines.real import WAIT_S, Device, device, needs_engine
from unlost.gateway.engines import verbs
from unlost.gateway.engines.answers import GroupInfo, Person, Picture, Placed
from unlost.gateway.engines.calls import EngineFailure
from unlost.gateway.engines.frames import FailureKind, StateName
from unlost.gateway.engines.verbs import Nothing, Verb
from unlost.gateway.events import Media, MediaKind

pytestmark = needs_engine

if TYPE_CHECKING:
    from tests.fake_whatsapp.account import Account
    from tests.fake_whatsapp.connection import Connection
    from tests.fake_whatsapp.peer import Peer
    from tests.fake_whatsapp.server import FakeWhatsApp
    from tests.fake_whatsapp.stanza import Stanza

T = TypeVar("T")
BOB = "628999888777@s.whatsapp.net"
GROUP = "120363000000000001@g.us"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


@pytest.fixture
async def made(server: FakeWhatsApp, disk: Path) -> AsyncIterator[Device]:
    async with device(server.endpoint_file, disk / "support") as begun:
        yield begun


@pytest.fixture
async def account(server: FakeWhatsApp, made: Device) -> Account:
    paired = await server.pair(await made.code(), "628111222333")
    await made.logged_in()
    return paired


async def ask(made: Device, verb: Verb, args: msgspec.Struct, answer: type[T], key: str = "") -> T:
    return await made.supervisor.call(verb, args, answer, wait_s=WAIT_S, key=key)


async def refused(made: Device, verb: Verb, args: msgspec.Struct) -> FailureKind:
    with pytest.raises(EngineFailure) as caught:
        await ask(made, verb, args, Nothing)
    return caught.value.kind


async def test_people_are_looked_up(server: FakeWhatsApp, made: Device, account: Account, bob: Peer) -> None:
    from tests.fake_whatsapp.avatars import Avatar, Kind

    person = await ask(made, Verb.USER_INFO, verbs.Who(BOB), Person)
    assert (person.address, person.phone) == (BOB, BOB)
    (checked,) = await ask(made, Verb.CHECK, verbs.Numbers(("628999888777",)), tuple[verbs.Checked, ...])
    assert (checked.query, checked.jid, checked.is_in) == ("628999888777", BOB, True)
    picture = await ask(made, Verb.AVATAR, verbs.PictureAsked(BOB), Picture)
    assert picture.id == "1234567890"
    assert await refused(made, Verb.AVATAR, verbs.PictureAsked(BOB, known_id=picture.id)) is FailureKind.UNCHANGED
    server.hooks["w:profile:picture", "get"] = nothing_new
    assert await refused(made, Verb.AVATAR, verbs.PictureAsked(BOB, known_id=picture.id)) is FailureKind.UNCHANGED
    del server.hooks["w:profile:picture", "get"]
    server.avatars[BOB] = Avatar(Kind.HIDDEN)
    assert await refused(made, Verb.AVATAR, verbs.PictureAsked(BOB)) is FailureKind.HIDDEN
    server.avatars[BOB] = Avatar(Kind.NONE)
    assert await refused(made, Verb.AVATAR, verbs.PictureAsked(BOB)) is FailureKind.NOT_FOUND


async def nothing_new(connection: Connection, asked: Stanza) -> None:
    """The other way to say that the picture is the one the asker has: a result without any."""
    from tests.fake_whatsapp.stanza import stanza

    await connection.send(stanza("iq", id=asked.id, type="result", from_="s.whatsapp.net"))


async def test_groups_are_looked_up(server: FakeWhatsApp, made: Device, account: Account, bob: Peer) -> None:
    from tests.fake_whatsapp.people import Group

    server.people.add_group(Group(GROUP, "Família", [bob]))
    shown = await ask(made, Verb.GROUP_INFO, verbs.Who(GROUP), GroupInfo)
    assert (shown.jid, shown.name, shown.members[0].address) == (GROUP, "Família", BOB)
    groups = await ask(made, Verb.GROUPS, Nothing(), tuple[GroupInfo, ...])
    assert [one.jid for one in groups] == [GROUP]


async def test_what_is_sent_is_read_and_stands_under_its_key(
    server: FakeWhatsApp, made: Device, account: Account, bob: Peer
) -> None:
    quote = verbs.Quoted("3A01", BOB, "what?")
    sent = await ask(made, Verb.SEND_TEXT, verbs.SendText(BOB, "answer é", quote), Placed, key="intent")
    assert made.reader.sent_under("intent") == (sent.id,)
    reaction = await ask(made, Verb.SEND_REACTION, verbs.React(BOB, BOB, "3A01", "👍"), Placed, key="reaction")
    edit = await ask(made, Verb.EDIT, verbs.EditText(BOB, sent.id, "better"), Placed)
    revoke = await ask(made, Verb.REVOKE, verbs.Revoke(BOB, sent.id), Placed)
    place = await ask(made, Verb.SEND_PLACE, verbs.SendPlace(BOB, -25.4, -49.3, "Home"), Placed)
    card = verbs.CardSent("Ana", "BEGIN:VCARD\nFN:Ana\nEND:VCARD")
    cards = await ask(made, Verb.SEND_CARDS, verbs.SendCards(BOB, (card,)), Placed)
    poll = await ask(made, Verb.SEND_POLL, verbs.SendPoll(BOB, "When?", ("now", "later")), Placed)
    ids = {one.id for one in (sent, reaction, edit, revoke, place, cards, poll)}
    assert len(ids) == 7
    assert ids == {entry.stanza.id for entry in server.record.sent("message")}
    assert made.reader.sent_under("reaction") == (reaction.id,)


async def test_a_file_goes_both_ways(
    server: FakeWhatsApp, made: Device, account: Account, bob: Peer, tmp_path: Path
) -> None:
    from tests.fake_whatsapp import media, messages

    (tmp_path / "a.png").write_bytes(PNG)
    asked = verbs.SendMedia(BOB, MediaKind.IMAGE, str(tmp_path / "a.png"), "image/png", caption="look")
    sent = await ask(made, Verb.SEND_MEDIA, asked, Placed, key="file")
    assert made.reader.sent_under("file") == (sent.id,)
    told = messages.image(server.media.put(media.seal(PNG, "image")), caption="see")
    id_ = await server.push_message(bob, account, told, kind="media")
    message = await made.text(id_)
    assert isinstance(message.content, Media)
    assert (message.content.kind, message.content.caption) == (MediaKind.IMAGE, "see")
    got = await ask(made, Verb.DOWNLOAD, verbs.Download(id=id_, chat=BOB), verbs.Downloaded)
    assert Path(got.path).read_bytes() == PNG
    assert Path(got.path).name == Path(message.content.path).name
    assert await refused(made, Verb.DOWNLOAD, verbs.Download(id="unknown", chat=BOB)) is FailureKind.NOT_FOUND


async def test_reading_and_typing_are_told(server: FakeWhatsApp, made: Device, account: Account, bob: Peer) -> None:
    from tests.fake_whatsapp.record import sent

    id_ = await server.push_text(bob, account, "read me")
    await made.text(id_)
    await ask(made, Verb.MARK_READ, verbs.MarkRead(BOB, BOB, (id_,)), Nothing)
    assert (
        await refused(made, Verb.PRESENCE, verbs.SetPresence(True)) is FailureKind.REFUSED
    )  # the fake knows no own name
    await ask(made, Verb.CHAT_PRESENCE, verbs.SetChatPresence(BOB, composing=True), Nothing)
    await server.wait_for(sent("receipt", id=id_, type="read"), WAIT_S)
    await server.wait_for(sent("chatstate"), WAIT_S)


async def test_before_a_phone_is_linked_calls_are_refused_and_the_engine_lives(made: Device) -> None:
    """Many of them would end it (engine-feasibility, 1)."""
    await made.code()
    assert await refused(made, Verb.USER_INFO, verbs.Who(BOB)) is FailureKind.NOT_CONNECTED
    assert await refused(made, Verb.REVOKE, verbs.Revoke(BOB, "3A")) is FailureKind.NOT_CONNECTED
    assert await refused(made, Verb.PAIR_CODE, verbs.Phone("no number")) is FailureKind.INVALID
    assert made.supervisor.last_death is None


async def test_a_code_can_be_typed_instead_of_scanned(server: FakeWhatsApp, made: Device) -> None:
    await made.code()
    code = await ask(made, Verb.PAIR_CODE, verbs.Phone("+628111222333"), verbs.PairCode)
    assert len(code.code.replace("-", "")) == 8


async def test_logging_out_is_answered_and_a_new_code_is_shown(
    server: FakeWhatsApp, made: Device, account: Account
) -> None:
    await ask(made, Verb.LOGOUT, Nothing(), Nothing)
    await made.told.until(lambda: made.states().count(StateName.PAIRING) == 2)
    assert made.supervisor.last_fault is None


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        (Verb.SEND_POLL, verbs.SendPoll(BOB, "?", ("one",))),
        (Verb.MARK_READ, verbs.MarkRead(BOB, BOB, ())),
        (Verb.CHECK, verbs.Numbers(())),
        (Verb.SEND_MEDIA, verbs.SendMedia(BOB, MediaKind.IMAGE, "/nonexistent", "image/png")),
        (Verb.SEND_CARDS, verbs.SendCards(BOB, ())),
        (Verb.USER_INFO, verbs.Numbers(("1",))),
    ],
)
async def test_arguments_that_mean_nothing_are_refused(
    made: Device, account: Account, verb: Verb, args: msgspec.Struct
) -> None:
    assert await refused(made, verb, args) is FailureKind.INVALID


async def test_an_id_of_our_choosing_is_not_supported(made: Device, account: Account) -> None:
    asked = verbs.SendText(BOB, "x", id="3EB0MINE")
    assert await refused(made, Verb.SEND_TEXT, asked) is FailureKind.NOT_SUPPORTED
    assert made.supervisor.hello is not None
    assert not made.supervisor.hello.takes_ids


async def test_a_send_that_never_left_stands_under_no_key(
    server: FakeWhatsApp, made: Device, account: Account, bob: Peer
) -> None:
    """The worker is killed before the send has found the devices it goes to: it may be repeated."""
    from tests.fake_whatsapp.record import sent

    async def silence(*_: object) -> None:
        """No device list: the send goes no further."""

    server.hooks["usync", "get"] = silence
    asked = made.supervisor.call(Verb.SEND_TEXT, verbs.SendText(BOB, "x"), Placed, wait_s=WAIT_S, key="intent")
    calling = asyncio.create_task(crashed(asked))
    await server.wait_for(sent("iq", xmlns="usync"), WAIT_S)
    os.kill(made.supervisor.pid or 0, signal.SIGKILL)
    await calling
    assert made.reader.sent_under("intent") == ()
    assert server.record.sent("message") == []


async def test_a_send_that_left_is_known_by_its_id_although_nobody_answered(
    server: FakeWhatsApp, made: Device, account: Account, bob: Peer
) -> None:
    """WhatsApp has it and its acknowledgement stays away; the worker is killed. The id is in the record."""
    from tests.fake_whatsapp.record import sent

    server.world.withholds_acks = True
    asked = made.supervisor.call(Verb.SEND_TEXT, verbs.SendText(BOB, "x"), Placed, wait_s=WAIT_S, key="intent")
    calling = asyncio.create_task(crashed(asked))
    gone = await server.wait_for(sent("message"), WAIT_S)
    os.kill(made.supervisor.pid or 0, signal.SIGKILL)
    await calling
    assert made.reader.sent_under("intent") == (gone.stanza.id,)


async def crashed(asked: Awaitable[Placed]) -> None:
    with pytest.raises(EngineFailure) as caught:
        await asked
    assert caught.value.kind is FailureKind.ENGINE_CRASHED
