"""Recorded webhooks that tell of one message, in both orders: content stands once, and its empty half ends as a twin."""

from itertools import permutations

import pytest

from tests.contract.journal.building import CHANNEL, put, take
from tests.unit.gowa.samples import OWN, RECORDED, body
from unlost.gowa.readers import read_envelope
from unlost.journal.rows import Arrival
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.vocabulary.envelopes import Envelope, Kind
from unlost.vocabulary.verdicts import SkipReason

ENVELOPES = {path.stem: read_envelope(path.read_bytes(), device=OWN) for path in sorted(RECORDED.glob("*.json"))}


def identity(one: Envelope) -> tuple[object, ...]:
    return one.source, one.device, one.chat, one.sender, one.id


TWINS = [
    (empty, full)
    for empty, full in permutations(ENVELOPES, 2)
    if ENVELOPES[empty].is_empty
    and not ENVELOPES[full].is_empty
    and ENVELOPES[empty].id
    and identity(ENVELOPES[empty]) == identity(ENVELOPES[full])
]
COPIES = [
    (one, other)
    for one, other in permutations(ENVELOPES, 2)
    if ENVELOPES[one].kind is ENVELOPES[other].kind is Kind.MESSAGE
    and not ENVELOPES[one].is_empty
    and not ENVELOPES[other].is_empty
    and identity(ENVELOPES[one]) == identity(ENVELOPES[other])
]


def arrival(sample: str) -> Arrival:
    return Arrival(ENVELOPES[sample], body(sample))


def test_the_pairs_that_were_recorded_as_twins_are_among_them() -> None:
    assert {("v7-flat-group-skdm-empty", "v7-flat-group-text"), ("v9-group-skdm-empty", "v9-group-text")} <= set(TWINS)


@pytest.mark.parametrize("empty_first", [True, False], ids=["empty first", "content first"])
@pytest.mark.parametrize(("empty", "full"), TWINS)
async def test_the_empty_half_ends_as_a_twin_and_the_content_is_worked(
    journal: SqliteJournal, empty: str, full: str, empty_first: bool
) -> None:
    order = (empty, full) if empty_first else (full, empty)
    entries = dict(zip(order, await put(journal, *map(arrival, order)), strict=True))
    view = await journal.entry(entries[empty].entry)
    assert view is not None
    assert (view.verdict, view.reason) == ("skipped", SkipReason.EMPTY_TWIN)
    claims = await take(journal)
    assert [claim.entry for claim in claims] == [entries[full].entry]
    assert claims[0].channel == CHANNEL


@pytest.mark.parametrize(("one", "other"), COPIES)
async def test_the_same_message_told_with_a_file_or_without_enters_once(
    journal: SqliteJournal, one: str, other: str
) -> None:
    first, second = await put(journal, arrival(one), arrival(other))
    assert (second.entry, second.is_new) == (first.entry, False)
