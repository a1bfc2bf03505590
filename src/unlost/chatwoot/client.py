"""The helpdesk as one channel sees it: one method per call of Chatwoot's application API, by subject."""

from unlost.chatwoot import answers
from unlost.chatwoot.answers import Health, Inbox, Profile
from unlost.chatwoot.contacts import Contacts
from unlost.chatwoot.conversations import Conversations
from unlost.chatwoot.inboxes import Inboxes
from unlost.chatwoot.messages import Messages
from unlost.chatwoot.wire import Account, Observe, Turns, Wire
from unlost.errors import Refused
from unlost.transport import Http


def unobserved(name: str, outcome: str) -> None:
    """Tell nobody."""


class ChatwootClient:
    """One channel's helpdesk. Calls never repeat themselves; failures are `unlost.errors`, translated in `wire`.

    *upload_timeout_s*: the whole time of a post with files; by default that of any call.
    """

    def __init__(
        self,
        http: Http,
        *,
        url: str,
        account_id: int,
        inbox_id: int,
        token: str,
        call_timeout_s: float,
        pace: Turns,
        upload_timeout_s: float | None = None,
        observe: Observe = unobserved,
    ) -> None:
        upload_s = call_timeout_s if upload_timeout_s is None else upload_timeout_s
        account = Account(url, account_id, inbox_id, token, call_timeout_s, upload_s)
        self._wire = Wire(http, account, pace, observe)
        self.account = account
        self.turns = pace
        self.contacts = Contacts(self._wire)
        self.conversations = Conversations(self._wire)
        self.messages = Messages(self._wire)
        self.inboxes = Inboxes(self._wire)

    async def profile(self) -> Profile:
        """Who the token belongs to. Raises Refused (401) for a wrong one."""

        def decode(body: bytes) -> Profile:
            return answers.read_profile(body, self.account.account_id)

        return await self._wire.ask("profile", "GET", "/api/v1/profile", decode)

    async def inbox(self) -> Inbox:
        """Our inbox. Raises Refused where it is gone or not the token's to see."""
        path = self._wire.path(f"inboxes/{self.account.inbox_id}")
        return await self._wire.ask("inbox", "GET", path, answers.read_inbox)

    async def probe_token(self) -> bool:
        """Whether the token still opens our inbox: asked after a 401, 403 or 404, to tell one entry's trouble from the channel's.

        Raises TryLater where the helpdesk does not answer.
        """
        try:
            await self.profile()
            await self.inbox()
        except Refused:
            return False
        return True

    async def probe_host(self) -> Health:
        """`GET /api`, which needs no token: whether the host answers at all. Raises TryLater or Refused."""
        return await self._wire.ask("probe", "GET", "/api", answers.read_health)
