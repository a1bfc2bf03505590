"""One question to an engine, in bounded time, and its no in GOWA's words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from unlost.gateway.engines.port import (
    EngineAway,
    EngineCrashed,
    EngineError,
    EngineRefused,
    NotStarted,
    PictureHidden,
    PictureMissing,
    Quarantined,
    Throttled,
    Unable,
)
from unlost.gateway.rest.answers import Refusal

T = TypeVar("T")
# whatsmeow's own words for a picture that cannot be had
HIDDEN = "the user has hidden their profile picture from you"
MISSING = "that user or group does not have a profile picture"
REFUSALS: dict[type[EngineError], tuple[int, str, str]] = {
    EngineAway: (401, "AUTHENTICATION_ERROR", "you are not connected to whatsapp"),
    NotStarted: (503, "not_started", "nothing was done: the engine does not run, or did not come to it; ask again"),
    EngineCrashed: (503, "engine_crashed", "the engine failed in this call; ask again later"),
    Quarantined: (
        503,
        "quarantined",
        "this call ended the engine twice and is not given to it again; nothing was done",
    ),
    Throttled: (429, "RATE_LIMITED", "too many calls of this kind; nothing was done, ask again later"),
    Unable: (501, "NOT_IMPLEMENTED", "the engine of this gateway cannot do that"),
    PictureHidden: (500, "INTERNAL_SERVER_ERROR", HIDDEN),
    PictureMissing: (500, "INTERNAL_SERVER_ERROR", MISSING),
}
TOO_LATE = Refusal(504, "GATEWAY_TIMEOUT", "whatsapp did not answer in time")


async def ask(asked: Awaitable[T], within_s: float, too_late: Refusal = TOO_LATE) -> T:
    """The answer. Raises Refusal, *too_late* after *within_s*: what was asked may then still happen."""
    try:
        return await bounded(asked, within_s)
    except TimeoutError as error:
        raise Refusal(too_late.status, too_late.code, str(too_late)) from error
    except EngineError as error:
        raise refusal_of(error) from error


async def bounded(asked: Awaitable[T], within_s: float) -> T:
    """The answer, or TimeoutError."""
    async with asyncio.timeout(within_s):
        return await asked


def refusal_of(error: EngineError, *, status: int = 500, code: str = "INTERNAL_SERVER_ERROR") -> Refusal:
    """An engine's no as an answer; *status* and *code* are those of its own and WhatsApp's plain refusals."""
    if isinstance(error, EngineRefused):
        return Refusal(status, code, str(error) or "whatsapp refused that")
    return Refusal(*REFUSALS[type(error)])
