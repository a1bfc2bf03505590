"""Every kind of message that the fake can write is read by the real engine as what it is."""

from collections.abc import Callable

import pytest

pytest.importorskip("pyaileys", reason="the library that has WhatsApp's token tables is not installed")

from tests.fake_whatsapp import media, messages
from tests.fake_whatsapp.conftest import Linked
from tests.fake_whatsapp.media import Media
from tests.fake_whatsapp.peer import Peer
from tests.fake_whatsapp.protobufs import Protobuf, parse
from tests.fake_whatsapp.server import FakeWhatsApp

CHAT = "628999888777@s.whatsapp.net"
SAID: dict[str, Protobuf] = {
    "extendedTextMessage": messages.reply("yes", to="3A01", author=CHAT, quoted="coming?"),
    "reactionMessage": messages.reaction("👍", chat=CHAT, to="3A01"),
    "protocolMessage": messages.revoke(chat=CHAT, of="3A01"),
    "locationMessage": messages.place(-23.5, -46.6, name="Office"),
    "contactMessage": messages.card("Ana", "BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nEND:VCARD"),
    "pollCreationMessageV3": messages.poll("When?", "today", "tomorrow"),
}
FILES: dict[str, tuple[str, Callable[[Media], Protobuf]]] = {
    "imageMessage": ("image", messages.image),
    "videoMessage": ("video", messages.video),
    "audioMessage": ("audio", lambda held: messages.audio(held, voice=True)),
    "documentMessage": ("document", lambda held: messages.document(held, name="a.pdf")),
    "stickerMessage": ("image", messages.sticker),
}


async def test_words_places_cards_polls_and_changes(server: FakeWhatsApp, linked: Linked) -> None:
    peer = Peer(CHAT)
    for kind, message in SAID.items():
        await server.push_message(peer, linked.account, message)
        told = parse("Message", bytes.fromhex((await linked.engine.message())["raw"]))
        assert told.HasField(kind), kind


async def test_an_edit_comes_with_the_words_that_now_hold(server: FakeWhatsApp, linked: Linked) -> None:
    """The engine unwraps it, and keeps the whole as it came."""
    await server.push_message(Peer(CHAT), linked.account, messages.edit("better", chat=CHAT, of="3A01"))
    told = parse("Message", bytes.fromhex((await linked.engine.message())["raw"]))
    assert told.protocolMessage.editedMessage.conversation == "better"


async def test_files_of_every_kind_are_fetched(server: FakeWhatsApp, linked: Linked) -> None:
    peer = Peer(CHAT)
    for kind, (purpose, build) in FILES.items():
        held = server.media.put(media.seal(kind.encode(), purpose))
        await server.push_message(peer, linked.account, build(held), kind="media")
        told = await linked.engine.message()
        assert await linked.engine.ask(f"client.download_any(message('{told['raw']}'))") == str(kind.encode())


async def test_a_file_that_expired_is_an_error(server: FakeWhatsApp, linked: Linked) -> None:
    held = server.media.put(media.seal(b"gone", "image"))
    server.media.lose(held.path)
    await server.push_message(Peer(CHAT), linked.account, messages.image(held), kind="media")
    told = await linked.engine.message()
    with pytest.raises(RuntimeError, match="404"):
        await linked.engine.ask(f"client.download_any(message('{told['raw']}'))")


async def test_a_media_host_that_is_ill_is_an_error_both_ways(server: FakeWhatsApp, linked: Linked) -> None:
    held = server.media.put(media.seal(b"a picture", "image"))
    await server.push_message(Peer(CHAT), linked.account, messages.image(held), kind="media")
    told = await linked.engine.message()
    server.media.status = 507
    for asked in (
        f"client.download_any(message('{told['raw']}'))",
        "client.upload(b'x', neonize.utils.enum.MediaType.MediaImage)",
    ):
        with pytest.raises(RuntimeError, match="507"):
            await linked.engine.ask(asked)
    assert server.media.uploads == []
