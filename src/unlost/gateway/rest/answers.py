"""The envelope around every answer, and the refusals GOWA maps errors to (its page, 3.1)."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from unlost.gateway.wire_json import encode
from unlost.gateway.wire_rest import failure, success


class Refusal(Exception):
    """An answer other than 200: its status, its code and its words."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def invalid(message: str) -> Refusal:
    """Bad input."""
    return Refusal(400, "VALIDATION_ERROR", message)


def not_on_whatsapp(phone: str) -> Refusal:
    """GOWA says so too where its own look-up failed, so it may pass."""
    return Refusal(400, "INVALID_JID", f"Phone {phone} is not on whatsapp")


def plain_error(message: str) -> Refusal:
    """What every plain Go error becomes, "not found" among them."""
    return Refusal(500, "INTERNAL_SERVER_ERROR", message)


def json_answer(value: dict[str, Any], status: int = 200) -> Response:
    """*value* as Go would print it."""
    return Response(encode(value), status, media_type="application/json")


def answer(message: str, results: object | None = None) -> Response:
    """An answer that went well."""
    return json_answer(success(message, results))


async def refused(request: Request, error: Exception) -> Response:
    """A refusal as its envelope; an Exception handler of the application."""
    assert isinstance(error, Refusal)
    return json_answer(failure(error.code, str(error)), error.status)


async def unkept(request: Request, error: Exception) -> Response:
    """The disk took no commit; an Exception handler of the application."""
    return json_answer(
        failure("STORAGE_UNAVAILABLE", f"the gateway's disk takes no commit ({type(error).__name__})"), 503
    )


async def failed(request: Request, error: Exception) -> Response:
    """A bug of ours, in the shape in which GOWA tells of its own; the server logs it. An Exception handler of the application."""
    return json_answer(failure("INTERNAL_SERVER_ERROR", f"something went wrong ({type(error).__name__})"), 500)
