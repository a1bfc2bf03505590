"""From what lanes and deliveries report to named happenings."""

from dataclasses import dataclass
from typing import Literal, get_args

from unlost.clock import Clock
from unlost.errors import Cause, Refused, UnlostError
from unlost.gowa.look_ups import GATEWAY_DIED
from unlost.journal.rows import Claim, Failure
from unlost.telemetry.happenings import (
    AttemptFailed,
    AvatarFailed,
    BugMet,
    ContactInfoFailed,
    CopyMet,
    EntryDied,
    EntryEnded,
    FallbackShown,
    OutcomeResolved,
)
from unlost.telemetry.log import Telemetry, trace_of
from unlost.vocabulary.envelopes import Kind
from unlost.vocabulary.events import Event, LookUpDue
from unlost.vocabulary.steps import AskAvatar, AskGroupInfo, AskUserInfo, SetAvatar, Step
from unlost.vocabulary.verdicts import Dead, Delivered, Postponed, Skipped, SkipReason, Verdict

NO_FAILURE = frozenset({"lease_short", "interrupted", "blocked", "absent", "busy"})
"""Causes of a postponement that are no failed call; what failed before them was told then."""


CAUSES = frozenset(get_args(Cause))


@dataclass(frozen=True, slots=True)
class Telling:
    """Hears walks and tells telemetry. Never raises."""

    telemetry: Telemetry
    clock: Clock

    def settled(self, claim: Claim, verdict: Verdict, failure: Failure | None) -> None:
        """An attempt has ended, durably."""
        match verdict:
            case Delivered():
                self._ended(claim, "delivered", "")
                self._fallback(claim)
            case Skipped(reason=reason):
                self._ended(claim, "skipped", reason)
                if reason is SkipReason.DUPLICATE:
                    self.telemetry.tell(CopyMet(claim.channel, "delivery", claim.entry))
            case Dead(cause=why):
                cause = "bug" if failure is None else failure.cause
                self.telemetry.tell(EntryDied(claim.channel, claim.direction, claim.entry, why, _known(cause)))
            case Postponed() if failure is not None and verdict.cause not in NO_FAILURE:
                self.telemetry.tell(
                    AttemptFailed(
                        claim.channel,
                        claim.direction,
                        claim.entry,
                        failure.step,
                        _known(failure.cause),
                        claim.attempts + verdict.costs_attempt,
                        verdict.wait_s,
                    )
                )
            case _:
                pass
        if failure is not None and failure.cause == "absent":
            self.telemetry.tell(OutcomeResolved("helpdesk", claim.entry, failure.step, "absent"))
        elif claim.facts.posted is not None and claim.facts.copies and isinstance(verdict, Delivered):
            self.telemetry.tell(OutcomeResolved("helpdesk", claim.entry, "PostMessage", "found"))

    def failed(self, claim: Claim, event: Event, step: Step, error: UnlostError) -> None:
        """A step ended without effect: the incident's own lines."""
        asked_by = event.asked_by or "" if isinstance(event, LookUpDue) else ""
        match step:
            case AskUserInfo(address=address):
                self._contact_info(claim, address, error, asked_by)
            case AskGroupInfo(group=group):
                self._contact_info(claim, group, error, asked_by)
            case AskAvatar(address=address):
                self.telemetry.tell(AvatarFailed(address, _class_of(error), error.cause == "engine_crashed"))
            case SetAvatar():
                self.telemetry.tell(AvatarFailed(claim.chat, error.cause, panic_recovered=False))
            case _:
                pass

    def went_wrong(self, where: str, error: Exception, claim: Claim | None) -> None:
        """Our bug."""
        entry = 0 if claim is None else claim.entry
        self.telemetry.tell(BugMet(where, type(error).__name__, trace_of(error), entry))

    def _contact_info(self, claim: Claim, address: str, error: UnlostError, asked_by: str) -> None:
        used = "Unknown" if not (claim.known.chat and claim.known.chat.name) else "push_name"
        self.telemetry.tell(
            ContactInfoFailed(claim.kind, address, _class_of(error), str(error), asked_by, fallback_used=used)
        )

    def _fallback(self, claim: Claim) -> None:
        """An empty event that stands without a storage row to show stands as the catalogue's line."""
        facts = claim.facts
        if facts.posted is None:
            return
        if claim.kind is Kind.UNKNOWN:
            self.telemetry.tell(FallbackShown(claim.channel, claim.entry, "unknown"))
        elif claim.kind is Kind.MESSAGE and facts.twin_wait_over and not facts.storage_row:
            self.telemetry.tell(FallbackShown(claim.channel, claim.entry, "empty"))

    def _ended(self, claim: Claim, verdict: Literal["delivered", "skipped"], reason: str) -> None:
        seconds = max(0.0, self.clock.now() - claim.arrived_at)
        self.telemetry.tell(
            EntryEnded(
                claim.channel,
                claim.direction,
                claim.entry,
                verdict,
                seconds,
                reason,
                is_late=claim.known.out_of_place,
            )
        )


def _class_of(error: UnlostError) -> str:
    """Its cause; a gateway that died twice of the same question is a class of its own (design section 4)."""
    return GATEWAY_DIED if isinstance(error, Refused) and GATEWAY_DIED in error.fields else error.cause


def _known(cause: str) -> Cause:
    """A failure's cause as telemetry's closed list has it; anything else is ours."""
    return cause if cause in CAUSES else "bug"  # type: ignore[return-value]  # tested on the same line
