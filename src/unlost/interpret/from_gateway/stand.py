"""The way every told thing takes into the helpdesk: place, post, links, done."""

from unlost.interpret.follow_ups import after_post, dead
from unlost.interpret.from_gateway.contact_and_conversation import place_for, place_of_doubt
from unlost.interpret.posting import Draft, post_or_find
from unlost.interpret.standing import Standing
from unlost.vocabulary.events import FileDue, GatewayEvent
from unlost.vocabulary.steps import PostMessage, Step
from unlost.vocabulary.verdicts import Delivered, Verdict


def stand(event: GatewayEvent | FileDue, draft: Draft, standing: Standing) -> Step | Verdict:
    """What *draft* still needs before it stands in the chat's conversation."""
    if standing.facts.posted is not None:
        return Delivered(then=after_post(event, standing))
    place = place_of_doubt(event, standing) if standing.in_doubt(PostMessage) else place_for(event, standing)
    if isinstance(place, str):
        return dead(event, place, key=standing.key)
    if not isinstance(place, int):
        return place
    post = post_or_find(draft, place, standing)
    return dead(event, post, key=standing.key) if isinstance(post, str) else post
