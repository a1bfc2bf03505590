"""Cards, places, lists, orders and ads as strangers may write them: shown as far as they mean something, bounded, never an error."""

import json
from typing import Any

import pytest

from tests.unit.gowa.samples import OWN
from tests.unit.gowa.test_hostile_bodies import flat, message, wrapped
from unlost.gowa.readers import read_envelope
from unlost.gowa.readers.vcards import VCF_MAX_BYTES, name_in, phones_in, vcf_of
from unlost.vocabulary.contents import Card, Cards, Choice, Menu, Order, Place, Section
from unlost.vocabulary.events import MessageArrived


def told(**fields: Any) -> MessageArrived:
    """The same content in both dialects, which must agree on it."""
    envelope = message(wrapped(body="", **fields))
    flat_one = message(flat(message={"id": "A", "text": ""}, **fields))
    assert (envelope.content, envelope.inline_file) == (flat_one.content, flat_one.inline_file)
    return envelope


CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\n{lines}\r\nEND:VCARD"


@pytest.mark.parametrize(
    ("lines", "phones"),
    [
        ("TEL:+1 555", ("+1 555",)),
        ("tel;type=CELL;waid=15550001111:+1 555 000 1111", ("+1 555 000 1111",)),
        ("item1.TEL;waid=15550001111:+1 555", ("+1 555",)),
        ("TEL;waid=15550001111:", ("+15550001111",)),
        ("TEL;VALUE=uri;TYPE=\"voice,cell\":tel:+1-555", ("+1-555",)),
        ("TEL:1\r\nTEL:2\r\nTEL:1", ("1", "2")),
        ("TEL:+1\r\n 555", ("+1555",)),
        ("TEL:" + "9" * 2_000, ()),
        ("NOTE:TEL:5", ()),
        ("PHOTO:" + "A" * 100_000 + "\r\nTEL:7", ("7",)),
        ("\r\n".join(f"TEL:{n}" for n in range(50)), tuple(map(str, range(10)))),
        ("TEL;;;;\"\";:8", ("8",)),
        ("TEL;x=\"unclosed:8", ()),
    ],
)  # fmt: skip
def test_a_card_s_numbers_are_shown_as_it_spells_them(lines: str, phones: tuple[str, ...]) -> None:
    assert phones_in(CARD.format(lines=lines)) == phones


@pytest.mark.parametrize(
    ("line", "name"), [("FN:Ana", "Ana"), (r"FN:Ana\, Bia\; e\nCaio\\", "Ana, Bia; e Caio\\"), ("N:;Ana;;;", "")]
)
def test_a_card_s_name_is_read_without_its_escapes(line: str, name: str) -> None:
    assert name_in(CARD.format(lines=line)) == name


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Ana", "Ana.vcf"),
        ("../../etc/passwd", "etc passwd.vcf"),
        ("a\r\nb\x00c<d>", "a b c d.vcf"),
        ("", "contact.vcf"),
        ("...", "contact.vcf"),
        ("莉 Édson", "莉 Édson.vcf"),
        ("x" * 500, "x" * 60 + ".vcf"),
    ],
)
def test_the_card_s_file_has_a_harmless_name(name: str, file: str) -> None:
    made = vcf_of([name], ["BEGIN:VCARD\nEND:VCARD"])
    assert made is not None
    assert made.name == file


def test_cards_that_do_not_fit_into_the_file_are_left_out_whole() -> None:
    made = vcf_of(["a", "b", "c"], ["x" * 10, "y" * VCF_MAX_BYTES, "z"])
    assert made is not None
    assert made.content == b"x" * 10 + b"\r\nz\r\n"


def test_a_card_without_a_vcard_is_shown_and_brings_no_file() -> None:
    event = told(contact={"displayName": "Ana", "phone_number": "+1 555"})
    assert (event.content, event.inline_file) == (Cards((Card("Ana", ("+1 555",)),)), None)


def test_an_array_inside_its_protobuf_message_is_read_too() -> None:
    event = told(contacts_array={"displayName": "2 contacts", "contacts": [{"displayName": "A"}, {"displayName": "B"}]})
    assert event.content == Cards((Card("A"), Card("B")))


def test_of_a_thousand_cards_the_first_are_read_and_the_others_counted() -> None:
    content = told(contacts_array=[{"displayName": f"{n}"} for n in range(1_000)]).content
    assert isinstance(content, Cards)
    assert (len(content.cards), content.more) == (300, 700)


@pytest.mark.parametrize(
    ("proto", "place"),
    [
        ({"degreesLatitude": 1, "degreesLongitude": 2}, Place((1.0, 2.0))),
        ({"degreesLatitude": 91, "degreesLongitude": 2}, None),
        ({"degreesLatitude": 91, "degreesLongitude": 2, "name": "Nowhere"}, Place(None, "Nowhere")),
        ({"degreesLatitude": "1", "degreesLongitude": 2, "address": "Here"}, Place(None, address="Here")),
        ({"degreesLatitude": 1, "degreesLongitude": 2, "isLive": True}, Place((1.0, 2.0), is_live=True)),
        ({"degreesLatitude": 1, "degreesLongitude": 2, "comment": "hi"}, Place((1.0, 2.0), comment="hi")),
        ({}, None),
        ([], None),
        ("x", None),
    ],
)
def test_a_place_is_one_on_the_globe_or_has_a_name(proto: object, place: Place | None) -> None:
    assert told(location=proto).content == place


def test_a_live_place_keeps_its_comment() -> None:
    event = told(live_location={"degreesLatitude": 1, "degreesLongitude": 2, "caption": "on my way"})
    assert event.content == Place((1.0, 2.0), comment="on my way", is_live=True)


@pytest.mark.parametrize(
    ("proto", "menu"),
    [
        ({"title": "T", "sections": None}, Menu("T")),
        ({"sections": [{"title": "S", "rows": "x"}]}, Menu(sections=(Section("S", ()),))),
        ({"sections": [{"rows": [{"title": "R"}, {"title": 5}]}]}, Menu(sections=(Section("", (Choice("R"), Choice(""))),))),
        ({"sections": [5]}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_a_list_is_read_as_far_as_it_is_one(proto: object, menu: Menu | None) -> None:
    assert told(list=proto).content == menu


def test_an_endless_list_is_cut() -> None:
    sections = [{"title": "S", "rows": [{"title": "R"}] * 60}] * 50
    content = told(list={"title": "T", "sections": sections}).content
    assert isinstance(content, Menu)
    assert (len(content.sections), sum(len(one.choices) for one in content.sections)) == (20, 100)


@pytest.mark.parametrize(
    ("proto", "order"),
    [
        ({"orderID": "7", "totalAmount1000": 1, "totalCurrencyCode": "brl"}, Order("7", amount_1000=1)),
        ({"orderID": 7, "itemCount": "2", "message": "m"}, Order(message="m")),
        ({"itemCount": 0}, Order(items=0)),
        ({}, None),
    ],
)
def test_an_order_is_read_field_by_field(proto: object, order: Order | None) -> None:
    assert told(order=proto).content == order


@pytest.mark.parametrize(
    ("referral", "title", "names"),
    [
        ({"ad_title": "T", "show_ad_attribution": True, "source_url": "u"}, "T", ["ad_title", "source_url"]),
        ({"ref": "r"}, "", ["ref"]),
        ({"BAD NAME": "x", "ref": 5}, None, None),
        ({f"f{n}": "x" for n in range(99)}, "", sorted(f"f{n}" for n in range(30))),
        ([], None, None),
        ("x", None, None),
    ],
)
def test_a_referral_is_its_texts(referral: object, title: str | None, names: list[str] | None) -> None:
    found = message(wrapped(referral=referral)).referral
    assert (None if found is None else found.title) == title
    assert (None if found is None else [name for name, _ in found.fields]) == names


def test_a_long_text_in_a_referral_is_cut_to_what_the_helpdesk_takes() -> None:
    found = message(wrapped(referral={"ad_body": "x" * 5_000})).referral
    assert found is not None
    assert len(found.fields[0][1]) == 1_500


@pytest.mark.parametrize("key", ["contact", "contacts_array", "location", "live_location", "list", "order"])
@pytest.mark.parametrize("value", [5, True, "x", [], {"a": 1}, [[[]]], [5], {"contacts": 5}, {"sections": [[]]}])
def test_content_of_a_strange_shape_leaves_the_message_readable(key: str, value: object) -> None:
    event = message(wrapped(body="hi", **{key: value}))
    assert (event.text, event.content) == ("hi", None)


def test_a_hostile_card_is_read_in_time_linear_in_its_size() -> None:
    vcard = "TEL;" + ";" * 500_000 + ":1\r\n" + ("TEL;a" * 190 + "\r\n") * 500 + "\r\n " * 200_000
    raw = json.dumps({"event": "message", "payload": {"chat_id": "1@s.whatsapp.net", "contact": {"vcard": vcard}}})
    assert read_envelope(raw.encode(), device=OWN).chat == "1@s.whatsapp.net"
