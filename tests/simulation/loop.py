"""A deterministic asyncio event loop whose time passes only when nothing is ready: no sleeping, threads or sockets.

Order: callbacks run first in, first out, as asyncio promises. With a seeded random the *steps of tasks* that are
ready in one iteration change places among themselves. That is sound: a task never has two steps ready, so the
order within a task stays, all other callbacks (futures' results, timers, protocols' calls) keep their place, and
which of two ready tasks goes first is what a real network decides at will. Before they are shuffled the steps are
put in the order of their tasks' birth, so that one seed gives one order whatever the addresses of objects are.
Sets of strings need PYTHONHASHSEED for that, too.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import random
import threading
from collections import deque
from collections.abc import Callable, Collection, Coroutine
from contextvars import Context
from typing import Any, NoReturn, TypeVar

from tests.simulation.handles import Soon, Timer
from tests.simulation.process import PROCESS, Process, bury

T = TypeVar("T")

STEPS_MAX = 10_000_000
"""Callbacks one run may take: some minutes of real time; what spins reaches it, no schedule does."""
VIRTUAL_TIME_MAX_S = 400 * 86_400.0
"""Virtual seconds one run may take: `keep_links_days`, the longest span anything in the program waits for."""


class Stuck(Exception):
    """Nothing will ever happen again, or too much does. Says which tasks wait, and where."""


class Unhandled(Exception):
    """A callback, or a task that nobody awaited, ended with the exception that is this one's cause."""


class Outside(RuntimeError):
    """Something reached for a socket, a thread, a signal or another program."""


class SimulatedTask(asyncio.Task[Any]):
    """A task with the process it belongs to, and a hash that does not depend on its address."""

    def __init__(
        self, coro: Coroutine[Any, Any, Any], *, loop: Loop, name: str | None, context: Context | None
    ) -> None:
        self.birth = loop.count_birth()
        self.process = context.get(PROCESS) if context is not None else PROCESS.get()
        super().__init__(coro, loop=loop, name=name, context=context)

    def __hash__(self) -> int:
        return self.birth

    def __eq__(self, other: object) -> bool:
        return self is other


class Loop(asyncio.BaseEventLoop):
    """The event loop; its `time` is virtual. Work given to an executor is done at once, in a callback of its own.

    Relies on these private parts of asyncio, the same in Python 3.11 to 3.13: `_run_once`, `_ready`, `_scheduled`,
    `_closed`, `_stopping`, `_timer_cancelled_count`, and a handle's `_context`, `_run`, `_scheduled`.
    """

    _closed: bool

    _ready: deque[Any]
    _scheduled: list[Any]
    _stopping: bool
    _thread_id: int | None
    _timer_cancelled_count: int

    def __init__(self, rng: random.Random | None, *, steps_max: int, time_max_s: float) -> None:
        super().__init__()
        self.processes: list[Process] = []
        self.unhandled: list[dict[str, Any]] = []
        self._rng = rng
        self._now = 0.0
        self._steps_left = steps_max
        self._time_max_s = time_max_s
        self._births = 0
        self.set_exception_handler(self._hear)

    def time(self) -> float:
        """Virtual seconds since the run began."""
        return self._now

    def count_birth(self) -> int:
        """The number of the next task, from 1."""
        self._births += 1
        return self._births

    def create_task(  # type: ignore[override]  # later Pythons pass more; the task is of our own kind
        self, coro: Any, *, name: str | None = None, context: Context | None = None, **_: object
    ) -> SimulatedTask:
        """A task in the process of the code that asks for it."""
        return SimulatedTask(coro, loop=self, name=name, context=context)

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]  # one callback later, here
        """Call *func* in the next iteration, in this thread and process, whatever *executor* is."""
        future: asyncio.Future[T] = self.create_future()
        self.call_soon(_work, future, func, args)
        return future

    def call_soon(  # type: ignore[override]  # looser: it takes any callback
        self, callback: Any, *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """In the next iteration, behind all that were asked for before."""
        if self._closed:
            raise RuntimeError("Event loop is closed")
        handle = Soon(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_at(  # type: ignore[override]  # looser: it takes any callback
        self, when: float, callback: Any, *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """At that virtual time."""
        if self._closed:
            raise RuntimeError("Event loop is closed")
        timer = Timer(when, callback, args, self, context)
        heapq.heappush(self._scheduled, timer)
        return timer

    def call_later(  # type: ignore[override]  # looser: it takes any callback
        self, delay: float, callback: Any, *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """So many virtual seconds from now."""
        return self.call_at(self._now + delay, callback, *args, context=context)

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        """Nothing: there is none."""

    def call_soon_threadsafe(  # type: ignore[override]  # looser: it takes any callback
        self, callback: Any, *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """As call_soon, and only from the loop's own thread."""
        if self._thread_id not in (None, threading.get_ident()):
            raise Outside("another thread called into the simulation")
        return self.call_soon(callback, *args, context=context)

    def cancel_all(self, tasks: Collection[SimulatedTask]) -> None:
        """Cancel *tasks* and run until they have ended, or do not in 100,000 more steps."""
        for task in tasks:
            task.cancel()
        self._steps_left = 100_000
        if tasks:
            with contextlib.suppress(Stuck):
                self.run_until_complete(asyncio.wait(tasks))

    def _hear(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Keep what went wrong, but for the callback in which a process died: it dies with its errors."""
        handle: Any = context.get("handle")
        process = handle._context.get(PROCESS) if handle is not None else None
        if process is None or process.alive:
            self.unhandled.append(context)

    def _run_once(self) -> None:
        scheduled = self._scheduled
        if scheduled and (scheduled[0]._cancelled or self._timer_cancelled_count > 100):
            self._drop_cancelled_timers()
            scheduled = self._scheduled
        if not self._ready and not self._stopping:
            self._pass_time()
        while scheduled and scheduled[0]._when <= self._now:
            handle = heapq.heappop(scheduled)
            handle._scheduled = False
            self._ready.append(handle)
        batch = list(self._ready)
        self._ready.clear()
        if self._rng is not None and len(batch) > 1:
            shuffle_task_steps(batch, self._rng)
        self._count_steps(len(batch))
        for handle in batch:
            if not handle._cancelled:
                process = handle._context.get(PROCESS)
                if process is None or process.admits(handle):
                    handle._run()

    def _drop_cancelled_timers(self) -> None:
        scheduled = self._scheduled
        if self._timer_cancelled_count > max(100, len(scheduled) // 2):
            for handle in scheduled:
                handle._scheduled = not handle._cancelled
            self._scheduled = [handle for handle in scheduled if handle._scheduled]
            heapq.heapify(self._scheduled)
            self._timer_cancelled_count = 0
        while self._scheduled and self._scheduled[0]._cancelled:
            heapq.heappop(self._scheduled)._scheduled = False
            self._timer_cancelled_count -= 1

    def _pass_time(self) -> None:
        if not self._scheduled:
            raise Stuck(f"nothing will ever happen again; {self._waiting()}")
        self._now = max(self._now, self._scheduled[0]._when)
        if self._now > self._time_max_s:
            raise Stuck(f"still not done after {self._time_max_s:.0f} virtual seconds; {self._waiting()}")

    def _count_steps(self, steps: int) -> None:
        self._steps_left -= steps
        if self._steps_left < 0:
            raise Stuck(f"too many steps at {self._now:.3f} s; {self._waiting()}")

    def _waiting(self) -> str:
        tasks = sorted(all_tasks(self), key=lambda task: task.birth)
        places = [f"{task.process or 'outside'}: {place(task)}" for task in tasks[:30]]
        return f"{len(tasks)} tasks wait:\n  " + "\n  ".join(places)


def _refuse(*_: object, **__: object) -> NoReturn:
    raise Outside("the simulation has no sockets, signals or other programs")


for _name in [
    "add_reader",
    "add_writer",
    "add_signal_handler",
    "connect_read_pipe",
    "connect_write_pipe",
    "create_connection",
    "create_server",
    "create_datagram_endpoint",
    "create_unix_connection",
    "create_unix_server",
    "getaddrinfo",
    "getnameinfo",
    "sock_accept",
    "sock_connect",
    "sock_recv",
    "sock_recv_into",
    "sock_sendall",
    "subprocess_exec",
    "subprocess_shell",
    "start_tls",
    "sendfile",
]:
    setattr(Loop, _name, _refuse)


def run(
    coro: Coroutine[Any, Any, T],
    *,
    rng: random.Random | None = None,
    steps_max: int = STEPS_MAX,
    time_max_s: float = VIRTUAL_TIME_MAX_S,
) -> T:
    """Run *coro* to its end in a loop of its own and return its result.

    Then processes still alive are killed, tasks outside of them cancelled and awaited, and the killed ones' frames
    closed with the loop already shut: only then do their `finally` blocks run, unable to await or schedule anything.
    So whatever is to be compared must be read before *coro* ends. Raises what *coro* raises, `Stuck`, or
    `Unhandled` for the first exception that nothing caught.
    """
    loop = Loop(rng, steps_max=steps_max, time_max_s=time_max_s)
    try:
        result: T = loop.run_until_complete(loop.create_task(coro))
        raise_unhandled(loop)
        return result
    except Stuck:
        raise_unhandled(loop)
        raise
    finally:
        wind_up(loop)


def wind_up(loop: Loop) -> None:
    """Kill the processes, cancel the rest, close the loop, bury the dead."""
    for process in loop.processes:
        process.kill()
    loop.cancel_all([task for task in all_tasks(loop) if task.process is None])
    loop.set_exception_handler(lambda _, __: None)
    loop.close()
    bury(all_tasks(loop))


def raise_unhandled(loop: Loop) -> None:
    """Raise `Unhandled` for the first exception that reached the loop, or that a process's task died of unseen."""
    for process in loop.processes:
        process.report_failures()
    if loop.unhandled:
        context = loop.unhandled[0]
        raise Unhandled(str(context.get("task") or context["message"])) from context.get("exception")


def all_tasks(loop: Loop) -> list[SimulatedTask]:
    """Every unfinished task, in no order."""
    return [task for task in asyncio.all_tasks(loop) if isinstance(task, SimulatedTask)]


def place(task: SimulatedTask) -> str:
    """Where a task waits: its coroutine, and the innermost line that awaits."""
    outer: Any = task.get_coro()
    inner = outer
    while getattr(getattr(inner, "cr_await", None), "cr_frame", None) is not None:
        inner = inner.cr_await
    frame = getattr(inner, "cr_frame", None)
    line = f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else "its end"
    return f"{getattr(outer, '__qualname__', outer)} at {line}"


def shuffle_task_steps(batch: list[Any], rng: random.Random) -> None:
    """Let the task steps among the handles of *batch* change places with each other; the rest stay."""
    places, steps = [], []
    for index, handle in enumerate(batch):
        task = getattr(handle._callback, "__self__", None)
        if type(task) is SimulatedTask:
            places.append(index)
            steps.append((task.birth, handle))
    if len(steps) < 2:
        return
    steps.sort(key=lambda step: step[0])
    rng.shuffle(steps)
    for index, (_, handle) in zip(places, steps, strict=True):
        batch[index] = handle


def _work(future: asyncio.Future[T], func: Callable[..., T], args: tuple[Any, ...]) -> None:
    if future.cancelled():
        return
    try:
        result = func(*args)
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as error:  # noqa: BLE001  # a future carries whatever the work raised, as an executor's does
        future.set_exception(error)
    else:
        future.set_result(result)
