"""A child of `unlost up` ends with it, however `up` ends: a SIGKILL leaves nobody who could tell the children."""

import ctypes
import os
import signal
import sys

NAME = "UNLOST_PARENT"
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def bound_to(parent: int) -> dict[str, str]:
    """The environment of a child that shall not outlive process *parent*. It must be started from that process's main thread."""
    return {NAME: str(parent)}


def end_with_parent() -> None:
    """To be called first by every program: where `bound_to` was its start, it gets a SIGTERM when its parent ends. Linux only."""
    parent = os.environ.pop(NAME, "")
    if not parent.isdecimal() or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # it ended before we could ask
        sys.exit(1)
