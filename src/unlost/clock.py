"""Two clocks: one to write down and show, which may step; one to measure waits by, which never does."""

import time
from functools import cache
from pathlib import Path
from typing import Protocol
from uuid import uuid4

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """Handed to whoever needs time; nobody else reads it."""

    def now(self) -> float:
        """Epoch seconds, UTC. May jump either way."""
        ...

    def monotonic(self) -> float:
        """Seconds since some start; counts suspended time where the system can (a thawed machine must know that it slept)."""
        ...


@cache
def this_boot(named_in: Path = BOOT_ID) -> str:
    """Names the machine's run since it was switched on: steady times compare within it alone, also between processes.

    Where the system has no such name, one of this process.
    """
    try:
        return named_in.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return str(uuid4())


class SystemClock:
    """The machine's own clocks. CLOCK_BOOTTIME goes on while a laptop or virtual machine sleeps; monotonic alone stands still."""

    def __init__(self) -> None:
        self._boot = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

    def now(self) -> float:
        """Epoch seconds, UTC."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds since boot."""
        return time.clock_gettime(self._boot)
