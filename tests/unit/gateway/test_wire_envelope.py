"""The envelope dialect, against every recorded webhook of v9.0.1 to v9.2.0."""

from typing import Any

import pytest

from tests.unit.gateway.samples import (
    BOOK,
    DEVICE,
    GROUP,
    HELLO,
    LID,
    MEMBER,
    OTHER_DEVICE,
    OWN,
    PEER,
    RECORDED,
    VCARD,
    at,
    message,
    sample,
)
from unlost.gateway import wire_envelope
from unlost.gateway.events import (
    Book,
    CallOffer,
    Card,
    Cards,
    DeletedForMe,
    Device,
    Edit,
    Empty,
    Event,
    Interactive,
    Kept,
    Media,
    MediaKind,
    Notice,
    Participants,
    Place,
    Proto,
    Quote,
    Reaction,
    Receipt,
    ReceiptType,
    Revoke,
    Text,
)

FILE = "statics/media/1752404751-ad9e37ac-c658-4fe5-8d25-ba4a3f4d58fd.jpeg"
URL = "https://mmg.whatsapp.net/..."
NOON, SHOT, MOVED = "2023-10-15T10:30:00Z", "2025-07-13T11:05:51Z", "2025-07-28T10:3{}:00Z"
STRANGERS = Book(names={PEER: "Saved Contact"})
ACKED, IMAGE, PDF = ("3EB00106E8BE0F407E88EC",), MediaKind.IMAGE, "statics/media/1752404965-document.pdf"
VOICE, NOTE, WEBP = (
    "statics/media/1752404905-b9393cd1-8546-4df9-8a60-ee3276036aba.ogg",
    "statics/media/1752404990-videonote.mp4",
    "statics/media/1752404986-ff2464a6-c54c-4e6c-afde-c4c925ce3573.webp",
)
A1, A2, A3, A4, A5, A6, A7 = (f"3EB0C127D7BACC83D6A{digit}" for digit in range(1, 8))


def image(caption: str = "", **fields: Any) -> Media:
    return Media(kind=IMAGE, mime_type="image/jpeg", caption=caption, **fields)


def media(kind: MediaKind, path: str = "", caption: str = "", **fields: Any) -> Media:
    return Media(kind=kind, mime_type="x/y", path=path, caption=caption, **fields)


def group_change(kind: str, minute: int, *jids: str) -> Participants:
    return Participants(chat=GROUP, kind=kind, jids=jids, at=at(MOVED.format(minute)))


def ack(kind: ReceiptType, when: str, sender: str, chat: str = GROUP) -> Receipt:
    return Receipt(ids=ACKED, chat=chat, sender=sender, kind=kind, at=at(f"2025-07-18T22:44:{when}Z"))


def kept(text: str, when: str, **fields: Any) -> Kept:
    return Kept(chat=OWN, sender=OWN, text=text, at=at(when), **fields)


ALICE = Card("Alice", VCARD.format("Alice", "+62 812 3456 7890"), "+62 812 3456 7890")
BOB = Card("Bob", VCARD.format("Bob", "+62 813 9876 5432"), "+62 813 9876 5432")
CARE = Card("3Care", VCARD.format("3Care", "+62 132"), "+62 132")
LIVE = Place(-7.8050297, 110.4549165, live=True)
JAKARTA = Place(-6.2088, 106.8456, "Jakarta, Indonesia", "Central Jakarta, DKI Jakarta, Indonesia")
MENU = sample("v9-list")["payload"]["list"]
ORDER = sample("v9-order")["payload"]["order"]
REFERRAL = sample("v9-referral")["payload"]["referral"]
SUMMER = "Summer sale\nCheck this out!\n🔗 Visit website: https://example.com"
TARGET, EDITED = "94D13237B4D7F33EE4A63228BBD79EC0", "D6271D8223A05B4DA6AE9FE3CD63254{}"
CAPTIONED = message(A3, SHOT, image("Check this out!", path=FILE))

MESSAGES: dict[str, Event] = {
    "v9-text": message(A1, NOON, Text(HELLO), sender=LID),
    "v9-text-lid-chat": message("3EB0C127D7BACC83D6C5", NOON, Text(HELLO), chat=LID, sender=LID),
    "v9-group-text": message("3EB0C127D7BACC83D6C1", NOON, Text(HELLO), chat=GROUP, sender=LID),
    "v9-group-skdm-empty": message("3EB0C127D7BACC83D6C1", NOON, Empty("twin"), chat=GROUP, sender=LID),
    "v9-own-message": message(
        "3EB0C127D7BACC83D6C7",
        "2023-10-15T10:31:00Z",
        Text("Hello from my phone"),
        sender=OWN,
        name="Me",
        from_me=True,
    ),
    "v9-reply": message(A2, "2023-10-15T10:35:00Z", Text("I'm doing great, thanks!", Quote(A1, HELLO))),
    "v9-reaction": message("88760C69D1F35FEB239102699AE90001", "2023-10-15T10:40:00Z", Reaction(A1, "👍")),
    "v9-reaction-removed": message("88760C69D1F35FEB239102699AE90002", "2023-10-15T10:41:00Z", Reaction(A1, "")),
    "v9-image": message(A3, SHOT, image(path=FILE)),
    "v9-image-caption": CAPTIONED,
    "v9-image-url": message(A3, SHOT, image("Check this out!", url=URL)),
    "v9-image-url-no-caption": message(A3, SHOT, image(url=URL)),
    "v9-image-download-failed": message(A3, SHOT, image("Check this out!")),
    "v9-video": message(
        A4,
        "2025-07-13T11:07:24Z",
        media(MediaKind.VIDEO, "statics/media/1752404845-b9393cd1-8546-4df9-8a60-ee3276036aba.mp4", "Watch this!"),
    ),
    "v9-video-url": message(A4, "2025-07-13T11:07:24Z", media(MediaKind.VIDEO, "", "Watch this!", url=URL)),
    "v9-audio": message(A5, "2023-10-15T10:55:00Z", media(MediaKind.AUDIO, VOICE)),
    "v9-audio-url": message(A5, "2023-10-15T10:55:00Z", media(MediaKind.AUDIO, url=URL)),
    "v9-document": message(A6, "2023-10-15T11:00:00Z", media(MediaKind.DOCUMENT, PDF, "Monthly report")),
    "v9-document-no-caption": message(A6, "2023-10-15T11:00:00Z", media(MediaKind.DOCUMENT, PDF)),
    "v9-document-url": message(
        A6,
        "2023-10-15T11:00:00Z",
        media(MediaKind.DOCUMENT, "", "Monthly report", url=URL, filename="report.pdf"),
    ),
    "v9-sticker": message("446AC2BAF2061B53E24CA526DBDFBD4E", "2025-07-13T11:09:45Z", media(MediaKind.STICKER, WEBP)),
    "v9-sticker-url": message(
        "446AC2BAF2061B53E24CA526DBDFBD4E", "2025-07-13T11:09:45Z", media(MediaKind.STICKER, url=URL)
    ),
    "v9-video-note": message(A7, "2023-10-15T11:02:00Z", media(MediaKind.VIDEO_NOTE, NOTE)),
    "v9-video-note-url": message(A7, "2023-10-15T11:02:00Z", media(MediaKind.VIDEO_NOTE, url=URL)),
    "v9-view-once": message(
        "3EB0C127D7BACC83D6B2",
        "2023-10-15T11:40:00Z",
        image(path="statics/media/1752405060-image.jpeg", view_once=True),
    ),
    "v9-forwarded": message(
        "3EB0C127D7BACC83D6B3", "2023-10-15T11:45:00Z", Text("This is a forwarded message", forwarded=True)
    ),
    "v9-contact": message("56B3DFF4994284634E7AAFEEF6F1A0A2", "2025-07-13T11:10:19Z", Cards((CARE,))),
    "v9-location": message("3EB0C127D7BACC83D6A9", "2023-10-15T11:15:00Z", JAKARTA),
    "v9-live-location": message(TARGET, "2025-07-13T11:11:22Z", LIVE),
    "v9-list": message("3EB0C127D7BACC83D6B5", "2023-10-15T11:20:00Z", Proto("list", MENU)),
    "v9-order": message("3EB0C127D7BACC83D6B6", "2023-10-15T11:21:00Z", Proto("order", ORDER)),
    "v9-interactive": message("3EB0C127D7BACC83D6B7", "2026-08-12T12:00:00Z", Interactive(SUMMER, (FILE,))),
    "v9-unsupported": message("3EB0C127D7BACC83D6C9", "2023-10-15T11:30:00Z", Empty("poll")),
    "v9-edited": message(EDITED.format(3), "2025-07-13T11:14:19Z", Edit(TARGET, "Updated message text")),
    "v9-edited-caption-no-body": message(EDITED.format(4), "2025-07-13T11:14:30Z", Edit(A3, None)),
    "v9-revoked": message("F4062F2BBCB19B7432195AD7080DA4E2", "2025-07-13T11:13:30Z", Revoke(TARGET, True, PEER)),
}
OTHERS: dict[str, Event] = {
    "v9-ack-read": ack(ReceiptType.READ, "44", MEMBER),
    "v9-ack-read-self": ack(ReceiptType.READ_SELF, "50", PEER),
    "v9-ack-read-lid-chat": ack(ReceiptType.READ, "46", LID, chat=LID),
    "v9-group-join": group_change("join", 0, MEMBER, "6289686000002@s.whatsapp.net"),
    "v9-group-leave": group_change("leave", 2, "6289687000003@s.whatsapp.net"),
    "v9-group-promote": group_change("promote", 3, "6289688000004@s.whatsapp.net"),
    "v9-group-demote": group_change("demote", 4, "6289689000005@s.whatsapp.net"),
    "v9-call-offer": CallOffer("ABC123DEF456", OWN, at("2026-02-05T12:00:00Z"), False, "android", "2.24.1.5"),
    "v9-call-offer-auto-rejected-group": CallOffer(
        "ABC123DEF456", OWN, at("2026-02-05T12:00:00Z"), True, "android", "2.24.1.5", GROUP
    ),
    "v9-deleted": DeletedForMe(A1, at("2025-07-13T11:12:00Z"), kept(HELLO, NOON.replace("2023-10-15", "2025-07-13"))),
    "v9-deleted-media": DeletedForMe(
        A3,
        at("2025-07-13T11:12:00Z"),
        kept("", SHOT, media_type="image", filename="image_20250713_110551.jpg"),
    ),
}
NOTICES = sorted(
    path.stem
    for pattern in ("v9-chat-presence-*", "v9-label-*", "v9-newsletter-[jlm]*", "v9-group-joined*")
    for path in RECORDED.glob(f"{pattern}.json")
)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_has_exactly_the_recorded_webhook_s_keys_and_values(name: str) -> None:
    assert wire_envelope.body(MESSAGES[name], DEVICE, BOOK) == sample(name)


@pytest.mark.parametrize("name", OTHERS)
def test_another_event_has_exactly_the_recorded_webhook_s_keys_and_values(name: str) -> None:
    assert wire_envelope.body(OTHERS[name], OTHER_DEVICE, BOOK) == sample(name)


def test_a_group_member_s_receipt_resolves_its_lid() -> None:
    book = Book(phones={LID: MEMBER}, names=BOOK.names)
    receipt = ack(ReceiptType.DELIVERED, "20", LID)
    assert wire_envelope.body(receipt, OTHER_DEVICE, book) == sample("v9-ack-delivered")


@pytest.mark.parametrize("name", NOTICES)
def test_a_notice_is_wrapped_as_recorded(name: str) -> None:
    recorded = sample(name)
    notice = Notice(recorded["event"], recorded["payload"], at(recorded["timestamp"]))
    assert wire_envelope.body(notice, OTHER_DEVICE, BOOK) == recorded


def test_several_contact_cards_become_an_array() -> None:
    event = message(
        sample("v9-contacts-array")["payload"]["id"],
        sample("v9-contacts-array")["payload"]["timestamp"],
        Cards((ALICE, BOB)),
    )
    assert wire_envelope.body(event, DEVICE, BOOK) == sample("v9-contacts-array")


def test_a_lid_without_a_known_phone_stays_a_lid_everywhere() -> None:
    event = message("3EB0C127D7BACC83D6C6", NOON, Text(HELLO), chat=LID, sender=LID)
    assert wire_envelope.body(event, DEVICE, STRANGERS) == sample("v9-text-lid-unresolved")


def test_the_session_stands_beside_the_device_where_one_is_mapped() -> None:
    event = message(A1, NOON, Text(HELLO))
    assert wire_envelope.body(event, Device(OWN, session="org_2"), BOOK) == sample("v9-text-session")


def test_an_ad_referral_stands_beside_the_text() -> None:
    recorded = sample("v9-referral")["payload"]
    event = message(
        recorded["id"], recorded["timestamp"], Text(recorded["body"]), name="Jane Customer", referral=REFERRAL
    )
    assert wire_envelope.body(event, DEVICE, Book()) == sample("v9-referral")


def test_a_channel_post_is_an_ordinary_message_without_a_push_name() -> None:
    post = "120363123456789@newsletter"
    event = message(
        "ABC123DEF456", "2026-01-18T12:00:00Z", Text("Latest tech updates and news"), chat=post, sender=post, name=""
    )
    assert wire_envelope.body(event, DEVICE, BOOK) == sample("v9-newsletter-post-as-message")


def test_a_receipt_of_a_linked_device_is_not_sent() -> None:
    """GOWA page 1.4: `Only receipts with Sender.Device==0`."""
    receipt = ack(ReceiptType.READ, "44", "6289685000001:3@s.whatsapp.net")
    assert wire_envelope.body(receipt, DEVICE, BOOK) is None


def test_a_status_is_never_sent() -> None:
    """GOWA page section 5: `webhook skips any SourceString containing "broadcast"`."""
    status = message(A1, NOON, Text(HELLO), chat="status@broadcast")
    assert wire_envelope.body(status, DEVICE, BOOK) is None


def test_a_poll_a_twin_and_a_failed_download_without_caption_are_the_same_bytes() -> None:
    """Hard case 7: nothing in the webhook tells them apart."""
    same = [message(A3, SHOT, content) for content in (Empty("poll"), Empty("twin"), image())]
    assert len({str(wire_envelope.body(event, DEVICE, BOOK)) for event in same}) == 1


def test_every_recorded_envelope_of_this_range_is_built_by_some_test() -> None:
    alone = {
        "v9-ack-delivered",
        "v9-contacts-array",
        "v9-text-lid-unresolved",
        "v9-text-session",
        "v9-referral",
        "v9-newsletter-post-as-message",
    }
    built = MESSAGES.keys() | OTHERS.keys() | alone | set(NOTICES)
    assert {path.stem for path in RECORDED.glob("v9-*.json")} - built == set()
