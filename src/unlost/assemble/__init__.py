"""Builds every object from settings: the only room that knows all rooms. Functions only; no rules.

It gathers nothing here: desk and gateway are started from it too, and shall not load the bridge.
"""
