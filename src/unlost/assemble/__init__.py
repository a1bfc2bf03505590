"""Builds every object from settings: the only room that knows all rooms. Functions only; no rules."""

from unlost.assemble.process import CannotStart, run_bridge
from unlost.assemble.programs import desk_settings, gateway_settings

__all__ = ["CannotStart", "desk_settings", "gateway_settings", "run_bridge"]
