"""Fetched files beside a running bridge: which of them go."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from unlost.assemble.files import sweep
from unlost.spool import Spool

OPEN, ENDED = "aa" * 16, "ee" * 16


class Downloads:
    """A journal that knows one open download."""

    async def open_downloads(self, keys: Sequence[str]) -> frozenset[str]:
        return frozenset({OPEN} & set(keys))


async def test_only_what_a_channel_s_open_download_may_want_is_kept(tmp_path: Path) -> None:
    """Of a channel that was taken out of the settings, too: what the gateway has cleared away by now is nowhere else."""
    for file in (f"support.{OPEN}-0", f"support.{OPEN}-1.part", f"support.{ENDED}-0", f"gone.{OPEN}-0", f"{OPEN}-0"):
        (tmp_path / file).write_bytes(b"x")
    await sweep(cast(Any, Downloads()), Spool(tmp_path, 1_000))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"gone.{OPEN}-0",
        f"support.{OPEN}-0",
        f"support.{OPEN}-1.part",
    ]
