"""Every kind of message and happening as agents see it (design section 5), told by a gateway of GOWA 9's dialect."""

import urllib.request
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.acceptance.conftest import Opened
from tests.acceptance.office import Office, envelope
from tests.acceptance.waiting import eventually
from unlost.cli.demo.world import DEVICE
from unlost.gateway.events import (
    CallOffer,
    Card,
    Cards,
    Content,
    DeletedForMe,
    Edit,
    Empty,
    Event,
    Interactive,
    Kept,
    Media,
    MediaKind,
    Message,
    Participants,
    Place,
    Proto,
    Receipt,
    ReceiptType,
    Text,
)
from unlost.gateway.population import Group, Sent
from unlost.gateway.repertoire import REFERRAL

ANA, BIA, CAIO, DORA, ENZO = (f"55419991000{n}@s.whatsapp.net" for n in range(31, 36))
VCARD = "BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL;type=CELL;waid=5541999:+55 41 999\nEND:VCARD"
ROWS = [{"title": "Soup", "description": "hot", "rowID": "1"}]
ORDER = {"orderID": "77", "itemCount": 2, "totalAmount1000": 150_000, "totalCurrencyCode": "BRL", "message": "Please"}
LINK = "https://maps.google.com/?q=-25.4,-49.2"

KINDS: list[tuple[str, Content, str]] = [
    ("contact", Cards((Card("Gil", VCARD.format(name="Gil")),)), "👤 Gil\n+55 41 999"),
    (
        "contacts",
        Cards(tuple(Card(name, VCARD.format(name=name)) for name in ("Gil", "Rosa"))),
        "👤 Gil\n+55 41 999\n👤 Rosa\n+55 41 999",
    ),
    ("location", Place(-25.4, -49.2, "Loja", "Rua XV, 1"), f"📍 Loja\nRua XV, 1\n{LINK}"),
    ("live location", Place(-25.4, -49.2, live=True), f"📍 Live location\n{LINK}"),
    (
        "list",
        Proto("list", {"title": "Menu", "description": "Choose", "sections": [{"title": "Hot", "rows": ROWS}]}),
        "📋 Menu\nChoose\n*Hot*\n• Soup: hot",
    ),
    ("order", Proto("order", ORDER), "🛒 Order 77\nPlease\nItems: 2\nTotal: BRL 150.00"),
    ("interactive", Interactive("Sale\n🔗 Go: https://example.com"), "🔘 Interactive message\nSale\n🔗 Go: https://example.com"),
    ("forwarded", Text("pass it on", forwarded=True), "↪️ Forwarded\npass it on"),
    ("poll", Empty("poll"), "⚠️ A message that can't be shown here. You can see it on the phone."),
]  # fmt: skip


@pytest.fixture(scope="module")
def office(open_office: Opened) -> Office:
    return open_office()


def phone(jid: str) -> str:
    return jid.partition("@")[0]


def standing(office: Office, sent: Sent) -> dict[str, Any]:
    return office.helpdesk.standing(sent.id, within_s=30)


def notes(office: Office, conversation: int) -> list[str]:
    return [one["content"] for one in office.helpdesk.messages(conversation) if one["private"]]


def tell(office: Office, *events: Event) -> None:
    for event in events:
        office.people.tell(event)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def sent(office: Office) -> dict[str, Sent]:
    """All contents at once: the poll takes its wait."""
    office.customer(phone(ANA), "Ana")
    return {name: office.people.send(ANA, content) for name, content, _ in KINDS}


class TestContents:
    @pytest.mark.parametrize(("name", "text"), [(name, text) for name, _, text in KINDS], ids=[k[0] for k in KINDS])
    def test_is_shown_in_words(self, office: Office, sent: dict[str, Sent], name: str, text: str) -> None:
        shown = standing(office, sent[name])["content"]
        assert shown.endswith(text)

    def test_a_card_stands_with_its_file(self, office: Office, sent: dict[str, Sent]) -> None:
        (file,) = standing(office, sent["contact"])["attachments"]
        with urllib.request.urlopen(file["data_url"], timeout=5) as answer:
            assert answer.read().decode() == VCARD.format(name="Gil") + "\r\n"

    def test_forwarded_is_in_the_attributes_too(self, office: Office, sent: dict[str, Sent]) -> None:
        assert standing(office, sent["forwarded"])["content_attributes"]["forwarded"] is True

    def test_the_raw_body_of_a_poll_is_kept(self, office: Office, sent: dict[str, Sent]) -> None:
        standing(office, sent["poll"])
        (entry,) = office.json("trace", sent["poll"].id)["entries"]
        assert (entry["kind"], entry["verdict"]) == ("message", "delivered")
        assert 'unlost_fallbacks_total{channel="demo",what="empty"} 1.0' in office.metrics()


def test_view_once_says_so(office: Office) -> None:
    office.customer(phone(ANA), "Ana")
    picture = Media(MediaKind.IMAGE, "image/png", path="statics/media/1-a.png", caption="look", view_once=True)
    message = standing(office, office.people.send(ANA, picture))
    assert message["content"].splitlines()[0] == "👁️ View once"
    assert message["content"].splitlines()[-1] == "look"
    assert message["content_attributes"]["view_once"] is True


def test_the_ad_that_brought_a_customer_is_a_line_and_the_conversations_attributes(office: Office) -> None:
    office.customer(phone(BIA), "Bia")
    message = standing(office, office.people.send_text(BIA, "Oi", referral=REFERRAL))
    assert message["content"] == f"📣 From an ad: {REFERRAL['ad_title']}\nOi"

    def attributes() -> dict[str, Any]:
        found: dict[str, Any] = office.helpdesk.conversation(message["conversation_id"])["custom_attributes"]
        return found if "referral_source_url" in found else {}

    shown = eventually(attributes, "the ad in the attributes")
    assert shown["referral_ctwa_clid"] == "simulated-click"
    assert shown["unlost_key"]


def test_an_edit_and_a_captions_edit_are_replies(office: Office) -> None:
    office.customer(phone(CAIO), "Caio")
    text = office.people.send_text(CAIO, "amanhã")
    picture = office.people.send(CAIO, Media(MediaKind.IMAGE, "image/png", path="statics/media/1-b.png", caption="x"))
    edits = [office.people.edit(text, "depois de amanhã"), office.people.send(CAIO, Edit(picture.id, None))]
    shown = [standing(office, one) for one in edits]
    assert [one["content"] for one in shown] == [
        "✏️ Edited: depois de amanhã",
        "✏️ Edited the caption (you can see it on the phone)",
    ]
    targets = [standing(office, one)["id"] for one in (text, picture)]
    assert [one["content_attributes"]["in_reply_to"] for one in shown] == targets


def test_a_deletion_is_a_reply_and_what_the_firm_deleted_for_itself_stays(office: Office) -> None:
    office.customer(phone(DORA), "Dora")
    kept = office.people.send_text(DORA, "fica")
    standing(office, kept)
    gone = office.people.send_text(DORA, "vai")
    reply = standing(office, office.people.revoke(gone))
    tell(office, DeletedForMe(kept.id, now(), Kept(DORA, DORA, "fica", kept.at)))
    after = standing(office, office.people.send_text(DORA, "depois"))
    assert reply["content"] == "🗑️ Deleted this message"
    assert reply["content_attributes"]["in_reply_to"] == standing(office, gone)["id"]
    assert office.helpdesk.texts(after["conversation_id"]) == ["fica", "vai", "🗑️ Deleted this message", "depois"]


def test_who_comes_and_goes_is_a_note_in_the_groups_conversation_if_there_is_one(office: Office) -> None:
    members = tuple(office.customer(f"5541999220{n}", f"Membro {n}").key for n in range(2))
    group = office.people.people.add_group(Group("120363400000000077@g.us", "Feira", members))
    silent = "120363400000000078@g.us"
    tell(office, Participants(silent, "join", members, now()))
    message = standing(office, office.people.send_text(group.jid, "oi", sender=members[0]))
    number = message["conversation_id"]
    tell(office, *(Participants(group.jid, kind, members[:1], now()) for kind in ("join", "promote")))
    eventually(lambda: len(notes(office, number)) == 2, "two notes")
    end = phone(members[0])[-4:]
    assert sorted(notes(office, number)) == [f"Joined the group: …{end}", f"Made group admin: …{end}"]
    assert silent not in [one["meta"]["sender"]["identifier"] for one in office.helpdesk.conversations()]


def test_a_call_is_a_private_note(office: Office) -> None:
    office.customer(phone(ENZO), "Enzo")
    number = standing(office, office.people.send_text(ENZO, "posso ligar?"))["conversation_id"]
    tell(office, CallOffer("CALL1", ENZO, now()), CallOffer("CALL2", ENZO, now(), auto_rejected=True))
    eventually(lambda: len(notes(office, number)) == 2, "two notes")
    assert sorted(notes(office, number)) == [
        "📞 Incoming call on WhatsApp",
        "📞 Incoming call on WhatsApp (rejected automatically)",
    ]


def test_receipts_mark_what_was_typed_on_the_phone_and_reading_there_marks_the_conversation(office: Office) -> None:
    office.customer(phone(ENZO), "Enzo")
    own = office.people.send_text(ENZO, "já vejo", from_me=True)
    number = standing(office, own)["conversation_id"]
    tell(office, *(Receipt((own.id,), ENZO, ENZO, kind, now()) for kind in (ReceiptType.READ, ReceiptType.DELIVERED)))
    eventually(lambda: standing(office, own)["status"] == "read", "read")
    question = office.people.send_text(ENZO, "e agora?")
    standing(office, question)
    assert office.helpdesk.conversation(number)["unread_count"] > 0
    tell(office, Receipt((question.id,), ENZO, DEVICE, ReceiptType.READ_SELF, now()))
    eventually(lambda: office.helpdesk.conversation(number)["unread_count"] == 0, "nothing unread")


def test_statuses_and_newsletters_are_left_out_with_their_reasons(office: Office) -> None:
    office.customer(phone(ENZO), "Enzo")
    news = "120363400000000099@newsletter"
    tell(office, Message("NEWS1", news, news, now(), Text("news")))
    tell(office, Message("STATUS1", "status@broadcast", ENZO, now(), Text("my day")))
    assert office.knock(envelope("status@broadcast", "my day", id="STATUS2", sender=ENZO)) == 200

    def reason(id: str) -> list[str]:
        return [entry["reason"] for entry in office.json("trace", id)["entries"] if entry["verdict"]]

    eventually(lambda: reason("NEWS1") == ["newsletter_off"], "the newsletter's post skipped")
    eventually(lambda: reason("STATUS2") == ["status_broadcast"], "the status skipped")


def test_what_nobody_knows_yet_is_a_readable_line_and_keeps_its_body(office: Office) -> None:
    office.customer(phone(ENZO), "Enzo")
    told = envelope(ENZO, "", id="3EB0HOLO", name="Enzo", hologram={"depth": 3})
    assert office.knock({**told, "event": "message.hologram"}) == 200
    message = office.helpdesk.standing("3EB0HOLO")
    assert message["content"] == "⚠️ A message that can't be shown here. You can see it on the phone."
    (entry,) = office.json("trace", "3EB0HOLO")["entries"]
    assert (entry["kind"], entry["verdict"]) == ("unknown", "delivered")
    assert 'unlost_fallbacks_total{channel="demo",what="unknown"} 1.0' in office.metrics()


def test_nothing_of_all_this_became_a_dead_letter(office: Office) -> None:
    """Last of its module."""
    assert office.json("dead", "list") == []
