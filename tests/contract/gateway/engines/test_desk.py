"""The desk with its own threads, a real gate and a real record, over an engine that does as it is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from unlost.gateway.engines import verbs
from unlost.gateway.engines.frames import Call, FailureKind, Reply
from unlost.gateway.engines.neonize_worker.desk import Desk
from unlost.gateway.engines.neonize_worker.gate import Gate
from unlost.gateway.engines.neonize_worker.sending import Sending
from unlost.gateway.engines.record import DeviceRecord
from unlost.gateway.engines.verbs import Verb
from unlost.gateway.events import MediaKind

WAIT_S = 20.0
BOB = "628999888777@s.whatsapp.net"


class Engine:
    """neonize's client: a message leaves through the gate and is answered, unless *before* or *after* that something else is."""

    def __init__(self, gate: Gate) -> None:
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None
        self.sent: list[str] = []
        self._gate = gate

    def send_message(self, to: object, message: Any) -> Any:
        self.before()
        id_ = f"3EB0{len(self.sent)}"
        self._gate.sending(id_, BOB)
        self.sent.append(message.conversation)
        self.after()
        return SimpleNamespace(ID=id_, Timestamp=1_700_000_000)


class Files:
    """A file's message leaves once its upload is *done*."""

    def __init__(self, sending: Sending) -> None:
        self.done = threading.Event()
        self._sending = sending

    def download(self, asked: verbs.Download) -> object:
        raise NotImplementedError

    def send_media(self, asked: verbs.SendMedia) -> object:
        assert self.done.wait(WAIT_S)
        return self._sending.send(asked.to, SimpleNamespace(conversation=asked.path))


class World:
    """One desk, and its replies."""

    def __init__(self, folder: Path) -> None:
        self.gate = Gate(DeviceRecord(folder / "record.db"), lambda why: None)
        self.engine = Engine(self.gate)
        library = cast(
            Any, SimpleNamespace(messages=SimpleNamespace(Message=SimpleNamespace), protobufs=SimpleNamespace(JID=dict))
        )
        sending = Sending(library, self.engine)
        self.files = Files(sending)
        nothing = cast(Any, _Anything())
        self._desk = Desk(nothing, self.gate, nothing, sending, cast(Any, self.files), nothing, self._answered)
        self._replies: dict[int, tuple[Reply, float]] = {}
        self._changed = threading.Condition()
        self._last = 0

    def text(self, words: str, until: float = 0.0) -> int:
        return self._take(Verb.SEND_TEXT, verbs.SendText(BOB, words), until)

    def file(self, path: str, until: float) -> int:
        return self._take(Verb.SEND_MEDIA, verbs.SendMedia(BOB, MediaKind.IMAGE, path, "image/png"), until)

    def reply(self, id: int) -> tuple[FailureKind | None, float]:
        """How the call ended, and when."""
        with self._changed:
            assert self._changed.wait_for(lambda: id in self._replies, WAIT_S)
            reply, at = self._replies[id]
        return (None if reply.error is None else reply.error.kind), at

    def _take(self, verb: Verb, asked: msgspec.Struct, until: float) -> int:
        self._last += 1
        self._desk.take(Call(self._last, verb, msgspec.Raw(msgspec.json.encode(asked)), f"key {self._last}", until))
        return self._last

    def _answered(self, reply: Reply) -> None:
        with self._changed:
            self._replies[reply.id] = (reply, time.monotonic())
            self._changed.notify_all()


class _Anything:
    """Has every method, and none does anything."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *told: None


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_send_behind_a_slow_one_is_given_back_while_its_caller_waits_and_never_leaves(world: World) -> None:
    slow = threading.Event()
    world.engine.after = lambda: cast(None, slow.wait(WAIT_S))
    first = world.text("first")
    until = time.monotonic() + 1.0
    kind, at = world.reply(world.text("second", until))
    assert (kind, at < until) == (FailureKind.NOT_STARTED, True)
    slow.set()
    third = world.text("third", time.monotonic() + WAIT_S)
    assert [world.reply(one)[0] for one in (first, third)] == [None, None]
    assert world.engine.sent == ["first", "third"]


def test_a_send_that_has_begun_is_not_given_back(world: World) -> None:
    """Its message may have left already."""
    until = time.monotonic() + 0.5
    world.engine.after = lambda: time.sleep(until - time.monotonic())
    kind, at = world.reply(world.text("x", until))
    assert (kind, at >= until, world.engine.sent) == (None, True, ["x"])


ENDS = [
    ("websocket not connected", FailureKind.NOT_CONNECTED, FailureKind.IN_DOUBT),
    ("frame socket is closed", FailureKind.REFUSED, FailureKind.IN_DOUBT),
    ("info query timed out", FailureKind.NOT_STARTED, FailureKind.IN_DOUBT),
    (
        "websocket disconnected before message send (retry) returned response",
        FailureKind.NOT_STARTED,
        FailureKind.IN_DOUBT,
    ),
    ("info query returned status 429: rate-overlimit", FailureKind.LIMITED, FailureKind.IN_DOUBT),
    ("server returned error 463", FailureKind.LIMITED, FailureKind.LIMITED),
    ("server returned error 479", FailureKind.REFUSED, FailureKind.REFUSED),
]


@pytest.mark.parametrize(("words", "before", "after"), ENDS)
def test_once_its_message_may_have_left_only_whatsapp_s_own_no_to_it_proves_that_it_did_not_arrive(
    world: World, words: str, before: FailureKind, after: FailureKind
) -> None:
    world.engine.before = lambda: fail(words)
    assert world.reply(world.text("x"))[0] is before
    world.engine.before, world.engine.after = lambda: None, lambda: fail(words)
    assert world.reply(world.text("x"))[0] is after


def test_what_left_for_one_send_says_nothing_of_the_next(world: World) -> None:
    assert world.reply(world.text("x"))[0] is None
    world.engine.before = lambda: fail("websocket not connected")
    assert world.reply(world.text("x"))[0] is FailureKind.NOT_CONNECTED


def fail(words: str) -> None:
    raise RuntimeError(words)


def test_a_file_whose_upload_outlasts_its_caller_does_not_leave(world: World) -> None:
    until = time.monotonic() + 0.2
    sending = world.file("late.png", until)
    time.sleep(until - time.monotonic())
    world.files.done.set()
    assert (world.reply(sending)[0], world.engine.sent) == (FailureKind.NOT_STARTED, [])


def test_a_caller_s_word_that_came_too_late_is_given_back(world: World) -> None:
    """A worker that stood still reads it after its caller has gone."""
    assert world.reply(world.text("x", time.monotonic() - 1))[0] is FailureKind.NOT_STARTED
    assert world.engine.sent == []
