"""GOWA's REST API with its envelope, statuses and odd corners: what a bridge or a bot asks for, and a plain 501 for the rest.

gate (who may ask) → route → fields (bounded, judged) → device → its engine, in bounded time → GOWA's envelope
"""

from unlost.gateway.rest.app import build

__all__ = ["build"]
