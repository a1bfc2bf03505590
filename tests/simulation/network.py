"""What stands between a bridge and the two sides: calls that take time, and may never be answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import urlsplit

from tests.simulation.process import Process, current_process
from unlost.transport import Answer, AnswerTooLarge, Call, TransportFailed

PIECE_BYTES = 64


@dataclass(slots=True, eq=False)
class Ticket:
    """One call under way. *process* made it; *is_open*: it still waits for the answer."""

    number: int
    process: Process | None
    call: Call
    path: str
    query: str
    sent_at: float
    answer: asyncio.Future[Answer] = field(repr=False)

    @property
    def is_open(self) -> bool:
        """True while somebody alive waits."""
        return not self.answer.done() and (self.process is None or self.process.alive)

    @property
    def who(self) -> str:
        """The process's name."""
        return self.process.name if self.process else "outside"

    def succeed(self, answer: Answer) -> None:
        """The answer arrives, if anybody still waits."""
        if not self.answer.done():
            self.answer.set_result(answer)

    def break_off(self, failed: TransportFailed) -> None:
        """The connection ends without one."""
        if not self.answer.done():
            self.answer.set_exception(failed)


class Side(Protocol):
    """A server, as the network sees it."""

    def meet(self, ticket: Ticket) -> None:
        """A call is about to be written. May kill or freeze its process."""
        ...

    def take(self, ticket: Ticket) -> None:
        """A call was written: answer it some day, or never."""
        ...

    def given_up(self, ticket: Ticket, failed: TransportFailed) -> None:
        """Its caller learned that there is no answer."""
        ...


class SimulatedHttp:
    """`unlost.transport.Http` over the sides, by host and port."""

    def __init__(self, sides: Mapping[str, Side]) -> None:
        self._sides = sides
        self._count = 0

    async def send(self, call: Call) -> Answer:
        """The answer, whatever its status. Raises TransportFailed."""
        loop = asyncio.get_running_loop()
        address = urlsplit(call.url)
        self._count += 1
        ticket = Ticket(
            self._count, current_process(), call, address.path, address.query, loop.time(), loop.create_future()
        )
        side = self._sides[address.netloc]
        side.meet(ticket)
        await asyncio.sleep(0)  # where a process stands that froze, or died, before it could write
        side.take(ticket)
        try:
            async with asyncio.timeout(call.timeout_s):
                return await ticket.answer
        except TimeoutError:
            failed = TransportFailed("timeout", nothing_sent=False)
            side.given_up(ticket, failed)
            raise failed from None
        except TransportFailed as failed:
            side.given_up(ticket, failed)
            raise

    async def receive(self, call: Call, into: Callable[[bytes], None]) -> Answer:
        """The same; a 200's body goes to *into*, in pieces."""
        stall_s = call.timeout_s if call.stall_s is None else min(call.timeout_s, call.stall_s)
        answer = await self.send(replace(call, timeout_s=stall_s))
        if answer.status != 200:
            return answer
        if len(answer.body) > call.answer_max_bytes:
            raise AnswerTooLarge
        for start in range(0, len(answer.body), PIECE_BYTES):
            into(answer.body[start : start + PIECE_BYTES])
        return Answer(200, answer.headers, b"")
