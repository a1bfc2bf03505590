"""A callback to come, as asyncio has it but for what only its debug mode asks: a schedule makes ten thousand of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.simulation.loop import Loop


class Soon(asyncio.Handle):
    """One for the next iteration. Relies on the private fields of `asyncio.Handle`, the same in Python 3.11 to 3.13."""

    __slots__ = ()

    def __init__(self, callback: Callable[..., object], args: tuple[Any, ...], loop: Loop, context: Context | None):
        mine: Any = self
        mine._context = context if context is not None else copy_context()
        mine._loop = loop
        mine._callback = callback
        mine._args = args
        mine._cancelled = False
        mine._repr = mine._source_traceback = None

    def cancel(self) -> None:
        """It will not run."""
        mine: Any = self
        mine._cancelled = True
        mine._callback = mine._args = None


class Timer(asyncio.TimerHandle):
    """One for a time; ordered by it."""

    __slots__ = ()

    def __init__(
        self, when: float, callback: Callable[..., object], args: tuple[Any, ...], loop: Loop, context: Context | None
    ):
        mine: Any = self
        mine._context = context if context is not None else copy_context()
        mine._loop = loop
        mine._callback = callback
        mine._args = args
        mine._cancelled = False
        mine._repr = mine._source_traceback = None
        mine._when = when
        mine._scheduled = True

    def __lt__(self, other: Any) -> bool:
        return bool(self._when < other._when)  # type: ignore[attr-defined]  # a slot that the stubs leave out

    def cancel(self) -> None:
        """It will not run; it is dropped when the loop comes to it."""
        mine: Any = self
        if not mine._cancelled:
            mine._loop._timer_handle_cancelled(self)
        mine._cancelled = True
        mine._callback = mine._args = None
