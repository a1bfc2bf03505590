"""What customers send besides words: carried, each once, and never in the way of a word (design section 4, media; hard case 12)."""

import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.acceptance.conftest import Opened
from tests.acceptance.office import Office, envelope
from tests.acceptance.waiting import eventually
from unlost.gateway.events import Media, MediaKind
from unlost.gateway.population import Avatar, Customer, Sent

WAIT_S = 3  # media_wait_s of this office


@pytest.fixture(scope="module")
def office(open_office: Opened) -> Office:
    return open_office(("avatars = ", f"media_wait_s = {WAIT_S}\navatars = "))


def someone(office: Office, number: int) -> Customer:
    return office.customer(f"5541888800{number:02d}", f"Cliente {number}", avatar=Avatar.NONE)


def photo(name: str, **more: Any) -> Media:
    return Media(MediaKind.IMAGE, "image/png", path=f"statics/media/{name}.png", **more)


def ago(seconds: float) -> datetime:
    """Times a second apart: GOWA tells no finer ones, and within one second it keeps no order."""
    return datetime.now(UTC) - timedelta(seconds=seconds)


def bytes_of(attachment: dict[str, Any]) -> bytes:
    with urllib.request.urlopen(attachment["data_url"], timeout=10) as answer:
        whole: bytes = answer.read()
        return whole


def files_of(office: Office, sent: Sent) -> list[dict[str, Any]]:
    """The messages that show the file of *sent*, whether it came with it or as a reply."""
    wanted = {f"WAID:{sent.id}", f"WAID:{sent.id}#file"}
    return [one for one in office.helpdesk.everything() if one["source_id"] in wanted and one.get("attachments")]


def late_file(office: Office, sent: Sent, *, within_s: float = 30.0) -> dict[str, Any]:
    def look() -> list[dict[str, Any]]:
        return [one for one in office.helpdesk.everything() if one["source_id"] == f"WAID:{sent.id}#file"]

    (found,) = eventually(look, f"the late file of {sent.id}", within_s=within_s)
    return found


KINDS = [
    (photo("1-a", caption="Olha isso!"), "Olha isso!", "image", b"\x89PNG", ".png"),
    (
        Media(MediaKind.AUDIO, "audio/ogg", path="statics/media/1-b.ogg; codecs=opus"),
        None,
        "audio",
        b"OggS",
        ".ogg",
    ),
    (Media(MediaKind.VIDEO, "video/mp4", path="statics/media/1-c.mp4", caption="filme"), "filme", "video", b"", ".mp4"),
    (Media(MediaKind.VIDEO_NOTE, "video/mp4", path="statics/media/1-d.mp4"), None, "video", b"", ".mp4"),
    (Media(MediaKind.STICKER, "image/webp", path="statics/media/1-e.webp"), None, "image", b"RIFF", ".webp"),
    (
        Media(MediaKind.DOCUMENT, "application/pdf", path="statics/media/1-f.pdf", filename="../Orçamento.pdf"),
        None,
        "file",
        b"%PDF",
        "Orçamento.pdf",
    ),
    (
        Media(MediaKind.DOCUMENT, "application/pdf", url="https://mmg.whatsapp.net/x", filename="off.pdf"),
        None,
        "file",
        b"%PDF",
        "off.pdf",
    ),
    (Media(MediaKind.IMAGE, "image/jpeg", path="statics/media/1-g.html"), None, "file", b"<!DOCTYPE", ".html"),
    (photo("1-h", size_bytes=5_000_000), None, "image", b"\x89PNG", ".png"),
]


@pytest.mark.parametrize("case", KINDS, ids=lambda case: f"{case[0].kind.value}-{case[4]}")
def test_a_file_stands_with_its_caption_clean_name_and_type(office: Office, case: tuple[Any, ...]) -> None:
    media, caption, file_type, head, ending = case
    sent = office.people.send(someone(office, 1).key, media)
    message = office.helpdesk.standing(sent.id)
    (attachment,) = message["attachments"]
    assert (message["content"], attachment["file_type"]) == (caption, file_type)
    assert attachment["data_url"].endswith(urllib.parse.quote(ending))
    whole = bytes_of(attachment)
    assert whole.startswith(head)
    assert len(whole) >= media.size_bytes
    assert office.metric("whatsapp_web_media_downloaded_total") > 0


def test_a_photo_and_the_words_behind_it_keep_their_order(office: Office) -> None:
    key = someone(office, 2).key
    shown = office.people.send(key, photo("2-a"), at=ago(2))
    said = office.people.send_text(key, "quanto custa?", at=ago(1))
    text = office.helpdesk.standing(said.id)
    assert office.helpdesk.standing(shown.id)["id"] < text["id"]


@pytest.mark.parametrize(
    ("media", "why"),
    [
        (photo("3-bomb"), "abnormal size"),
        (photo("3-b", size_bytes=41 * 1024 * 1024), "Larger than 40 MB"),
    ],
    ids=["a picture bomb", "too large"],
)
def test_a_file_that_is_not_taken_over_is_one_visible_line(office: Office, media: Media, why: str) -> None:
    sent = office.people.send(someone(office, 3).key, media)
    message = office.helpdesk.standing(sent.id)
    assert why in message["content"]
    assert not message.get("attachments")


def test_a_file_whose_own_download_failed_is_recovered(office: Office) -> None:
    """GOWA tells of it as of nothing: its storage knows better (hard case 7)."""
    sent = office.people.send(someone(office, 4).key, Media(MediaKind.IMAGE, "image/png", caption="veja"))
    assert office.helpdesk.standing(sent.id)["content"] == "veja"
    office.says("reconcile")
    (attachment,) = late_file(office, sent)["attachments"]
    assert bytes_of(attachment).startswith(b"\x89PNG")


def test_while_files_hang_words_pass_after_the_wait_and_the_file_follows_once(office: Office) -> None:
    key, other = someone(office, 5).key, someone(office, 6).key
    office.gateway_fault(hanging_files=True)
    shown = [office.people.send(key, photo(f"5-{n}"), at=ago(10 - n)) for n in range(6)]
    said = office.people.send_text(key, "recebeu?", at=ago(1))
    beside = office.people.send_text(other, "bom dia")
    office.helpdesk.standing(beside.id, within_s=5)
    text = office.helpdesk.standing(said.id, within_s=WAIT_S + 6)  # six waits side by side, not one behind the other
    placeholders = [office.helpdesk.standing(one.id) for one in shown]
    assert all("follows here" in one["content"] for one in placeholders)
    assert max(one["id"] for one in placeholders) < text["id"]
    office.gateway_fault(hanging_files=False)
    for one, placeholder in zip(shown, placeholders, strict=True):
        late = late_file(office, one)
        assert late["content_attributes"]["in_reply_to"] == placeholder["id"]
        assert len(late["attachments"]) == 1


def test_gateway_dead_while_photos_arrive_words_pass_and_each_file_follows_once(office: Office) -> None:
    key = someone(office, 7).key
    first = office.people.send_text(key, "oi")
    office.helpdesk.standing(first.id)
    sent = office.people.send(key, photo("7-a", caption="aqui"))
    office.helpdesk.standing(sent.id)
    office.gateway.stop()
    chat = key
    for number in (1, 2):
        body = envelope(chat, "", id=f"3EB0DEAD{number}", image=f"statics/media/7-dead{number}.png")
        body["payload"].pop("body")
        assert office.knock(body) == 200
    assert office.knock(envelope(chat, "chegou?", id="3EB0DEADTEXT")) == 200
    office.helpdesk.standing("3EB0DEADTEXT", within_s=WAIT_S + 3)
    texts = [office.helpdesk.standing(f"3EB0DEAD{number}")["content"] for number in (1, 2)]
    assert all("follows here" in text for text in texts)
    for number in (1, 2):  # what WhatsApp's own queue tells the gateway once it is back
        office.people.send(key, photo(f"7-dead{number}"), message_id=f"3EB0DEAD{number}")
    office.start_gateway("gowa")

    def late() -> list[str]:
        found = [one["source_id"] for one in office.helpdesk.everything()]
        return sorted(one for one in found if one and one.startswith("WAID:3EB0DEAD") and one.endswith("#file"))

    eventually(lambda: len(late()) >= 2, "both files", within_s=40)
    assert late() == ["WAID:3EB0DEAD1#file", "WAID:3EB0DEAD2#file"]


def test_a_message_deleted_meanwhile_gets_no_late_file(office: Office) -> None:
    key = someone(office, 8).key
    office.gateway_fault(hanging_files=True)
    sent, kept = office.people.send(key, photo("8-a")), office.people.send(key, photo("8-b"))
    office.helpdesk.standing(sent.id, within_s=WAIT_S + 6)
    revoke = office.people.revoke(sent)
    office.helpdesk.standing(revoke.id)
    office.gateway_fault(hanging_files=False)
    late_file(office, kept)
    eventually(lambda: not list((office.folder).rglob("*-files/*-0*")), "an empty spool", within_s=20)
    assert files_of(office, sent) == []


def test_killed_in_the_middle_each_file_stands_once(office: Office) -> None:
    key = someone(office, 9).key
    shown = [office.people.send(key, photo(f"9-{n}", size_bytes=2_000_000)) for n in range(12)]
    office.helpdesk.standing(shown[0].id)
    office.bridge.kill()
    office.start_bridge()
    for one in shown:
        office.helpdesk.standing(one.id, within_s=60)
    eventually(lambda: all(len(files_of(office, one)) == 1 for one in shown), "each file, once", within_s=60)


def test_no_file_is_left_beside_the_journal_and_none_is_a_dead_letter(office: Office) -> None:
    eventually(lambda: not list(office.folder.rglob("*-files/*-0*")), "an empty spool", within_s=20)
    assert office.json("dead", "list") == []
