"""Conversations of a contact in our inbox: found, created under a marker, closed, marked as seen."""

from typing import Any

from unlost.chatwoot import answers
from unlost.chatwoot.answers import KEY, Conversation
from unlost.chatwoot.wire import LIST_BYTES_MAX, Wire
from unlost.vocabulary.ids import ContactId, ConversationId


class Conversations:
    """The conversations of one account, seen from one inbox."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def of_contact(self, contact: ContactId) -> tuple[Conversation, ...]:
        """The contact's conversations in our inbox, newest activity first. Chatwoot shows 20 over all inboxes."""
        path = self._wire.path(f"contacts/{contact}/conversations")
        decode = answers.read_conversations
        found = await self._wire.ask("list_conversations", "GET", path, decode, answer_max_bytes=LIST_BYTES_MAX)
        return tuple(one for one in found if one.inbox_id == self._wire.account.inbox_id)

    async def create(self, contact: ContactId, source_id: str, *, marker: str, status: str) -> Conversation:
        """A new conversation; all three of contact, source_id and inbox name it. Once only.

        An inbox locked to a single conversation answers its last one instead, without the marker and as it stands.
        """
        body = {
            "source_id": source_id,
            "inbox_id": self._wire.account.inbox_id,
            "contact_id": contact,
            "status": status,
            "custom_attributes": {KEY: marker},
        }
        path = self._wire.path("conversations")
        return await self._wire.do("create_conversation", "POST", path, answers.read_conversation, body)

    async def set_status(self, conversation: ConversationId, status: str) -> None:
        """open, resolved, pending or snoozed."""
        path = self._wire.path(f"conversations/{conversation}/toggle_status")
        await self._wire.ask("set_conversation_status", "POST", path, answers.read_nothing, {"status": status})

    async def set_labels(self, conversation: ConversationId, labels: tuple[str, ...]) -> None:
        """Exactly these labels."""
        path = self._wire.path(f"conversations/{conversation}/labels")
        await self._wire.ask("set_labels", "POST", path, answers.read_nothing, {"labels": labels})

    async def attributes(self, conversation: ConversationId) -> dict[str, Any]:
        """Its custom attributes: ours, and what agents and automations wrote."""
        path = self._wire.path(f"conversations/{conversation}")
        return await self._wire.ask("conversation", "GET", path, answers.read_attributes)

    async def set_attributes(self, conversation: ConversationId, attributes: dict[str, Any]) -> None:
        """Exactly these: Chatwoot replaces the whole hash (contract page 1.4)."""
        path = self._wire.path(f"conversations/{conversation}/custom_attributes")
        body = {"custom_attributes": attributes}
        await self._wire.ask("set_attributes", "POST", path, answers.read_nothing, body)

    async def mark_seen(self, conversation: ConversationId) -> None:
        """Read, as far as the agents are concerned. Nothing is told to anyone by webhook."""
        path = self._wire.path(f"conversations/{conversation}/update_last_seen")
        await self._wire.ask("mark_seen", "POST", path, answers.read_nothing, {})
