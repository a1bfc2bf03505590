"""A device's three questions to WhatsApp, in their pace. Storage is not among them: it asks nobody but a local file."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from unlost.errors import Refused, TryLater, UnlostError
from unlost.gowa import look_up_pace
from unlost.gowa.answers import UserInfo
from unlost.gowa.client import GowaClient
from unlost.gowa.errors import AWAY
from unlost.gowa.look_up_pace import Outcome, Pace
from unlost.vocabulary.addresses import Address

T = TypeVar("T")

GATEWAY_DIED = "gateway_died"


class LookUps:
    """One device's. *now* never steps back.

    What may not go yet is `TryLater` with cause rate_limited, no status and the time to wait: nothing was asked and nothing failed.
    The second connection in a row to break during a look-up is `Refused`, its text and its one field GATEWAY_DIED.
    """

    def __init__(self, client: GowaClient, *, every_s: float, after_s: float, now: Callable[[], float]) -> None:
        self._client = client
        self._pace = Pace(every_s, after_s)
        self._now = now

    def status_seen(self, *, logged_in: bool) -> None:
        """To be told after every look at `/app/status`."""
        self._pace = look_up_pace.status_seen(self._pace, logged_in=logged_in, now=self._now())

    def wait_s(self) -> float:
        """Seconds until the next one may begin; 0.0: now."""
        return look_up_pace.wait_s(self._pace, self._now())

    async def user_info(self, address: Address) -> UserInfo:
        """As the client's."""
        return await self._paced(lambda: self._client.user_info(address))

    async def avatar(self, address: Address) -> str | None:
        """As the client's."""
        return await self._paced(lambda: self._client.avatar(address))

    async def group_info(self, group: Address) -> str:
        """As the client's."""
        return await self._paced(lambda: self._client.group_info(group))

    async def _paced(self, ask: Callable[[], Awaitable[T]]) -> T:
        if (wait_s := self.wait_s()) > 0.0:
            raise TryLater("a look-up before its time", cause="rate_limited", away=True, wait_s=wait_s)
        self._pace = look_up_pace.began(self._pace, self._now())
        outcome = Outcome.SILENT
        try:
            answer = await ask()
            outcome = Outcome.ANSWERED
        except UnlostError as error:
            outcome = _outcome_of(error)
            if self._would_rest(outcome):
                raise Refused(GATEWAY_DIED, cause="broken", fields=(GATEWAY_DIED,)) from error
            raise
        finally:
            self._pace = look_up_pace.ended(self._pace, outcome, self._now())
        return answer

    def _would_rest(self, outcome: Outcome) -> bool:
        now = self._now()
        return look_up_pace.is_resting(look_up_pace.ended(self._pace, outcome, now), now)


def _outcome_of(error: UnlostError) -> Outcome:
    if error.cause == "broken":
        return Outcome.BROKE
    has_no_engine = isinstance(error, TryLater) and error.away and error.status == 503
    if error.cause in AWAY or error.status in (401, 403) or has_no_engine:
        return Outcome.AWAY
    return Outcome.SILENT if error.cause == "timeout" and error.status is None else Outcome.ANSWERED
