"""Programs that break one promise each, and a seed that tells.

`docs/proofs.md` has, for each sentence of the design's section 3 and each rule of section 4, its mutants, and the named tests where a
simulation cannot see it; what belongs to sending is listed there by name.
"""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from tests.simulation.mutating import Apply, async_constant, both, constant, replaced, reworded, wrapped
from unlost import interpret
from unlost.assemble import tending
from unlost.assemble.telling import Telling
from unlost.chatwoot import errors as chatwoot_errors
from unlost.chatwoot.wire import Wire
from unlost.chores.reconcile import Outcome, Reconcile
from unlost.chores.rescue import Rescue
from unlost.chores.watch import Watch
from unlost.deliver import helpdesk_conversations, helpdesk_messages
from unlost.errors import NotCommitted, Refused, TryLater
from unlost.ingress import keeping
from unlost.ingress.keeping import Keeping, NotKept
from unlost.interpret import follow_ups, linking, posting
from unlost.interpret.chores import sweep
from unlost.interpret.from_gateway import (
    contact_and_conversation,
    downloads,
    edits,
    empty,
    messages,
    reactions,
    revokes,
    stand,
    telling,
)
from unlost.interpret.from_helpdesk import messages as helpdesk_messages_read
from unlost.journal import (
    appending,
    batch,
    claiming,
    copying,
    forgetting,
    gaps,
    holders,
    knowing,
    leasing,
    opening,
    pairing,
    parking,
    pruning,
    settling,
    upkeep,
)
from unlost.journal.pruning import Keep
from unlost.journal.rows import NOTHING_LEARNED, Dues
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.lanes import circuit, walk
from unlost.lanes.circuit import Circuit
from unlost.lanes.lease import Lease
from unlost.lanes.walk import Walker
from unlost.road import Road
from unlost.telemetry.happenings import BugMet
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.facts import Begun
from unlost.vocabulary.links import Part
from unlost.vocabulary.steps import FindMessage
from unlost.vocabulary.verdicts import Delivered, Skipped, SkipReason


def _without_files(real: Any) -> Any:
    def message_links(*given: Any) -> Any:
        return tuple(link for link in real(*given) if link.part is not Part.FILE)

    return message_links


def _sees_files(real: Any) -> Any:
    async def find(*given: Any) -> Any:
        facts, learned = await real(*given)
        return replace(facts, file_stands=facts.posted is not None), learned

    return find


@dataclass(frozen=True, slots=True)
class Mutant:
    """*promise*: the sentence or rule that it breaks, with its section. Its one schedule stands in `mutant_seeds.json`."""

    name: str
    promise: str
    apply: Apply


# --- promise 1: durable before 2xx ----------------------------------------------------------------------------------------


def _answers_first(real: Any) -> Any:
    async def append(self: Keeping, door: Any, arrival: Any) -> None:
        async def later() -> None:
            try:
                await asyncio.sleep(0.05)
                await real(self, door, arrival)
            except NotKept:
                pass

        asyncio.ensure_future(later())  # noqa: RUF006 - the mutant does not care

    return append


def _swallows(real: Any) -> Any:
    async def append(self: Keeping, door: Any, arrival: Any) -> None:
        try:
            await real(self, door, arrival)
        except NotKept:
            return

    return append


def _not_synced(real: Any) -> Any:
    def tune(connection: Any, **how: Any) -> None:
        real(connection, **how)
        connection.pragma("synchronous", "NORMAL")

    return tune


# --- promise 3: once ------------------------------------------------------------------------------------------------------


def _posts_unsearched(real: Any) -> Any:
    def post_or_find(draft: Any, conversation: Any, standing: Any) -> Any:
        step = real(draft, conversation, standing)
        if isinstance(step, FindMessage):
            return posting._forms(draft, conversation, standing)[0]
        return step

    return post_or_find


async def _begin_unwritten(self: Walker, claim: Any, step: Any) -> Any:
    begun = Begun(step=type(step).__name__, at=0.0, conversation=getattr(step, "conversation", None))
    return replace(claim, facts=replace(claim.facts, begun=begun))


def _finds_nothing(real: Any) -> Any:
    async def find(client: Any, step: Any, facts: Any, *more: Any) -> Any:
        facts, learned = await real(client, step, facts, *more)
        if not step.marker:
            return facts, learned
        return replace(facts, conversation=None, begun=None, absences=facts.absences + 1), learned

    return find


_numbers = itertools.count()


def _no_key(*_: Any, **__: Any) -> bytes:
    return b"key-%d" % next(_numbers)


def _wrong_copies(event: Any, standing: Any) -> list[Any]:
    linked = {link.message for link in standing.known.helpdesk_links} | {event.keep}
    copies = standing.facts.copies or ()
    return sorted(c for c in copies if c in linked and c not in standing.facts.deleted) if len(copies) > 1 else []


def _flat_refusal(real: Any) -> Any:
    def refused_once(what: str, answer: Any) -> Any:
        if answer.status == 422:
            return Refused(what, status=422)
        return real(what, answer)

    return refused_once


def _later_at_5xx(real: Any) -> Any:
    def refused_once(what: str, answer: Any) -> Any:
        if answer.status >= 500:
            return TryLater(what, cause="http_5xx", away=False, status=answer.status)
        return real(what, answer)

    return refused_once


def _translating(change: Any) -> Apply:
    """Every once-only call's failures are translated otherwise."""

    def wrap(real: Any) -> Any:
        async def do(self: Wire, *given: Any, **named: Any) -> Any:
            named["translate"] = change(named.get("translate", chatwoot_errors.refused_once))
            return await real(self, *given, **named)

        return do

    return wrapped(Wire, "do", wrap)


def _later_at_silence(what: str, failed: Any) -> Any:
    return TryLater(f"{what}: {failed.cause}", cause=failed.cause, away=True)


# --- promises 5, 6, 9 -----------------------------------------------------------------------------------------------------


def _all_in_one(turn: Any, channel: str, envelope: Any) -> Address:
    return Address("everybody")


def _counts_absence(what: str, failed: Any) -> Any:
    return TryLater(what, cause=failed.cause, away=False)


def _tells_words(real: Any) -> Any:
    def settled(self: Telling, claim: Any, verdict: Any, failure: Any) -> None:
        self.telemetry.tell(BugMet("settled", "none", claim.raw.decode("utf-8", "replace")))
        real(self, claim, verdict, failure)

    return settled


async def _only_alive(journal: Any, channels: Any, clock: Any, *_: Any, **__: Any) -> Any:
    return await journal.mark_alive(clock.now())


def _reconcile_once(real: Any) -> Any:
    looked: set[int] = set()

    async def run(self: Reconcile, gaps: Any, since: float | None = None) -> Any:
        if id(self) in looked:
            return Outcome(0, 0)
        looked.add(id(self))
        return await real(self, gaps, since)

    return run


def _skip_at_sight(event: Any, standing: Any) -> Any:
    return Skipped(SkipReason.EMPTY_TWIN)


# --- restored, pruned, forgotten, contradicted ----------------------------------------------------------------------------


def _undoubted(turn: Any, entry: Any, facts: Any) -> Any:
    return facts


def _all_or_none(connection: Any, operations: Any) -> Any:
    refused = batch.Failed(NotCommitted("the batch could not be committed", cause="bug"))
    return [refused for _ in operations]


def _keys_go_too(real: Any) -> Any:
    def keep(entries_s: float, links_s: float) -> Any:
        return real(entries_s=entries_s, links_s=entries_s)

    return keep


def _waits_as_ever(now: float, *, troubled_at: float | None, reorder_wait_s: float, gap_wait_s: float) -> float:
    return reorder_wait_s


def _forwarder_untold(facts: Any, hearing: Any) -> Any:
    return replace(facts, forwarder_told=True), NOTHING_LEARNED


def _overlooks_foreign(real: Any) -> Any:
    def look_at(message: Any, step: Any, seen: Any) -> None:
        real(message, step, seen)
        seen.is_foreign = False

    return look_at


READ_MOST = 9


def _keeps_reading(real: Any) -> Any:
    async def walk(self: Walker, hand: Any) -> None:
        if hand.claim.crashes < READ_MOST:  # for ever would take its time
            hand.claim = replace(hand.claim, crashes=0)
        await real(self, hand)

    return walk


TWICE = "3.3: a message stands once"
MUTANTS: list[Mutant] = [
    Mutant("answers before the commit", "3.1: durable before 2xx", wrapped(Keeping, "_append", _answers_first)),
    Mutant("answers 2xx when nothing was committed", "3.1: not committed is 503", wrapped(Keeping, "_append", _swallows)),
    Mutant("what nobody can read is skipped", "3.1: what can't be understood is kept as a dead letter", replaced(Road, "_taken_in", constant(Skipped(SkipReason.IGNORED)))),
    Mutant("what nobody can read ends as if it were delivered", "3.1: what can't be understood is kept as a dead letter", replaced(Road, "_taken_in", constant(Delivered()))),
    Mutant("synchronous=NORMAL", "3.1 and 4, SQLite: synced", wrapped(opening, "_tune", _not_synced)),
    Mutant("nothing empty is parked", "3.2 and 4: nothing empty is skipped at sight", both(replaced(appending, "_is_parked", constant(False)), replaced(messages, "empty_step", _skip_at_sight))),
    Mutant("a twin's content does not settle it", "4: empty events", both(replaced(appending, "settle_twins", constant(None)), wrapped(settling, "End", lambda real: lambda place, *, settles_twins: real(place, settles_twins=False)), replaced(appending, "content_stands", constant(False)), replaced(settling, "content_stands", constant(False)), replaced(messages, "stands_already", constant(False)))),
    Mutant("own noise stands", "4: noise is noise", replaced(empty, "_is_own_noise", constant(False))),
    Mutant("an absence is no gap", "3.2: a gap is recorded", replaced(tending, "note_absence", _only_alive)),
    Mutant("a gap stays open", "3.2: a gap is listed until reconcile closes it", replaced(gaps, "gap_reconciled", constant(None))),
    Mutant("reconcile looks away", "4: inbound reconcile", replaced(Reconcile, "_look", async_constant(Outcome(0, 0)))),
    Mutant("reconcile looks once only", "4: reconcile runs every reconcile_every_s", wrapped(Reconcile, "run", _reconcile_once)),
    Mutant("what is parked stays parked", "3.2: every entry ends", replaced(SqliteJournal, "release_due", async_constant(0))),
    Mutant("a reference does not wait", "4: references", both(*(replaced(module, "target_wait", constant(None)) for module in (edits, reactions, revokes)))),
    Mutant("nobody waits for a reference's target", "4: references re-enter behind their target", both(replaced(settling, "release_for", constant(None)), replaced(SqliteJournal, "release_due", async_constant(0)))),
    Mutant("an edit of a dead letter changes nothing", "4: an edit of a dead letter changes what a retry posts", reworded("edits_of_dead", "LIMIT 10", "LIMIT 0")),
    Mutant("a retried letter is not late", "4: a retried dead letter is marked late", reworded("dead_retry", "late = 1", "late = late")),
    Mutant("no search after an unknown outcome", "3.3: the other side is searched before anything is repeated", wrapped(stand, "post_or_find", _posts_unsearched)),
    Mutant("no begun step", "4: once-only steps are committed as begun", replaced(Walker, "_begin", _begin_unwritten)),
    Mutant("no doubt wait", "4: the search comes after the doubt wait", replaced(Road, "doubt_wait_s", constant(0.0))),
    Mutant("422 is taken for a refusal", "7: every other failure is Unsure", _translating(_flat_refusal)),
    Mutant("5xx of a once-only step is TryLater", "7: only proof is TryLater", _translating(_later_at_5xx)),
    Mutant("silence after a once-only step is TryLater", "7: a time-out is Unsure", replaced(chatwoot_errors, "unanswered_once", _later_at_silence)),
    Mutant("the door has no key", "4: door key", replaced(appending, "key_of", _no_key)),
    Mutant("a link is no sign that it stands", TWICE, replaced(messages, "stands_already", constant(False))),
    Mutant("no sweep", "3.3: once at rest", replaced(follow_ups, "sweeps", constant(()))),
    Mutant("the sweep deletes what the link names", "4: the sweep deletes only copies", replaced(sweep, "_unlinked", _wrong_copies)),
    Mutant("empty twins of conversations stay", "3.3: conversations once", replaced(sweep, "_twins_step", constant(Delivered()))),
    Mutant("a conversation in doubt is made again", "4: a marker is searched", wrapped(helpdesk_conversations, "find", _finds_nothing)),
    Mutant("a contact in doubt is searched under its new form", "4: contacts once", replaced(contact_and_conversation, "_begun_under", constant(None))),
    Mutant("the start mark is forgotten", "3.3: start mark", replaced(SqliteJournal, "start_mark", async_constant(0.0))),
    Mutant("the search overlooks the copy", "4: adopt by source_id and key", replaced(helpdesk_messages, "_look_at", constant(None))),
    Mutant("no reorder wait", "3.4: mended inside reorder_wait_s", replaced(keeping, "hold_s", constant(0.0))),
    Mutant("nothing waits longer after a gap", "4: reorder wait: gap_wait_s after a start or a 503", replaced(keeping, "hold_s", _waits_as_ever)),
    Mutant("late is not said", "3.4: marked with its own time", replaced(telling, "late_line", constant(()))),
    Mutant("a begun step is passed", "3.4: nothing passes an entry that was begun", reworded("lane_head", "ORDER BY place, behind", "ORDER BY begun, place, behind")),
    Mutant("lanes run backwards", "3.4: in order", reworded("lane_head", "ORDER BY place, behind", "ORDER BY place DESC, behind")),
    Mutant("one lane for all", "3.5: a poisonous chat delays no other", replaced(appending, "_address", _all_in_one)),
    Mutant("crashes are not counted", "4: an entry that kills the process", wrapped(holders, "_end_leases", lambda real: lambda turn, holder, *, crashes: real(turn, holder, crashes=0))),
    Mutant("the third crash is no end", "4: a third makes it dead", replaced(walk, "CRASHES_MAX", 1_000)),
    Mutant("suspects are never worked", "4: after two it is worked alone", replaced(Dues, "has_suspect", constant(False))),
    Mutant("an absent host costs attempts", "3.6: away costs no attempt", both(replaced(chatwoot_errors, "unanswered", _counts_absence), replaced(Circuit, "suspect", async_constant(False)))),
    Mutant("a circuit never closes", "3.6: waited out and drained", replaced(Circuit, "watch", async_constant(None))),
    Mutant("settles without its lease", "3.7: never settle one entry twice", reworded("settle", "WHERE id = :id AND state = 'leased' AND lease_token = :token AND lease_lane = :lane\n   AND EXISTS (SELECT 1 FROM lane WHERE id = :lane AND lease_token = :token AND lease_holder = :holder)", "WHERE id = :id")),
    Mutant("the living are buried", "4: a holder is presumed dead when its token stood", replaced(Lease, "_is_dead", constant(True))),
    Mutant("the dead are never buried", "3.7: it resumes", replaced(Lease, "_is_dead", constant(False))),
    Mutant("a call starts on a lease that ends in it", "4: the call starts only if its whole time-out + 5 s is left", replaced(Lease, "covers", constant(True))),
    Mutant("a leased lane is claimed again", "4: lane: nothing else grants exclusivity", reworded("lane_lease", "lease_holder = :holder", "lease_holder = NULL")),
    Mutant("one failure closes the whole host", "7 and 3.5: a circuit opens on failures in three lanes", both(replaced(circuit, "LANES_TO_OPEN", 1), replaced(circuit, "PROBE_WAITS_S", (60.0,)))),
    Mutant("a chat's row is not claimed", "4: ensuring: claimed before anything is created", replaced(leasing, "ensure_alone", constant(None))),
    Mutant("no pairing is learned", "4: LID and phone", both(replaced(appending, "learn_pairings", constant(None)),)),
    Mutant("paired lanes are not joined", "4: absorbed -> surviving", replaced(pairing, "_absorb", constant(None))),
    Mutant("a contact is linked with another's conversation", "4: one contact where the pairing becomes known", replaced(linking, "_has_anothers_place", constant(False))),
    Mutant("who comes late by a join is not marked", "3.4: what comes later is marked with its own time", reworded("lane_late", "late = 1", "late = late")),
    Mutant("the absorbed form's link is dropped", "4: one contact where the pairing becomes known", replaced(pairing, "take_over_chat_link", constant(None))),
    Mutant("receipts go backwards", "4: receipts: highest wins", reworded("wanted_wish", "WHERE excluded.rank > rank", "WHERE 1")),
    Mutant("receipts are dropped", "4: receipts", replaced(appending, "wish", constant(None))),
    Mutant("no rescue of marks", "4 and hard case 19", both(replaced(Rescue, "look_back", async_constant(0)), replaced(follow_ups, "rescues", constant(())), replaced(helpdesk_messages_read, "_updated_step", constant(Skipped(SkipReason.OWN_ECHO))))),
    Mutant("agents are not told", "section 2 of the issue: marked failed", replaced(interpret, "helpdesk_message_step", constant(Skipped(SkipReason.OUTBOUND_OFF)))),
    Mutant("who carried the file is not written down", "4: media: each part once", wrapped(linking, "message_links", _without_files)),
    Mutant("no late file", "3.2 and 4: media: the file follows as a reply", replaced(interpret, "download_step", constant(Skipped(SkipReason.TARGET_MISSING)))),
    Mutant("a deleted message gets its late file", "4: media: a revoked message gets no late file", replaced(knowing, "is_revoked", constant(False))),
    Mutant("a deletion that goes leaves no mark", "4: media: a revoked message gets no late file, whatever became of its deletion", both(*(replaced(module, "leave_mark", constant(None)) for module in (pruning, forgetting)))),
    Mutant("a file that is gone is not fetched again", "3.7 and 4: media", replaced(downloads, "spool_misses", constant(0))),
    Mutant("a failed download is not looked for", "3.2 and 4: media", replaced(appending, "lacks_download", constant(False))),
    Mutant("a copy without its file counts as having it", "3.3 and 4: media", wrapped(helpdesk_messages, "find", _sees_files)),
    Mutant("words in logs", "3.9: quiet about people", wrapped(Telling, "settled", _tells_words)),
    Mutant("a restored journal doubts nothing", "3.3: the other side is searched, a restored journal too", both(replaced(copying, "_doubt", constant(None)), replaced(claiming, "doubting", _undoubted))),
    Mutant("what is told again after a restore is not looked for", "3.3: once: the other side is searched, of what a gone journal posted too", replaced(claiming, "doubting", _undoubted)),
    Mutant("a restore keeps the start mark", "3.3: start mark of a restored journal", reworded("restore_start_marks", "start_mark = :now", "start_mark = start_mark")),
    Mutant("a restore forgets what stands later", "3.4: what comes later is marked with its own time", replaced(knowing, "_is_behind_restore", constant(False))),
    Mutant("a contradiction is believed", "4: a pairing that contradicts joins and merges nothing", both(reworded("pairing_by_either", "(lid = :lid OR phone = :phone)", "lid = :lid AND phone = :phone"), reworded("pairing_add", "INSERT", "INSERT OR REPLACE"))),
    Mutant("a contradiction is not told of", "4: a contradicting pairing: a person decides", reworded("contradiction_add", "VALUES (:channel, :lid, :phone, :now)", "SELECT :channel, :lid, :phone, :now WHERE 0")),
    Mutant("one bad row fails the batch", "4, SQLite: a failed batch is committed row by row", replaced(batch, "_with_care", _all_or_none)),
    Mutant("the second forwarder is not told", "4: inboxes used before: second_forwarder", both(replaced(helpdesk_messages, "tell_second_forwarder", _forwarder_untold), wrapped(helpdesk_messages, "_look_at", _overlooks_foreign))),
    Mutant("forgotten words stay", "3.9: forget erases text", reworded("forget_body", "SET raw = x''", "SET raw = raw")),
    Mutant("the helpdesk's echoes of the forgotten stay", "3.9: forget erases text, names and numbers", both(reworded("forget_conversations", "WHERE", "WHERE 0 AND"), reworded("forget_messages", "WHERE", "WHERE 0 AND"), reworded("forget_mentions", "instr(raw, :words) > 0", "instr(raw, :words) < 0"))),
    Mutant("forgetting takes the link that a file waits for", "3.9 and 3.2: what still waits is delivered before it is forgotten", reworded("forget_message_links", "SELECT value", "SELECT ''")),
    Mutant("pruned keys let old messages in", "3.9 and hard case 3: dedupe keys outlive entries", replaced(upkeep, "Keep", _keys_go_too(Keep))),
    Mutant("a refused token pauses nothing", "7: Blocked: channel and direction pause", replaced(SqliteJournal, "pause", async_constant(None))),
    Mutant("a block that may end does not", "7: Blocked: until the credentials work again", replaced(Watch, "_resume", async_constant(None))),
    Mutant("a clean stop gives nothing back", "4: a clean stop gives the attempt back", replaced(SqliteJournal, "give_back", async_constant(None))),
    Mutant("what kills its reader is read again and again", "4: an entry that kills the process", wrapped(Walker, "walk", _keeps_reading)),
    Mutant("remembers no conversation", "4: cost", reworded("chat_link_get", "WHERE", "WHERE 0 AND")),
]  # fmt: skip

__all__ = ["MUTANTS", "NOTHING_LEARNED", "Mutant", "parking"]
