"""What must be true together is one transaction: verdict, facts, links and follow-ups."""

import json
from pathlib import Path

import apsw
from msgspec.structs import replace

from tests.contract.journal.building import (
    ANA,
    CHANNEL,
    CHANNEL_ROW,
    CHORES,
    LOOK_UPS,
    NOTHING,
    OUTBOUND,
    SetClock,
    helpdesk,
    link,
    message,
    put,
    reference,
    take,
    take_one,
)
from unlost.journal.rows import Failure, Learned
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.vocabulary.envelopes import Direction, Kind, Source
from unlost.vocabulary.events import LookUpDue, SweepDue
from unlost.vocabulary.facts import Begun, Facts, Refusal
from unlost.vocabulary.ids import ContactId, ConversationId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import ChatLink
from unlost.vocabulary.verdicts import Delivered, FollowUp, Postponed, Skipped, SkipReason

LOOK = FollowUp(
    Kind.LOOK_UP_CONTACT, Direction.LOOK_UP, ANA, "look:ana", LookUpDue(kind=Kind.LOOK_UP_CONTACT, chat=ANA)
)


def sweep(wait_s: float, key: str = "sweep:1") -> FollowUp:
    return FollowUp(Kind.SWEEP, Direction.CHORE, ANA, key, SweepDue(chat=ANA, conversation=None), wait_s)


async def test_facts_come_back_as_they_were_remembered(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    learned = Facts(
        begun=Begun("PostMessage", 5.0, HelpdeskMessageId(9), ConversationId(7), part="text"),
        refusals=(Refusal("PostMessage", 422, ("content",)),),
        contact=ContactId(5),
        copies=(),
        statuses=((HelpdeskMessageId(3), "sent"),),
        storage_row='{"a": "\x00"}',
    )
    claim = await take_one(journal)
    remembered = await journal.remember(claim, learned, NOTHING)
    assert remembered is not None
    await journal.give_back([remembered])
    assert (await take_one(journal)).facts == learned


async def test_what_stands_now_is_known_by_its_own_time_and_words(journal: SqliteJournal) -> None:
    """The content that came after the line which stood in for it takes over its link."""
    line, content = link("m1", 50), replace(link("m1", 60), told_at=5.0, text_hash="words")
    for name, message_link in (("m1", line), ("m2", content)):
        await put(journal, message(name))
        claim = await take_one(journal)
        await journal.settle(claim, Delivered(), Facts(), Learned(messages=(message_link,)))
    await put(journal, reference(Kind.REACTION, "r1", "m1"))
    assert (await take_one(journal)).known.target == (content,)


async def test_a_message_is_known_by_its_links_to_whoever_comes_after(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    stands = link("m1", 100)
    await journal.settle(await take_one(journal), Delivered(), Facts(), Learned(messages=(stands,)))
    await put(journal, helpdesk(Kind.HELPDESK_MESSAGE_UPDATED, "100"))
    assert (await take_one(journal, OUTBOUND)).known.helpdesk_links == (stands,)


async def test_a_remembered_conversation_that_answered_404_is_forgotten_and_the_contact_kept(
    journal: SqliteJournal,
) -> None:
    await put(journal, message("m1"))
    claim = await take_one(journal)
    await journal.remember(claim, Facts(), Learned(chat=ChatLink(ANA, ContactId(5), ConversationId(7), name="Ana")))
    healed = await journal.remember(claim, Facts(healed=True), Learned(forget_conversation=True))
    assert healed is not None
    assert healed.known.chat == ChatLink(ANA, ContactId(5), None, name="Ana")


async def test_follow_ups_stand_in_lanes_of_their_own(journal: SqliteJournal) -> None:
    await put(journal, message("m1"), message("m2"))
    await journal.settle(await take_one(journal), Delivered((LOOK, sweep(0.0))), Facts(), NOTHING)
    look_up, chore = await take_one(journal, LOOK_UPS), await take_one(journal, CHORES)
    assert (look_up.source, look_up.kind, look_up.chat) == (Source.LOOK_UP, Kind.LOOK_UP_CONTACT, ANA)
    assert (chore.source, chore.kind, chore.chat) == (Source.CHORE, Kind.SWEEP, ANA)
    assert json.loads(look_up.raw)["chat"] == ANA
    assert len(await take(journal)) == 1


async def test_the_same_follow_up_twice_is_one_entry(journal: SqliteJournal) -> None:
    await put(journal, message("m1"), message("m2"))
    for _ in range(2):
        await journal.settle(await take_one(journal), Delivered((LOOK,)), Facts(), NOTHING)
    await journal.settle(await take_one(journal, LOOK_UPS), Delivered(), Facts(), NOTHING)
    assert await take(journal, LOOK_UPS) == []


async def test_a_sweep_due_later_holds_up_no_other_chore_of_its_chat(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, message("m1"))
    then = (sweep(600.0, "late"), sweep(60.0, "soon"))
    await journal.settle(await take_one(journal), Delivered(then), Facts(), NOTHING)
    assert await take(journal, CHORES) == []
    clock.go(60)
    assert len(await take(journal, CHORES)) == 1


async def test_an_attempt_without_effect_is_kept_for_the_trace(journal: SqliteJournal) -> None:
    (appended,) = await put(journal, message("m1"))
    failure = Failure("PostMessage", "http_5xx", "503")
    postponed = Postponed(5.0, "http_5xx", costs_attempt=True)
    await journal.settle(await take_one(journal), postponed, Facts(), NOTHING, failure)
    view = await journal.entry(appended.entry)
    assert view is not None
    assert [(row.step, row.cause, row.text) for row in view.failures] == [("PostMessage", "http_5xx", "503")]
    assert view.attempts == 1


async def test_lateness_is_the_time_since_whatsapps_own(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, message("m1", told_at=clock.now() - 400))
    assert (await take_one(journal)).known.late_s == 400


async def test_a_helpdesk_message_older_than_the_start_mark_is_known_as_such(
    journal: SqliteJournal, clock: SetClock
) -> None:
    mark = await journal.start_mark(CHANNEL)
    clock.go(10)
    await journal.introduce([CHANNEL_ROW])
    await put(journal, helpdesk(Kind.HELPDESK_MESSAGE_CREATED, "1", told_at=mark - 1))
    old = await take_one(journal, OUTBOUND)
    await journal.settle(old, Skipped(SkipReason.OUTBOUND_OFF), Facts(), NOTHING)
    await put(journal, helpdesk(Kind.HELPDESK_MESSAGE_CREATED, "2", told_at=mark + 1))
    assert (old.known.before_start, (await take_one(journal, OUTBOUND)).known.before_start) == (True, False)


async def test_an_update_finds_the_links_of_its_message(journal: SqliteJournal) -> None:
    """The update's own id is its delivery's; the message is its target (hard case 4)."""
    await put(journal, message("m1"))
    stands = link("m1", 100)
    await journal.settle(await take_one(journal), Delivered(), Facts(), Learned(messages=(stands,)))
    update = helpdesk(Kind.HELPDESK_MESSAGE_UPDATED, "delivery-1")
    await put(journal, replace(update, envelope=replace(update.envelope, target=WhatsAppId("100"))))
    assert (await take_one(journal, OUTBOUND)).known.helpdesk_links == (stands,)


async def test_our_own_delete_is_written_down_before_it_is_made(journal: SqliteJournal, tmp_path: Path) -> None:
    await put(journal, message("m1"))
    begun, deleting = Begun("DeleteMessage", 0.0), Learned(deleting=HelpdeskMessageId(100))
    await journal.begin(await take_one(journal), Facts(), begun, deleting)
    connection = apsw.Connection(str(tmp_path / "journal.db"))
    assert connection.execute("SELECT message FROM own_delete").fetchall() == [(100,)]
    connection.close()


async def test_a_sweep_learns_which_of_the_copies_it_found_a_link_names(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    stands = link("m1", 100)
    await journal.settle(await take_one(journal), Delivered((sweep(0.0),)), Facts(), Learned(messages=(stands,)))
    found = Facts(copies=(HelpdeskMessageId(100), HelpdeskMessageId(105)))
    swept = await journal.remember(await take_one(journal, CHORES), found, NOTHING)
    assert swept is not None
    assert swept.known.helpdesk_links == (stands,)
