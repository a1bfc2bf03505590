"""Whether a message stands in the helpdesk already (design section 4, door key; hard case 10)."""

from unlost.interpret.people import may_be_same_person, same_person
from unlost.interpret.text import text_hash
from unlost.vocabulary.events import GatewayEvent, MessageArrived, MessageEdited, Noticed, ReactionArrived
from unlost.vocabulary.links import Known, MessageLink, Part

SAME_TIME_S = 1.0
"""WhatsApp's stamps have whole seconds; a dialect that tells fractions rounds the same moment."""


def own_words(event: GatewayEvent) -> str:
    """What the sender said, as told: neither cut nor decorated, so that two dialects agree on it."""
    match event:
        case MessageArrived():
            return event.text or (event.attachment.value if event.attachment else "")
        case ReactionArrived():
            return event.emoji
        case MessageEdited():
            return event.text or ""
        case Noticed():
            return event.detail
        case _:
            return ""


def stands_already(event: GatewayEvent, known: Known) -> bool:
    """True where a link names the same message: same id, and same chat and sender as far as can be known."""
    return any(_is_same(event, link, known) for link in known.own if link.part is Part.TEXT)


def _is_same(event: GatewayEvent, link: MessageLink, known: Known) -> bool:
    if link.id != event.id:
        return False
    if isinstance(event, MessageEdited) and not _says_same(event, link):
        return False  # some dialects tell an edit under the id of the message it changes
    if same_person(event.chat, link.chat, known) and same_person(event.sender, link.sender, known):
        return True
    forms_may_agree = may_be_same_person(event.chat, link.chat, known) and may_be_same_person(
        event.sender, link.sender, known
    )
    return forms_may_agree and _told_together(event, link) and _says_same(event, link)


def _told_together(event: GatewayEvent, link: MessageLink) -> bool:
    return event.told_at is not None and link.told_at is not None and abs(event.told_at - link.told_at) < SAME_TIME_S


def _says_same(event: GatewayEvent, link: MessageLink) -> bool:
    return bool(link.text_hash) and link.text_hash == text_hash(own_words(event))
