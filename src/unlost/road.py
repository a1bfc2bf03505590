"""Which reader, interpreter and delivery serve which source: one page."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import msgspec
from msgspec.structs import replace

from unlost import interpret
from unlost.chatwoot import reader as chatwoot_reader
from unlost.errors import Refused, UnlostError
from unlost.gowa import readers as gowa_readers
from unlost.interpret import follow_ups, linking
from unlost.journal.rows import Claim, Learned, Pool
from unlost.lanes.road_port import Side
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction, Kind, Source
from unlost.vocabulary.events import (
    ChoreEvent,
    Event,
    FileDue,
    LookUpDue,
    MessageEdited,
    NoteDue,
    ReferralDue,
    RenameDue,
    RescueDue,
    SweepDue,
    Unreadable,
)
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ChannelName
from unlost.vocabulary.links import Known
from unlost.vocabulary.policy import Policy
from unlost.vocabulary.steps import (
    CallWebhook,
    FindMessage,
    GatewayStep,
    HelpdeskStep,
    PostMessage,
    Step,
)
from unlost.vocabulary.verdicts import Dead, Skipped, SkipReason, Verdict

CHORES: dict[Kind, type[ChoreEvent]] = {
    Kind.LOOK_UP_CONTACT: LookUpDue,
    Kind.LOOK_UP_GROUP: LookUpDue,
    Kind.SWEEP: SweepDue,
    Kind.RESCUE: RescueDue,
    Kind.NOTE: NoteDue,
    Kind.RENAME: RenameDue,
    Kind.REFERRAL: ReferralDue,
    Kind.FILE: FileDue,
}


class Turns(Protocol):
    """The helpdesk's pace. Both raise TryLater where the wait would be long."""

    async def wait_turn(self) -> None:
        """Return when one request may go."""
        ...

    async def wait_room(self, conversation: int) -> None:
        """Return when one post may go to a conversation."""
        ...


class ToHelpdesk(Protocol):
    """Performs the helpdesk's steps, one call each."""

    async def perform(self, step: HelpdeskStep, facts: Facts) -> tuple[Facts, Learned]:
        """The facts with what the step taught. Raises UnlostError."""
        ...


class ToGateway(Protocol):
    """Performs the gateway's steps, one call each."""

    async def perform(self, step: GatewayStep, facts: Facts) -> tuple[Facts, Learned]:
        """The facts with what the step taught. Raises UnlostError."""
        ...


@dataclass(frozen=True, slots=True)
class ChannelRoad:
    """One channel's two sides. *policy* gives the channel's rules for an event of an epoch second.

    *chores_to_helpdesk*: the same helpdesk, behind everybody else in its pace.
    """

    policy: Callable[[float, Direction], Policy]
    device: Address | None
    turns: Turns
    to_helpdesk: ToHelpdesk
    chores_to_helpdesk: ToHelpdesk
    to_gateway: ToGateway
    helpdesk_host: str
    gateway_host: str
    helpdesk_timeout_s: float
    helpdesk_upload_timeout_s: float
    gateway_timeout_s: float
    doubt_wait_s: float


@dataclass(frozen=True, slots=True)
class Road:
    """The road of every channel. *on_failure* hears of steps that ended without effect; *is_away*: a host's circuit is open."""

    channels: Mapping[ChannelName, ChannelRoad]
    on_failure: Callable[[Claim, Event, Step, UnlostError], None]
    is_away: Callable[[str], bool]

    def read(self, claim: Claim) -> Event:
        """The entry's body, typed; the storage row instead, once it was asked for (an event that came without content)."""
        channel = self.channels[claim.channel]
        try:
            if claim.facts.storage_row:
                return gowa_readers.read_event(Source.STORAGE, claim.facts.storage_row.encode(), channel.device)
            match claim.source:
                case Source.FLAT | Source.ENVELOPE | Source.STORAGE:
                    return gowa_readers.read_event(claim.source, claim.raw, channel.device)
                case Source.HELPDESK:
                    return chatwoot_reader.read_event(claim.raw)
                case Source.LOOK_UP | Source.CHORE:
                    return msgspec.json.decode(claim.raw, type=CHORES[claim.kind])
                case Source.OUTBOX:
                    return Unreadable("a gateway's own")
        except Refused as error:
            return Unreadable(str(error))

    def next_step(self, claim: Claim, event: Event) -> Step | Verdict:
        """What the entry still needs. What could not be read when it came, and can be now, comes in again, to its own chat."""
        if claim.kind is Kind.UNREADABLE:
            return self._taken_in(claim)
        return interpret.next_step(
            event,
            self._known(claim),
            claim.facts,
            self._policy(claim),
            key=claim.door_key,
            direction=claim.direction,
        )

    async def ready(self, claim: Claim, step: Step) -> None:
        """A once-only call does not wait for its turn by itself (see `chatwoot.wire`): all of those go to the helpdesk."""
        channel = self.channels[claim.channel]
        if isinstance(step, PostMessage):
            await channel.turns.wait_room(step.conversation)
        if step.once_only:
            await channel.turns.wait_turn()

    async def perform(self, claim: Claim, step: Step) -> tuple[Facts, Learned]:
        """One call."""
        channel = self.channels[claim.channel]
        assert not isinstance(step, CallWebhook), "a gateway's own"
        if isinstance(step, GatewayStep):
            return await channel.to_gateway.perform(step, claim.facts)
        in_background = claim.direction in (Direction.CHORE, Direction.LOOK_UP, Direction.MEDIA)
        helpdesk = channel.chores_to_helpdesk if in_background else channel.to_helpdesk
        return await helpdesk.perform(step, claim.facts)

    def links(self, claim: Claim, event: Event, step: Step, facts: Facts) -> Learned:
        """The durable links that *step* makes."""
        messages = (
            linking.message_links(event, facts, step, claim.door_key)
            if isinstance(step, PostMessage | FindMessage)
            else ()
        )
        return Learned(chat=linking.chat_link(event, claim.known, facts), messages=messages)

    def dead(self, claim: Claim, sentence: str) -> Dead:
        """Its ending, with the note to the agents that a customer's message deserves."""
        return follow_ups.dead(self.read(claim), sentence, key=claim.door_key, entry=claim.entry)

    def crashed(self, claim: Claim) -> Dead:
        """As `dead_unread`: the body has ended three processes."""
        return self.dead_unread(claim, "crashes the bridge")

    def dead_unread(self, claim: Claim, sentence: str) -> Dead:
        """As `dead`, as far as what the envelope told can say."""
        return follow_ups.dead_unread(claim.kind, claim.chat, sentence, key=claim.door_key, entry=claim.entry)

    def side_of(self, step: Step) -> Side:
        """Whom the step asks."""
        return Side.GATEWAY if isinstance(step, GatewayStep) else Side.HELPDESK

    def host_of(self, claim: Claim, side: Side) -> str:
        """The host whose circuit the step belongs to."""
        channel = self.channels[claim.channel]
        return channel.gateway_host if side is Side.GATEWAY else channel.helpdesk_host

    def timeout_s(self, claim: Claim, step: Step) -> float:
        """The whole time-out of the step's call; of a fetch, which may take longer than any lease and be repeated, its silence."""
        channel = self.channels[claim.channel]
        if isinstance(step, PostMessage) and step.files:
            return channel.helpdesk_upload_timeout_s
        return channel.gateway_timeout_s if self.side_of(step) is Side.GATEWAY else channel.helpdesk_timeout_s

    def doubt_wait_s(self, claim: Claim) -> float:
        """How long a request of unknown outcome may still be running in the helpdesk."""
        return self.channels[claim.channel].doubt_wait_s

    def blocked_pools(self, claim: Claim, side: Side) -> tuple[Pool, ...]:
        """A gateway that lets nobody in stops its look-ups, with which files stand still; a helpdesk that does stops everything else."""
        if side is Side.GATEWAY:
            return (Pool(claim.channel, Direction.LOOK_UP),)
        directions = (Direction.INBOUND, Direction.OUTBOUND, Direction.CHORE)
        return tuple(Pool(claim.channel, direction) for direction in directions)

    def failed(self, claim: Claim, event: Event, step: Step, error: UnlostError) -> None:
        """For the log lines and counters."""
        self.on_failure(claim, event, step, error)

    def _taken_in(self, claim: Claim) -> Skipped | Dead:
        device = self.channels[claim.channel].device
        try:
            if claim.source is Source.HELPDESK:
                envelope = chatwoot_reader.read_envelope(claim.raw, {})
            elif claim.source is Source.STORAGE:
                envelope = gowa_readers.envelope_of_row(claim.raw, None, device)
            else:
                envelope = gowa_readers.read_envelope(claim.raw, device=device)
        except Refused:
            return Dead("unreadable")
        return Skipped(SkipReason.DUPLICATE, again=envelope)

    def _known(self, claim: Claim) -> Known:
        """What the journal knew; of a retried dead letter also the text that its latest edit gave it."""
        edit = claim.edited_by
        if edit is None:
            return claim.known
        try:
            event = gowa_readers.read_event(edit.source, edit.raw, self.channels[claim.channel].device)
        except Refused:
            return claim.known
        return replace(claim.known, replacement_text=event.text) if isinstance(event, MessageEdited) else claim.known

    def _policy(self, claim: Claim) -> Policy:
        channel = self.channels[claim.channel]
        policy = channel.policy(claim.told_at or claim.arrived_at, claim.direction)
        return dataclasses.replace(policy, media_wait_s=0.0) if self.is_away(channel.gateway_host) else policy
