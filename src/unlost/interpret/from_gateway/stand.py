"""The way every told thing takes into the helpdesk: place, post, links, done."""

from unlost.interpret.follow_ups import after_post, dead
from unlost.interpret.from_gateway.contact_and_conversation import place_for, place_of_doubt
from unlost.interpret.people import chosen_name, resolved
from unlost.interpret.posting import Draft, post_or_find
from unlost.interpret.standing import Standing
from unlost.vocabulary.events import GatewayEvent, Told
from unlost.vocabulary.ids import ContactId
from unlost.vocabulary.steps import PostMessage, RenameContact, Step
from unlost.vocabulary.verdicts import Delivered, Verdict


def stand(event: GatewayEvent, draft: Draft, standing: Standing) -> Step | Verdict:
    """What *draft* still needs before it stands in the chat's conversation."""
    if standing.facts.posted is not None:
        return _finish(event, standing)
    place = place_of_doubt(event, standing) if standing.in_doubt(PostMessage) else place_for(event, standing)
    if isinstance(place, str):
        return dead(event, place, key=standing.key)
    if not isinstance(place, int):
        return place
    post = post_or_find(draft, place, standing)
    return dead(event, post, key=standing.key) if isinstance(post, str) else post


def _finish(event: GatewayEvent, standing: Standing) -> Step | Verdict:
    better = better_name(event, standing)
    if better is not None:
        return RenameContact(*better)
    return Delivered(then=after_post(event, standing))


def better_name(event: Told, standing: Standing) -> tuple[ContactId, str] | None:
    """The name that a person chose, for a contact that still has the catalogue's: told with a message, so it costs no look-up.

    It comes after the message: a name must never stand in a message's way.
    """
    link, facts = standing.known.chat, standing.facts
    if link is None or not link.name_is_ours or facts.contact_is_new or facts.renamed:
        return None
    if standing.contact is None or standing.was_refused(RenameContact):
        return None
    name = chosen_name(resolved(event.chat, standing.known), event.push_name, from_me=event.from_me)
    return (standing.contact, name) if name else None
