"""Looks at the folder of the journal: room, file system, and whether what is written reaches the disk."""

import os
import shutil
import tempfile
import time
from pathlib import Path

from unlost.doctor.sights import MachineSight
from unlost.settings.container import mount_that_holds, mounts_of

MOUNTS = Path("/proc/self/mountinfo")
WRITTEN = b"unlost doctor\n" * 64


def look_at_machine(journal: Path, *, mountinfo: str | None = None) -> MachineSight:
    """The nearest folder that exists; writes and removes one small file there. *mountinfo*: as the kernel tells it."""
    folder = next(each for each in (journal.parent, *journal.parent.parents) if each.exists())
    mounts = list(mounts_of(_mountinfo() if mountinfo is None else mountinfo))
    mount = mount_that_holds(folder.resolve(), mounts)
    sync_s, error = _synced(folder)
    return MachineSight(
        free_bytes=shutil.disk_usage(folder).free,
        file_system=mount.kind if mount else "",
        sync_s=sync_s,
        sync_error=error,
    )


def _mountinfo() -> str:
    try:
        return MOUNTS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""  # no Linux: nothing is told


def _synced(folder: Path) -> tuple[float | None, str]:
    """Seconds for a small write and both syncs a new file needs; or None and why not."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".unlost-doctor-") as file:
            began = time.perf_counter()
            file.write(WRITTEN)
            file.flush()
            os.fsync(file.fileno())
            place = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(place)
            finally:
                os.close(place)
            return time.perf_counter() - began, ""
    except OSError as error:
        return None, error.strerror or type(error).__name__
