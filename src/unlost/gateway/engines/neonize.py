"""How a neonize worker is begun. Nothing of neonize is imported here, or anywhere outside its worker."""

from __future__ import annotations

import ctypes.util
import importlib.metadata
import importlib.util
import sys
from pathlib import Path

from unlost.gateway.engines.worker_process import WorkerCommand

PACKAGE = "neonize"
MODULE = "unlost.gateway.engines.neonize_worker"
ENV = {
    "NEONIZE_BOT_TAG": "off",  # else it marks every private text as a bot's (engine-feasibility, 1)
    "GOTRACEBACK": "single",  # the head of a panic is wanted, not every goroutine
}


def worker_command(
    folder: Path, *, proxy: str = "", unrecovered_after_s: float = 600.0, keep_days: float = 30.0
) -> WorkerCommand:
    """The worker of the device whose files are in *folder*: `engine.db`, `record.db`, `media/`."""
    argv = (sys.executable, "-m", MODULE, "--fd", "{fd}", "--parent", "{parent}", "--folder", str(folder))
    more = ("--proxy", proxy, "--unrecovered-after-s", str(unrecovered_after_s), "--keep-days", str(keep_days))
    return WorkerCommand((*argv, *more), ENV)


def why_missing() -> str:
    """What this machine lacks to run the engine, with the cure; empty where it lacks nothing. Loads nothing."""
    if importlib.util.find_spec(PACKAGE) is None:
        return "the engine `neonize` is not installed: pip install 'unlost[whatsapp]'"
    if ctypes.util.find_library("magic") is None:
        return "the engine `neonize` loads libmagic, which is not installed: apt-get install libmagic1"
    return ""


def installed_version() -> str:
    """What is installed here, which a worker would tell once it runs; empty for nothing."""
    try:
        return importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        return ""
