"""The helpdesk's world: one entry point for HTTP and for simulations, and the life of a webhook."""

from __future__ import annotations

import hmac
from random import Random
from typing import Literal

import msgspec

from unlost.desk import inboxes, public_api
from unlost.desk.message_changes import set_status
from unlost.desk.payloads import payload_of, signed_headers
from unlost.desk.routes import RULES
from unlost.desk.rows import Inbox, User
from unlost.desk.shapes import Shapes
from unlost.desk.store import Store
from unlost.desk.tables import Tables
from unlost.desk.throttle import Throttle
from unlost.desk.turn import Refusal, Rules, Turn, not_found, random_uuid
from unlost.desk.values import Reply, Request, WebhookDue

JOB_RUNS_MAX = 4  # Sidekiq: the first run and three more (config/sidekiq.yml)
TOKEN_HEADERS = ("api_access_token", "api-access-token")  # Rack reads both spellings as one header
ADMINISTRATOR_ID, AGENT_ID = 1, 2


class Founding(msgspec.Struct, frozen=True):
    """What stands on the first day: one inbox, an administrator, and an agent when *agent_token* is not empty.

    On a later start the tokens, the webhook address and its secret are those given then.
    """

    administrator_token: str
    agent_token: str = ""
    inbox_id: int = 1
    inbox_name: str = "WhatsApp"
    inbox_identifier: str = ""
    webhook_url: str = ""
    webhook_secret: str = ""


class World:
    """Chatwoot's rules over its rows. Synchronous; no I/O but the store's."""

    def __init__(self, store: Store, random: Random, rules: Rules) -> None:
        self.tables = Tables()
        self.rules = rules
        self.shapes = Shapes(self.tables, rules)
        self._store = store
        self._random = random
        self._throttle = Throttle(rules)
        self._account_prefix = f"/api/v1/accounts/{rules.account_id}/"
        self.tables.load(store.load())

    def found(self, founding: Founding) -> None:
        """Create what the first day needs, or bring tokens, webhook address and secret up to date."""
        self._found_user(ADMINISTRATOR_ID, "Demo administrator", "administrator", founding.administrator_token)
        if founding.agent_token:
            self._found_user(AGENT_ID, "Demo agent", "agent", founding.agent_token)
        kept = self.tables.inboxes.rows.get(founding.inbox_id)
        row = kept or Inbox(
            id=founding.inbox_id,
            name=founding.inbox_name,
            identifier=founding.inbox_identifier or random_uuid(self._random).replace("-", "")[:24],
            hmac_token=random_uuid(self._random).replace("-", "")[:24],
            secret=founding.webhook_secret or random_uuid(self._random).replace("-", ""),
        )
        url = founding.webhook_url or row.webhook_url
        secret = founding.webhook_secret or row.secret
        self.tables.inboxes.put(msgspec.structs.replace(row, webhook_url=url, secret=secret))
        self._store.commit(self.tables.take_changes())

    def _found_user(self, user_id: int, name: str, role: Literal["administrator", "agent"], token: str) -> None:
        self.tables.users.put(User(user_id, name, f"{role}@desk.invalid", role, token))

    def handle(self, request: Request, now: float, *, visible_at: float | None = None) -> Reply:
        """Answer one call at *now* (epoch seconds); its changes are kept when this returns.

        *visible_at* plays a slow commit: ids are taken now, but what is written is seen, and told by webhook,
        only from then on. Does not send webhooks: they stand in the reply. Raises what the store raises.
        """
        refusal = self._throttle.refusal(request, now)
        if refusal is not None:
            return refusal
        turn = Turn(self.tables, self.rules, self._random, request, now, now if visible_at is None else visible_at)
        try:
            reply = self._route(turn)
        except Refusal as refused:
            self.tables.roll_back()
            return _refused(refused)
        except BaseException:
            self.tables.roll_back()
            raise
        self._commit()
        return reply

    def _commit(self) -> None:
        if self.tables.undo:
            self._store.commit(self.tables.take_changes())

    def _route(self, turn: Turn) -> Reply:
        path = turn.request.path
        if path.startswith("/api/v1/accounts/"):
            return self._account_call(turn, path)
        if path.startswith("/public/api/v1/inboxes/"):
            return public_api.act(turn, self.shapes, path[len("/public/api/v1/inboxes/") :].split("/"))
        if turn.request.method == "GET" and path in ("/api", "/health"):
            return (inboxes.about if path == "/api" else inboxes.health)(turn, self.shapes)
        if turn.request.method == "GET" and path == "/api/v1/profile":
            turn.user = self._user(turn.request)
            return inboxes.profile(turn, self.shapes)
        raise not_found()

    def _account_call(self, turn: Turn, path: str) -> Reply:
        turn.user = self._user(turn.request)
        if not path.startswith(self._account_prefix):
            raise not_found()
        words, ids = [], []
        for segment in path[len(self._account_prefix) :].split("/"):
            if segment.isdecimal() and len(segment) <= 18:
                ids.append(int(segment))
                words.append("#")
            else:
                words.append(segment)
        rule = RULES.get(f"{turn.request.method} {'/'.join(words)}")
        if rule is None:
            raise not_found()
        turn.ids = tuple(ids)
        return rule(turn, self.shapes)

    def _user(self, request: Request) -> User:
        given = next((request.headers[name] for name in TOKEN_HEADERS if name in request.headers), "").encode()
        found: User | None = None
        for user in self.tables.users.rows.values():
            if hmac.compare_digest(user.token.encode(), given):
                found = user
        if found is None or not given:
            raise Refusal(401, {"error": "Invalid Access Token"})
        return found

    def payload(self, due: WebhookDue, now: float) -> bytes | None:
        """The body to send, from the rows as they stand now; None when its subject is gone and nothing is sent."""
        return payload_of(due, self.tables, self.shapes, self.rules, now)

    def webhook_headers(self, due: WebhookDue, body: bytes, now: float) -> dict[str, str]:
        """Headers of the attempt, signed with the inbox's secret as it is now."""
        return signed_headers(self.tables.inboxes.rows[due.inbox_id].secret, due.delivery, body, now)

    def webhook_url(self, due: WebhookDue) -> str | None:
        """Where to send it; None once the inbox has no address."""
        return self.tables.inboxes.rows[due.inbox_id].webhook_url

    def webhook_failed(self, due: WebhookDue, error: str, now: float) -> tuple[WebhookDue, ...]:
        """Do what Chatwoot does after an attempt failed, and say what becomes due by it.

        A message is marked `failed`, whatever its type, and that is told; other events just vanish. When the
        flood guard forbids the mark the job runs again with the same delivery id, three times at most.
        """
        message = self.tables.messages.rows.get(due.subject)
        if not due.event.startswith("message_") or message is None:
            return ()
        turn = Turn(self.tables, self.rules, self._random, Request("JOB", ""), now, now)
        try:
            set_status(turn, message, "failed", error)
        except Refusal:
            self.tables.roll_back()
            return (msgspec.structs.replace(due, run=due.run + 1),) if due.run < JOB_RUNS_MAX else ()
        self._commit()
        return tuple(turn.due)


def _refused(refusal: Refusal) -> Reply:
    if refusal.body is None:
        return Reply(refusal.status, b"", "text/html")
    return Reply(refusal.status, msgspec.json.encode(refusal.body))
