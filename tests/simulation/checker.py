"""The judge: one check per sentence of the design's promises (section 3) and rules (section 4) that this direction can break.

What a simulation cannot see is tested elsewhere: signatures and answers of the door (tests/unit/ingress), budgets (bench), what
`trace` and `status` show (tests/acceptance), real processes and a real disk (tests/kills), and all that belongs to sending.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.simulation import checks_calls, checks_files, checks_journal, checks_order, checks_standing, checks_wider
from tests.simulation.remains import Remains
from tests.simulation.story import Played

Check = Callable[[Remains], Iterator[str]]

CHECKS: dict[str, Check] = {
    "nothing waits for ever": checks_journal.nothing_waits,
    "durable before 2xx": checks_journal.acknowledged_is_kept,
    "what nobody can read is a dead letter": checks_journal.unreadable_is_a_letter,
    "skipped only for a reason that the truth bears out": checks_journal.skips_are_just,
    "dead only what nobody could deliver": checks_journal.deaths_are_just,
    "what is told once enters once": checks_journal.enters_once,
    "an entry ends once": checks_journal.ends_once,
    "nobody is buried alive": checks_journal.the_living_are_left,
    "the other side's absence costs no attempt": checks_journal.patient,
    "what kills its worker is stopped": checks_journal.killers_are_stopped,
    "gaps are recorded and closed": checks_journal.gaps_close,
    "no words in logs": checks_journal.quiet,
    "stands once": checks_standing.stands_once,
    "stands as it was said, where it belongs": checks_standing.stands_right,
    "the link names what stands": checks_standing.links_hold,
    "nothing from behind the start mark": checks_standing.start_mark,
    "agents' messages are never sent, and marked so": checks_standing.agents_are_told,
    "no message is marked failed that did not fail": checks_standing.marks_are_right,
    "receipts arrive": checks_standing.receipts_arrive,
    "one contact per person": checks_standing.contacts_once,
    "one conversation per chat": checks_standing.conversations_once,
    "a chat's link names its conversation's contact": checks_standing.places_agree,
    "a file stands once": checks_files.files_stand_once,
    "a late file follows its message": checks_files.late_files_follow,
    "a deleted message gets no late file": checks_files.deleted_gets_none,
    "in order, or marked late": checks_order.in_order,
    "what refers stands behind its target": checks_order.references_follow,
    "what comes after a gap waits for what was told before it": checks_order.gap_is_waited,
    "nothing is late in fair weather": checks_order.punctual,
    "a poisonous chat delays no other": checks_order.isolated,
    "a search between two tries of one step": checks_calls.searched_between,
    "no search before the doubt is over": checks_calls.doubt_is_waited,
    "a chat's contact and conversation are made by one alone": checks_calls.made_alone,
    "one worker per lane": checks_calls.one_at_a_time,
    "nothing passes a begun step": checks_calls.nothing_passes,
    "one call per message of a known contact": checks_calls.cheap,
    "a restored journal looks not behind its restore": checks_wider.looks_not_behind_a_restore,
    "a pairing that contradicts a known one joins nothing": checks_wider.contradictions_join_nothing,
    "a row that cannot be written takes no other with it": checks_wider.rows_fail_alone,
    "what another program wrote is left, and told": checks_wider.others_work_stands,
    "what is forgotten is gone": checks_wider.forgotten_is_gone,
    "an edit of a dead letter is what its retry posts": checks_wider.edits_change_letters,
    "a token that is refused stops the channel": checks_wider.refused_token_stops,
}


@dataclass(frozen=True, slots=True)
class Violation:
    """A sentence that did not hold, and what was seen."""

    sentence: str
    seen: str

    def __str__(self) -> str:
        return f"{self.sentence}: {self.seen}"


class Broken(Exception):
    """At least one sentence did not hold."""

    def __init__(self, violations: list[Violation]) -> None:
        super().__init__("\n".join(map(str, violations)))
        self.violations = violations


def violations_of(played: Played) -> list[Violation]:
    """Everything that does not hold."""
    remains = Remains(played)
    return [Violation(sentence, seen) for sentence, check in CHECKS.items() for seen in check(remains)]


def judge(played: Played) -> None:
    """Raises Broken."""
    violations = violations_of(played)
    if violations:
        raise Broken(violations)
