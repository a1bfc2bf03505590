"""What a journal that a copy replaced may have posted: looked for in the helpdesk before it is posted (hard case 3)."""

from typing import get_args

import msgspec
from msgspec.structs import replace

from unlost.journal.knowing import EntryRow
from unlost.journal.turn import Turn
from unlost.vocabulary.envelopes import Direction, Kind
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.ids import HelpdeskMessageId
from unlost.vocabulary.steps import HelpdeskStep, PostMessage

MARGIN_S = 300.0
"""How far WhatsApp's clock may be ahead of this machine's, its whole seconds included. Costs one search per message told in it."""
_HELPDESK_STEPS = frozenset(step.__name__ for step in get_args(HelpdeskStep))


class _Due(msgspec.Struct, frozen=True):
    """A file's entry has no time of its own; its event has its message's."""

    told_at: float | None = None


def doubting(turn: Turn, entry: EntryRow, facts: Facts) -> Facts:
    """*facts* of an entry that is claimed, with its post in doubt where a journal that is gone may have begun it.

    True of whatever was told before the restore and is told again after it: a late copy, a webhook whose 2xx was lost, a row of the
    gateway's storage. Once: a search that ended leaves its mark in the facts. What the gateway refused is no such mark: it was asked
    for the content, before any search. A journal that was never restored doubts nothing.
    """
    is_refused = any(refusal.step in _HELPDESK_STEPS for refusal in facts.refusals)
    is_under_way = facts.begun or facts.posted or facts.absences or is_refused or facts.deleted
    if entry.direction != Direction.INBOUND or is_under_way:
        return facts
    names = {"channel": entry.channel, "told_at": _told_at(entry), "margin_s": MARGIN_S}
    row = turn.row("restore_told", names)
    if row is None:
        return facts
    restored_at, above = row
    begun = Begun(PostMessage.__name__, restored_at, HelpdeskMessageId(above), part="text", by_gone_journal=True)
    return replace(facts, begun=begun)


def _told_at(entry: EntryRow) -> float:
    told = msgspec.json.decode(entry.raw, type=_Due).told_at if entry.kind == Kind.FILE else entry.told_at
    return entry.arrived_at if told is None else told
