"""The same batches without threads: run on the event loop's next turn, so that concurrent operations share a commit."""

import asyncio
from typing import Any

import apsw

from unlost.errors import NotCommitted
from unlost.journal.batch import Operation, commit_batch
from unlost.journal.executor import BATCH_MAX, data_version, let_go, settle_answers

LOG_PAGES_MAX = 1_000  # of 4 KiB: SQLite's own measure for a checkpoint


class InlineExecutor:
    """One connection for everything; for the simulation, where time and threads are not the machine's.

    Reads are a batch's members too: with one connection there is no second snapshot to have.
    """

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._asked: list[tuple[Operation, asyncio.Future[Any]]] = []
        self._is_closed = False

    async def write(self, operation: Operation) -> Any:
        """Its result, once it is durable."""
        if self._is_closed:
            raise NotCommitted("the journal is closed", cause="bug")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        if not self._asked:
            loop.call_soon(self._run)
        self._asked.append((operation, answer))
        return await answer

    async def read(self, query: Operation) -> Any:
        """As a write that writes nothing."""
        return await self.write(query)

    async def foreign_commits(self) -> int:
        """SQLite's data_version."""
        return data_version(self._connection)

    async def close(self) -> None:
        """Carry out what was asked for, then end. A second close does nothing."""
        while self._asked:
            self._run()
        if not self._is_closed:
            self._is_closed = True
            let_go(self._connection)

    def _run(self) -> None:
        if not self._asked:
            return
        batch, self._asked = self._asked[:BATCH_MAX], self._asked[BATCH_MAX:]
        outcomes = commit_batch(self._connection, [operation for operation, _ in batch])
        settle_answers([(answer, outcome) for (_, answer), outcome in zip(batch, outcomes, strict=True)])
        if self._asked:
            asyncio.get_running_loop().call_soon(self._run)
