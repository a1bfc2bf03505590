"""What comes to the door enters once, and nothing spoils it for others (hard cases 10, 21)."""

import pytest
from msgspec.structs import replace

from tests.contract.journal.building import (
    ANA,
    BEN,
    CHANNEL,
    DEVICE,
    GROUP,
    OUTBOUND,
    PAIR,
    SetClock,
    empty,
    helpdesk,
    message,
    put,
    receipt,
    take,
    take_one,
    text_of,
)
from unlost.journal.rows import Arrival
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Envelope, Kind, Source
from unlost.vocabulary.ids import WhatsAppId


async def test_the_same_webhook_twice_is_one_entry(journal: SqliteJournal) -> None:
    first, second = await put(journal, message("m1"), message("m1"))
    assert first.is_new
    assert second == replace(first, is_new=False, due_at=None)
    assert len(await take(journal)) == 1


@pytest.mark.parametrize(
    ("arrival", "due_in_s"),
    [
        (message("m1"), 0.0),
        (message("m1", hold_s=16.0), 16.0),
        (message("m1", hold_s=16.0, pairings=(PAIR,)), 0.0),
        (empty("m1"), None),
        (receipt("read", "m1"), None),
    ],
)
async def test_what_comes_in_says_when_there_may_be_work(
    journal: SqliteJournal, clock: SetClock, arrival: Arrival, due_in_s: float | None
) -> None:
    """A pairing joins lanes: what waited in the other one may be due."""
    (appended,) = await put(journal, arrival)
    assert appended.due_at == (None if due_in_s is None else clock.now() + due_in_s)


async def test_a_body_comes_back_byte_for_byte(journal: SqliteJournal) -> None:
    arrival = replace(message("m1"), raw=b"\x00\xff\xed\xa0\x80 {}")
    await put(journal, arrival)
    assert (await take_one(journal)).raw == arrival.raw


async def test_an_id_used_again_in_a_group_is_another_message(journal: SqliteJournal) -> None:
    await put(journal, message("m1", ANA), message("m1", GROUP, sender=ANA))
    assert len(await take(journal)) == 2


async def test_an_id_used_by_two_members_is_two_messages(journal: SqliteJournal) -> None:
    first, second = await put(journal, message("m1", GROUP, sender=ANA), message("m1", GROUP, sender=BEN))
    assert first.is_new
    assert second.is_new


async def test_an_edit_and_its_message_are_two_entries_even_with_one_id(journal: SqliteJournal) -> None:
    text = message("m1")
    edit = replace(text, envelope=replace(text.envelope, kind=Kind.EDIT))
    assert [appended.is_new for appended in await put(journal, text, edit)] == [True, True]


async def test_another_devices_event_does_not_hide_our_own(journal: SqliteJournal) -> None:
    other = message("m1", GROUP, sender=ANA, device=Address("628999999999@s.whatsapp.net"))
    own = message("m1", GROUP, sender=ANA, device=DEVICE)
    assert [appended.is_new for appended in await put(journal, other, own)] == [True, True]


async def test_a_dialect_that_names_no_device_means_the_channels_own(journal: SqliteJournal) -> None:
    first, second = await put(journal, message("m1", device=DEVICE), message("m1", device=None))
    assert second == replace(first, is_new=False, due_at=None)


async def test_delivered_and_then_read_both_enter(journal: SqliteJournal) -> None:
    delivered, read = await put(journal, receipt("delivered", "o1"), receipt("read", "o1"))
    assert delivered.is_new
    assert read.is_new


async def test_a_kind_without_an_id_is_known_by_its_body(journal: SqliteJournal) -> None:
    envelope = Envelope(source=Source.ENVELOPE, kind=Kind.PARTICIPANTS, chat=GROUP, device=DEVICE)
    joined, left = Arrival(envelope, b"joined"), Arrival(envelope, b"left")
    news = [appended.is_new for appended in await put(journal, joined, left, joined)]
    assert news == [True, True, False]


async def test_a_helpdesk_message_enters_once_and_each_of_its_updates(journal: SqliteJournal) -> None:
    created = helpdesk(Kind.HELPDESK_MESSAGE_CREATED, "10")
    updates = [helpdesk(Kind.HELPDESK_MESSAGE_UPDATED, name) for name in ("d1", "d2", "d2")]
    news = [appended.is_new for appended in await put(journal, created, created, *updates)]
    assert news == [True, False, True, True, False]


async def test_what_the_helpdesk_tells_goes_outbound(journal: SqliteJournal) -> None:
    await put(journal, helpdesk(Kind.HELPDESK_MESSAGE_CREATED, "10"))
    assert await take(journal) == []
    assert (await take_one(journal, OUTBOUND)).source is Source.HELPDESK


@pytest.mark.parametrize("id", ["\ud800", "nul\0nul", "x" * 2_000])
async def test_a_poison_id_spoils_no_other_body_of_its_batch(journal: SqliteJournal, id: str) -> None:
    poison = replace(message("m2"), envelope=replace(message("m2").envelope, id=WhatsAppId(id)))
    appended = await journal.append(CHANNEL, [message("m1"), poison, message("m3", BEN)])
    assert [one.is_new for one in appended] == [True, True, True]
    claims = await take(journal)
    assert {claim.kind for claim in claims} == {Kind.MESSAGE, Kind.UNREADABLE}
    assert {text_of(claim) for claim in claims} == {"m1", "m2", "m3"}


async def test_a_poison_body_told_twice_is_kept_once(journal: SqliteJournal) -> None:
    poison = replace(message("m2"), envelope=replace(message("m2").envelope, chat=Address("\ud800")))
    assert [appended.is_new for appended in await put(journal, poison, poison)] == [True, False]


async def test_a_stamp_in_year_9999_makes_nothing_after_it_late(journal: SqliteJournal) -> None:
    await put(journal, message("m1", told_at=253_402_300_799.0), message("m2", told_at=1_699_999_999.0))
    await put(journal, message("m3", BEN, told_at=float("nan")))
    assert [claim.known.out_of_place for claim in await take(journal)] == [False, False]
    assert (await journal.counts())[0].late == 0


async def test_what_reconcile_asks_about_is_known_once_it_was_told(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    assert await journal.knows(CHANNEL, [message("m1"), message("m2")]) == [True, False]


async def test_what_cannot_be_read_enters_once_by_its_name_and_in_its_own_lane(journal: SqliteJournal) -> None:
    """Its webhook, its row of storage, and that row after it was written to."""
    named = Envelope(source=Source.ENVELOPE, kind=Kind.UNREADABLE, chat=None, id=WhatsAppId("unread-5f"))
    row = replace(named, source=Source.STORAGE, told_at=1_699_000_000.0)
    arrivals = [Arrival(named, b"webhook"), Arrival(row, b"row"), Arrival(row, b"row, edited")]
    first, *others = [(await put(journal, arrival))[0] for arrival in arrivals]
    assert [(other.entry, other.is_new) for other in others] == [(first.entry, False)] * 2
    assert await journal.knows(CHANNEL, arrivals) == [True] * 3
    assert (await take_one(journal)).raw == b"webhook"
