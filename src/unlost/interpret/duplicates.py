"""Whether a message stands in the helpdesk already (design section 4, door key; hard case 10)."""

from unlost.interpret.people import may_be_same_person, same_person
from unlost.interpret.text import text_hash
from unlost.vocabulary.events import GatewayEvent, MessageArrived, MessageEdited, Noticed, ReactionArrived, Told
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


STAND_IN = text_hash("the catalogue's line for an event whose content did not come")
"""In a link in place of the words: what stands there is no message's content, so content of its id is not there yet."""


def words_hash(event: GatewayEvent) -> str:
    """What a link keeps of what was said."""
    return STAND_IN if is_without_content(event) else text_hash(own_words(event))


def is_without_content(event: Told) -> bool:
    """True for an event that may be the twin of any other kind."""
    return isinstance(event, MessageArrived) and event.is_empty


def stand_in_for(event: Told, known: Known) -> MessageLink | None:
    """The line that was posted because *event*, which has come after all, did not come in time.

    Of an edit that is told under the id of its target nobody can say which of both the line stands for: then it is left.
    """
    if is_without_content(event) or (isinstance(event, MessageEdited) and event.target in (None, event.id)):
        return None
    lines = (link for link in known.own if link.part is Part.TEXT and link.text_hash == STAND_IN)
    return next((line for line in lines if line.id == event.id and _is_same_senders(event, line, known)), None)


def stands_already(event: GatewayEvent, known: Known) -> bool:
    """True where a link names the same message: same id, and same chat and sender as far as can be known."""
    return any(_is_same(event, link, known) for link in known.own if link.part is Part.TEXT)


def _is_same(event: GatewayEvent, link: MessageLink, known: Known) -> bool:
    if link.id != event.id:
        return False
    if isinstance(event, MessageEdited) and not _says_same(event, link):
        return False  # some dialects tell an edit under the id of the message it changes
    if link.text_hash == STAND_IN and not is_without_content(event):
        return False
    if _is_same_senders(event, link, known):
        return True
    forms_may_agree = may_be_same_person(event.chat, link.chat, known) and may_be_same_person(
        event.sender, link.sender, known
    )
    return forms_may_agree and _told_together(event, link) and _says_same(event, link)


def _is_same_senders(event: Told, link: MessageLink, known: Known) -> bool:
    return same_person(event.chat, link.chat, known) and same_person(event.sender, link.sender, known)


def _told_together(event: GatewayEvent, link: MessageLink) -> bool:
    return event.told_at is not None and link.told_at is not None and abs(event.told_at - link.told_at) < SAME_TIME_S


def _says_same(event: GatewayEvent, link: MessageLink) -> bool:
    return bool(link.text_hash) and link.text_hash == words_hash(event)
