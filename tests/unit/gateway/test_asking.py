"""An engine's no, as the status a caller can act on."""

import asyncio

import pytest

from unlost.gateway.engines import port
from unlost.gateway.engines.port import EngineError
from unlost.gateway.rest.answers import Refusal
from unlost.gateway.rest.asking import ask, refusal_of

KINDS = [kind for kind in vars(port).values() if isinstance(kind, type) and issubclass(kind, EngineError)]
MEANT = {
    "EngineAway": (401, "AUTHENTICATION_ERROR"),
    "NotStarted": (503, "not_started"),
    "EngineCrashed": (503, "engine_crashed"),
    "Quarantined": (503, "quarantined"),
    "Throttled": (429, "RATE_LIMITED"),
    "Unable": (501, "NOT_IMPLEMENTED"),
    "EngineRefused": (500, "INTERNAL_SERVER_ERROR"),
    "PictureHidden": (500, "INTERNAL_SERVER_ERROR"),
    "PictureMissing": (500, "INTERNAL_SERVER_ERROR"),
}
INSIDE = {"EngineError", "PictureSame"}  # the base; and what never leaves the pictures' own memory


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.__name__ not in INSIDE])
def test_every_no_has_its_status(kind: type[EngineError]) -> None:
    refusal = refusal_of(kind("words"))
    assert (refusal.status, refusal.code) == MEANT[kind.__name__]


def test_a_refused_send_is_a_4xx_since_nothing_was_done() -> None:
    refusal = refusal_of(port.EngineRefused("words"), status=400, code="REFUSED")
    assert (refusal.status, refusal.code, str(refusal)) == (400, "REFUSED", "words")


async def test_what_takes_too_long_is_a_504() -> None:
    with pytest.raises(Refusal) as refused:
        await ask(asyncio.Event().wait(), 0.01)
    assert refused.value.status == 504
