"""How the slots of one kind of engine are opened, and where what they tell waits."""

from __future__ import annotations

from typing import Protocol

import apsw

from unlost.gateway.devices.live import LiveDevice
from unlost.gateway.devices.roll import Slot
from unlost.gateway.source import Source


class Opener(Protocol):
    """One per gateway. *connection* is that of chat storage, for the clerk's thread alone."""

    @property
    def connection(self) -> apsw.Connection:
        """The file of chat storage, and of the keys of sends: both are written in one commit."""
        ...

    def open(self, slot: Slot) -> LiveDevice:
        """What lives in *slot*; its engine has not begun. Runs on the clerk's thread."""
        ...

    def source_of(self, live: LiveDevice) -> Source:
        """Where the events of *live* wait, which was linked to an account."""
        ...

    def forget(self, live: LiveDevice) -> None:
        """Delete what *live* kept of its own, once nothing of it waits any more. Runs on the clerk's thread."""
        ...

    def close(self) -> None:
        """Let go of all files; the engines have ended."""
        ...
