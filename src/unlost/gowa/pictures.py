"""Fetching a contact's picture from where the gateway says it lies (see `places`)."""

from unlost.errors import UnlostError
from unlost.gowa.places import NAME, Resolve, place_of
from unlost.gowa.wire import Account, Observe
from unlost.transport import Call, Http, TransportFailed


async def fetch(
    http: Http, account: Account, resolve: Resolve, told: str, max_bytes: int, observe: Observe
) -> tuple[str, bytes]:
    """The content type (lower-case, without parameters) and the bytes of *told*, an address or a path at the gateway.

    Raises Refused (nowhere we go, or not to be had), TryLater (not now).
    """
    try:
        fetched = await _fetch(http, account, resolve, told, max_bytes)
    except UnlostError as error:
        observe(NAME, error.cause)
        raise
    observe(NAME, "ok")
    return fetched


async def _fetch(http: Http, account: Account, resolve: Resolve, told: str, max_bytes: int) -> tuple[str, bytes]:
    place = await place_of(told, account, resolve)
    call = Call("GET", place.url, account.timeout_s, headers=place.headers, answer_max_bytes=max_bytes)
    try:
        answer = await http.send(call)
    except TransportFailed as failed:
        raise place.unanswered(failed) from failed
    if answer.status != 200:
        raise place.refused(answer)
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower(), answer.body
