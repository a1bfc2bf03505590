"""One thing said to WhatsApp: under an id of ours, once per key, kept in chat storage, answered as GOWA does."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import apsw
import structlog
from starlette.requests import Request
from starlette.responses import Response

from unlost.gateway.devices import LiveDevice
from unlost.gateway.engines.answers import Placed
from unlost.gateway.engines.port import EngineError
from unlost.gateway.events import Content
from unlost.gateway.rest.answers import Refusal, invalid
from unlost.gateway.rest.asking import TOO_LATE, bounded, refusal_of
from unlost.gateway.rest.bodies import Fields
from unlost.gateway.rest.counter import Counter
from unlost.gateway.sends import Said
from unlost.gateway.sends.once import Keyed, KeyTaken, OutcomeUnknown, new_message_id
from unlost.gateway.wire_json import encode
from unlost.gateway.wire_rest import success

log = structlog.get_logger("unlost.gateway")
KEY = re.compile(r"[\x21-\x7e]{1,255}")
UNKNOWN = Refusal(
    409, "outcome_unknown", "this send was interrupted; whether it arrived cannot be known, it is not repeated"
)
OTHER_REQUEST = Refusal(422, "IDEMPOTENCY_KEY_REUSED", "this Idempotency-Key stands for another request")


@dataclass(frozen=True)
class Saying:
    """What is to be said in *chat*. *content*: how chat storage keeps it; None where it keeps nothing."""

    chat: str
    words: str
    content: Content | None
    perform: Callable[[str], Awaitable[Placed]]


async def say(counter: Counter, request: Request, fields: Fields, prepare: Callable[[], Awaitable[Saying]]) -> Response:
    """The answer of one send. *prepare* judges it, and is not asked again once the key has its answer.

    Raises Refusal: 4xx before anything was done; 409 or 422 for the key; 503 and 504 leave it open where the engine had it.
    """
    live, key = counter.device(request), _key(counter, request)
    try:
        if not key:
            said = await _Performed(counter, live, await prepare()).under(new_message_id())
            await counter.clerk.do(_keep, live, said.row)
            return _answered(said.answer)
        digest = await fields.digest(live.slot.id, request.url.path)
        keyed = Keyed(live.slot.id, key, digest, live.engine.takes_ids())
        answer = await counter.once.answer_of(keyed)
        return _answered(answer or await counter.once.send(keyed, _Performed(counter, live, await prepare()).under))
    except KeyTaken as error:
        raise OTHER_REQUEST from error
    except OutcomeUnknown as error:
        raise UNKNOWN from error
    except TimeoutError as error:
        raise TOO_LATE from error
    except EngineError as error:
        raise refusal_of(error, status=400, code="REFUSED") from error


@dataclass(frozen=True)
class _Performed:
    """The one engine call of a send."""

    counter: Counter
    live: LiveDevice
    saying: Saying

    async def under(self, message_id: str) -> Said:
        saying = self.saying
        placed = await bounded(saying.perform(message_id), self.counter.settings.send_wait_s)
        self.counter.faults.die_if_told("die_after_send")
        told = {
            "message_id": placed.id,
            "status": f"{saying.words} (server timestamp: {placed.at:%Y-%m-%d %H:%M:%S %z})",
        }
        return Said(encode(success(f"{saying.words} success", told)), lambda: self._row(placed))

    def _row(self, placed: Placed) -> None:
        storage, saying = self.live.storage, self.saying
        if storage is not None and saying.content is not None:
            storage.write_own(placed.id, saying.chat, saying.content, placed.at)


def _keep(live: LiveDevice, row: Callable[[], None]) -> None:
    """Write the row of what was sent without a key. A disk that takes none does not unsend it, so the caller is told of success."""
    try:
        if live.storage is not None:
            live.storage.write(row)
    except apsw.Error as error:
        log.error("storage.row_missing", device=live.slot.id[-4:], error=type(error).__name__)


def _key(counter: Counter, request: Request) -> str:
    """The caller's key; GOWA itself knows none, so its temper reads none."""
    key = request.headers.get("idempotency-key", "")
    if not counter.is_ours or not key:
        return ""
    if not KEY.fullmatch(key):
        raise invalid("Idempotency-Key: must be 1 to 255 visible ASCII characters.")
    return key


def _answered(body: bytes) -> Response:
    return Response(body, media_type="application/json")
