"""Who runs transactions: one writer thread in production; `inline.py` runs the same batches in the event loop."""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any, Protocol

import apsw

from unlost.errors import NotCommitted
from unlost.journal.batch import Done, Failed, Operation, Outcome, commit_batch

BATCH_MAX = (
    256  # operations per commit: about what arrives during one sync of a slow disk, and a bound on one lock's length
)
READ_MAX_S = 1.0  # a read transaction holds the log's space: design section 4
_STEPS_BETWEEN_LOOKS = 20_000  # of SQLite's virtual machine: about a millisecond between looks at the clock


class Executor(Protocol):
    """Runs operations in transactions that it opens and ends."""

    async def write(self, operation: Operation) -> Any:
        """Its result, once it is durable. Raises what it raised, or NotCommitted."""
        ...

    async def read(self, query: Operation) -> Any:
        """Its result from one snapshot; NotCommitted where it took longer than READ_MAX_S."""
        ...

    async def foreign_commits(self) -> int:
        """A number that changes when another process has committed."""
        ...

    async def close(self) -> None:
        """Carry out what was asked for, then end."""
        ...


@dataclass(slots=True)
class _Asked:
    operation: Operation
    answer: "asyncio.Future[Any]"
    in_transaction: bool = True


class _Desk:
    """One thread with one connection, and the queue before it."""

    def __init__(
        self,
        name: str,
        connect: Callable[[], apsw.Connection],
        work: Callable[[apsw.Connection, list[Operation]], list[Outcome]],
        *,
        batch_max: int,
        between: Callable[[apsw.Connection], None] | None = None,
    ) -> None:
        self._connect = connect
        self._work = work
        self._between = between
        self._batch_max = batch_max
        self._asked: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def ask(self, operation: Operation, *, in_transaction: bool = True) -> "asyncio.Future[Any]":
        answer: asyncio.Future[Any] = self._loop.create_future()
        if self._is_closed:
            answer.set_exception(NotCommitted("the journal is closed", cause="bug"))
        else:
            self._asked.put(_Asked(operation, answer, in_transaction))
        return answer

    async def close(self) -> None:
        self._is_closed = True
        self._asked.put(None)
        await self._loop.run_in_executor(None, self._thread.join)

    def _run(self) -> None:
        connection = self._connect()
        going = True
        while going:
            batch, going = self._next_batch()
            plain = [asked for asked in batch if asked.in_transaction]
            apart = [asked for asked in batch if not asked.in_transaction]
            answers = list(zip(plain, self._work(connection, [asked.operation for asked in plain]), strict=True))
            answers += [(asked, Done(asked.operation(connection))) for asked in apart]
            self._answer(answers)
            if self._between is not None:
                self._between(connection)
        let_go(connection)

    def _next_batch(self) -> tuple[list[_Asked], bool]:
        first = self._asked.get()
        if first is None:
            return [], False
        batch = [first]
        while len(batch) < self._batch_max:
            try:
                asked = self._asked.get_nowait()
            except queue.Empty:
                break
            if asked is None:
                return batch, False
            batch.append(asked)
        return batch, True

    def _answer(self, answers: list[tuple[_Asked, Outcome]]) -> None:
        try:
            self._loop.call_soon_threadsafe(settle_answers, [(asked.answer, outcome) for asked, outcome in answers])
        except RuntimeError:
            assert self._loop.is_closed(), "only a loop that ended takes no more answers"


def settle_answers(answers: "list[tuple[asyncio.Future[Any], Outcome]]") -> None:
    """Hand the outcomes to whoever still waits for them."""
    for answer, outcome in answers:
        if answer.cancelled():
            continue
        if isinstance(outcome, Done):
            answer.set_result(outcome.value)
        else:
            answer.set_exception(outcome.error)


class ThreadExecutor:
    """A writer thread with group commit, a reader thread, and the keeper of the log beside them."""

    def __init__(
        self,
        writer: Callable[[], apsw.Connection],
        reader: Callable[[], apsw.Connection],
        *,
        between_batches: Callable[[apsw.Connection], None],
        make_room: Callable[[], bool],
    ) -> None:
        """*make_room* is asked when the disk is full; where it could, what found no room is tried once more."""
        commit = partial(_commit, make_room)
        self._writer = _Desk("journal-writer", writer, commit, batch_max=BATCH_MAX, between=between_batches)
        self._reader = _Desk("journal-reader", reader, _read_each, batch_max=1)

    async def write(self, operation: Operation) -> Any:
        """Its result, once it is durable."""
        return await self._writer.ask(operation)

    async def read(self, query: Operation) -> Any:
        """Its result from one snapshot, over a connection that cannot write."""
        return await self._reader.ask(query)

    async def foreign_commits(self) -> int:
        """SQLite's data_version as the writer sees it: its own commits do not count."""
        return int(await self._writer.ask(data_version, in_transaction=False))

    async def close(self) -> None:
        """Carry out what was asked for, then end both threads."""
        await self._reader.close()
        await self._writer.close()


def data_version(connection: apsw.Connection) -> int:
    """Changes when another connection has committed."""
    return int(connection.pragma("data_version"))


def let_go(connection: apsw.Connection) -> None:
    """Close it. What cannot be moved from the log into the file now (a full disk) stays in the log, and nothing is lost."""
    with suppress(apsw.Error):
        connection.close()


@contextmanager
def bounded_read(connection: apsw.Connection) -> Iterator[None]:
    """One snapshot, for at most READ_MAX_S. Raises apsw.InterruptError past it."""
    ends_at = monotonic() + READ_MAX_S
    connection.set_progress_handler(lambda: monotonic() > ends_at, _STEPS_BETWEEN_LOOKS)
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.set_progress_handler(None)
        connection.execute("END")


def _commit(make_room: Callable[[], bool], connection: apsw.Connection, operations: list[Operation]) -> list[Outcome]:
    outcomes = commit_batch(connection, operations) if operations else []
    squeezed = [number for number, outcome in enumerate(outcomes) if _found_no_room(outcome)]
    if squeezed and make_room():
        again = commit_batch(connection, [operations[number] for number in squeezed])
        for number, outcome in zip(squeezed, again, strict=True):
            outcomes[number] = outcome
    return outcomes


def _found_no_room(outcome: Outcome) -> bool:
    why: BaseException | None = outcome.error if isinstance(outcome, Failed) else None
    while why is not None and not isinstance(why, apsw.FullError):
        why = why.__cause__
    return why is not None


def _read_each(connection: apsw.Connection, queries: list[Operation]) -> list[Outcome]:
    return [read_once(connection, query) for query in queries]


def read_once(connection: apsw.Connection, query: Operation) -> Outcome:
    """One query under its bound; the driver's failures as NotCommitted."""
    try:
        with bounded_read(connection):
            return Done(query(connection))
    except apsw.Error as error:
        return Failed(NotCommitted(f"the journal could not be read: {type(error).__name__}", cause="bug"))
    except Exception as error:  # noqa: BLE001 - the top of the loop: one query's bug is its caller's alone
        return Failed(error)
