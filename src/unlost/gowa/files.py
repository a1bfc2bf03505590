"""Bringing a message's file from where the gateway says it lies (see `places`), piece by piece."""

from collections.abc import Callable

from unlost.errors import UnlostError
from unlost.gowa.places import NAME, Resolve, place_of
from unlost.gowa.wire import Account, Observe
from unlost.transport import AnswerTooLarge, Call, FetchingHttp, TransportFailed

WHOLE_S = 600.0
"""A large film over a slow line; it holds no lease of anybody's, only one of the slots for files."""


async def bring(
    http: FetchingHttp,
    account: Account,
    resolve: Resolve,
    told: str,
    max_bytes: int,
    into: Callable[[bytes], None],
    observe: Observe,
) -> bool:
    """Hand the bytes of *told* to *into*; False where there are more than *max_bytes*: then what came is only a part.

    A silence as long as the account's time-out ends it. Raises Refused (nowhere we go, or not to be had), TryLater (not now), and what
    *into* raises.
    """
    try:
        is_whole = await _bring(http, account, resolve, told, max_bytes, into)
    except UnlostError as error:
        observe(NAME, error.cause)
        raise
    observe(NAME, "ok")
    return is_whole


async def _bring(
    http: FetchingHttp, account: Account, resolve: Resolve, told: str, max_bytes: int, into: Callable[[bytes], None]
) -> bool:
    place = await place_of(told, account, resolve)
    call = Call("GET", place.url, WHOLE_S, headers=place.headers, answer_max_bytes=max_bytes, stall_s=account.timeout_s)
    try:
        answer = await http.receive(call, into)
    except AnswerTooLarge:
        return False
    except TransportFailed as failed:
        raise place.unanswered(failed) from failed
    if answer.status != 200:
        raise place.refused(answer)
    return True
