"""A process with the real engine and nothing else, for the fake's own tests."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

from tests.fake_whatsapp.endpoint import Endpoint

LINE_BYTES_MAX = 1 << 24
START_S, ANSWER_S = 60, 30
"""Bounds, not expectations: an engine starts in half a second on an idle machine."""


class EngineGone(Exception):
    """The process ended while something was awaited; *status* as `Process.returncode` gives it."""

    def __init__(self, status: int | None) -> None:
        super().__init__(f"the engine ended with {status}")
        self.status = status


class EngineProcess:
    """`async with EngineProcess(endpoint_file, database) as engine:`; killed at the end."""

    def __init__(self, endpoint_file: Path, database: Path) -> None:
        Endpoint.read(endpoint_file)
        self._arguments = (str(endpoint_file), "tests.fake_whatsapp.plain_worker", str(database))
        self.database = database
        self._log_file = database.with_suffix(".log")
        self._process: Process | None = None
        self._seen: list[dict[str, Any]] = []
        self._taken: set[int] = set()
        self._came = asyncio.Condition()
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> EngineProcess:
        command = (sys.executable, "-m", "tests.fake_whatsapp.patched", *self._arguments)
        with self._log_file.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, stderr=log, limit=LINE_BYTES_MAX
            )
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()

    @property
    def process(self) -> Process:
        assert self._process is not None, "the process is started"
        return self._process

    @property
    def last_words(self) -> str:
        """What it wrote to its standard error."""
        return self._log_file.read_text(errors="replace")

    def lose_sessions(self) -> None:
        """Forget every Signal session and sender key, the process being dead."""
        with sqlite3.connect(self.database) as held:
            held.execute("DELETE FROM whatsmeow_sessions")
            held.execute("DELETE FROM whatsmeow_sender_keys")
        held.close()

    async def kill(self) -> int:
        """SIGKILL, where it still lives; its status."""
        if self.process.returncode is None:
            self.process.kill()
        if self._reading is not None:
            await self._reading
        return await self.process.wait()

    async def wait(self, event: str, within_s: float = ANSWER_S) -> dict[str, Any]:
        """The first *event* that was not taken yet. Raises TimeoutError, EngineGone."""
        async with asyncio.timeout(within_s), self._came:
            while True:
                for number, told in enumerate(self._seen):
                    if told["event"] == event and number not in self._taken:
                        self._taken.add(number)
                        return told
                if self._reading is not None and self._reading.done():
                    raise EngineGone(await self.process.wait())
                await self._came.wait()

    async def message(self) -> dict[str, Any]:
        return await self.wait("message")

    async def ask(self, expression: str) -> str:
        """What the engine's client answers to *expression*, as text; raises RuntimeError with what it raised."""
        await self.tell(expression)
        told = await self.wait("reply")
        if "error" in told:
            raise RuntimeError(told["error"])
        return str(told["value"])

    async def tell(self, expression: str) -> None:
        assert self.process.stdin is not None, "it was asked for"
        self.process.stdin.write(expression.encode() + b"\n")
        await self.process.stdin.drain()

    async def _read(self) -> None:
        assert self.process.stdout is not None, "it was asked for"
        async for line in self.process.stdout:
            async with self._came:
                self._seen.append(json.loads(line))
                self._came.notify_all()
        asyncio.get_running_loop().call_soon(asyncio.ensure_future, self._wake())

    async def _wake(self) -> None:
        async with self._came:
            self._came.notify_all()
