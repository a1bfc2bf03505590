"""What the recorded webhooks tell beside the columns of the two tables; read off the payloads by hand."""

from collections.abc import Mapping

from unlost.vocabulary.addresses import Address
from unlost.vocabulary.attachments import InlineFile
from unlost.vocabulary.contents import Card, Cards, Choice, Menu, Order, Place, Referral, Section
from unlost.vocabulary.events import Quote
from unlost.vocabulary.ids import WhatsAppId

FIELDS = ("push_name", "quote", "content", "inline_file", "referral", "people", "ids")

NAMELESS = {
    "v7-flat-newsletter-text",
    "v7-flat-protocol-noise",
    "v7-flat-reaction-group-production",
    "v9-newsletter-post-as-message",
}
"""Messages without a push name; all other kinds never have one."""
PUSH_NAMES = {
    "v7-flat-contact": "Aldino Kemal",
    "v7-flat-edited": "Aldino Kemal",
    "v7-flat-edited-with-original-id": "Aldino Kemal",
    "v7-flat-live-location": "Aldino Kemal",
    "v7-flat-live-location-doc-variant": "Aldino Kemal",
    "v7-flat-revoked": "Aldino Kemal",
    "v7-flat-sticker": "Aldino Kemal",
    "v7-flat-video": "Notification System",
    "v7-flat-dm-own": "Me",
    "v7-flat-dm-own-lid-chat": "Me",
    "v9-own-message": "Me",
    "v9-referral": "Jane Customer",
}
"""Everybody else is John Doe."""


def _card(name: str, phone: str) -> str:
    return f"BEGIN:VCARD\nVERSION:3.0\nN:;{name};;;\nFN:{name}\nTEL;type=Mobile:{phone}\nEND:VCARD"


def _people(*digits: int) -> dict[str, object]:
    return {"people": tuple(Address(f"{number}@s.whatsapp.net") for number in digits)}


def _ids(*ids: str) -> dict[str, object]:
    return {"ids": tuple(map(WhatsAppId, ids))}


_ONE_CARD = {
    "content": Cards((Card("3Care", ("+62 132",)),)),
    "inline_file": InlineFile("3Care.vcf", "text/vcard", _card("3Care", "+62 132").encode() + b"\r\n"),
}
_ALICE, _BOB = ("Alice", "+62 812 3456 7890"), ("Bob", "+62 813 9876 5432")
_TWO_CARDS = {
    "content": Cards((Card(_ALICE[0], (_ALICE[1],)), Card(_BOB[0], (_BOB[1],)))),
    "inline_file": InlineFile("contacts.vcf", "text/vcard", f"{_card(*_ALICE)}\r\n{_card(*_BOB)}\r\n".encode()),
}
_JAKARTA = Place((-6.2088, 106.8456), "Jakarta, Indonesia", "Central Jakarta, DKI Jakarta, Indonesia")
_ON_THE_WAY = Place((-7.8050297, 110.4549165), is_live=True)
_MENU = Menu("Menu", "Choose an option", "", (Section("Section 1", (Choice("Option 1", "First"),)),))
_ORDER = Order("1234567890", "Catalog order", "New order", 2, 150_000, "BRL")
_QUOTE = Quote(WhatsAppId("3EB0C127D7BACC83D6A1"), "Hello, how are you?")
_ONE_ID = _ids("3EB00106E8BE0F407E88EC")
_REFERRAL = Referral(
    "Your Dream Farm",
    (
        ("ad_body", "Discover exclusive rural properties in the countryside."),
        ("ad_title", "Your Dream Farm"),
        ("ad_type", "CTWA"),
        ("ctwa_clid", "FAKE_CLID_abc123xyz"),
        ("greeting_message_body", "Hello! I want to know more about this ad."),
        ("media_type", "IMAGE"),
        ("original_image_url", "https://example.com/ad-image.jpg"),
        ("ref", "landing_page_01"),
        ("source_app", "facebook"),
        ("source_id", "123456789012345"),
        ("source_type", "ad"),
        ("source_url", "https://fb.me/fake-ad-link"),
        ("thumbnail_url", "https://example.com/ad-thumbnail.jpg"),
    ),
)

BESIDE: dict[str, Mapping[str, object]] = {
    "v5-flat-group-reply": {"quote": _QUOTE},
    "v7-flat-reply": {"quote": _QUOTE},
    "v9-reply": {"quote": _QUOTE},
    "v7-flat-contact": _ONE_CARD,
    "v8.3-contact-raw-proto": _ONE_CARD,
    "v9-contact": _ONE_CARD,
    "v9-contacts-array": _TWO_CARDS,
    "v7-flat-location": {"content": _JAKARTA},
    "v9-location": {"content": _JAKARTA},
    "v7-flat-live-location": {"content": _ON_THE_WAY},
    "v7-flat-live-location-doc-variant": {"content": Place(_ON_THE_WAY.point)},
    "v9-live-location": {"content": _ON_THE_WAY},
    "v7-flat-list": {"content": _MENU},
    "v9-list": {"content": _MENU},
    "v7-flat-order": {"content": _ORDER},
    "v9-order": {"content": _ORDER},
    "v9-referral": {"referral": _REFERRAL},
    "v7-flat-group-join": _people(6289685000001, 6289686000002),
    "v9-group-join": _people(6289685000001, 6289686000002),
    "v7-flat-group-join-lid": {"people": (Address("251556368777322@lid"),)},
    "v7-flat-group-leave": _people(6289687000003),
    "v9-group-leave": _people(6289687000003),
    "v7-flat-group-promote": _people(6289688000004),
    "v9-group-promote": _people(6289688000004),
    "v7-flat-group-demote": _people(6289689000005),
    "v9-group-demote": _people(6289689000005),
    "v9-group-joined": _people(628123456789),
    "v7-flat-ack-delivered": _ONE_ID,
    "v7-flat-ack-delivered-linked-device": _ONE_ID,
    "v7-flat-ack-read": _ONE_ID,
    "v7-flat-ack-read-self": _ONE_ID,
    "v7-flat-ack-read-direct-multi": _ids("3EB00106E8BE0F407E88EC", "3EB00106E8BE0F407E88ED"),
    "v9-ack-delivered": _ONE_ID,
    "v9-ack-read": _ONE_ID,
    "v9-ack-read-self": _ONE_ID,
    "v9-ack-read-lid-chat": _ONE_ID,
}
"""Samples that are not named tell nothing of these fields."""
