"""Frames: what goes in comes out, and nothing else does."""

import msgspec
import pytest

from unlost.gateway.engines import frames
from unlost.gateway.engines.frames import (
    FRAME_MAX_BYTES,
    Call,
    Failure,
    FailureKind,
    FrameRefused,
    Hello,
    Pulse,
    Qr,
    Recorded,
    Reply,
    State,
    StateName,
    Stop,
)

TO_WORKER = [Call(7, "send_text", msgspec.Raw(b'{"to":"x@g.us","text":"\xc3\xa9"}'), "key", 12.5), Stop()]
FROM_WORKER = [
    Hello("neonize", "0.5.2", 1, ("avatar",)),
    State(StateName.LOGGED_OUT, "cause", "cure", rest_s=3.5),
    Qr(("2@a", "2@b")),
    Reply(1, msgspec.Raw(b"[1]")),
    Reply(2, error=Failure(FailureKind.HIDDEN, "no")),
    Recorded(9),
    Pulse(5, in_turn=True, held=2),
]


@pytest.mark.parametrize("frame", TO_WORKER)
def test_what_the_gateway_says_reaches_the_worker_unchanged(frame: frames.ToWorker) -> None:
    assert frames.for_worker(body_of(frames.packed(frame))) == frame


@pytest.mark.parametrize("frame", FROM_WORKER)
def test_what_a_worker_says_reaches_the_gateway_unchanged(frame: frames.FromWorker) -> None:
    assert frames.for_gateway(body_of(frames.packed(frame))) == frame


@pytest.mark.parametrize(
    "body",
    [b"", b"no", b"[]", b"{}", b'{"type":"bow"}', b'{"type":"reply"}', b'{"type":"recorded","upto":"9"}', b"\xff\xfe"],
)
def test_what_is_no_frame_is_refused(body: bytes) -> None:
    with pytest.raises(FrameRefused):
        frames.for_gateway(body)


def test_a_frame_of_the_other_end_is_refused() -> None:
    with pytest.raises(FrameRefused):
        frames.for_worker(body_of(frames.packed(Pulse(1))))


def test_a_length_above_the_limit_is_refused_before_anything_is_read() -> None:
    assert frames.length_of(FRAME_MAX_BYTES.to_bytes(4, "big")) == FRAME_MAX_BYTES
    with pytest.raises(FrameRefused):
        frames.length_of((FRAME_MAX_BYTES + 1).to_bytes(4, "big"))


def test_a_frame_too_long_to_be_taken_is_not_sent() -> None:
    with pytest.raises(FrameRefused):
        frames.packed(Qr(("x" * FRAME_MAX_BYTES,)))


def body_of(data: bytes) -> bytes:
    assert frames.length_of(data[:4]) == len(data) - 4
    return data[4:]
