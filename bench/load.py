"""The load generator: raw sockets, keep-alive, requests made beforehand. It stands in the measuring process, never in a server's."""

import asyncio
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

ANSWER_WAIT_S = 30.0
"""An answer later than this is a server that hangs: the measurement ends with an error."""


@dataclass(slots=True)
class Tally:
    """What came back. *latencies_s* of those asked for."""

    answered: int = 0
    refused: int = 0
    latencies_s: list[float] = field(default_factory=list)


class Line(asyncio.Protocol):
    """One connection: one request at a time; *on_answer* hears of each whole answer with its status."""

    def __init__(self, on_answer: Callable[["Line", int], None]) -> None:
        self._on_answer = on_answer
        self._got = b""
        self._transport = cast(asyncio.Transport, None)
        self.asked_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """As asyncio calls it."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one by conduct, not by class

    def ask(self, request: bytes, at: float) -> None:
        """Send one request that was due at *at*."""
        self.asked_at = at
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """As asyncio calls it."""
        self._got = self._got + data if self._got else data
        head, found, body = self._got.partition(b"\r\n\r\n")
        if not found or len(body) < _length_of(head):
            return
        self._got = b""
        self._on_answer(self, int(head[9:12]))

    def close(self) -> None:
        """Hang up."""
        self._transport.close()


async def lines(port: int, number: int, on_answer: Callable[[Line, int], None]) -> list[Line]:
    """*number* open connections to a local server."""
    loop = asyncio.get_running_loop()
    opened = []
    for _ in range(number):
        _, line = await loop.create_connection(lambda: Line(on_answer), "127.0.0.1", port, family=socket.AF_INET)
        opened.append(line)
    return opened


async def at_full_speed(port: int, requests: Iterator[bytes], *, connections: int, seconds: float) -> Tally:
    """Every connection asks again as soon as it is answered, for *seconds*. *requests*: made beforehand, and enough of them."""
    tally = Tally()
    until = time.monotonic() + seconds
    idle: set[Line] = set()
    done = asyncio.Event()

    def answered(line: Line, status: int) -> None:
        now = time.monotonic()
        if now < until:
            _count(tally, status)
            line.ask(next(requests), now)
            return
        idle.add(line)
        if len(idle) == connections:
            done.set()

    opened = await lines(port, connections, answered)
    until = time.monotonic() + seconds
    for line in opened:
        line.ask(next(requests), time.monotonic())
    await asyncio.wait_for(done.wait(), seconds + ANSWER_WAIT_S)
    _close(opened)
    return tally


class Paced:
    """Requests at a given rate, whoever is slow; a latency counts from when its request was due to leave."""

    def __init__(self, requests: Iterator[bytes], rate: float) -> None:
        self.tally = Tally()
        self.rate = rate
        self._requests = requests
        self._waiting: deque[tuple[bytes, float]] = deque()
        self._idle: deque[Line] = deque()
        self._opened: list[Line] = []

    async def run(self, port: int, *, connections: int, until: Callable[[], bool]) -> Tally:
        """Until *until* says so; all that was asked is answered before it returns."""
        self._opened = await lines(port, connections, self._answered)
        self._idle.extend(self._opened)
        owed, before = 0.0, time.monotonic()
        while not until():
            await asyncio.sleep(0.001)
            now = time.monotonic()
            owed, before = owed + self.rate * (now - before), now
            while owed >= 1:
                owed -= 1
                self._ask(next(self._requests), now)
        ends_at = time.monotonic() + ANSWER_WAIT_S
        while len(self._idle) < connections or self._waiting:
            assert time.monotonic() < ends_at, "the server hangs"
            await asyncio.sleep(0.001)
        _close(self._opened)
        return self.tally

    def _ask(self, request: bytes, at: float) -> None:
        if self._idle:
            self._idle.popleft().ask(request, at)
        else:
            self._waiting.append((request, at))

    def _answered(self, line: Line, status: int) -> None:
        self.tally.latencies_s.append(time.monotonic() - line.asked_at)
        _count(self.tally, status)
        if self._waiting:
            line.ask(*self._waiting.popleft())
        else:
            self._idle.append(line)


async def one_by_one(port: int, requests: Iterator[bytes]) -> Tally:
    """Each request once, in order, over one connection."""
    paced = Paced(iter(()), 0)
    answered = asyncio.Event()

    def heard(line: Line, status: int) -> None:
        _count(paced.tally, status)
        answered.set()

    (line,) = await lines(port, 1, heard)
    for request in requests:
        answered.clear()
        line.ask(request, time.monotonic())
        await asyncio.wait_for(answered.wait(), ANSWER_WAIT_S)
    line.close()
    return paced.tally


def made(requests: Iterator[bytes], number: int) -> Iterator[bytes]:
    """*number* requests made now, so that no signature is reckoned while time is taken."""
    return iter([next(requests) for _ in range(number)])


def _count(tally: Tally, status: int) -> None:
    if status == 200:
        tally.answered += 1
    else:
        tally.refused += 1


def _length_of(head: bytes) -> int:
    """Both our servers announce a length."""
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


def _close(opened: list[Line]) -> None:
    for line in opened:
        line.close()
