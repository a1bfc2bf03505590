"""What the rest of the program asks of the journal: one verb per need, reading views apart.

Everything that must be true together is one transaction. Every verb is durable when it returns. `NotCommitted` is raised where a
commit is impossible (disk full, I/O error, a lock held too long); service resumes by itself. All times are epoch seconds from the
journal's clock. The suite in tests/contract/journal holds for every backend.
"""

from collections.abc import Sequence
from typing import Protocol

from unlost.journal.rows import (
    Appended,
    Arrival,
    BodyView,
    ChannelRow,
    Claim,
    ContradictionRow,
    Counts,
    Dues,
    EntryView,
    Failure,
    GapCause,
    GapRow,
    HolderId,
    HolderRow,
    Learned,
    PauseRow,
    Pool,
    Settled,
    WantedStatus,
)
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.ids import ChannelName, EntryId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import MessageLink
from unlost.vocabulary.verdicts import Verdict


class Journal(Protocol):
    """The port of the heart: doors append, lanes claim and settle."""

    async def now(self) -> float:
        """The journal's clock (the database's statement clock where it has one)."""
        ...

    async def introduce(self, channels: Sequence[ChannelRow]) -> None:
        """Make the channels known; sets the start mark of a new one to now. Repeatable."""
        ...

    async def append(self, channel: ChannelName, arrivals: Sequence[Arrival]) -> list[Appended]:
        """Keep bodies, each in its lane, and answer when they are durable.

        The lane is channel + direction + resolved chat. Learns the envelopes' pairings; a contradicting one is recorded and joins
        nothing. Splits receipts into wanted statuses. A poison row does not take the others with it: what cannot be kept in its
        lane is kept raw as a dead letter `unreadable`.
        """
        ...

    async def claim(self, holder: HolderId, pool: Pool, *, limit: int, alone: bool = False) -> list[Claim]:
        """Lease the due heads of up to *limit* lanes of *pool*, longest due first.

        Fixes places whose reorder wait is over. Entries with two crashes are handed out only with *alone*, one at a time, and
        while nothing else is leased to *holder*. Paused pools and lanes, absorbed lanes, and joined lanes of which one is leased,
        hand out nothing. Costs the same whatever waits.
        """
        ...

    async def begin(self, claim: Claim, facts: Facts, begun: Begun, learned: Learned) -> Claim | None:
        """Commit *facts*, what was *learned* and a once-only step as begun; None where the lease was lost.

        The returned claim's `facts.begun` carries the helpdesk's high-water id of now. For CreateContact and CreateConversation
        the chat's row is claimed too (`ensuring`): raises TryLater where another live lease holds it. So does PostMessage where an
        entry that may be the same message (one id; a LID and a number that are not paired, or were only since the claim) is begun
        or worked before this one, and where links or pairings were learned since the claim that may say it stands, or comes late.
        """
        ...

    async def remember(self, claim: Claim, facts: Facts, learned: Learned) -> Claim | None:
        """Commit what a step taught; None where the lease was lost. The claim comes back with fresh `known`."""
        ...

    async def settle(
        self, claim: Claim, verdict: Verdict, facts: Facts, learned: Learned, failure: Failure | None = None
    ) -> Settled:
        """End the attempt: verdict, facts, links and follow-ups in one transaction, guarded by the lease.

        Delivered with a link releases what is parked on it, right behind it. A delivered or skipped message that carries content
        settles its empty twins. Postponed.costs_attempt counts one attempt. Held keeps its place at the head; a download that ends, or
        has its file, lets its message go on.
        """
        ...

    async def give_back(self, claims: Sequence[Claim]) -> None:
        """A clean stop, or downloads that give way to a suspect: the attempts did not count; a begun step stays begun."""
        ...

    async def forgive(self, claim: Claim) -> None:
        """Give a suspect back that its worker outlived: its crashes count no more, the attempt does. Passed over where it is not held."""
        ...

    async def wake_for_files(self, channel: ChannelName, *, limit: int) -> int:
        """Let messages that are held for their files go on without; how many. For while the gateway is away."""
        ...

    async def open_downloads(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of *keys* (downloads' door keys, hex) whose entries are still to be worked: what else lies in the spool may go."""
        ...

    async def release_due(self, *, limit: int) -> int:
        """Put parked entries whose wait is over back into their lanes, marked so; how many."""
        ...

    async def dues(self) -> Dues:
        """When each unpaused pool next has something to hand out, and when the next parked entry's wait is over.

        What is appended or released after this look ends the next `wait_for_work`: at once, or when the first reorder wait of what
        was appended is over. Costs the same whatever waits.
        """
        ...

    async def wait_for_work(self, timeout_s: float) -> None:
        """Return when something may have been appended or released, here or by another process, or after *timeout_s*."""
        ...

    # leases -----------------------------------------------------------------------------------------------------------

    async def enrol(self, holder: HolderId, host: str, lock_path: str) -> None:
        """Make a bridge process known to its peers."""
        ...

    async def beat(self, holder: HolderId) -> bool:
        """Renew all leases of *holder*; False where it was buried meanwhile (then its work is no longer its own).

        Whoever comes again after its burial was frozen: the crashes that its burial counted are given back.
        """
        ...

    async def holders(self) -> list[HolderRow]:
        """All enrolled processes."""
        ...

    async def bury(self, holder: HolderId, *, beat: int) -> int:
        """End the leases of a process presumed dead, if its beat still stands at *beat*; how many. Each counts as a crash."""
        ...

    async def retire(self, holder: HolderId) -> None:
        """A clean end: holds nothing any more."""
        ...

    # receipts ---------------------------------------------------------------------------------------------------------

    async def wanted(self, channel: ChannelName, *, limit: int) -> list[WantedStatus]:
        """A channel's linked messages whose confirmed status is lower than the wanted one, oldest wish first."""
        ...

    async def put_off_wanted(self, channel: ChannelName, id: WhatsAppId) -> None:
        """A wish that could not be fulfilled now goes behind all others."""
        ...

    async def confirm(self, channel: ChannelName, message: HelpdeskMessageId, status: str) -> None:
        """What the helpdesk answered to a status change."""
        ...

    async def drop_wanted(self, channel: ChannelName, id: WhatsAppId) -> None:
        """A wish the helpdesk refuses for good."""
        ...

    # gaps and pauses --------------------------------------------------------------------------------------------------

    async def open_gap(self, channel: ChannelName, cause: GapCause, *, since: float | None = None) -> int:
        """Record that something may be missed from *since* (now) on; an open gap of the same cause is extended.

        A closed one of TOO_LARGE is extended too, until reconcile has looked behind it.
        """
        ...

    async def close_gap(self, gap: int) -> None:
        """The cause is over; reconcile has yet to look."""
        ...

    async def gap_reconciled(self, gap: int) -> None:
        """Reconcile has looked behind it."""
        ...

    async def gaps(self, *, open_only: bool) -> list[GapRow]:
        """Recorded gaps, oldest first; of very many the newest, whosever they are."""
        ...

    async def last_gap_end(self, channel: ChannelName) -> float | None:
        """When the channel's last gap was closed in which WhatsApp may have kept messages back (not TOO_LARGE)."""
        ...

    async def pause(self, pool: Pool, reason: str, *, blocked: bool, by_credentials: bool = False) -> None:
        """Hand out nothing of this pool. A person's pause is not lifted by the program.

        *by_credentials*: the block ends by itself once ours work; it never weakens one that needs a person.
        """
        ...

    async def resume(self, pool: Pool) -> None:
        """Lift any pause of this pool."""
        ...

    async def accept_ids(self, channel: ChannelName) -> None:
        """By a person's word the message ids of the channel's helpdesk begin anew: its high-water id is forgotten.

        So are those of the steps begun for it: what is in doubt is looked for among all ids before it is done again.
        """
        ...

    async def pauses(self) -> list[PauseRow]:
        """All paused pools."""
        ...

    async def mark_alive(self, at: float) -> float | None:
        """Write down that the door was open at *at*; returns the time written before (for the gap after a restart).

        Nothing is written while due times come back after a step of the clock: a start after a kill is to see that step still.
        """
        ...

    async def prove_writable(self) -> None:
        """Return once something was committed; it says nothing of the door."""
        ...

    # dead letters and views ------------------------------------------------------------------------------------------

    async def retry(self, entries: Sequence[EntryId], who: str) -> int:
        """Dead letters go to the end of their lanes, marked late; how many. At most 500 per transaction."""
        ...

    async def discard(self, entries: Sequence[EntryId], who: str) -> int:
        """Dead letters end done, by a person's word; how many."""
        ...

    async def dead(
        self,
        *,
        channel: ChannelName | None = None,
        reason: str | None = None,
        since: float | None = None,
        limit: int = 100,
    ) -> list[EntryView]:
        """Dead letters, newest first."""
        ...

    async def dead_ids(
        self, *, channel: ChannelName | None, reason: str | None, since: float | None, limit: int
    ) -> list[EntryId]:
        """The numbers of those that match, newest first, at most 100,000."""
        ...

    async def entry(self, id: EntryId) -> EntryView | None:
        """One entry with its failed attempts and links."""
        ...

    async def body(self, id: EntryId, *, limit_bytes: int) -> BodyView | None:
        """What was received, at most its first *limit_bytes*; None where no body is kept. Holds a customer's words."""
        ...

    async def trace(
        self,
        *,
        whatsapp_id: WhatsAppId | None = None,
        chats: Sequence[Address] = (),
        conversation: int | None = None,
        since: float | None = None,
        until: float | None = None,
        limit: int = 200,
    ) -> list[EntryView]:
        """Entries by message id, by chat (all its forms), or by conversation; oldest first."""
        ...

    async def links_posted_since(self, channel: ChannelName, since: float, *, limit: int) -> list[MessageLink]:
        """Links written or confirmed since; for the rescue after a gap."""
        ...

    async def contradictions(self) -> list[ContradictionRow]:
        """Pairings that contradict a known one, oldest first; they joined nothing."""
        ...

    async def start_mark(self, channel: ChannelName) -> float:
        """Neither direction reaches behind this time."""
        ...

    async def raise_start_mark(self, channel: ChannelName, until: float) -> None:
        """Storage holds what was told at *until*, later than our clock says: a mark that this clock made before any look goes up to it."""
        ...

    async def is_clock_right(self) -> bool:
        """Whether a message came when it was told, since our clock was last seen to be set. False where nobody can know."""
        ...

    async def looked_until(self, channel: ChannelName) -> float | None:
        """How far reconcile has looked, in WhatsApp's time; None: never yet."""
        ...

    async def mark_looked(self, channel: ChannelName, at: float) -> None:
        """Reconcile has looked up to *at*. Never goes back, but for a time that lay in the future when it was written."""
        ...

    async def told_through(self, channel: ChannelName) -> tuple[str, int] | None:
        """The feed of a gateway of our own, and the number up to which all its events were kept; None: never noted."""
        ...

    async def mark_told_through(self, channel: ChannelName, feed: str, number: int) -> None:
        """All events of *feed* up to *number* were kept. Goes back only where *feed* is another, or where 0 says that it began anew."""
        ...

    async def knows(self, channel: ChannelName, arrivals: Sequence[Arrival]) -> list[bool]:
        """For each, whether its door key stands (reconcile asks before it appends), and its download's where it tells of a file."""
        ...

    async def counts(self, *, since: float | None = None) -> list[Counts]:
        """Numbers per channel; delivered, skipped and late only since *since*."""
        ...

    async def wal_bytes(self) -> int:
        """The size of the write-ahead log."""
        ...
