"""Once an hour: files and answers that nobody will ask for any more go."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import apsw
import structlog

from unlost.gateway.clerk import Clerk
from unlost.gateway.sends import Keys

EVERY_S = 3600.0
# As long as the bridge's journal keeps what it may still want a file for; GOWA keeps them for ever
FILES_KEPT_S = 30 * 86_400.0
log = structlog.get_logger("unlost.gateway")


async def keep_up(folders: Callable[[], Iterable[Path]], keys: Keys, clerk: Clerk) -> None:
    """Until cancelled. *folders*: where files lie now."""
    while True:
        try:
            for folder in folders():
                await asyncio.to_thread(forget_files, folder, time.time() - FILES_KEPT_S)
            while await clerk.do(keys.prune, datetime.now(UTC)):
                pass
        except (OSError, apsw.Error) as error:
            log.error("upkeep.postponed", error=type(error).__name__, message=str(error))
        await asyncio.sleep(EVERY_S)


def forget_files(folder: Path, before_s: float) -> int:
    """Delete the files under *folder* that were last written before (seconds since 1970); returns how many."""
    old = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_mtime < before_s]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
