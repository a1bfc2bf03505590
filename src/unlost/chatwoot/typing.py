"""The customer types: a call of Chatwoot's public API, which knows the inbox by an identifier of its own (contract page, 2 and 7)."""

from urllib.parse import quote

from unlost.chatwoot import answers
from unlost.chatwoot.wire import Wire
from unlost.errors import Refused
from unlost.vocabulary.ids import ConversationId


class Typing:
    """Remembers the inbox's identifier: it never changes."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._identifier = ""

    async def show(self, conversation: ConversationId, source_id: str, *, is_typing: bool) -> None:
        """Shows it to the agents who look now. Raises Refused where the conversation is not of that customer in our inbox."""
        identifier = await self._inbox_identifier()
        place = f"contacts/{quote(source_id, safe='')}/conversations/{conversation}/toggle_typing"
        path = f"/public/api/v1/inboxes/{quote(identifier, safe='')}/{place}"
        body = {"typing_status": "on" if is_typing else "off"}
        await self._wire.ask("show_typing", "POST", path, answers.read_nothing, body)

    async def _inbox_identifier(self) -> str:
        if not self._identifier:
            path = self._wire.path(f"inboxes/{self._wire.account.inbox_id}")
            self._identifier = (await self._wire.ask("inbox", "GET", path, answers.read_inbox)).identifier
        if not self._identifier:
            raise Refused("the inbox has no identifier for the public API", cause="http_4xx")
        return self._identifier
