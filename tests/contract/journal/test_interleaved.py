"""Two connections, interleaved (hard case 18). SQLite passes by refusing the second writer; what matters is what stands after."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from tests.contract.journal.building import ANA, ANA_LID, CHANNEL, INBOUND, ME, PAIR, PEER, SetClock, message, put, take
from tests.contract.journal.conftest import Opener
from tests.contract.journal.grounds import connect, settle_in, transaction, turn
from unlost.journal import appending, claiming, leasing, pairing, settling
from unlost.journal.rows import NOTHING_LEARNED, Settled
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.verdicts import Delivered

Two = tuple[apsw.Connection, apsw.Connection]


@pytest.fixture
def two(tmp_path: Path, clock: SetClock) -> Iterator[Two]:
    first, second = (connect(tmp_path / "two.db", clock) for _ in range(2))
    settle_in(first, clock)
    yield first, second
    first.close()
    second.close()


def begin(connection: apsw.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")


def order_of(connection: apsw.Connection, clock: SetClock) -> list[str]:
    """Deliver all that can be had, one after the other."""
    order = []
    with transaction(connection, clock) as at:
        while claims := claiming.claim(at, ME, INBOUND, 1, alone=False):
            order.append(claims[0].raw.decode().split('"')[3])
            assert settling.settle(at, claims[0], Delivered(), Facts(), NOTHING_LEARNED, None) is Settled.DONE
    return order


def test_an_append_begun_first_and_committed_second_keeps_the_order_of_places(two: Two, clock: SetClock) -> None:
    first, second = two
    begin(first)
    appending.append(turn(first, clock), CHANNEL, (message("m1"),))
    with pytest.raises(apsw.BusyError):
        begin(second)
    first.execute("COMMIT")
    with transaction(second, clock) as at:
        appending.append(at, CHANNEL, (message("m2"),))
    assert order_of(first, clock) == ["m1", "m2"]


def test_a_snapshot_taken_before_anothers_commit_cannot_write(two: Two, clock: SetClock) -> None:
    first, second = two
    first.execute("BEGIN")
    first.execute("SELECT count(*) FROM entry").fetchall()
    with transaction(second, clock) as at:
        appending.append(at, CHANNEL, (message("m2"),))
    with pytest.raises(apsw.BusyError):
        appending.append(turn(first, clock), CHANNEL, (message("m1"),))
    first.execute("ROLLBACK")


def test_a_claim_beside_an_uncommitted_claim_takes_no_later_entry_of_its_lane(two: Two, clock: SetClock) -> None:
    first, second = two
    with transaction(first, clock) as at:
        appending.append(at, CHANNEL, (message("m1"), message("m2")))
    begin(first)
    assert len(claiming.claim(turn(first, clock), ME, INBOUND, 9, alone=False)) == 1
    with pytest.raises(apsw.BusyError):
        begin(second)
    first.execute("ROLLBACK")
    with transaction(second, clock) as at:
        (claim,) = claiming.claim(at, PEER, INBOUND, 9, alone=False)
    assert b"m1" in claim.raw


def test_a_claim_after_a_committed_claim_gets_nothing_of_its_lane(two: Two, clock: SetClock) -> None:
    first, second = two
    with transaction(first, clock) as at:
        appending.append(at, CHANNEL, (message("m1"), message("m2")))
        claiming.claim(at, ME, INBOUND, 9, alone=False)
    with transaction(second, clock) as at:
        assert claiming.claim(at, PEER, INBOUND, 9, alone=False) == []


def test_an_append_beside_a_join_is_in_a_lane_that_is_worked(two: Two, clock: SetClock) -> None:
    first, second = two
    with transaction(first, clock) as at:
        appending.append(at, CHANNEL, (message("m1", ANA_LID),))
    begin(first)
    pairing.learn_pairings(turn(first, clock), CHANNEL, (PAIR,))
    with pytest.raises(apsw.BusyError):
        begin(second)
    first.execute("COMMIT")
    with transaction(second, clock) as at:
        appending.append(at, CHANNEL, (message("m2", ANA_LID), message("m3", ANA)))
    assert order_of(second, clock) == ["m1", "m2", "m3"]


def test_a_join_beside_an_append_works_what_was_appended(two: Two, clock: SetClock) -> None:
    first, second = two
    begin(first)
    appending.append(turn(first, clock), CHANNEL, (message("m1", ANA_LID),))
    with pytest.raises(apsw.BusyError):
        begin(second)
    first.execute("COMMIT")
    with transaction(second, clock) as at:
        pairing.learn_pairings(at, CHANNEL, (PAIR,))
    assert order_of(first, clock) == ["m1"]


def test_a_join_between_claim_and_settle_of_two_holders_loses_neither(two: Two, clock: SetClock) -> None:
    first, second = two
    with transaction(first, clock) as at:
        appending.append(at, CHANNEL, (message("m1", ANA_LID), message("m2", ANA)))
        (mine,) = claiming.claim(at, ME, INBOUND, 1, alone=False)
    with transaction(second, clock) as at:
        (theirs,) = claiming.claim(at, PEER, INBOUND, 1, alone=False)
        pairing.learn_pairings(at, CHANNEL, (PAIR,))
        assert settling.settle(at, theirs, Delivered(), Facts(), NOTHING_LEARNED, None) is Settled.DONE
    with transaction(first, clock) as at:
        assert leasing.holds(at, mine)
        assert settling.settle(at, mine, Delivered(), Facts(), NOTHING_LEARNED, None) is Settled.DONE


async def test_a_door_waits_for_another_writer_and_then_keeps_the_body(
    opener: Opener, journal: SqliteJournal, tmp_path: Path, clock: SetClock, backend: str
) -> None:
    if backend == "inline":
        pytest.skip("one thread cannot both hold a lock and wait for it")
    other = connect(tmp_path / "journal.db", clock)
    begin(other)
    appending.append(turn(other, clock), CHANNEL, (message("m1"),))
    waiting = asyncio.ensure_future(put(journal, message("m2")))
    done, _ = await asyncio.wait({waiting}, timeout=0.05)
    assert not done
    other.execute("COMMIT")
    other.close()
    assert (await waiting)[0].is_new
    assert b"m1" in (await take(journal))[0].raw
