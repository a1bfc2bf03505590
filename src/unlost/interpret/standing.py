"""How an entry stands: all that the interpreter may look at besides the event itself."""

import re
from hashlib import blake2b

import msgspec

from unlost.interpret.words import Words, words_of
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.events import Told
from unlost.vocabulary.facts import Facts, Refusal
from unlost.vocabulary.ids import ContactId, ConversationId, WhatsAppId
from unlost.vocabulary.links import Known, Part
from unlost.vocabulary.policy import Policy
from unlost.vocabulary.steps import OnceOnly, SafeToRepeat

GATEWAY_DIED = "gateway_died"
SOURCE_PREFIX = "WAID:"
PLAIN_ID = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)
"""WhatsApp's ids are at most 32 letters and digits; a sender chooses his own, so a stranger one is never written out."""


class Standing(msgspec.Struct, frozen=True):
    """*key* is the entry's door key, hex; it names the intent. *direction* is that of the lane the entry is in now."""

    known: Known
    facts: Facts
    policy: Policy
    key: str
    direction: Direction

    @property
    def words(self) -> Words:
        """The channel's catalogue."""
        return words_of(self.policy.language)

    @property
    def contact(self) -> ContactId | None:
        """Who stands for the chat: as learned by this entry, else as remembered, unless a remembered id was not there."""
        if self.facts.contact is not None or self.facts.healed or self.known.chat is None:
            return self.facts.contact
        return self.known.chat.contact

    @property
    def conversation(self) -> ConversationId | None:
        """What stands for the chat, by the same rule."""
        if self.facts.conversation is not None or self.facts.healed or self.known.chat is None:
            return self.facts.conversation
        return self.known.chat.conversation

    def in_doubt(self, step: type[OnceOnly]) -> bool:
        """True where *step* was begun and nobody knows what became of it."""
        return self.facts.begun is not None and self.facts.begun.step == step.__name__

    def refusals_of(self, step: type[OnceOnly | SafeToRepeat]) -> tuple[Refusal, ...]:
        """How often, and why, the other side said no to *step* itself (404 is about the ids it names, not about its form)."""
        return tuple(r for r in self.facts.refusals if r.step == step.__name__ and r.status != 404)

    def was_refused(self, step: type[OnceOnly | SafeToRepeat]) -> bool:
        """True where the other side said no to *step* for any reason."""
        return any(r.step == step.__name__ for r in self.facts.refusals)

    @property
    def gateway_died(self) -> bool:
        """True where asking broke the gateway's connection twice in a row (see `gowa.look_ups`): it must not be asked on."""
        return any(GATEWAY_DIED in refusal.fields for refusal in self.facts.refusals)


def derived_key(key: str, *names: str) -> str:
    """32 hex digits that follow from an entry's key and *names* alone: the same on every attempt, and telling nobody anything."""
    return blake2b("\0".join((key, *names)).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def unlost_key(key: str, part: Part) -> str:
    """What a post carries so that a search can tell it from another writer's."""
    return derived_key(key, "part", part.value)


def marker_of(key: str) -> str:
    """What a conversation made for this entry carries."""
    return derived_key(key, "conversation")


def link_id(event: Told, key: str) -> WhatsAppId:
    """The id under which an event's message is linked: its own, or the entry's key where it has none fit to be written out."""
    return event.id if event.id is not None and PLAIN_ID.fullmatch(event.id) else WhatsAppId(key)


def source_id_of(id: WhatsAppId, part: Part) -> str:
    """`WAID:<id>` for a message, `WAID:<id>#note` for a note about it."""
    return f"{SOURCE_PREFIX}{id}" if part is Part.TEXT else f"{SOURCE_PREFIX}{id}#{part.value}"
