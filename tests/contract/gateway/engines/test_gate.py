"""The gate with a real record and threads of its own: what lets a receipt go, and what never does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from unlost.gateway.engines.neonize_worker import gate as gates
from unlost.gateway.engines.neonize_worker.gate import TURNS_IN_THE_CHANNEL, Gate
from unlost.gateway.engines.record import DeviceRecord, Seen, Told

WAIT_S = 20.0
BOB, ANA = "628999888777@s.whatsapp.net", "628111000111@s.whatsapp.net"


class Receipt:
    """A receipt that wants to leave, on a thread of its own."""

    def __init__(self, gate: Gate, *ids: str) -> None:
        self.left = threading.Event()
        self._gate = gate
        self._ids = ids
        held = gate.held
        self._thread = threading.Thread(target=self._leave, daemon=True)
        self._thread.start()
        wait_until(lambda: gate.held > held or self.left.is_set() or gate.broken)

    def _leave(self) -> None:
        self._gate.leaving(self._ids)
        self.left.set()

    @property
    def has_left(self) -> bool:
        """True if it left; a gate that was just notified is given the time to let it go."""
        return self.left.wait(0.05)


def wait_until(holds: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(int(WAIT_S / 0.005)):
        if holds():
            return
        pause.wait(0.005)
    raise AssertionError("it never came to be")


@pytest.fixture
def record(tmp_path: Path) -> DeviceRecord:
    return DeviceRecord(tmp_path / "record.db")


@pytest.fixture
def failures() -> list[str]:
    return []


@pytest.fixture
def gate(record: DeviceRecord, failures: list[str]) -> Gate:
    return Gate(record, failures.append)


def seen(id: str = "3A1", parts: int = 1, chat: str = BOB) -> Seen:
    return Seen(id, chat, "", (chat,), parts, at=1.0)


def tell(gate: Gate, record: DeviceRecord, id: str = "3A1", *, readable: bool = True, chat: str = BOB) -> None:
    found = gate.match(id, (chat,))
    after = gate.progress(found, readable=readable)
    record.write(Told(17, b"raw", 1.0, id), lambda told: [], after)
    gate.written(found, after)


def turns(gate: Gate, count: int) -> None:
    for _ in range(count):
        gate.begin_turn()
        gate.end_turn()


def test_a_receipt_leaves_when_its_message_is_written_and_not_before(gate: Gate, record: DeviceRecord) -> None:
    gate.arrived(seen())
    receipt = Receipt(gate, "3A1")
    assert not receipt.has_left
    tell(gate, record)
    assert receipt.left.wait(WAIT_S)
    assert gate.released == 0


def test_a_receipt_for_what_never_came_is_nobodys_business(gate: Gate) -> None:
    assert Receipt(gate, "unknown").left.wait(WAIT_S)


def test_a_message_of_two_parts_needs_both(gate: Gate, record: DeviceRecord) -> None:
    """The first part of a group's stanza is the sender's key; its event is empty, and the message is still to come."""
    gate.arrived(seen(parts=2))
    receipt = Receipt(gate, "3A1")
    tell(gate, record)
    assert not receipt.has_left
    assert len(record.in_flight()) == 1
    tell(gate, record)
    assert receipt.left.wait(WAIT_S)
    assert record.in_flight() == []


def test_a_part_that_was_read_before_is_not_waited_for(gate: Gate, record: DeviceRecord) -> None:
    gate.arrived(seen(parts=2))
    gate.ignored("3A1")
    tell(gate, record)
    assert Receipt(gate, "3A1").left.wait(WAIT_S)
    assert gate.released == 0


def test_a_message_the_engine_dropped_as_read_before_is_never_let_go_quietly(gate: Gate, record: DeviceRecord) -> None:
    gate.arrived(seen())
    gate.ignored("3A1")
    receipt = Receipt(gate, "3A1")
    turns(gate, TURNS_IN_THE_CHANNEL)
    assert receipt.left.wait(WAIT_S)
    assert record.releases() == 1
    assert len(record.in_flight()) == 1


def test_idleness_is_counted_in_turns_and_written_down(gate: Gate, record: DeviceRecord) -> None:
    gate.arrived(seen())
    receipt = Receipt(gate, "3A1")
    turns(gate, TURNS_IN_THE_CHANNEL - 1)
    assert not receipt.has_left
    turns(gate, 1)
    assert receipt.left.wait(WAIT_S)
    assert record.releases() == gate.released == 1


def test_what_could_not_be_read_waits_for_its_second_copy(gate: Gate, record: DeviceRecord) -> None:
    gate.arrived(seen())
    tell(gate, record, readable=False)
    receipt = Receipt(gate, "3A1")
    turns(gate, TURNS_IN_THE_CHANNEL * 2)
    assert not receipt.has_left
    gate.arrived(seen())
    tell(gate, record)
    assert Receipt(gate, "3A1").left.wait(WAIT_S)
    assert record.in_flight() == []


def test_a_receipt_held_for_the_first_copy_leaves_with_the_second(gate: Gate, record: DeviceRecord) -> None:
    gate.arrived(seen())
    tell(gate, record, readable=False)
    receipt = Receipt(gate, "3A1")
    gate.arrived(seen())
    assert not receipt.has_left
    tell(gate, record)
    assert receipt.left.wait(WAIT_S)
    assert record.releases() == 0


def test_what_is_given_up_may_be_acknowledged(gate: Gate, record: DeviceRecord) -> None:
    gate.arrived(seen())
    receipt = Receipt(gate, "3A1")
    (one,) = gate.overdue(before=float("inf"))
    record.give_up(one.seen.place, b"{}", 1.0)
    gate.gave_up(one)
    assert receipt.left.wait(WAIT_S)
    assert record.releases() == 1


def test_a_crowd_of_unreadable_messages_does_not_take_every_thread(
    gate: Gate, record: DeviceRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gates, "HELD_MAX", 2)
    for number in range(4):
        gate.arrived(seen(str(number)))
        tell(gate, record, str(number), readable=False)
    receipts = [Receipt(gate, str(number)) for number in range(4)]
    assert [one.has_left for one in receipts] == [False, False, True, True]
    assert record.releases() == 2


def test_one_id_of_two_senders_is_told_apart(gate: Gate, record: DeviceRecord) -> None:
    gate.arrived(seen(chat=BOB))
    gate.arrived(seen(chat=ANA))
    tell(gate, record, chat=ANA)
    assert [one.chat for one in record.in_flight()] == [BOB]
    assert not Receipt(gate, "3A1").has_left


def test_after_a_failed_write_nothing_leaves_any_more(gate: Gate, record: DeviceRecord, failures: list[str]) -> None:
    gate.arrived(seen())
    held = Receipt(gate, "3A1")
    gate.break_off("disk full")
    assert not held.has_left
    assert not Receipt(gate, "3A1").has_left
    assert not Receipt(gate, "unknown").has_left
    gate.break_off("again")
    assert failures == ["disk full"]


def test_a_stanza_that_cannot_be_written_breaks_the_gate(
    gate: Gate, record: DeviceRecord, failures: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Seen) -> Seen:
        raise apsw.FullError("database or disk is full")

    monkeypatch.setattr(record, "see", full)
    threading.Thread(target=gate.arrived, args=(seen(),), daemon=True).start()
    wait_until(lambda: gate.broken)
    assert failures == ["FullError: database or disk is full"]
    assert not Receipt(gate, "unknown").has_left


def test_a_new_gate_knows_what_a_crash_left_open(gate: Gate, record: DeviceRecord) -> None:
    gate.arrived(seen())
    again = Gate(record, lambda why: None)
    assert not Receipt(again, "3A1").has_left


def test_what_leaves_for_an_intent_is_written_first_and_once(gate: Gate, record: DeviceRecord) -> None:
    gate.sends_for("intent")
    gate.sending("3EB0", BOB)
    gate.sending("3EB1", BOB)
    gate.sent()
    gate.sending("3EB2", BOB)
    assert record.was_sent("3EB0")
    assert not record.was_sent("3EB1")
    assert not record.was_sent("3EB2")


def test_a_second_copy_of_an_older_message_is_not_taken_for_the_intents(gate: Gate, record: DeviceRecord) -> None:
    gate.sends_for("first")
    gate.sending("3EB0", BOB)
    gate.sends_for("second")
    gate.sending("3EB0", BOB)
    gate.sending("3EB1", BOB)
    assert record._rows("SELECT key, id FROM sending ORDER BY id") == [("first", "3EB0"), ("second", "3EB1")]
