"""What a search does to the doubt it was made for."""

from collections.abc import Collection

from msgspec.structs import replace

from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import HelpdeskMessageId
from unlost.vocabulary.steps import PostMessage


def found(facts: Facts, of: Collection[type]) -> Facts:
    """The doubt about a step of kind *of* is over: it was done, or need not be."""
    return replace(facts, begun=None) if is_about(facts, of) else facts


def absent(facts: Facts, of: Collection[type]) -> Facts:
    """The doubt about a step of kind *of* is over: it was not done, as far as can be seen."""
    return replace(facts, begun=None, absences=facts.absences + 1) if is_about(facts, of) else facts


def absent_with_its_place(facts: Facts) -> Facts:
    """There is no contact or conversation: then neither is a post that was begun without naming one (a restored journal)."""
    named = facts.begun is not None and facts.begun.conversation is not None
    return facts if named else absent(facts, (PostMessage,))


def high_water(facts: Facts) -> HelpdeskMessageId:
    """The highest message id that was known when the step was begun; 0 where none is begun."""
    return facts.begun.high_water if facts.begun is not None else HelpdeskMessageId(0)


def lowest(before: HelpdeskMessageId | None, now: HelpdeskMessageId) -> HelpdeskMessageId:
    """Where a search must begin that is to see every copy."""
    return now if before is None else min(before, now)


def is_about(facts: Facts, of: Collection[type]) -> bool:
    """True where the doubt is about a step of kind *of*."""
    return facts.begun is not None and facts.begun.step in {kind.__name__ for kind in of}
