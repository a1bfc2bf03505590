"""A message told in a chat's LID and its number stands in two lanes until both are known as one: one post of it is begun at a time."""

from unlost.errors import TryLater
from unlost.journal.knowing import links_of
from unlost.journal.resolving import may_be_one, pairs_among, resolve, resolve_maybe
from unlost.journal.rows import Claim
from unlost.journal.turn import Turn
from unlost.vocabulary.addresses import is_lid, is_phone
from unlost.vocabulary.steps import PostMessage

WAIT_S = 1.0
"""How long to leave the other one alone: a post is one call."""


def let_the_other_post(turn: Turn, claim: Claim, step: str) -> None:
    """Raises TryLater where an entry that may be the same message has begun its post, or is worked and older, or has ended since.

    Once it has ended its link tells whether this is the same one. Of two that are worked the older goes on, so one always does.
    Both forms may have been paired since the claim: the lanes are one then, and this entry was handed out beside the other. Where it
    comes late by that, its words are to say so.
    """
    if step != PostMessage.__name__:
        return
    row = turn.row("entry_ids", {"id": claim.entry})
    assert row is not None, "a leased entry stands"
    own, _, is_late = row
    if is_late and not claim.known.out_of_place:
        raise TryLater(
            "this chat's other form was learned meanwhile, and is ahead", cause="busy", away=True, wait_s=0.0
        )
    chat = resolve(turn, claim.channel, claim.chat)
    if own is None or not (is_lid(chat) or is_phone(chat)):
        return
    if links_of(turn, claim.channel, own) != claim.known.own:
        raise TryLater("a message with this id was linked meanwhile", cause="busy", away=True, wait_s=0.0)
    if _was_paired_meanwhile(turn, claim):
        raise TryLater("this chat's other form was learned meanwhile", cause="busy", away=True, wait_s=0.0)
    names = {"channel": claim.channel, "whatsapp_id": own, "entry": claim.entry}
    others = {resolve_maybe(turn, claim.channel, other) for (other,) in turn.all("same_id_first", names)}
    if any(other is not None and (other == chat or may_be_one(turn, claim.channel, chat, other)) for other in others):
        raise TryLater("the same message may be posted from another lane", cause="busy", away=True, wait_s=WAIT_S)


def _was_paired_meanwhile(turn: Turn, claim: Claim) -> bool:
    """Whether a link of this id, known when it was claimed, may have turned out to be this chat's."""
    known = claim.known
    return bool(known.own) and not set(pairs_among(turn, claim.channel, {claim.chat})) <= set(known.paired)
