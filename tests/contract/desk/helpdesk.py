"""A helpdesk in memory with a clock of its own, driven the way a bridge and an agent drive it."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec

from unlost.desk.store import MemoryStore, Store
from unlost.desk.turn import Rules
from unlost.desk.values import Reply, Request, Upload, WebhookDue, json_call
from unlost.desk.world import Founding, World

TOKEN = "administrator-token"
AGENT = "agent-token"
SECRET = "webhook-secret"
ACCOUNT = "/api/v1/accounts/1/"
JID = "5511987654321@s.whatsapp.net"


class Helpdesk:
    """One world; `now` moves only when a test moves it. *due* collects every webhook that became due."""

    def __init__(self, rules: Rules | None = None, store: Store | None = None) -> None:
        self.now = 1_790_000_000.0
        self.due: list[WebhookDue] = []
        self.world = World(store or MemoryStore(), Random(7), rules or Rules())
        self.world.found(
            Founding(TOKEN, agent_token=AGENT, webhook_url="http://127.0.0.1:9/hook", webhook_secret=SECRET)
        )

    def call(self, method: str, path: str, body: object = None, *, token: str = TOKEN, ip: str = "127.0.0.1") -> Reply:
        """One call below the account's path, or anywhere with a leading slash."""
        target = path if path.startswith("/") else ACCOUNT + path
        return self._keep(self.world.handle(json_call(method, target, token, body, ip), self.now))

    def form(self, method: str, path: str, fields: dict[str, Any], *uploads: Upload) -> Reply:
        """One multipart call."""
        request = Request(method, ACCOUNT + path, {}, {"api_access_token": TOKEN}, fields, uploads)
        return self._keep(self.world.handle(request, self.now))

    def slow_commit(self, path: str, body: object, wait_s: float) -> Reply:
        """A POST whose id is taken now and whose commit ends *wait_s* later."""
        request = json_call("POST", ACCOUNT + path, TOKEN, body)
        return self._keep(self.world.handle(request, self.now, visible_at=self.now + wait_s))

    def _keep(self, reply: Reply) -> Reply:
        self.due.extend(reply.webhooks)
        return reply

    def json(self, method: str, path: str, body: object = None, *, token: str = TOKEN) -> Any:
        """The answer of a call that must succeed."""
        reply = self.call(method, path, body, token=token)
        assert reply.status == 200, (reply.status, reply.body)
        return reply.json() if reply.body else None

    def events(self) -> list[str]:
        """The names of the webhooks that became due since the last call."""
        names = [due.event for due in self.due]
        self.due.clear()
        return names

    def payload(self, due: WebhookDue) -> Any:
        """The decoded body of a webhook sent now."""
        body = self.world.payload(due, self.now)
        assert body is not None
        return msgspec.json.decode(body)

    def contact(self, source_id: str = JID, **fields: Any) -> int:
        """A contact with a place in inbox 1; its id."""
        body = {"name": "Ana", "identifier": source_id, "inbox_id": 1, "source_id": source_id} | fields
        contact_id = self.json("POST", "contacts", body)["payload"]["contact"]["id"]
        assert isinstance(contact_id, int)
        return contact_id

    def conversation(self, source_id: str = JID, **fields: Any) -> int:
        """A conversation of a new contact; its display id."""
        body = {"inbox_id": 1, "contact_id": self.contact(source_id), "source_id": source_id} | fields
        return self.another_conversation(body)

    def another_conversation(self, body: dict[str, Any]) -> int:
        """A conversation as *body* asks; its display id."""
        conversation_id = self.json("POST", "conversations", body)["id"]
        assert isinstance(conversation_id, int)
        return conversation_id

    def post(self, conversation: int, content: str | None = "hello", *, token: str = TOKEN, **fields: Any) -> Any:
        """A message, incoming unless told otherwise; the answer."""
        body = {"content": content, "message_type": "incoming"} | fields
        return self.json("POST", f"conversations/{conversation}/messages", body, token=token)

    def messages(self, conversation: int, query: str = "") -> list[Any]:
        """The messages the API lists."""
        listed = self.json("GET", f"conversations/{conversation}/messages{query}")["payload"]
        assert isinstance(listed, list)
        return listed

    def read_back(self, conversation: int, message: int) -> Any:
        """One message by its id, as the contract says it is read."""
        (found,) = self.messages(conversation, f"?after={message}&before={message + 1}")
        return found
