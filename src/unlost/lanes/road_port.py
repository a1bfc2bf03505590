"""What lanes are handed: how an entry is read, decided, done and linked. `road` builds it."""

from enum import StrEnum
from typing import Protocol

from unlost.errors import UnlostError
from unlost.journal.rows import Claim, Learned, Pool
from unlost.vocabulary.events import Event
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.steps import Step
from unlost.vocabulary.verdicts import Dead, Verdict


class Side(StrEnum):
    """Whom a step asks."""

    GATEWAY = "gateway"
    HELPDESK = "helpdesk"


class Road(Protocol):
    """One page that says which reader, interpreter and delivery serve which source."""

    def read(self, claim: Claim) -> Event:
        """The entry's body, typed. What cannot be read is an event too (`Unreadable`)."""
        ...

    def next_step(self, claim: Claim, event: Event) -> Step | Verdict:
        """What the entry still needs, from what is known so far. Pure."""
        ...

    async def ready(self, claim: Claim, step: Step) -> None:
        """Wait for the step's turn under its host's pace: before a once-only step is begun, so that no wait eats the lease.

        Raises TryLater where that would take long; nothing was sent.
        """
        ...

    async def perform(self, claim: Claim, step: Step) -> tuple[Facts, Learned]:
        """Do it: one call. The facts with what it taught. Raises UnlostError."""
        ...

    def links(self, claim: Claim, event: Event, step: Step, facts: Facts) -> Learned:
        """The durable links that *step* (just performed, with *facts* after it) makes. Pure."""
        ...

    def dead(self, claim: Claim, sentence: str) -> Dead:
        """The verdict of an entry whose attempts are over, with what its ending brings (a note to the agents)."""
        ...

    def dead_unread(self, claim: Claim, sentence: str) -> Dead:
        """The same, as far as can be said without a look at the body, which may be what is wrong."""
        ...

    def crashed(self, claim: Claim) -> Dead:
        """The verdict of an entry that ended its worker too often; its body is not looked at either."""
        ...

    def side_of(self, step: Step) -> Side:
        """Whom the step asks."""
        ...

    def host_of(self, claim: Claim, side: Side) -> str:
        """The host whose circuit the step belongs to."""
        ...

    def timeout_s(self, claim: Claim, step: Step) -> float:
        """The whole time-out of the step's call."""
        ...

    def doubt_wait_s(self, claim: Claim) -> float:
        """How long a request of unknown outcome may still be running on the other side."""
        ...

    def blocked_pools(self, claim: Claim, side: Side) -> tuple[Pool, ...]:
        """What stops when this side says that nothing passes."""
        ...

    def failed(self, claim: Claim, event: Event, step: Step, error: UnlostError) -> None:
        """A step ended without effect: for the log lines and counters that belong to its meaning."""
        ...
