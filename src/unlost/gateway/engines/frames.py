"""What the gateway and an engine's worker say to each other: 4 bytes of length, big-endian, then one JSON document.

Language-neutral on purpose: a worker in another language needs a socket, JSON and this page. Every frame carries its name
in `type`. The gateway may send `call` and `stop` at any time; a worker says `hello` first and `pulse` at least as often as
it was told to, whatever else it does.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

import msgspec

PROTOCOL = 1
LENGTH_BYTES = 4
FRAME_MAX_BYTES = 16 * 1024 * 1024  # a group list of 500 groups of 1,024 members is 6 MB; files travel as paths
NOTHING = msgspec.Raw(b"null")
_Frame = TypeVar("_Frame")


class FrameRefused(Exception):
    """The other end sent what no frame can be: too long, or not of this protocol. Nothing after it can be trusted."""


class FailureKind(StrEnum):
    """How a call ended without its answer. The first group was never begun; of the last nobody knows what became of it."""

    NOT_STARTED = "not_started"  # no worker came to it, or nothing of it left: it may be asked again at once
    NOT_CONNECTED = "not_connected"  # the worker has no link to WhatsApp
    NOT_SUPPORTED = "not_supported"  # this engine cannot do that
    QUARANTINED = "quarantined"  # it ended two workers, so it is not asked again for a while
    BUSY = "busy"  # as many calls as may be under way are under way
    INVALID = "invalid"  # the arguments mean nothing
    NOT_FOUND = "not_found"  # what it names is not there
    HIDDEN = "hidden"  # the person's privacy settings say no
    UNCHANGED = "unchanged"  # what the caller has is the newest
    TOO_LARGE = "too_large"
    REFUSED = "refused"  # WhatsApp or the engine said no
    LIMITED = "limited"  # WhatsApp wants fewer of these
    TIMED_OUT = "timed_out"
    IN_DOUBT = "in_doubt"  # a message of it may have left, and WhatsApp did not say that it was not taken
    ENGINE_CRASHED = "engine_crashed"


class StateName(StrEnum):
    """Where a device stands; all but the first six mean that messages wait in WhatsApp's offline queue."""

    STARTING = "starting"
    PAIRING = "pairing"  # shows QR codes; nobody has scanned one yet
    PAIRED = "paired"
    CONNECTING = "connecting"
    LOGGED_IN = "logged_in"
    STOPPED = "stopped"
    DISCONNECTED = "disconnected"
    NO_NETWORK = "no_network"
    CLOCK_WRONG = "clock_wrong"
    LOGGED_OUT = "logged_out"
    REPLACED = "replaced"
    BANNED = "banned"
    OUTDATED = "outdated"
    REFUSED_LOGIN = "refused_login"
    STORE_DAMAGED = "store_damaged"
    RECORD_FAILED = "record_failed"  # the device record cannot be written: a full disk, mostly
    CRASHED = "crashed"
    ENGINE_MISSING = "engine_missing"


class Call(msgspec.Struct, frozen=True, tag="call"):
    """Do *verb* (`verbs`). *key* names the intent: what it sends is recorded under it before it leaves.

    *until*: when its caller gives up, in seconds of the machine's monotonic clock (CLOCK_MONOTONIC), which both ends read; 0:
    nobody said. A send lets no message leave after that, and says `not_started` in good time if it cannot begin before.
    """

    id: int
    verb: str
    args: msgspec.Raw
    key: str = ""
    until: float = 0.0


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """End at once; the gateway is stopping."""


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """The first word of a worker: which engine it holds, which verbs that has, and whether it takes ids of our choosing."""

    engine: str
    version: str
    protocol: int
    verbs: tuple[str, ...] = ()
    takes_ids: bool = False


class State(msgspec.Struct, frozen=True, tag="state"):
    """Where the device stands. *cure* is what a person can do; *jid* and *lid* are the account, where it is known.

    *leaving*: the worker ends now, for this reason; the next is started after *rest_s* at the least.
    """

    name: StateName
    cause: str = ""
    cure: str = ""
    jid: str = ""
    lid: str = ""
    leaving: bool = False
    rest_s: float = 0.0


class Qr(msgspec.Struct, frozen=True, tag="qr"):
    """What the phone may scan now; the newest stands last."""

    codes: tuple[str, ...]


class Failure(msgspec.Struct, frozen=True):
    """Why a call has no answer; *text* is the engine's word, for a person."""

    kind: FailureKind
    text: str


class Reply(msgspec.Struct, frozen=True, tag="reply"):
    """The end of the call with this id."""

    id: int
    value: msgspec.Raw = NOTHING
    error: Failure | None = None


class Recorded(msgspec.Struct, frozen=True, tag="recorded"):
    """The device record holds events up to this place."""

    upto: int


class Pulse(msgspec.Struct, frozen=True, tag="pulse"):
    """Alive. *turn* counts what the engine has told so far, *in_turn* is true while one of these is being written down.

    *held*: receipts that wait for their message; *released*: those that left without it, since the record began.
    *replayed*: messages that came again and were dropped by the engine, which had read them before. *untranslated*: what was
    told and no event could be made of, kept raw.
    """

    turn: int
    in_turn: bool = False
    held: int = 0
    released: int = 0
    replayed: int = 0
    untranslated: int = 0


ToWorker = Call | Stop
FromWorker = Hello | State | Qr | Reply | Recorded | Pulse

_encoder = msgspec.json.Encoder()
_to_worker: msgspec.json.Decoder[ToWorker] = msgspec.json.Decoder(ToWorker)
_from_worker: msgspec.json.Decoder[FromWorker] = msgspec.json.Decoder(FromWorker)


def packed(frame: ToWorker | FromWorker) -> bytes:
    """*frame* as it travels. Raises FrameRefused if it is too long to be taken at the other end."""
    body = _encoder.encode(frame)
    if len(body) > FRAME_MAX_BYTES:
        raise FrameRefused(f"a frame of {len(body)} bytes; at most {FRAME_MAX_BYTES} may travel")
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def length_of(head: bytes) -> int:
    """How many bytes follow this head. Raises FrameRefused above the limit, before anything is read."""
    length = int.from_bytes(head, "big")
    if length > FRAME_MAX_BYTES:
        raise FrameRefused(f"a frame of {length} bytes was announced; at most {FRAME_MAX_BYTES} are taken")
    return length


def for_worker(body: bytes) -> ToWorker:
    """What the gateway said. Raises FrameRefused."""
    return _read(_to_worker, body)


def for_gateway(body: bytes) -> FromWorker:
    """What a worker said. Raises FrameRefused."""
    return _read(_from_worker, body)


def _read(decoder: msgspec.json.Decoder[_Frame], body: bytes) -> _Frame:
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FrameRefused("a frame that is not of this protocol") from error
