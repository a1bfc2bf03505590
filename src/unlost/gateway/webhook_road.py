"""What lanes are handed for the outbox: the one step of a webhook is its POST.

It is safe to repeat: a receiver knows again by its number what it got twice. A receiver that says no is asked again with growing
waits, one that is not there when its host answers again, each for as long as *tried_for_s*; then the webhook is a dead letter.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from msgspec.structs import replace

from unlost.errors import Cause, TryLater, UnlostError
from unlost.gateway.outbox import webhook_of
from unlost.gateway.post import Outcome
from unlost.gateway.tries import Answer
from unlost.journal.rows import NOTHING_LEARNED, Claim, Learned, Pool
from unlost.lanes.circuit import Circuit
from unlost.lanes.road_port import Side
from unlost.vocabulary.events import Event, WebhookDue
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.steps import CallWebhook, Step
from unlost.vocabulary.verdicts import Dead, Delivered, Postponed, Verdict

AWAY_WAIT_S = 60.0  # for one that was claimed although its host is away; the circuit says when to claim again
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRoad:
    """*call* makes the POST. *refused_wait_s*: by failed attempts, from 1. Waits and *try_s* are real seconds."""

    call: Callable[[CallWebhook], Awaitable[Outcome]]
    circuit_of: Callable[[str], Circuit]
    host_of_url: Callable[[str], str]
    now: Callable[[], float]
    refused_wait_s: Callable[[int], float]
    try_s: float
    tried_for_s: float

    def read(self, claim: Claim) -> Event:
        """Its number and body."""
        return webhook_of(claim.raw)

    def next_step(self, claim: Claim, event: Event) -> Step | Verdict:
        """Call, until it was taken or is given up; after a refusal in this very attempt the attempt is over."""
        assert isinstance(event, WebhookDue), "the outbox holds nothing else"
        facts = claim.facts
        if facts.webhook_taken:
            return Delivered()
        if facts.webhook_given_up:
            return Dead(f"not taken within {self.tried_for_s / DAY_S:.3g} days: {facts.webhook_given_up}")
        if facts.webhook_refused > claim.attempts:
            return Postponed(self.refused_wait_s(facts.webhook_refused), "http_4xx", costs_attempt=True)
        return CallWebhook(claim.channel, event.number, event.body)

    async def ready(self, claim: Claim, step: Step) -> None:
        """At once: no receiver is paced."""

    async def perform(self, claim: Claim, step: Step) -> tuple[Facts, Learned]:
        """One POST, unless the host is known to be away. Raises TryLater."""
        assert isinstance(step, CallWebhook), "the outbox's only step"
        is_over = self.now() - claim.arrived_at >= self.tried_for_s
        if self.circuit_of(self.host_of_url(step.url)).is_open:
            if is_over:
                return replace(claim.facts, webhook_given_up="its host is away"), NOTHING_LEARNED
            raise TryLater("its host is away", cause="rate_limited", away=True, wait_s=AWAY_WAIT_S)
        outcome = await self.call(step)
        if outcome.answer is Answer.ACCEPTED:
            return replace(claim.facts, webhook_taken=True), NOTHING_LEARNED
        if is_over:
            return replace(claim.facts, webhook_given_up=_said(outcome)), NOTHING_LEARNED
        if outcome.retry_after_s is not None:
            wait_s = outcome.retry_after_s
            raise TryLater(_said(outcome), cause="rate_limited", away=True, wait_s=wait_s, status=outcome.status)
        if outcome.answer is Answer.REFUSED:
            return replace(claim.facts, webhook_refused=claim.attempts + 1), NOTHING_LEARNED
        cause: Cause = "timeout" if outcome.answer is Answer.TIMED_OUT else "connection_refused"
        raise TryLater(_said(outcome), cause=cause, away=False)

    def links(self, claim: Claim, event: Event, step: Step, facts: Facts) -> Learned:
        """None."""
        return NOTHING_LEARNED

    def dead(self, claim: Claim, sentence: str) -> Dead:
        """Attempts run out by our own bugs alone."""
        return Dead(sentence)

    def dead_unread(self, claim: Claim, sentence: str) -> Dead:
        """The same: nothing is read for it."""
        return Dead(sentence)

    def crashed(self, claim: Claim) -> Dead:
        """It ended the gateway each time it was told."""
        return Dead("ended the gateway three times")

    def side_of(self, step: Step) -> Side:
        """The receiver, which as a rule is a bridge: a helpdesk's side of us."""
        return Side.HELPDESK

    def host_of(self, claim: Claim, side: Side) -> str:
        """The receiver's."""
        return self.host_of_url(claim.channel)

    def timeout_s(self, claim: Claim, step: Step) -> float:
        """Of one POST."""
        return self.try_s

    def doubt_wait_s(self, claim: Claim) -> float:
        """Nothing here is done once only."""
        return 0.0

    def blocked_pools(self, claim: Claim, side: Side) -> tuple[Pool, ...]:
        """None: a refusal is the webhook's, never the receiver's for all of them."""
        return ()

    def failed(self, claim: Claim, event: Event, step: Step, error: UnlostError) -> None:
        """Counted where the attempt ends."""


def _said(outcome: Outcome) -> str:
    """In our own words; the status is the receiver's."""
    return f"answered {outcome.status}" if outcome.status is not None else outcome.answer.value
