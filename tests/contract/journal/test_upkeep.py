"""Pruning, forgetting, copies and restores: what was told once never enters twice, whatever is removed (hard case 3)."""

import shutil
import sys
from pathlib import Path

import apsw
import pytest
from msgspec.structs import replace

from tests.contract.journal.building import (
    ANA,
    ANA_LID,
    BEN,
    CHANNEL,
    CHORES,
    GROUP,
    ME,
    NOTHING,
    OUTBOUND,
    PAIR,
    SetClock,
    empty,
    helpdesk,
    link,
    message,
    put,
    receipt,
    reference,
    take,
    take_one,
    text_of,
)
from tests.contract.journal.conftest import Opener
from tests.contract.journal.test_settling import sweep
from unlost.journal.copying import copy_journal, pinned, restore_journal
from unlost.journal.rows import Arrival, Forgotten, Learned
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.journal.unusable import JournalUnusable
from unlost.vocabulary.envelopes import Envelope, Kind, Source
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.ids import ContactId, ConversationId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import ChatLink
from unlost.vocabulary.verdicts import Dead, Delivered, Postponed, Skipped, SkipReason

DAY_S = 86_400.0


async def deliver(journal: SqliteJournal, *ids: str) -> None:
    for number, name in enumerate(ids, start=100):
        await put(journal, message(name))
        await journal.settle(await take_one(journal), Delivered(), Facts(), Learned(messages=(link(name, number),)))


async def test_settled_entries_go_and_their_keys_and_links_stay(journal: SqliteJournal, clock: SetClock) -> None:
    await deliver(journal, "m1")
    clock.go(31 * DAY_S)
    assert await journal.prune(keep_days=30, keep_links_days=400) == 1
    (again,) = await put(journal, message("m1"))
    assert not again.is_new
    assert await journal.entry(again.entry) is None
    assert len(await journal.links_posted_since(CHANNEL, 0.0, limit=9)) == 1


async def test_waiting_entries_and_dead_letters_are_never_pruned(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, message("dead"))
    await journal.settle(await take_one(journal), Dead("refused"), Facts(), NOTHING)
    await put(journal, message("waiting"))
    clock.go(1_000 * DAY_S)
    await journal.prune(keep_days=30, keep_links_days=400)
    assert len(await journal.dead()) == 1
    assert text_of(await take_one(journal)) == "waiting"


async def test_links_and_keys_go_in_the_end(journal: SqliteJournal, clock: SetClock) -> None:
    await deliver(journal, "m1")
    clock.go(401 * DAY_S)
    entry_link_key_and_tally = 4
    assert await journal.prune(keep_days=30, keep_links_days=400) == entry_link_key_and_tally
    (again,) = await put(journal, message("m1"))
    assert again.is_new


async def test_links_cannot_be_kept_shorter_than_entries(journal: SqliteJournal) -> None:
    with pytest.raises(ValueError, match="outlive"):
        await journal.prune(keep_days=30, keep_links_days=7)


async def test_a_chores_lane_goes_with_it(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, message("m1"))
    await journal.settle(await take_one(journal), Delivered((sweep(0.0),)), Facts(), NOTHING)
    await journal.settle(await take_one(journal, CHORES), Delivered(), Facts(), NOTHING)
    clock.go(31 * DAY_S)
    assert await journal.prune(keep_days=30, keep_links_days=400) == 2
    assert await take(journal, CHORES) == []


async def test_a_receipt_of_a_message_nobody_linked_is_kept_a_week(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, receipt("read", "o1"))
    clock.go(6 * DAY_S)
    assert await journal.prune(keep_days=30, keep_links_days=400) == 0
    clock.go(2 * DAY_S)
    assert await journal.prune(keep_days=30, keep_links_days=400) == 1


async def test_a_forgotten_persons_words_names_and_numbers_are_nowhere_in_the_file(
    journal: SqliteJournal, tmp_path: Path
) -> None:
    """Searched in a copy: in the file itself the log may still hold pages from before."""
    await put(journal, message("secret-words", ANA_LID, pairings=(PAIR,)), empty("parked", ANA))
    claim = await take_one(journal)
    chat = ChatLink(ANA, ContactId(5), ConversationId(7), name="Ana Maria")
    facts = Facts(user_name="Ana Maria", storage_row="secret-words")
    await journal.settle(
        claim, Delivered((sweep(0.0),)), facts, Learned(chat=chat, messages=(link("secret-words", 100),))
    )
    await journal.settle(await take_one(journal, CHORES), Delivered(), Facts(), NOTHING)
    assert (await journal.forget([ANA])).erased > 0
    await journal.backup_to(tmp_path / "copy.db")
    held = (tmp_path / "copy.db").read_bytes()
    assert [word for word in (ANA, ANA_LID, "Ana Maria", '"text"') if word.split("@")[0].encode() in held] == []


async def test_what_the_helpdesk_told_of_a_forgotten_persons_messages_is_forgotten_too(
    journal: SqliteJournal, tmp_path: Path
) -> None:
    """It tells us of each message that we posted, with words and names; in a group only what she wrote is hers."""
    links = (
        link("m1", 100),
        link("g1", 101, GROUP, sender=ANA, conversation=8),
        link("g2", 102, GROUP, sender=BEN, conversation=8),
    )
    await put(journal, message("m1"))
    await journal.settle(await take_one(journal), Delivered(), Facts(), Learned(messages=links))
    created = Kind.HELPDESK_MESSAGE_CREATED
    await put(journal, helpdesk(created, "100"), *(helpdesk(created, name, conversation=8) for name in ("101", "102")))
    while echoes := await take(journal, OUTBOUND):
        for echo in echoes:
            await journal.settle(echo, Skipped(SkipReason.OWN_ECHO), Facts(), NOTHING)
    await journal.forget([ANA])
    await journal.backup_to(tmp_path / "copy.db")
    held = (tmp_path / "copy.db").read_bytes()
    assert [b'{"helpdesk":"%d"}' % message in held for message in (100, 101, 102)] == [False, False, True]


async def test_what_the_helpdesk_told_after_her_links_were_gone_is_known_by_her_number(
    journal: SqliteJournal, tmp_path: Path
) -> None:
    await journal.forget([ANA])
    echo = helpdesk(Kind.HELPDESK_MESSAGE_CREATED, "100")
    await put(journal, replace(echo, raw=b'{"sender":{"identifier":"%s"}}' % ANA.encode()))
    await journal.settle(await take_one(journal, OUTBOUND), Skipped(SkipReason.OWN_ECHO), Facts(), NOTHING)
    assert (await journal.forget([ANA])).erased == 1
    await journal.backup_to(tmp_path / "copy.db")
    assert ANA.encode() not in (tmp_path / "copy.db").read_bytes()


async def test_nothing_of_a_forgotten_person_comes_in_again_in_any_form(journal: SqliteJournal) -> None:
    await put(journal, message("m1", ANA_LID, pairings=(PAIR,)))
    await journal.settle(await take_one(journal), Delivered(), Facts(), NOTHING)
    await journal.forget([ANA])
    again = await put(journal, message("m1", ANA_LID), message("m1", ANA))
    assert [appended.is_new for appended in again] == [False, False]


async def test_what_nobody_could_read_is_forgotten_where_it_names_her(journal: SqliteJournal, tmp_path: Path) -> None:
    """A dead letter without a chat: its body alone says whose it is. It does not come in again."""
    arrivals = [
        Arrival(
            Envelope(Source.STORAGE, Kind.UNREADABLE, chat=None, id=WhatsAppId(f"unread-{number}")),
            f'{{"id":"a b","chat_jid":"{whose}","content":"words-of-{number}"}}'.encode(),
        )
        for number, whose in enumerate((ANA, BEN))
    ]
    await put(journal, *arrivals)
    assert await journal.forget([ANA]) == Forgotten(0, waits=True)
    for _ in arrivals:
        await journal.settle(await take_one(journal), Dead("unreadable"), Facts(), NOTHING)
    assert await journal.forget([ANA]) == Forgotten(1, waits=False)
    assert [appended.is_new for appended in await put(journal, *arrivals)] == [False, False]
    await journal.backup_to(tmp_path / "copy.db")
    held = (tmp_path / "copy.db").read_bytes()
    assert (b"words-of-0" in held, b"words-of-1" in held) == (False, True)


async def test_others_are_not_forgotten_with_her(journal: SqliteJournal) -> None:
    await put(journal, message("b1", BEN), message("g1", GROUP, sender=BEN))
    for claim in await take(journal):
        await journal.settle(claim, Delivered(), Facts(), NOTHING)
    assert (await journal.forget([ANA])).erased == 0
    assert [view.whatsapp_id for view in await journal.trace(chats=[BEN])] == ["b1"]


async def test_what_still_waits_is_delivered_before_it_is_forgotten(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    assert await journal.forget([ANA]) == Forgotten(0, waits=True)
    claim = await take_one(journal)
    assert text_of(claim) == "m1"
    await journal.settle(claim, Delivered(), Facts(), NOTHING)
    assert await journal.forget([ANA]) == Forgotten(1, waits=False)


async def test_what_waited_under_her_lid_is_found_by_her_number_when_she_is_forgotten_again(
    journal: SqliteJournal,
) -> None:
    await put(journal, message("m1", ANA_LID, pairings=(PAIR,)))
    assert (await journal.forget([ANA])).erased == 0
    await journal.settle(await take_one(journal), Delivered(), Facts(), NOTHING)
    assert (await journal.forget([ANA])).erased == 2
    assert (await journal.forget([ANA, ANA_LID])).erased == 0


async def test_a_link_stays_for_the_same_message_that_still_waits_under_her_other_form(journal: SqliteJournal) -> None:
    """Nothing pairs the two; the link tells that it stands already (seed 4202632)."""
    await put(journal, message("m1", ANA_LID), message("m1"))
    first, second = sorted(await take(journal), key=lambda claim: claim.entry)
    await journal.settle(first, Delivered(), Facts(), Learned(messages=(link("m1", 100, ANA_LID),)))
    await journal.settle(second, Postponed(0.0, "busy", costs_attempt=False), Facts(), NOTHING)
    assert (await journal.forget([ANA_LID])).waits
    claim = await take_one(journal)
    assert [found.message for found in claim.known.own] == [100]
    await journal.settle(claim, Delivered(), Facts(), NOTHING)
    assert not (await journal.forget([ANA_LID])).waits
    await put(journal, reference(Kind.REACTION, "r1", "m1"))
    assert (await take_one(journal)).known.target == ()


async def test_a_next_message_of_a_forgotten_person_does_not_pass_what_waits_under_her_lid(
    journal: SqliteJournal,
) -> None:
    await put(journal, message("m1", ANA_LID), message("b1", BEN, pairings=(PAIR,)))
    assert (await journal.forget([ANA])).waits
    await put(journal, message("m2"))
    assert sorted(text_of(claim) for claim in await take(journal)) == ["b1", "m1"]


async def test_a_next_message_of_a_forgotten_person_is_worked(journal: SqliteJournal) -> None:
    await deliver(journal, "m1")
    await journal.forget([ANA])
    await put(journal, message("m2"))
    claim = await take_one(journal)
    assert (text_of(claim), claim.known.chat) == ("m2", None)


async def test_a_backup_is_a_journal_of_that_moment(journal: SqliteJournal, opener: Opener, tmp_path: Path) -> None:
    await put(journal, message("m1"))
    size = await journal.backup_to(tmp_path / "copy.db")
    await put(journal, message("b1", BEN))
    assert size == (tmp_path / "copy.db").stat().st_size
    copy = await opener(tmp_path / "copy.db")
    assert [text_of(claim) for claim in await take(copy)] == ["m1"]


async def test_a_backup_overwrites_nothing(journal: SqliteJournal, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(JournalUnusable, match="exists"):
        await journal.backup_to(tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"


async def restored(journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock) -> SqliteJournal:
    """Back up, close, put the backup in the journal's place, open."""
    await journal.backup_to(tmp_path / "copy.db")
    await journal.close()
    restore_journal(tmp_path / "copy.db", tmp_path / "journal.db", now=clock.now())
    again = await opener(tmp_path / "journal.db")
    await again.enrol(ME, "host", "/lock")
    return again


async def test_after_a_restore_what_was_not_delivered_searches_before_it_posts(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock
) -> None:
    chat = ChatLink(ANA, ContactId(5), ConversationId(7))
    await put(journal, message("m0"))
    learned = Learned(chat=chat, high_water=HelpdeskMessageId(41))
    await journal.settle(await take_one(journal), Delivered(), Facts(), learned)
    await put(journal, message("m1"))
    clock.go(2 * DAY_S)
    again = await restored(journal, opener, tmp_path, clock)
    begun = (await take_one(again)).facts.begun
    expected = Begun(
        "PostMessage", clock.now(), HelpdeskMessageId(41), ConversationId(7), part="text", by_gone_journal=True
    )
    assert begun == expected


async def test_after_a_restore_a_post_that_was_begun_before_is_looked_for_where_it_was_begun_and_waited_for_anew(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock
) -> None:
    await put(journal, message("m1"))
    intent = Begun("PostMessage", 5.0, conversation=ConversationId(7), doubted=True)
    claim = await take_one(journal)
    assert await journal.begin(claim, Facts(), intent, NOTHING) is not None
    again = await restored(journal, opener, tmp_path, clock)
    heir = await take_one(again)
    expected = Begun("PostMessage", clock.now(), conversation=ConversationId(7), part="text", by_gone_journal=True)
    assert (heir.facts.begun, heir.crashes) == (expected, 0)


async def test_after_a_restore_what_was_in_doubt_counts_as_repeated(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock
) -> None:
    """It may have been posted once more after the backup: one copy found is no proof that there is no other to come."""
    await put(journal, message("m1"))
    claim = await take_one(journal)
    seen = Learned(high_water=HelpdeskMessageId(41))
    taught = await journal.remember(claim, Facts(), seen)
    assert taught is not None
    assert await journal.begin(taught, Facts(), Begun("PostMessage", 5.0), NOTHING) is not None
    again = await restored(journal, opener, tmp_path, clock)
    assert (await take_one(again)).facts.reposted_above == 41


async def test_after_a_restore_what_was_begun_to_be_made_is_a_post_in_doubt_and_looked_for_anew(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock
) -> None:
    """The contact may have been made after the backup, and the message posted under it."""
    await put(journal, message("m1"))
    claim = await take_one(journal)
    intent = Begun("CreateContact", 5.0)
    assert await journal.begin(claim, Facts(contact_by_source_searched=True), intent, NOTHING) is not None
    again = await restored(journal, opener, tmp_path, clock)
    facts = (await take_one(again)).facts
    assert facts.begun is not None
    assert (facts.begun.step, facts.contact_by_source_searched) == ("PostMessage", False)


async def test_after_a_restore_a_late_twin_of_a_conversation_that_was_begun_is_swept(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock
) -> None:
    await put(journal, message("m1"))
    intent = Begun("CreateConversation", 5.0)
    assert await journal.begin(await take_one(journal), Facts(), intent, NOTHING) is not None
    again = await restored(journal, opener, tmp_path, clock)
    assert (await take_one(again)).facts.conversation_reposted_above == 0


async def test_a_restore_sets_a_new_start_mark_and_knows_no_process(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock
) -> None:
    clock.go(DAY_S)
    again = await restored(journal, opener, tmp_path, clock)
    assert await again.start_mark(CHANNEL) == clock.now()
    assert [row.id for row in await again.holders()] == [ME]


async def test_a_restore_keeps_the_file_that_it_replaces(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock
) -> None:
    await restored(journal, opener, tmp_path, clock)
    assert (tmp_path / "journal.db.before-restore").exists()


async def test_a_second_restore_keeps_what_the_first_one_replaced(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock
) -> None:
    """Whoever took the wrong backup first has in it all that came since."""
    await journal.backup_to(tmp_path / "empty.db")
    await put(journal, message("m1"))
    again = await restored(journal, opener, tmp_path, clock)
    await again.close()
    restore_journal(tmp_path / "empty.db", tmp_path / "journal.db", now=clock.now())
    kept = await opener(tmp_path / "journal.db.before-restore")
    await kept.enrol(ME, "host", "/lock")
    assert text_of(await take_one(kept)) == "m1"
    assert (tmp_path / "journal.db.before-restore-2").exists()


async def test_a_copy_made_by_hand_is_restored_with_its_log(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock
) -> None:
    """What was kept last stands in the log alone."""
    await put(journal, message("m1"))
    for suffix in ("", "-wal"):
        shutil.copyfile(tmp_path / f"journal.db{suffix}", tmp_path / f"by-hand.db{suffix}")
    await journal.close()
    restore_journal(tmp_path / "by-hand.db", tmp_path / "journal.db", now=clock.now())
    again = await opener(tmp_path / "journal.db")
    await again.enrol(ME, "host", "/lock")
    assert text_of(await take_one(again)) == "m1"


async def test_what_a_restore_that_was_cut_short_left_behind_does_not_get_into_the_next(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock
) -> None:
    """SQLite would take the log for that of the new file."""
    await put(journal, message("m1"))
    await journal.backup_to(tmp_path / "copy.db")
    for number in range(50):
        await put(journal, message(f"later{number}"))
    for suffix in ("", "-wal"):
        shutil.copyfile(tmp_path / f"journal.db{suffix}", tmp_path / f"journal.db.part{suffix}")
    await journal.close()
    restore_journal(tmp_path / "copy.db", tmp_path / "journal.db", now=clock.now())
    again = await opener(tmp_path / "journal.db")
    assert (await again.counts())[0].waiting == 1


async def test_a_restore_that_cannot_write_says_so_in_one_line(journal: SqliteJournal, tmp_path: Path) -> None:
    await journal.backup_to(tmp_path / "copy.db")
    with pytest.raises(JournalUnusable, match="cannot be written") as refused:
        restore_journal(tmp_path / "copy.db", tmp_path / "none" / "journal.db", now=1.0)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["none/copy.db", "x" * 300, "nul\0.db"])
async def test_a_backup_that_cannot_be_written_says_so_in_one_line(
    journal: SqliteJournal, tmp_path: Path, name: str
) -> None:
    with pytest.raises(JournalUnusable, match="cannot be written") as refused:
        await journal.backup_to(tmp_path / name)
    assert "\n" not in str(refused.value)


async def test_a_backup_for_which_the_disk_has_no_room_says_so_and_leaves_nothing(
    journal: SqliteJournal, tmp_path: Path
) -> None:
    """The disk fills up between two slices of the copy."""

    def fills_up() -> bool:
        raise apsw.FullError("database or disk is full")

    await put(journal, message("m1"))
    source = pinned(tmp_path / "journal.db")
    with pytest.raises(JournalUnusable, match="cannot be written"):
        copy_journal(source, tmp_path / "copy.db", goes_on=fills_up)
    source.close()
    assert not list(tmp_path.glob("copy.db*"))


async def test_while_a_restore_puts_files_in_place_there_is_a_journal_at_every_moment(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock
) -> None:
    """Each change of a name is heard of by the interpreter before it is made."""
    moments: list[bool] = []
    is_heard = True

    def hear(event: str, _: object) -> None:
        if is_heard and event in ("os.rename", "os.remove", "os.link"):
            moments.append((tmp_path / "journal.db").exists())

    await put(journal, message("m1"))
    sys.addaudithook(hear)
    await restored(journal, opener, tmp_path, clock)
    is_heard = False
    assert len(moments) > 2
    assert all(moments)


async def test_a_log_that_was_left_behind_is_kept_with_the_journal_it_belongs_to(
    journal: SqliteJournal, tmp_path: Path, clock: SetClock
) -> None:
    """A damaged journal cannot take its log in; the restored one must not."""
    await journal.backup_to(tmp_path / "copy.db")
    await journal.close()
    (tmp_path / "journal.db").write_bytes(b"no journal any more" * 1_000)
    (tmp_path / "journal.db-wal").write_bytes(b"its log")
    restore_journal(tmp_path / "copy.db", tmp_path / "journal.db", now=clock.now())
    assert not (tmp_path / "journal.db-wal").exists()
    assert (tmp_path / "journal.db.before-restore-wal").read_bytes() == b"its log"


async def test_a_restore_refuses_what_is_no_backup_and_touches_nothing(
    journal: SqliteJournal, tmp_path: Path, clock: SetClock
) -> None:
    await journal.close()
    before = (tmp_path / "journal.db").read_bytes()
    (tmp_path / "notes.txt").write_text("x" * 9_000)
    with pytest.raises(JournalUnusable):
        restore_journal(tmp_path / "notes.txt", tmp_path / "journal.db", now=clock.now())
    assert (tmp_path / "journal.db").read_bytes() == before
