"""Query parameters, checked as GOWA checks them."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request

from unlost.gateway.addresses import from_typed
from unlost.gateway.rest.answers import invalid, plain_error

TRUE, FALSE = {"true", "1", "t", "yes"}, {"false", "0", "f", "no"}
TEXT_MAX = 1024


def number(request: Request, name: str, *, default: int, least: int, most: int) -> int:
    """A whole number within bounds. Left out, empty or 0 it is *default*."""
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not text.lstrip("-").isdecimal() or len(text) > 9:
        raise plain_error(f"schema: error converting value for {name!r}")
    value = int(text) or default
    if not least <= value <= most:
        raise invalid(f"{name}: must be between {least} and {most}.")
    return value


def flag(request: Request, name: str) -> bool | None:
    """A boolean; None where it is left out."""
    text = request.query_params.get(name, "").lower()
    if text in TRUE | FALSE:
        return text in TRUE
    return None


def time(request: Request, name: str) -> datetime | None:
    """An RFC 3339 time in the zone it was given in; None where it is left out."""
    text = request.query_params.get(name, "")
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise plain_error(f"invalid {name} format") from error
    if at.tzinfo is None:
        raise plain_error(f"invalid {name} format")
    return at


def address(request: Request, name: str) -> str:
    """The address a caller typed; required."""
    text = request.query_params.get(name, "").strip()
    if not text or len(text) > TEXT_MAX:
        raise invalid(f"{name}: cannot be blank.")
    return from_typed(text)
