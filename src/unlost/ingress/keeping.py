"""From a body to a committed entry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from unlost.clock import Clock
from unlost.errors import NotCommitted, Refused
from unlost.ingress.body import Headers
from unlost.ingress.deadlines import Deadlines
from unlost.ingress.doors import Door
from unlost.ingress.gaps import GapKeeper
from unlost.ingress.hold import hold_s
from unlost.ingress.paths import Doors
from unlost.journal.port import Journal
from unlost.journal.rows import Appended, Arrival
from unlost.telemetry.doors import DurableAgain, NotDurable, UnreadableKept
from unlost.telemetry.happenings import BugMet, CopyMet
from unlost.telemetry.log import Telemetry, trace_of
from unlost.vocabulary.envelopes import Envelope, Kind
from unlost.vocabulary.ids import ChannelName, WhatsAppId


class NotSigned(Exception):
    """No door behind the path has this signature."""


class NotKept(Exception):
    """The body is not durable, or not known to be: it must come again."""


@dataclass(slots=True, kw_only=True)
class Keeping:
    """Checks, reads and appends. *journal_is_used*: something may have been told while we were away (see `hold`).

    *numbered* hears of each durable body that told its number in a feed, by the channel at whose door it came; *turned* of each
    new one that tells of the gateway's link to WhatsApp.
    """

    journal: Journal
    doors: Doors
    gaps: GapKeeper
    clock: Clock
    telemetry: Telemetry
    commit_wait_s: float
    deadlines: Deadlines = field(default_factory=Deadlines)
    journal_is_used: bool
    numbered: Callable[[ChannelName, str, int], None] = lambda channel, feed, number: None
    turned: Callable[[ChannelName, bytes], None] = lambda channel, body: None
    _started_at: float = field(init=False)
    _troubled_at: dict[ChannelName, float] = field(default_factory=dict)
    _is_writable: bool = True

    def __post_init__(self) -> None:
        self._started_at = self.clock.monotonic()

    @property
    def is_writable(self) -> bool:
        """False from a body that could not be made durable until one could."""
        return self._is_writable

    async def keep(self, doors: tuple[Door, ...], body: bytes, headers: Headers) -> Door:
        """The body is durable, in the lane of the door that is returned. Raises NotSigned, NotKept."""
        for knocked in doors:
            if knocked.is_signed(body, headers):
                break
        else:
            raise NotSigned
        door, envelope = self._read(knocked, body, headers)
        arrival = Arrival(envelope, body, self.hold_s(door), door.twin_wait_s)
        await self._append(door, arrival)
        if (told := knocked.numbered(headers)) is not None:
            self.numbered(knocked.channel, told.feed, told.number)
        return door

    async def keep_fed(self, door: Door, bodies: Sequence[bytes]) -> int:
        """Bodies of a gateway's feed are durable, in this order, as if their webhooks had come; how many were new. Raises NotCommitted.

        What tells of another device is left to that device's own channel.
        """
        envelopes = [(self._envelope(door, body, {}), body) for body in bodies]
        arrivals = [
            Arrival(envelope, body, self.hold_s(door), door.twin_wait_s)
            for envelope, body in envelopes
            if envelope.device is None or door.device in (None, envelope.device)
        ]
        kept = await self.journal.append(door.channel, arrivals)
        for arrival, appended in zip(arrivals, kept, strict=True):
            self._hear(door, arrival, appended)
        return sum(appended.is_new for appended in kept)

    def _hear(self, door: Door, arrival: Arrival, appended: Appended) -> None:
        if appended.is_new and arrival.envelope.kind is Kind.CONNECTION:
            self.turned(door.channel, arrival.raw)

    def _read(self, door: Door, body: bytes, headers: Headers) -> tuple[Door, Envelope]:
        """The envelope, and the door of the device it tells of, if that door's secret verifies the body too."""
        envelope = self._envelope(door, body, headers)
        if envelope.device is None or door.device is None or envelope.device == door.device:
            return door, envelope
        for other in self.doors.of_device(envelope.device):
            if other.is_signed(body, headers):
                return other, self._envelope(other, body, headers)  # who is meant by own and other hangs on the device
        return door, envelope  # kept here; the interpreter skips it as another device's

    def _envelope(self, door: Door, body: bytes, headers: Headers) -> Envelope:
        try:
            return door.envelope(body, headers)
        except Refused as error:
            why, name = str(error), self._name_of_unreadable(door, body)
        except Exception as error:  # noqa: BLE001 - the top of a request: a reader's bug must not cost a message
            self.telemetry.tell(BugMet("ingress.read", type(error).__name__, trace_of(error)))
            why, name = "a bug in the reader", None
        self.telemetry.tell(UnreadableKept(door.channel, door.side, why))
        return Envelope(door.source_of_unreadable(body), Kind.UNREADABLE, chat=None, id=name)

    def _name_of_unreadable(self, door: Door, body: bytes) -> WhatsAppId | None:
        try:
            return door.name_of_unreadable(body)
        except Exception as error:  # noqa: BLE001 - as above: it is kept by its body
            self.telemetry.tell(BugMet("ingress.read", type(error).__name__, trace_of(error)))
            return None

    async def _append(self, door: Door, arrival: Arrival) -> None:
        try:
            with self.deadlines.within(self.commit_wait_s):
                (appended,) = await self.journal.append(door.channel, [arrival])
        except (NotCommitted, TimeoutError) as error:
            self._not_durable(door, str(error) or "the commit took too long")
            raise NotKept from error
        except Exception as error:
            self.telemetry.tell(BugMet("ingress.append", type(error).__name__, trace_of(error)))
            self._not_durable(door, "a bug in the journal")
            raise NotKept from error
        self.gaps.kept(door.channel)
        self._hear(door, arrival, appended)
        if not self._is_writable:
            self._is_writable = True
            self.telemetry.tell(DurableAgain(door.channel))
        if not appended.is_new:
            self.telemetry.tell(CopyMet(door.channel, "door", appended.entry))

    def _not_durable(self, door: Door, why: str) -> None:
        self.not_kept(door)
        self._is_writable = False
        self.telemetry.tell(NotDurable(door.channel, why))

    def not_kept(self, door: Door) -> None:
        """A 503 is answered: a gap, until something is kept again."""
        self.trouble(door.channel)
        self.gaps.not_kept(door.channel)

    def trouble(self, channel: ChannelName) -> None:
        """From here on webhooks may come late, and out of order: a 503, or a gateway that came back."""
        self._troubled_at[channel] = self.clock.monotonic()

    def hold_s(self, door: Door) -> float:
        troubled_at = self._troubled_at.get(door.channel, self._started_at if self.journal_is_used else None)
        return hold_s(
            self.clock.monotonic(),
            troubled_at=troubled_at,
            reorder_wait_s=door.reorder_wait_s,
            gap_wait_s=door.gap_wait_s,
        )
