"""A message and the download of its file: born in one commit, joined by a key, neither in the other's way."""

from contextlib import closing
from pathlib import Path

import apsw
import msgspec
import pytest
from msgspec.structs import replace

from tests.contract.journal.building import (
    ANA,
    ANA_LID,
    BEN,
    CHANNEL,
    GROUP,
    INBOUND,
    LOOK_UPS,
    ME,
    NOTHING,
    PAIR,
    SetClock,
    link,
    message,
    put,
    reference,
    take,
    take_one,
    text_of,
)
from unlost.interpret.people import same_person
from unlost.journal.rows import Arrival, Forgotten, Learned, Pool
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.attachments import FileState, FileTrouble, KnownFile, SpooledFile, ToldFile
from unlost.vocabulary.envelopes import Direction, Kind, Source
from unlost.vocabulary.events import Attachment, FileDue
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.links import Part, TargetState
from unlost.vocabulary.verdicts import Dead, Delivered, Held, Parked, Postponed, SentOn, Skipped, SkipReason, Until

FILES = Pool(CHANNEL, Direction.MEDIA)
HELD = Held(20.0)
SPOOLED = SpooledFile("0123456789abcdef-0", "image-1.jpg", "image/jpeg", 7)
FETCHED = Facts(file=SPOOLED, fetches=1)
UNTIL_MESSAGE = Parked(Until.TARGET, 86_400.0)


def photo(id: str, told: ToldFile = ToldFile("statics/media/a.jpg")) -> Arrival:  # noqa: B008 - frozen
    arrival = message(id)
    return replace(arrival, envelope=replace(arrival.envelope, file=told, hangs="image"))


def row(id: str) -> Arrival:
    """What storage tells of the same message."""
    arrival = photo(id, ToldFile())
    return replace(arrival, envelope=replace(arrival.envelope, source=Source.STORAGE), raw=b"{}")


async def hold(journal: SqliteJournal) -> None:
    claim = await take_one(journal)
    await journal.settle(claim, HELD, claim.facts, NOTHING)


async def test_a_file_is_work_at_once_though_its_message_waits(journal: SqliteJournal, clock: SetClock) -> None:
    (appended,) = await put(journal, replace(photo("m1"), hold_s=16.0))
    assert appended.due_at == clock.now()


async def test_a_file_has_an_entry_of_its_own_from_its_message_s_own_commit(journal: SqliteJournal) -> None:
    await put(journal, photo("m1"))
    claim = await take_one(journal, FILES)
    due = msgspec.json.decode(claim.raw, type=FileDue)
    assert (claim.kind, due.chat, due.id, due.hangs) == (Kind.FILE, ANA, "m1", Attachment.IMAGE)
    assert due.file == ToldFile("statics/media/a.jpg")


async def test_a_message_told_twice_has_one_download(journal: SqliteJournal) -> None:
    await put(journal, photo("m1"), photo("m1"))
    assert len(await take(journal, FILES)) == 1


async def test_a_text_has_none(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    assert await take(journal, FILES) == []


async def test_files_are_fetched_side_by_side(journal: SqliteJournal) -> None:
    await put(journal, photo("m1"), photo("m2"))
    assert len(await take(journal, FILES)) == 2


async def test_a_held_message_keeps_its_place_without_a_lease(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, photo("m1"), message("m2"), message("b1", BEN))
    (claim,) = await take(journal, limit=1)
    await journal.settle(claim, HELD, claim.facts, NOTHING)
    assert [text_of(claim) for claim in await take(journal)] == ["b1"]
    clock.go(20.0)
    assert text_of(await take_one(journal)) == "m1"


async def test_its_wait_is_counted_from_its_arrival(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, photo("m1"))
    clock.go(15.0)
    await hold(journal)
    clock.go(5.0)
    claim = await take_one(journal)
    assert (text_of(claim), claim.known.age_s, claim.attempts) == ("m1", 20.0, 0)


async def test_a_file_that_came_wakes_its_message_at_once(journal: SqliteJournal) -> None:
    await put(journal, photo("m1"))
    await hold(journal)
    await journal.settle(await take_one(journal, FILES), UNTIL_MESSAGE, FETCHED, NOTHING)
    assert (await take_one(journal)).known.file == KnownFile(FileState.HERE, SPOOLED)


async def test_a_file_that_came_while_its_message_was_worked_is_not_waited_for(journal: SqliteJournal) -> None:
    await put(journal, photo("m1"))
    claim = await take_one(journal)
    await journal.settle(await take_one(journal, FILES), UNTIL_MESSAGE, FETCHED, NOTHING)
    await journal.settle(claim, HELD, claim.facts, NOTHING)
    assert text_of(await take_one(journal)) == "m1"


async def test_a_file_that_was_given_up_wakes_its_message_too(journal: SqliteJournal) -> None:
    await put(journal, photo("m1"))
    await hold(journal)
    await journal.settle(await take_one(journal, FILES), Dead("gone"), Facts(), NOTHING)
    assert (await take_one(journal)).known.file == KnownFile(FileState.LOST)


async def test_a_try_that_failed_wakes_nobody(journal: SqliteJournal) -> None:
    await put(journal, photo("m1"))
    await hold(journal)
    await journal.settle(await take_one(journal, FILES), Postponed(60.0, "timeout", True), Facts(), NOTHING)
    assert await take(journal) == []


async def test_the_message_hears_of_trouble(journal: SqliteJournal) -> None:
    await put(journal, photo("m1"))
    trouble = Facts(file_trouble=FileTrouble.TOO_LARGE)
    await journal.settle(await take_one(journal, FILES), UNTIL_MESSAGE, trouble, NOTHING)
    known = (await take_one(journal)).known.file
    assert known == KnownFile(FileState.REFUSED, trouble=FileTrouble.TOO_LARGE)


async def test_while_the_gateway_is_away_nobody_is_held(journal: SqliteJournal) -> None:
    await put(journal, photo("m1"))
    await hold(journal)
    assert await journal.wake_for_files(CHANNEL, limit=10) == 1
    assert text_of(await take_one(journal)) == "m1"
    assert await journal.wake_for_files(CHANNEL, limit=10) == 0


async def test_a_download_waits_for_its_message_and_sees_how_it_went(journal: SqliteJournal) -> None:
    await put(journal, photo("m1"))
    download = await take_one(journal, FILES)
    assert download.known.target_state is TargetState.PENDING
    await journal.settle(download, UNTIL_MESSAGE, FETCHED, NOTHING)
    assert await take(journal, FILES) == []
    links = (link("m1", 100), link("m1", 100, part=Part.FILE))
    await journal.settle(await take_one(journal), Delivered(), Facts(), Learned(messages=links))
    known = (await take_one(journal, FILES)).known
    assert {one.part for one in known.target} == {Part.TEXT, Part.FILE}


async def test_a_download_waits_on_while_its_message_is_a_dead_letter(journal: SqliteJournal) -> None:
    await put(journal, photo("m1"))
    await journal.settle(await take_one(journal, FILES), UNTIL_MESSAGE, FETCHED, NOTHING)
    letter = await take_one(journal)
    await journal.settle(letter, Dead("refused"), letter.facts, NOTHING)
    download = await take_one(journal, FILES)
    assert download.known.target_state is TargetState.DEAD
    await journal.settle(download, UNTIL_MESSAGE, download.facts, NOTHING)
    assert await take(journal, FILES) == []
    await journal.discard([letter.entry], "ana")
    assert (await take_one(journal, FILES)).known.target_state is TargetState.SETTLED


async def discarded_and_pruned(journal: SqliteJournal, clock: SetClock, keep_links_days: int) -> KnownFile:
    """What a dead letter, retried, sees of its download that was given up, discarded, and pruned meanwhile."""
    await put(journal, photo("m1"))
    download, letter = await take_one(journal, FILES), await take_one(journal)
    await journal.settle(letter, Dead("refused"), letter.facts, NOTHING)
    await journal.settle(download, Dead("gone"), download.facts, NOTHING)
    await journal.discard([download.entry], "ana")
    clock.go(8 * 86_400.0)
    await journal.prune(keep_days=7, keep_links_days=keep_links_days)
    await journal.retry([letter.entry], "ana")
    return (await take_one(journal)).known.file


async def test_a_message_is_not_promised_a_download_that_was_pruned(journal: SqliteJournal, clock: SetClock) -> None:
    assert await discarded_and_pruned(journal, clock, keep_links_days=14) == KnownFile(FileState.LOST)


async def test_a_download_whose_key_was_pruned_too_may_begin_anew(journal: SqliteJournal, clock: SetClock) -> None:
    assert await discarded_and_pruned(journal, clock, keep_links_days=7) == KnownFile()


async def test_a_download_that_is_retried_fetches_anew(journal: SqliteJournal) -> None:
    await put(journal, photo("m1"))
    download = await take_one(journal, FILES)
    facts = replace(FETCHED, fetches=5, file_path="statics/media/gone.jpg", downloads=3)
    await journal.settle(download, Dead("gone"), facts, NOTHING)
    await journal.retry([download.entry], "ana")
    assert (await take_one(journal, FILES)).facts == Facts()


async def test_it_goes_on_in_its_chat_s_lane_behind_what_stands_there(journal: SqliteJournal) -> None:
    await put(journal, message("m0"), photo("m1"))
    await journal.settle(await take_one(journal, FILES), SentOn(Direction.INBOUND), FETCHED, NOTHING)
    order = []
    for _ in range(3):
        claim = await take_one(journal)
        order.append(claim.kind.value if claim.kind is Kind.FILE else text_of(claim))
        await journal.settle(claim, Delivered(), Facts(), NOTHING)
    assert order == ["m0", "m1", "file"]


async def test_files_sent_back_to_be_fetched_again_wait_for_none_of_their_chat(journal: SqliteJournal) -> None:
    """Both were gone from the spool when their late replies were to be posted."""
    await put(journal, photo("m1"), photo("m2"))
    for download in await take(journal, FILES):
        await journal.settle(download, SentOn(Direction.INBOUND), FETCHED, NOTHING)
    for _ in range(4):
        claim = await take_one(journal)
        is_file = claim.kind is Kind.FILE
        await journal.settle(claim, SentOn(Direction.MEDIA) if is_file else Delivered(), claim.facts, NOTHING)
    assert len(await take(journal, FILES)) == 2


async def test_a_file_that_goes_on_in_its_chat_s_lane_leaves_none_of_its_own(
    journal: SqliteJournal, tmp_path: Path
) -> None:
    """Nobody would come by there: it is pruned with the chat's."""
    await put(journal, photo("m1"), photo("m2"))
    download, _ = await take(journal, FILES)
    await journal.settle(download, SentOn(Direction.INBOUND), FETCHED, NOTHING)
    with closing(apsw.Connection(str(tmp_path / "journal.db"))) as looked_at:
        lanes = looked_at.execute("SELECT direction FROM lane ORDER BY direction").fetchall()
    assert lanes == [("in",), ("media",)]


async def test_it_hears_of_a_deletion_that_waits_still(journal: SqliteJournal) -> None:
    await put(journal, photo("m1"), reference(Kind.REVOKE, "r1", "m1"))
    assert (await take_one(journal, FILES)).known.is_revoked


async def test_a_deletion_in_another_chat_is_not_its_own(journal: SqliteJournal) -> None:
    await put(journal, photo("m1"), reference(Kind.REVOKE, "r1", "m1", BEN))
    assert not (await take_one(journal, FILES)).known.is_revoked


async def posted_and_deleted(journal: SqliteJournal, chat: Address = ANA) -> None:
    """A message stands without its file, and the deletion that came after it has ended."""
    arrival = photo("m1")
    await put(journal, replace(arrival, envelope=replace(arrival.envelope, chat=chat, sender=chat)))
    learned = Learned(messages=(link("m1", 7, chat), link("m2", 8, chat)))
    await journal.settle(await take_one(journal), Delivered(), Facts(), learned)
    await put(journal, reference(Kind.REVOKE, "r1", "m1", chat))
    await journal.settle(await take_one(journal), Delivered(), Facts(), NOTHING)


async def test_it_hears_of_a_deletion_after_who_deleted_it_was_forgotten(journal: SqliteJournal) -> None:
    await posted_and_deleted(journal)
    await journal.forget([ANA])
    download = await take_one(journal, FILES)
    assert [one.message for one in download.known.target] == [7]
    assert download.known.is_revoked


async def test_it_hears_of_a_deletion_that_was_pruned_under_the_other_form(
    journal: SqliteJournal, clock: SetClock
) -> None:
    """Told under a LID, deleted, pruned; then storage tells of the message under the number."""
    await posted_and_deleted(journal, ANA_LID)
    await journal.settle(await take_one(journal, FILES), Skipped(SkipReason.TARGET_MISSING), Facts(), NOTHING)
    clock.go(8 * 86_400.0)
    await journal.prune(keep_days=7, keep_links_days=14)
    late, other = photo("m1"), photo("m2")
    await put(journal, replace(late, envelope=replace(late.envelope, pairings=(PAIR,))), other)
    downloads = await take(journal, FILES)
    revoked = {msgspec.json.decode(claim.raw, type=FileDue).id: claim.known.is_revoked for claim in downloads}
    assert revoked == {"m1": True, "m2": False}


@pytest.mark.parametrize("way", ["forgotten", "pruned"])
async def test_a_stranger_s_deletion_of_the_same_id_leaves_no_mark(
    journal: SqliteJournal, clock: SetClock, way: str
) -> None:
    """Ids are their senders' choice: he posted and deleted one of the same id in his own chat."""
    await posted_and_deleted(journal, BEN)
    await journal.settle(await take_one(journal, FILES), Skipped(SkipReason.TARGET_MISSING), Facts(), NOTHING)
    if way == "forgotten":
        await journal.forget([BEN])
    clock.go(8 * 86_400.0)
    await put(journal, photo("m1"))
    await journal.settle(await take_one(journal), Delivered(), Facts(), Learned(messages=(link("m1", 9),)))
    if way == "pruned":
        await journal.prune(keep_days=7, keep_links_days=14)
    assert not (await take_one(journal, FILES)).known.is_revoked


def member_s(arrival: Arrival, sender: Address) -> Arrival:
    return replace(arrival, envelope=replace(arrival.envelope, chat=GROUP, sender=sender))


@pytest.mark.parametrize("way", ["kept", "pruned"])
async def test_a_member_s_deletion_of_his_own_message_takes_no_file_from_another_who_used_its_id(
    journal: SqliteJournal, clock: SetClock, way: str
) -> None:
    told = member_s(photo("m1"), ANA), member_s(message("m1"), BEN), member_s(reference(Kind.REVOKE, "r1", "m1"), BEN)
    for arrival in told:
        await put(journal, arrival)
        stands = () if arrival is told[2] else (link("m1", 7, GROUP, sender=arrival.envelope.sender),)
        await journal.settle(await take_one(journal), Delivered(), Facts(), Learned(messages=stands))
    if way == "pruned":
        clock.go(8 * 86_400.0)
        await journal.prune(keep_days=7, keep_links_days=14)
    assert not (await take_one(journal, FILES)).known.is_revoked


@pytest.mark.parametrize(("hook", "storage"), [(ANA, ANA_LID), (ANA_LID, ANA)], ids=["by number", "by LID"])
async def test_a_member_s_file_knows_its_message_under_his_other_form(
    journal: SqliteJournal, hook: Address, storage: Address
) -> None:
    """The webhook came without the file and names him by one form, storage by the other; that both are one is known."""
    told, kept = member_s(message("m1"), hook), member_s(row("m1"), storage)
    await put(journal, replace(told, envelope=replace(told.envelope, pairings=(PAIR,))))
    stands = Learned(messages=(link("m1", 7, GROUP, sender=hook),))
    await journal.settle(await take_one(journal), Delivered(), Facts(), stands)
    await put(journal, kept)
    claim = await take_one(journal, FILES)
    (stood,), due = claim.known.target, msgspec.json.decode(claim.raw, type=FileDue)
    assert (due.sender, stood.sender) == (storage, hook)
    assert same_person(stood.sender, due.sender, claim.known)


@pytest.mark.parametrize("way", ["kept", "pruned"])
async def test_an_admin_s_deletion_of_a_member_s_message_is_heard(
    journal: SqliteJournal, clock: SetClock, way: str
) -> None:
    for arrival in member_s(photo("m1"), ANA), member_s(reference(Kind.REVOKE, "r1", "m1"), BEN):
        await put(journal, arrival)
        await journal.settle(
            await take_one(journal), Delivered(), Facts(), Learned(messages=(link("m1", 7, GROUP, sender=ANA),))
        )
    if way == "pruned":
        clock.go(8 * 86_400.0)
        await journal.prune(keep_days=7, keep_links_days=14)
    assert (await take_one(journal, FILES)).known.is_revoked


async def deleted_at_birth(journal: SqliteJournal) -> None:
    """A deletion has ended before the message came that it is about."""
    await put(journal, reference(Kind.REVOKE, "r1", "m1"))
    await journal.settle(await take_one(journal), Skipped(SkipReason.TARGET_MISSING), Facts(), NOTHING)
    await put(journal, photo("m1"))


async def test_a_deletion_outlives_forgetting_as_long_as_its_message_waits(journal: SqliteJournal) -> None:
    await deleted_at_birth(journal)
    assert (await journal.forget([ANA])).waits
    assert (await take_one(journal)).known.is_revoked


async def test_a_deletion_outlives_pruning_as_long_as_its_message_may_be_retried(
    journal: SqliteJournal, clock: SetClock
) -> None:
    await deleted_at_birth(journal)
    letter = await take_one(journal)
    await journal.settle(letter, Dead("refused"), letter.facts, NOTHING)
    clock.go(8 * 86_400.0)
    await journal.prune(keep_days=7, keep_links_days=14)
    await journal.retry([letter.entry], "ana")
    assert (await take_one(journal)).known.is_revoked


async def test_what_is_parked_for_a_message_that_waits_is_forgotten_after_it(journal: SqliteJournal) -> None:
    await put(journal, reference(Kind.REVOKE, "r1", "m1"))
    await journal.settle(await take_one(journal), UNTIL_MESSAGE, Facts(), NOTHING)
    await put(journal, message("m1"))
    assert await journal.forget([ANA]) == Forgotten(0, waits=True)
    await journal.settle(await take_one(journal), Delivered(), Facts(), Learned(messages=(link("m1", 7),)))
    assert (await take_one(journal)).kind is Kind.REVOKE


async def test_a_file_that_only_storage_tells_of_is_fetched_once(journal: SqliteJournal) -> None:
    """Its webhook came without it: the gateway's own download had failed (GOWA page 1.4)."""
    await put(journal, message("m1"))
    assert await journal.knows(CHANNEL, [row("m1")]) == [False]
    appended = await put(journal, row("m1"), row("m1"))
    assert [one.is_new for one in appended] == [False, False]
    assert len(await take(journal, FILES)) == 1
    assert await journal.knows(CHANNEL, [row("m1")]) == [True]


async def test_a_forgotten_person_s_file_does_not_come_in_again(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    claim = await take_one(journal)
    await journal.settle(claim, Delivered(), claim.facts, NOTHING)
    await journal.forget([ANA])
    assert await journal.knows(CHANNEL, [row("m1")]) == [True]
    await put(journal, row("m1"))
    assert await take(journal, FILES) == []


async def test_the_file_of_a_message_that_still_waits_is_forgotten_after_it(journal: SqliteJournal) -> None:
    await put(journal, photo("m1"))
    await journal.settle(await take_one(journal, FILES), UNTIL_MESSAGE, FETCHED, NOTHING)
    assert (await journal.forget([ANA])).erased == 0
    claim = await take_one(journal)
    assert claim.known.file == KnownFile(FileState.HERE, SPOOLED)
    await journal.settle(claim, Delivered(), claim.facts, NOTHING)
    await journal.settle(await take_one(journal, FILES), Delivered(), FETCHED, NOTHING)
    assert (await journal.forget([ANA])).erased == 2


async def test_a_file_that_is_still_fetched_follows_its_message_although_she_was_forgotten(
    journal: SqliteJournal,
) -> None:
    """Her message stands without it; the link that the file hangs on, and who is who, go once it has ended."""
    arrival = photo("m1")
    await put(journal, replace(arrival, envelope=replace(arrival.envelope, sender=ANA_LID, pairings=(PAIR,))))
    learned = Learned(messages=(link("m0", 6), link("m1", 7)))
    await journal.settle(await take_one(journal), Delivered(), Facts(), learned)
    await journal.forget([ANA])
    claim = await take_one(journal, FILES)
    assert [one.message for one in claim.known.target] == [7]
    await journal.settle(claim, Delivered(), FETCHED, NOTHING)
    assert (await journal.forget([ANA_LID])).erased == 3
    assert (await journal.forget([ANA, ANA_LID])).erased == 0


async def test_who_sent_a_file_into_a_group_is_forgotten_and_who_made_the_group_is_not_taken_for_it(
    journal: SqliteJournal, tmp_path: Path
) -> None:
    """Its entry has the group's chat and nobody's name; the number stands in its event. Old groups are named after their maker."""
    anas_group = Address(f"{ANA.partition('@')[0]}-1400000000@g.us")
    for whatsapp_id, group, sender in (("m1", GROUP, ANA), ("m2", anas_group, BEN)):
        arrival = photo(whatsapp_id)
        await put(journal, replace(arrival, envelope=replace(arrival.envelope, chat=group, sender=sender)))
        await journal.settle(await take_one(journal), Delivered(), Facts(), NOTHING)
        await journal.settle(await take_one(journal, FILES), Delivered(), FETCHED, NOTHING)
    assert (await journal.forget([ANA])).erased == 2
    await journal.backup_to(tmp_path / "copy.db")
    held = (tmp_path / "copy.db").read_bytes()
    assert (ANA.encode() in held, f'"sender":"{BEN}"'.encode() in held) == (False, True)


async def test_files_stand_still_with_the_look_ups(journal: SqliteJournal) -> None:
    await put(journal, photo("m1"))
    await journal.pause(LOOK_UPS, "wrong password", blocked=True)
    assert await take(journal, FILES) == []
    assert not (await journal.dues()).is_due(FILES)
    await journal.resume(LOOK_UPS)
    assert (await journal.dues()).is_due(FILES)


async def test_no_pool_of_files_is_written_down(journal: SqliteJournal) -> None:
    """A program from before would not know its name."""
    await put(journal, photo("m1"))
    rows = await journal._executor.read(lambda connection: connection.execute("SELECT direction FROM pool").fetchall())
    assert ("media",) not in rows


async def test_the_spool_is_told_which_files_may_be_wanted_yet(journal: SqliteJournal) -> None:
    await put(journal, photo("m1"), photo("m2"))
    first, second = await take(journal, FILES)
    await journal.settle(first, Skipped(SkipReason.TARGET_MISSING), Facts(), NOTHING)
    keys = [first.door_key, second.door_key, "00" * 16]
    assert await journal.open_downloads(keys) == {second.door_key}
    behind_many = ["00" * 16 for _ in range(10_000)] + keys
    assert await journal.open_downloads(behind_many) == {second.door_key}


async def test_a_held_message_survives_a_restart_in_its_place(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, photo("m1"), message("m2"))
    await hold(journal)
    await journal.bury(ME, beat=0)
    await journal.enrol(ME, "host", "/locks/me")
    clock.go(20.0)
    assert text_of((await take(journal, INBOUND))[0]) == "m1"
