"""What a search does to the doubt it was made for."""

from collections.abc import Collection

from msgspec.structs import replace

from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId
from unlost.vocabulary.steps import PostMessage


def found(facts: Facts, of: Collection[type]) -> Facts:
    """The doubt about a step of kind *of* is over: it was done, or need not be."""
    return replace(facts, begun=None) if is_about(facts, of) else facts


def absent(facts: Facts, of: Collection[type]) -> Facts:
    """The doubt about a step of kind *of* is over: it was not done, as far as can be seen."""
    return replace(facts, begun=None, absences=facts.absences + 1) if is_about(facts, of) else facts


def absent_with_its_place(facts: Facts) -> Facts:
    """There is no contact or conversation: then neither is a post that was begun without naming one (a restored journal)."""
    named = None if facts.begun is None else facts.begun.conversation
    if named is not None and named not in facts.not_in:
        return facts
    return _nowhere(facts)


def absent_where_searched(facts: Facts, conversation: ConversationId) -> Facts:
    """A post was looked for in *conversation* in vain; the doubt is over, but for that about a journal that is gone.

    That one may have posted into any conversation of the chat's contact: every one that may hold it is searched first.
    """
    if not is_about(facts, (PostMessage,)):
        return facts
    searched = replace(facts, not_in=(*facts.not_in, conversation))
    return absent_everywhere(searched) if is_by_gone_journal(facts) else _nowhere(searched)


def absent_everywhere(facts: Facts) -> Facts:
    """The doubt about a post of a journal that is gone is over once nothing is left that may hold it."""
    if facts.may_stand_in is None or not set(facts.may_stand_in) <= set(facts.not_in):
        return facts
    return _nowhere(facts)


def _nowhere(facts: Facts) -> Facts:
    """What was searched in vain may get it still: sweeps look there, above what was known when it was begun."""
    after = replace(absent(facts, (PostMessage,)), may_stand_in=None, not_in=())
    searched = dict.fromkeys(facts.not_in)
    if not searched:
        return after
    return replace(
        after,
        reposted_above=lowest(facts.reposted_above, high_water(facts)),
        absent_from=(*(c for c in facts.absent_from if c not in searched), *searched),
        gone_reposted=facts.gone_reposted or is_by_gone_journal(facts),
    )


def high_water(facts: Facts) -> HelpdeskMessageId:
    """The highest message id that was known when the step was begun; 0 where none is begun."""
    return facts.begun.high_water if facts.begun is not None else HelpdeskMessageId(0)


def lowest(before: HelpdeskMessageId | None, now: HelpdeskMessageId) -> HelpdeskMessageId:
    """Where a search must begin that is to see every copy."""
    return now if before is None else min(before, now)


def is_by_gone_journal(facts: Facts) -> bool:
    """True where the doubt is about what a journal that a copy replaced may have begun."""
    return facts.begun is not None and facts.begun.by_gone_journal


def is_about(facts: Facts, of: Collection[type]) -> bool:
    """True where the doubt is about a step of kind *of*."""
    return facts.begun is not None and facts.begun.step in {kind.__name__ for kind in of}
