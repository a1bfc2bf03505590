"""The device record: what a worker writes, what a gateway reads, and what a full disk does to both."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import apsw
import msgspec
import pytest

from unlost.gateway.engines.record import DeviceRecord, Noticed, RecordDamaged, RecordReader, Seen, Settles, Told
from unlost.gateway.engines.record.noticed import BY_CHAT, BY_ID
from unlost.gateway.events import Message, Notice, Text

BOB = "5541999887766@s.whatsapp.net"
AT = datetime(2026, 11, 1, tzinfo=UTC)


def stanza(id: str = "A1", parts: int = 1, sender: str = "") -> Seen:
    return Seen(id, BOB, sender, (BOB,), parts, at=100.0)


def told(id: str = "A1", at: float = 100.0) -> Told:
    return Told(17, b"\x0a\x00raw", at, id, BOB, BOB)


def event(words: str = "hello") -> bytes:
    return msgspec.json.encode(Message("A1", BOB, BOB, AT, Text(words)))


def become(*events: bytes) -> Callable[[Told], Sequence[bytes]]:
    return lambda told: events


def not_yet(told: Told) -> None:
    return None


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "support" / "record.db"


@pytest.fixture
def record(path: Path) -> DeviceRecord:
    return DeviceRecord(path)


def test_what_was_seen_and_not_done_is_in_flight_after_a_crash(path: Path, record: DeviceRecord) -> None:
    first, second = record.see(stanza("A1")), record.see(stanza("A2"))
    record.write(told("A1"), become(event()), {first.place: (1, 0, True)})
    assert [one.id for one in DeviceRecord(path).in_flight()] == [second.id]


def test_a_message_that_comes_again_when_it_is_done_says_so(record: DeviceRecord) -> None:
    first = record.see(stanza())
    record.write(told(), become(event()), {first.place: (1, 0, True)})
    assert (first.again, first.done) == (False, False)
    again = record.see(stanza())
    assert (again.place, again.again, again.done) == (first.place, True, True)
    assert record.events_under("A1") == [(BOB, event())]


def test_one_id_of_two_senders_is_two_messages(record: DeviceRecord) -> None:
    assert record.see(stanza(sender="x@lid")).place != record.see(stanza(sender="y@lid")).place


def test_a_stanza_that_comes_again_begins_again(record: DeviceRecord) -> None:
    first = record.see(stanza(parts=2))
    record.write(told(), become(event()), {first.place: (1, 0, False)})
    assert record.see(stanza(parts=1)).place == first.place
    (again,) = record.in_flight()
    assert (again.parts, again.told) == (1, 0)


def test_the_gateway_reads_events_in_order_and_takes_them_once(path: Path, record: DeviceRecord) -> None:
    upto = [record.write(told(f"A{n}"), become(event(f"{n}a"), event(f"{n}b")), {}) for n in range(3)]
    reader = RecordReader(path)
    assert [words(one.event) for one in reader.waiting(100)] == ["0a", "0b", "1a", "1b", "2a", "2b"]
    reader.taken(upto[1])
    assert [words(one.event) for one in reader.waiting(100)] == ["2a", "2b"]
    assert [one.place for one in reader.after(upto[1], 100)] == [5, 6]


def words(event: object) -> str:
    assert isinstance(event, Message)
    assert isinstance(event.content, Text)
    return event.content.text


def test_what_was_not_translated_waits_for_a_mended_translator(path: Path, record: DeviceRecord) -> None:
    record.write(told(), not_yet, {})
    (waiting,) = DeviceRecord(path).untranslated(10)
    assert waiting.raw == told().raw
    assert record.translated(waiting.place, [event()], 101.0) == 1
    assert record.untranslated(10) == []


def test_giving_up_is_told_once(path: Path, record: DeviceRecord) -> None:
    first = record.see(stanza())
    lost = msgspec.json.encode(Notice("message.unrecovered", {"id": "A1"}, AT))
    record.give_up(first.place, lost, 700.0)
    record.give_up(first.place, lost, 800.0)
    assert [type(one.event) for one in RecordReader(path).waiting(10)] == [Notice]
    assert record.in_flight() == []


def test_a_message_given_up_may_still_come_and_then_it_is_told(path: Path, record: DeviceRecord) -> None:
    first = record.see(stanza())
    record.give_up(first.place, msgspec.json.encode(Notice("message.unrecovered", {}, AT)), 700.0)
    again = record.see(stanza())
    assert again.given_up
    record.write(told(), become(event()), {again.place: (1, 0, True)})
    assert [type(one.event) for one in RecordReader(path).waiting(10)] == [Notice, Message]


def test_what_left_under_a_key_is_known_to_the_gateway(path: Path, record: DeviceRecord) -> None:
    record.send_begins("intent", "3EB0A", BOB, 100.0)
    assert RecordReader(path).sent_under("intent") == ("3EB0A",)
    assert RecordReader(path).sent_under("other") == ()
    assert record.was_sent("3EB0A")


def test_pairings_are_read_as_a_book(path: Path, record: DeviceRecord) -> None:
    record.write(told(), become(), {}, [("9@lid", BOB)])
    assert RecordReader(path).phones() == {"9@lid": BOB}


def test_pruning_forgets_what_nobody_needs_and_nothing_else(path: Path, record: DeviceRecord) -> None:
    old = record.see(stanza("old"))
    record.write(told("old", at=1.0), become(event("old")), {old.place: (1, 0, True)})
    record.write(told("untaken", at=1.0), become(event("untaken")), {})
    record.write(told("raw", at=1.0), not_yet, {})
    record.see(stanza("open"))
    record.send_begins("old intent", "3EB0A", BOB, at=1.0)
    record.send_begins("intent", "3EB0B", BOB, at=300.0)
    RecordReader(path).taken(1)
    assert record.prune(before=200.0) == 5
    assert record.prune(before=200.0) == 0
    assert (record.was_sent("3EB0A"), record.was_sent("3EB0B")) == (False, True)
    assert record.find("old", BOB) is None
    assert [words(one.event) for one in RecordReader(path).waiting(10)] == ["untaken"]
    assert [one.id for one in record.untranslated(10)] == ["raw"]
    assert [one.id for one in record.in_flight()] == ["open"]


def test_media_are_found_by_id_in_their_own_chat_first(record: DeviceRecord) -> None:
    record.write(Told(17, b"here", 1.0, "A1", BOB, BOB), become(), {})
    record.write(Told(17, b"there", 1.0, "A1", "1@g.us", BOB), become(), {})
    found = record.find("A1", BOB)
    assert found is not None
    assert found.raw == b"here"
    assert record.find("", BOB) is None


def test_on_a_full_disk_nothing_is_half_written(path: Path, record: DeviceRecord) -> None:
    first = record.see(stanza())
    pages = next(record._connection.execute("PRAGMA page_count"))[0]
    record._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(apsw.FullError):
        record.write(Told(17, bytes(1 << 20), 1.0, "A1", BOB, BOB), become(event()), {first.place: (1, 0, True)})
    reopened = DeviceRecord(path)
    assert [one.id for one in reopened.in_flight()] == ["A1"]
    assert RecordReader(path).waiting(1) == []


def test_a_damaged_record_is_refused_and_left_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this was a database once" * 100)
    with pytest.raises(RecordDamaged):
        DeviceRecord(path)
    assert path.read_bytes().startswith(b"this was")


WRITER = """
import sys
from pathlib import Path
from unlost.gateway.engines.record import DeviceRecord, Seen, Told
record = DeviceRecord(Path(sys.argv[1]))
number = 0
while True:
    seen = record.see(Seen(str(number), "c", "", (), 1, 1.0))
    print("seen", number, flush=True)
    record.write(Told(17, b"raw", 1.0, str(number)), lambda told: [], {seen.place: (1, 0, True)})
    print("done", number, flush=True)
    number += 1
"""


def test_killed_at_any_instant_what_was_said_to_be_written_is_written(path: Path) -> None:
    """A writer says what it wrote after each commit; it is killed at a line of its own choosing, five times."""
    for lines in (1, 2, 7, 20, 41):
        path.unlink(missing_ok=True)
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        with writer:
            said = [writer.stdout.readline().split() for _ in range(lines)]
            os.kill(writer.pid, signal.SIGKILL)
        done = {number for what, number in said if what == "done"}
        seen = {number for what, number in said if what == "seen"}
        record = DeviceRecord(path)
        assert {id_ for (id_,) in record._rows("SELECT id FROM seen WHERE done = 1")} >= done
        assert {id_ for (id_,) in record._rows("SELECT id FROM seen")} >= seen
        record.close()


def noticed(id: str, kind: str = "change", at_s: int = 7) -> Noticed:
    return Noticed("notification", kind, id, "1@g.us", BOB, at_s, f"<notification id={id}>", at=100.0)


CHANGE = Settles("notification", "change", chat="1@g.us", at_s=7, once=True)


def test_a_line_waits_until_an_event_stands_for_it(path: Path, record: DeviceRecord) -> None:
    record.notice(noticed("N1"))
    record.notice(noticed("N1"))
    record.notice(noticed("N2", kind="create"))
    assert [one.id for one in DeviceRecord(path).noticed(10)] == ["N1", "N2"]
    record.write(told(), become(event()), {}, settles=CHANGE)
    assert [one.id for one in record.noticed(10)] == ["N2"]


def test_what_was_told_for_a_line_is_not_told_again_for_it(path: Path, record: DeviceRecord) -> None:
    for name in ("N1", "N2"):  # in one second
        record.notice(noticed(name))
    for words_told in ("first", "second", "again"):
        record.write(told(), become(event(words_told)), {}, settles=CHANGE)
    record.write(told(), become(event("later")), {}, settles=msgspec.structs.replace(CHANGE, at_s=8))
    assert [words(one.event) for one in RecordReader(path).waiting(10)] == ["first", "second", "later"]


@pytest.mark.parametrize("sql", [BY_ID, BY_CHAT])
def test_a_line_is_found_by_an_index_however_many_there_are(record: DeviceRecord, sql: str) -> None:
    plan = [step for *_, step in record._rows(f"EXPLAIN QUERY PLAN {sql}", ("x", "receipt", "", 7, 7))]
    assert plan[0].startswith("SEARCH noticed USING INDEX")
