"""Traffic at a pace, for a process or a thread of its own."""

from __future__ import annotations

import threading
import time

from unlost.gateway.traffic import Traffic


def play(traffic: Traffic, *, per_s: float, for_s: float, stop: threading.Event | None = None) -> int:
    """Let *per_s* things happen each second for *for_s* seconds or until *stop*; returns how many did.

    Blocks. Falls behind where the disk is slower than the pace, and does not hurry to catch up afterwards.
    """
    stopped = stop or threading.Event()
    ends = time.monotonic() + for_s
    count = 0
    while (now := time.monotonic()) < ends and not stopped.is_set():
        traffic.next()
        count += 1
        stopped.wait(max(0.0, 1 / per_s - (time.monotonic() - now)))
    return count
