"""Wait on what is to be seen, with a bound."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LOOK_S = 0.05


def eventually(look: Callable[[], T], what: str, *, within_s: float = 15.0) -> T:
    """The first answer of *look* that is true. Raises AssertionError, naming *what* and the last answer."""
    ends_at = time.monotonic() + within_s
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > ends_at:
            raise AssertionError(f"{what}: not within {within_s} s; last seen: {found!r}")
        time.sleep(LOOK_S)
