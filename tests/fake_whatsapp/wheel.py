"""Whether the real engine can be had on this machine."""

import ctypes.util
import importlib.util


def why_no_engine() -> str:
    """In words; empty where it can be loaded."""
    if importlib.util.find_spec("neonize") is None:
        return "the engine's wheel (neonize) is not installed"
    if ctypes.util.find_library("magic") is None:
        return "the engine loads libmagic, which is not installed"
    return ""


def why_not_both() -> str:
    """The same, of the engine and of the fake that it is to meet."""
    missing = "" if importlib.util.find_spec("pyaileys") else "the fake's protocol library (pyaileys) is not installed"
    return why_no_engine() or missing
