"""The seeded traffic, written into a population in memory."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import phonenumbers
import pytest

from unlost.gateway.deliveries import Voice, deliveries_of
from unlost.gateway.playing import play
from unlost.gateway.population import Avatar, Population
from unlost.gateway.population.fate import Chances
from unlost.gateway.settings import Dialect, Temper
from unlost.gateway.traffic import HAPPENINGS, MORE_KINDS, Traffic
from unlost.gateway.versions import parsed
from unlost.gowa.readers import read_envelope, read_event
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Source
from unlost.vocabulary.events import GatewayEvent, MessageArrived, MessageEdited, Noticed, ReceiptArrived

OWN = "5511900000000@s.whatsapp.net"
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def a_day(seed: int = 1, count: int = 400, **options: object) -> Population:
    population = Population.open(":memory:", OWN, seed=seed)
    traffic = Traffic(population, seed=seed, **options)  # type: ignore[arg-type]  # each test names valid options
    for _ in range(count):
        traffic.next(AT)
    return population


def test_the_same_seed_gives_the_same_day() -> None:
    assert list(a_day(5).sent()) == list(a_day(5).sent())


def test_another_seed_gives_another_day() -> None:
    assert list(a_day(5).sent()) != list(a_day(6).sent())


def test_every_marker_occurs_once() -> None:
    markers = Counter(one.marker for one in a_day().sent() if one.marker)
    assert set(markers.values()) == {1}


def test_every_written_thing_has_a_marker() -> None:
    wordless = {"reaction", "reaction_removed", "poll", "revoke", "audio", "sticker", "video_note"}
    sent = a_day(every_kind=True).sent()
    # A caption's edit is told without its words.
    assert all(one.marker for one in sent if one.kind not in wordless and not (one.kind == "edit" and not one.text))


def test_a_day_has_all_that_the_demo_tells() -> None:
    kinds = {one.kind for one in a_day().sent()}
    assert {"text", "reply", "reaction", "reaction_removed", "edit"} <= kinds


def test_groups_own_messages_and_newcomers_occur() -> None:
    population = a_day()
    sent = list(population.sent())
    assert any(one.chat.endswith("@g.us") for one in sent)
    assert any(one.from_me for one in sent)
    assert len(population.people.customers()) > 12


def test_some_are_known_by_lid_alone_until_they_are_paired() -> None:
    people = a_day().people.customers()
    by_lid = [one for one in people if one.speaks_as_lid]
    assert {one.paired for one in by_lid} == {True, False}


def test_some_pictures_are_private() -> None:
    assert {one.avatar for one in a_day().people.customers()} == {Avatar.PRIVATE, Avatar.SHOWN}


def test_numbers_are_brazilian_mobiles_in_both_spellings() -> None:
    digits = [one.phone.partition("@")[0] for one in a_day().people.customers()]
    assert {len(number) for number in digits} == {12, 13}
    assert all(phonenumbers.parse("+" + number).country_code == 55 for number in digits)


def test_right_to_left_emoji_and_markup_occur() -> None:
    text = " ".join(one.text for one in a_day().sent())
    assert all(sign in text for sign in ("שלום", "👍", "<", "{{"))


def test_unrecoverable_messages_are_flagged_and_never_queued() -> None:
    population = a_day(chances=Chances(unrecoverable=0.2))
    lost = sum(one.unrecoverable for one in population.sent())
    assert lost > 0
    assert population.queue.length() == 400 - lost


def test_a_second_traffic_on_the_same_file_goes_on_with_new_markers() -> None:
    population = a_day(count=50)
    again = Traffic(population, seed=2)
    for _ in range(50):
        again.next(AT)
    markers = [one.marker for one in population.sent() if one.marker]
    assert len(markers) == len(set(markers))


def told(dialect: Dialect, *, count: int = 1500) -> list[GatewayEvent]:
    """What our own reader makes of a long day of every kind, told in *dialect*."""
    population = Population.open(":memory:", OWN, seed=3)
    traffic = Traffic(population, seed=3, every_kind=True)
    for number in range(count):
        traffic.next(AT + timedelta(seconds=number))
    version = parsed("v9.2.0" if dialect is Dialect.ENVELOPE else "v7.11.4")
    voice = Voice(dialect, version, Temper.GOWA, population.device, 3, 0.0)
    book = population.people.book()
    bodies = [
        delivery.body
        for waiting in population.queue.head(3 * count)
        for delivery in deliveries_of(waiting.event, waiting.fate, waiting.place, book, voice)
    ]
    source = Source.ENVELOPE if dialect is Dialect.ENVELOPE else Source.FLAT
    for body in bodies:
        assert read_envelope(body, device=Address(OWN)).source is source
    return [read_event(source, body, Address(OWN)) for body in bodies]


def signs_of(event: GatewayEvent) -> set[str]:
    """All that is special about an event."""
    signs = {type(event).__name__}
    match event:
        case MessageArrived():
            signs |= {str(event.attachment)} if event.attachment else set()
            flags = ("content", "inline_file", "referral", "view_once", "forwarded", "is_empty", "quote")
            signs |= {name for name in flags if getattr(event, name)}
        case Noticed():
            signs |= {event.kind.value, event.detail}
        case ReceiptArrived():
            signs.add(event.status)
        case MessageEdited():
            signs |= {"caption"} if event.text is None else set()
        case _:
            pass
    return signs


COMMON = {
    *("MessageArrived", "ReactionArrived", "MessageEdited", "MessageRevoked", "DeletedForMe", "ReceiptArrived"),
    *(
        "image",
        "video",
        "video_note",
        "audio",
        "document",
        "sticker",
        "contact",
        "location",
        "live_location",
        "list",
        "order",
        "content",
        "inline_file",
    ),
    *("view_once", "forwarded", "is_empty", "quote", "Noticed", "participants", "join", "leave", "promote", "demote"),
    *("delivered", "read", "read-self"),
}
ENVELOPE_ONLY = {
    *("contacts", "interactive", "referral", "caption", "call", "auto_rejected"),
    *("presence", "composing", "paused", "label", "labeled"),
}


@pytest.mark.parametrize(("dialect", "signs"), [(Dialect.FLAT, COMMON), (Dialect.ENVELOPE, COMMON | ENVELOPE_ONLY)])
def test_a_day_of_every_kind_has_every_kind_that_the_dialect_can_tell(dialect: Dialect, signs: set[str]) -> None:
    found = set().union(*(signs_of(event) for event in told(dialect)))
    assert signs - found == set()


@pytest.mark.parametrize("happening", [*HAPPENINGS, *MORE_KINDS])
def test_every_happening_finds_something_to_do_at_the_very_start(happening: str) -> None:
    population = Population.open(":memory:", OWN)
    traffic = Traffic(population, seed=1)
    traffic.populate()
    traffic._happenings()[happening](AT)
    assert len(list(population.sent())) == 1


def test_traffic_keeps_its_pace() -> None:
    population = Population.open(":memory:", OWN)
    assert 5 <= play(Traffic(population, seed=1), per_s=100, for_s=0.1) <= 11
