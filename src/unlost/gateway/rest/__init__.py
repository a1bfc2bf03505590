"""GOWA's REST API, as much of it as a bridge asks for, with GOWA's envelope, statuses and odd corners."""

from unlost.gateway.rest.app import build

__all__ = ["build"]
