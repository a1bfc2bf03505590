"""The worker, but it kills itself once, at an instant it is told, when a file `die` lies in its folder.

python -m tests.contract.gateway.engines.dying_worker INSTANT MODULE ARGS…   (MODULE is always the worker's own)
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from unlost.gateway.engines.neonize_worker.gate import Gate
from unlost.gateway.engines.neonize_worker.program import main
from unlost.gateway.engines.record import DeviceRecord

INSTANTS = ("seen", "decrypted", "written", "let_go")


def killing(folder: Path, before: bool, doing: Callable[..., Any]) -> Callable[..., Any]:
    """*doing*, with a death before or after it; only the first finds the file."""

    def done(*args: Any, **named: Any) -> Any:
        if before:
            die(folder)
        result = doing(*args, **named)
        if not before:
            die(folder)
        return result

    return done


def stalling(folder: Path, doing: Callable[..., Any]) -> Callable[..., Any]:
    """*doing*, which waits before it begins while a file `stall` lies in the folder."""

    def done(*args: Any, **named: Any) -> Any:
        while (folder / "stall").exists():
            time.sleep(0.01)
        return doing(*args, **named)

    return done


def die(folder: Path) -> None:
    try:
        (folder / "die").unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def prepare(instant: str, folder: Path) -> None:
    """received · decrypted and not recorded · recorded and not let go · let go and not sent"""
    match instant:
        case "seen":
            DeviceRecord.see = killing(folder, False, DeviceRecord.see)  # type: ignore[method-assign]
        case "noticed":
            DeviceRecord.notice = killing(folder, False, DeviceRecord.notice)  # type: ignore[method-assign]
        case "decrypted":
            DeviceRecord.write = killing(folder, True, DeviceRecord.write)  # type: ignore[method-assign]
        case "written":
            DeviceRecord.write = killing(folder, False, DeviceRecord.write)  # type: ignore[method-assign]
        case "let_go":
            Gate.leaving = killing(folder, False, Gate.leaving)  # type: ignore[method-assign]
        case "stall":
            DeviceRecord.write = stalling(folder, DeviceRecord.write)  # type: ignore[method-assign]
        case _:
            raise ValueError(instant)


if __name__ == "__main__":
    prepare(sys.argv[1], Path(sys.argv[sys.argv.index("--folder") + 1]))
    main(sys.argv[3:])
