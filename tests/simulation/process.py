"""A simulated process: all that runs in its name can be stopped between two steps, for a while or for good.

Every callback of an event loop runs in a context, and what it starts inherits a copy of it: tasks, timers, futures'
callbacks. So one context variable says whose a callback is, however deep it was made (`gather`, `TaskGroup`,
`timeout`, `call_later`), and the loop asks the process before it runs one.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import warnings
from collections.abc import Coroutine, Iterable
from contextvars import Context, ContextVar, copy_context
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from tests.simulation.loop import Loop

T = TypeVar("T")

PROCESS: ContextVar[Process | None] = ContextVar("PROCESS", default=None)
CLOSINGS_MAX = 100
"""How often a buried coroutine is closed that awaits again in its `finally` blocks: once per nested block."""


class Process:
    """A set of tasks, timers and callbacks that live, freeze and die together. Belongs to the running loop.

    What it is killed or frozen in (the current step, up to its next await) still ends. Objects shared with others
    do not know of a death: sides and transports look at *alive*.
    """

    def __init__(self, name: str) -> None:
        loop: Any = asyncio.get_running_loop()
        self.name = name
        self.alive = True
        self.frozen = False
        self._loop: Loop = loop
        self._loop.processes.append(self)
        self._spawned: list[asyncio.Task[Any]] = []
        self._held: list[asyncio.Handle] = []
        self._grave: list[object] = []
        self._thawing: asyncio.TimerHandle | None = None

    def __str__(self) -> str:
        return f"{self.name}{'' if self.alive else ' (dead)'}{' (frozen)' if self.frozen else ''}"

    def spawn(self, coro: Coroutine[Any, Any, T], *, name: str | None = None) -> asyncio.Task[T]:
        """Start *coro* in this process. Raises RuntimeError if it is dead."""
        if not self.alive:
            coro.close()
            raise RuntimeError(f"{self.name} is dead")
        context = copy_context()
        context.run(PROCESS.set, self)
        task = self._loop.create_task(coro, name=name, context=context)
        self._spawned.append(task)
        return task

    def kill(self) -> None:
        """End it as SIGKILL does: none of its code runs again, `finally` blocks and cancellations included.

        Its tasks stay pending for ever: who awaits one of them from outside waits for ever. May be called twice.
        """
        if not self.alive:
            return
        self.report_failures()
        self.thaw()
        self.alive = False
        self._spawned.clear()
        tasks = [task for task in asyncio.all_tasks(self._loop) if getattr(task, "process", None) is self]
        self._grave += tasks

    def freeze(self, for_s: float | None = None) -> None:
        """Stop it as SIGSTOP does, for *for_s* virtual seconds or until `thaw`. Its time goes on."""
        self.frozen = True
        if self._thawing is not None:
            self._thawing.cancel()
        self._thawing = None
        if for_s is not None:
            self._thawing = self._loop.call_later(for_s, self.thaw, context=Context())

    def thaw(self) -> None:
        """Let it go on: first what came from outside meanwhile, then the timers that fell due, as a real loop does."""
        self.frozen = False
        if self._thawing is not None:
            self._thawing.cancel()
            self._thawing = None
        held: Any = sorted(self._held, key=lambda handle: isinstance(handle, asyncio.TimerHandle))
        self._loop._ready.extend(held)
        self._held.clear()

    def admits(self, handle: asyncio.Handle) -> bool:
        """Whether the loop may run *handle*; one that may not is kept: for the thaw, or in the grave."""
        if not self.alive:
            self._grave.append(handle)
            return False
        if self.frozen:
            self._held.append(handle)
            return False
        return True

    def report_failures(self) -> None:
        """Tell the loop of spawned tasks that raised while nobody looked."""
        failed: list[Any] = [task for task in self._spawned if task.done() and not task.cancelled()]
        for task in failed:
            if task._log_traceback:
                self._loop.call_exception_handler(
                    {"message": "a task raised", "task": task, "exception": task.exception()}
                )
        self._spawned = [task for task in self._spawned if not task.done()]


def current_process() -> Process | None:
    """The process whose code runs now; None outside of all."""
    return PROCESS.get()


def bury(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Close the coroutines of unfinished tasks, and keep quiet about what they try.

    To be called when the loop is closed: a coroutine cannot be thrown away without running its `finally` blocks,
    so they run here, where nothing can be awaited or scheduled.
    """
    hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for task in tasks:
                close_frame(task)
    finally:
        sys.unraisablehook = hook


def close_frame(task: asyncio.Task[Any]) -> None:
    """Close a pending task's coroutine, however often it awaits again, and let the task go without a word."""
    quiet: Any = task
    quiet._log_destroy_pending = False
    coro: Any = task.get_coro()
    for _ in range(CLOSINGS_MAX):
        with contextlib.suppress(BaseException):
            coro.close()
        if getattr(coro, "cr_frame", None) is None:
            return
