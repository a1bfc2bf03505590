"""What the holder of a lease writes while it works: begun steps, facts, and an attempt given back."""

from msgspec.structs import replace

from unlost.journal.chat_links import CREATING, ensure_alone
from unlost.journal.knowing import EntryRow, known_of
from unlost.journal.learning import learn
from unlost.journal.one_post import let_the_other_post
from unlost.journal.packing import pack_facts
from unlost.journal.placing import lane_of_row, refresh_due, root_of
from unlost.journal.resolving import resolve
from unlost.journal.rows import NOTHING_LEARNED, Claim, Learned
from unlost.journal.turn import Turn
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.ids import HelpdeskMessageId


def begin(turn: Turn, claim: Claim, facts: Facts, begun: Begun, learned: Learned) -> Claim | None:
    """A once-only step is committed before its call, with the helpdesk's high-water id of now; None where the lease was lost."""
    let_the_other_post(turn, claim, begun.step)
    if learned != NOTHING_LEARNED or begun.step in CREATING:  # else the write itself is guard enough
        if not holds(turn, claim):
            return None
        learn(turn, claim, learned)
    ensure_alone(turn, claim, begun.step, resolve(turn, claim.channel, claim.chat))
    high_water = turn.value("high_water_get", {"channel": claim.channel}) or 0
    facts = replace(facts, begun=replace(begun, high_water=HelpdeskMessageId(high_water)))
    return _write_facts(turn, claim, facts)


def remember(turn: Turn, claim: Claim, facts: Facts, learned: Learned) -> Claim | None:
    """What a step taught; the claim comes back with what the journal knows now; None where the lease was lost."""
    if not holds(turn, claim):
        return None
    learn(turn, claim, learned)
    written = _write_facts(turn, claim, facts)
    if written is None:
        return None
    row = turn.row("entry_about", {"id": claim.entry})
    assert row is not None, "a leased entry stands"
    entry = EntryRow._make(row)._replace(raw=claim.raw)  # which the worker has in hand
    return replace(written, chat=resolve(turn, claim.channel, claim.chat), known=known_of(turn, entry))


def give_back(turn: Turn, claims: tuple[Claim, ...]) -> None:
    """A clean stop: the attempts did not count, begun steps stay begun. What is no longer held is passed over."""
    for claim in claims:
        if turn.row("entry_put_back", _guard(claim)) is not None:
            free_lane(turn, claim.lane)


def forgive(turn: Turn, claim: Claim) -> None:
    """Given back too, its crashes forgotten for one attempt: it is handed out among others again."""
    if turn.row("entry_forgive", _guard(claim)) is not None:
        free_lane(turn, claim.lane)


def free_lane(turn: Turn, lane_id: int, *, not_before: float | None = None) -> None:
    """End the lane's lease; what the family has to hand out falls due."""
    lane = lane_of_row(turn.row("lane_unlease", {"id": lane_id}))
    root = lane if lane.absorbed_by is None else root_of(turn, lane.absorbed_by)
    refresh_due(turn, root, not_before=not_before)


def holds(turn: Turn, claim: Claim) -> bool:
    """Whether the claim's lease still stands."""
    return bool(turn.value("entry_holds", _guard(claim)))


def _write_facts(turn: Turn, claim: Claim, facts: Facts) -> Claim | None:
    values = {**_guard(claim), "facts": pack_facts(facts), "begun": int(facts.begun is not None)}
    if turn.row("entry_remember", values) is None:
        return None
    return replace(claim, facts=facts)


def _guard(claim: Claim) -> dict[str, object]:
    return {"id": claim.entry, "token": claim.token, "lane": claim.lane, "holder": claim.holder}
