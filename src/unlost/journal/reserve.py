"""Room kept for the day the disk is full: what was begun can be written to its end, and somebody has time to make room."""

import os
import shutil
from pathlib import Path

RESERVE_BYTES = 16_777_216  # some ten thousand settled messages, or minutes of a busy day after the alert
PLENTY = 8
"""The reserve is taken only where the disk has this many times its size free: it must not be what fills the disk."""


class Reserve:
    """A file beside the journal that holds nothing. Several processes share it: who needs the room first removes it."""

    def __init__(self, journal: Path) -> None:
        self._path = journal.with_name(f"{journal.name}.reserve")

    def take(self) -> bool:
        """True where the room is held afterwards. Never raises: without a reserve the journal works all the same."""
        try:
            if self._path.exists() and self._path.stat().st_size >= RESERVE_BYTES:
                return True  # a smaller one is what a power cut left of the taking
            if shutil.disk_usage(self._path.parent).free < PLENTY * RESERVE_BYTES:
                return False
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, RESERVE_BYTES)
            finally:
                os.close(descriptor)
        except (OSError, AttributeError):  # no room after all; or a system that cannot keep room for a file
            self.give()
            return False
        return True

    def give(self) -> bool:
        """Give the room to whoever writes next; True where there was some."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True
