"""What the program raises on purpose: each class says what to do next. Anything else is our bug."""

from typing import Literal

Cause = Literal[
    "connection_refused",
    "timeout",
    "dns",
    "tls",
    "broken",
    "http_4xx",
    "http_5xx",
    "rate_limited",
    "flood",
    "unreadable",
    "engine_crashed",
    "busy",  # another lease is creating for the same chat: nothing was sent
    "bug",
]


IDS_WENT_BACK = (
    "the helpdesk's message ids went back: restored, or another one; look at it, then resume to go on with its new ids"
)
"""Why a channel is blocked whose helpdesk answered with an id that it had given before."""


class UnlostError(Exception):
    """Base of every error raised on purpose. *cause* is its class for metrics; the text never holds a customer's words.

    *host*: who failed, where it is not whom the step asks (a picture lies at the gateway, and is meant for the helpdesk; a file lies
    where the gateway says, which may be anywhere).
    """

    def __init__(self, text: str, *, cause: Cause = "http_5xx", status: int | None = None) -> None:
        super().__init__(text)
        self.cause: Cause = cause
        self.status = status
        self.host: str | None = None


class TryLater(UnlostError):
    """Nothing was done. *wait_s*: when to ask again, where the other side said so.

    *away*: the other side as a whole is not to be reached or asks for less (refused, DNS, TLS, 429): costs no attempt.
    Otherwise this very request may be at fault (a 5xx or time-out of a step that is safe to repeat): costs one.
    """

    def __init__(
        self, text: str, *, cause: Cause, away: bool, wait_s: float | None = None, status: int | None = None
    ) -> None:
        super().__init__(text, cause=cause, status=status)
        self.away = away
        self.wait_s = wait_s


class Refused(UnlostError):
    """The other side understood and said no; asking again will not help. *fields*: what it found fault with, if it said."""

    def __init__(
        self, text: str, *, cause: Cause = "http_4xx", status: int | None = None, fields: tuple[str, ...] = ()
    ) -> None:
        super().__init__(text, cause=cause, status=status)
        self.fields = fields


class Unsure(UnlostError):
    """It may or may not have been carried out; look before asking again."""


class Blocked(UnlostError):
    """Nothing passes for this device or inbox until someone acts; costs no attempt."""


class NotCommitted(UnlostError):
    """The journal could not make it durable: answer 503."""
