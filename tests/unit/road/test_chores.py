"""Chores are kept as JSON; each kind has its shape."""

import msgspec

from tests.unit.road.roads import CHAT, claim, road
from unlost.vocabulary.envelopes import Kind, Source
from unlost.vocabulary.events import RenameDue


def test_a_rename_is_read_as_it_was_asked_for() -> None:
    due = RenameDue(chat=CHAT, name="Ana")
    kept = claim("v9-text.json", source=Source.CHORE, kind=Kind.RENAME, raw=msgspec.json.encode(due))
    assert road().read(kept) == due
