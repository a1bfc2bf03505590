"""A late copy is swept for at the chat's next message too: people look then. The timed sweeps stay, whatever happens here."""

from dataclasses import dataclass, field

from msgspec.structs import replace

from unlost.journal.rows import Claim
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction, Kind
from unlost.vocabulary.ids import ChannelName
from unlost.vocabulary.verdicts import Delivered, FollowUp, Verdict

CHATS_MAX = 10_000
"""Remembered in memory only: a restart forgets them, and the timed sweeps in the journal do the work."""


@dataclass(slots=True)
class NextSweeps:
    """Sweeps that the next delivered message of a chat brings once more, at once."""

    _owed: dict[tuple[ChannelName, Address], tuple[FollowUp, ...]] = field(default_factory=dict)

    def added_to(self, claim: Claim, verdict: Verdict) -> Verdict:
        """*verdict* with the sweeps that its chat is owed; unchanged where none are."""
        owed = self._owed.get((claim.channel, claim.chat))
        if owed is None or not isinstance(verdict, Delivered) or claim.direction is not Direction.INBOUND:
            return verdict
        return replace(verdict, then=(*verdict.then, *owed))

    def settled(self, claim: Claim, verdict: Verdict) -> None:
        """*verdict* stands: what it brought is owed no more, what it schedules is owed from now on."""
        if not isinstance(verdict, Delivered) or claim.direction is not Direction.INBOUND:
            return
        self._owed.pop((claim.channel, claim.chat), None)
        timed = [each for each in verdict.then if each.kind is Kind.SWEEP and each.wait_s > 0]
        if timed and len(self._owed) < CHATS_MAX:
            first_s = min(each.wait_s for each in timed)
            self._owed[claim.channel, claim.chat] = tuple(
                replace(each, key=f"{each.key}:next", wait_s=0.0) for each in timed if each.wait_s == first_s
            )
