"""Everything that is no bridge: time-outs, servers, people. It lives on whatever becomes of the processes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


def later(wait_s: float, do: Callable[..., object], *args: object) -> None:
    """Call *do* after *wait_s*, in nobody's process."""
    asyncio.get_running_loop().call_later(max(0.0, wait_s), do, *args, context=Context())


def spawn(coro: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Run *coro* in nobody's process. What it raises ends the schedule."""
    task = asyncio.get_running_loop().create_task(coro, context=Context())
    task.add_done_callback(_report, context=Context())
    return task


def _report(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        task.get_loop().call_exception_handler({"message": "somebody outside failed", "exception": error})


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, for people who read a failed schedule."""

    at_s: float
    who: str
    what: str


@dataclass(slots=True)
class History:
    """What happened, in order; and the reasons for which something was allowed to go wrong."""

    lines: list[Line] = field(default_factory=list)

    def tell(self, who: str, what: str) -> None:
        """One more line, at the loop's time."""
        self.lines.append(Line(asyncio.get_running_loop().time(), who, what))

    def shown(self, most: int = 400) -> str:
        """The last *most* lines, one each."""
        hidden = len(self.lines) - most
        head = [f"  … {hidden} lines before"] if hidden > 0 else []
        return "\n".join(head + [f"{line.at_s:9.3f}  {line.who:<10} {line.what}" for line in self.lines[-most:]])
