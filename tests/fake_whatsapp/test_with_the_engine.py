"""The real engine, as it comes, lives with the fake: what a device does on an ordinary day."""

import pytest

pytest.importorskip("pyaileys", reason="the library that has WhatsApp's token tables is not installed")

from tests.fake_whatsapp import messages
from tests.fake_whatsapp.avatars import Avatar, Kind
from tests.fake_whatsapp.conftest import Linked
from tests.fake_whatsapp.peer import Peer
from tests.fake_whatsapp.people import Group
from tests.fake_whatsapp.server import FakeWhatsApp

NUMBER = "628999888777"
TEAM = "120363000000000001@g.us"


def bob() -> Peer:
    return Peer(f"{NUMBER}@s.whatsapp.net")


async def test_what_a_person_writes_arrives_and_is_acknowledged(server: FakeWhatsApp, linked: Linked) -> None:
    """The first begins a session, and so does the second, since nobody answered; the third goes on with it."""
    peer, kinds = bob(), []
    for words in ("one", "two", "three"):
        if words == "three":
            peer.settle(linked.account)
        pushed = await server.push_text(peer, linked.account, words)
        assert (await linked.engine.message())["text"] == words
        await server.acknowledged(pushed, within_s=10)
        kinds.append(server.record.given("message", id=pushed)[0].stanza.need("enc").attrs["type"])
    assert kinds == ["pkmsg", "pkmsg", "msg"]
    assert server.offline[linked.account] == []


@pytest.mark.parametrize("mode", ["pn", "lid", "plain"])
async def test_a_sender_is_known_by_number_or_by_lid(server: FakeWhatsApp, linked: Linked, mode: str) -> None:
    await server.push_text(bob(), linked.account, "hello", mode=mode)
    assert (await linked.engine.message())["sender"] == (
        f"9{NUMBER}@lid" if mode == "lid" else f"{NUMBER}@s.whatsapp.net"
    )


async def test_a_hidden_number_stays_hidden(server: FakeWhatsApp, linked: Linked) -> None:
    await server.push_text(Peer("424242@lid"), linked.account, "hello")
    assert (await linked.engine.message())["sender"] == "424242@lid"


async def test_what_the_device_writes_is_read_by_its_receiver(server: FakeWhatsApp, linked: Linked) -> None:
    """To somebody who never wrote, and to somebody who did."""
    await linked.engine.ask(f"client.send_message(jid('{NUMBER}'), 'good morning')")
    await server.push_text(Peer("628555444333@s.whatsapp.net"), linked.account, "anybody there?")
    await linked.engine.message()
    await linked.engine.ask("client.send_message(jid('628555444333'), 'yes')")
    assert [(read.reader.jid.partition("@")[0], read.text) for read in server.read] == [
        (NUMBER, "good morning"),
        ("628555444333", "yes"),
    ]


@pytest.mark.parametrize("mode", ["pn", "lid"])
async def test_a_group_is_read_and_written(server: FakeWhatsApp, linked: Linked, mode: str) -> None:
    """Two members with a sender key each; the key comes once, with its owner's first message."""
    members = [bob(), Peer("628555444333@s.whatsapp.net", name="Carol")]
    team = Group(TEAM, "Team", members, mode)
    for member in (*members, *members):
        await server.push_group_message(team, member, linked.account, messages.text(f"from {member.name}"))
        told = await linked.engine.message()
        assert (told["chat"], told["text"]) == (TEAM, f"from {member.name}")
    kinds = [[part.attrs["type"] for part in entry.stanza.children] for entry in server.record.given("message")]
    assert kinds == [["pkmsg", "skmsg"], ["pkmsg", "skmsg"], ["skmsg"], ["skmsg"]]
    await linked.engine.ask("client.send_message(jid('120363000000000001', 'g.us'), 'to all')")
    assert [(read.reader.name, read.text) for read in server.read] == [("Bob", "to all"), ("Carol", "to all")]


@pytest.mark.parametrize(
    ("kind", "answered"),
    [(Kind.PRESENT, f"/{NUMBER}.jpg"), (Kind.NONE, "does not have a profile picture"), (Kind.HIDDEN, "hidden")],
)
async def test_a_picture_is_there_or_not_or_hidden(
    server: FakeWhatsApp, linked: Linked, kind: Kind, answered: str
) -> None:
    server.avatars[NUMBER] = Avatar(kind)
    try:
        told = await linked.engine.ask(f"client.get_profile_picture(jid('{NUMBER}'))")
    except RuntimeError as refused:
        told = str(refused)
    assert answered in told


async def test_who_is_on_whatsapp_is_answered_for_each_number(server: FakeWhatsApp, linked: Linked) -> None:
    server.people.add(bob())
    told = await linked.engine.ask(
        f"[(one.Query, one.IsIn) for one in client.is_on_whatsapp('+{NUMBER}', '+628000000000')]"
    )
    assert told == f"[('+{NUMBER}', True), ('+628000000000', False)]"


async def test_a_picture_in_a_message_is_fetched_and_read(server: FakeWhatsApp, linked: Linked) -> None:
    from tests.fake_whatsapp import media

    held = server.media.put(media.seal(b"a picture" * 1000, "image"))
    await server.push_message(bob(), linked.account, messages.image(held, caption="look"), kind="media")
    told = await linked.engine.message()
    assert told["text"] == "look"
    fetched = await linked.engine.ask(f"len(client.download_any(message('{told['raw']}')))")
    assert fetched == str(len(b"a picture" * 1000))


async def test_what_the_device_uploads_is_kept_encrypted(server: FakeWhatsApp, linked: Linked) -> None:
    from tests.fake_whatsapp import media

    key = await linked.engine.ask(
        "client.upload(b'my picture', neonize.utils.enum.MediaType.MediaImage).MediaKey.hex()"
    )
    (path,) = server.media.uploads
    sealed = server.media.get(path)
    assert sealed is not None
    assert media.unseal(sealed, bytes.fromhex(key), "image") == b"my picture"
