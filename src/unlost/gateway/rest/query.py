"""Query parameters, checked as GOWA checks them."""

from __future__ import annotations

import re
from datetime import datetime

from starlette.requests import Request

from unlost.gateway.addresses import from_typed, is_well_formed
from unlost.gateway.rest.answers import invalid, plain_error

TRUE, FALSE = {"true", "1", "t", "yes"}, {"false", "0", "f", "no"}
TEXT_MAX = 1024
SLOT_ID = re.compile(r"[A-Za-z0-9._@:+-]{1,64}")
MESSAGE_ID = re.compile(r"[A-Za-z0-9._:=-]{1,128}")  # WhatsApp's own are 16 to 32 hex digits; others' clients vary


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
    return checked_address(request.query_params.get(name, ""), name)


def checked_address(text: str, name: str) -> str:
    """An address as a caller types it, made whole. Raises Refusal where it cannot be one (GOWA page, 5)."""
    if not text.strip() or len(text) > TEXT_MAX:
        raise invalid(f"{name}: cannot be blank.")
    whole = from_typed(text)
    if not is_well_formed(whole):
        raise invalid(
            f"{name}: must be a phone number in international form, or a whole address (…@s.whatsapp.net, …@g.us)."
        )
    return whole


def device_name(name: str) -> str:
    """A slot's id as a caller chooses it. Raises Refusal."""
    if not SLOT_ID.fullmatch(name):
        raise invalid("device_id: must be 1 to 64 letters, digits, or any of . _ @ : + -")
    return name


def message_id(request: Request) -> str:
    """The message a path names. Raises Refusal where no id looks like that."""
    named = str(request.path_params["message_id"])
    if not MESSAGE_ID.fullmatch(named):
        raise invalid("message_id: no message has such an id.")
    return named
