"""One call at work: what the rules may read, change and emit while they answer it, and the ways they refuse."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec

from unlost.desk.rows import Conversation, Inbox, User
from unlost.desk.tables import Tables
from unlost.desk.values import JSON, Reply, Request, WebhookDue


class Rules(msgspec.Struct, frozen=True):
    """What differs between one helpdesk and another. Limits are those of Chatwoot 4.16.2 unless said otherwise."""

    account_id: int = 1
    account_name: str = "unlost desk"
    public_url: str = "http://127.0.0.1:8090"
    version: str = "4.16.2"
    messages_per_minute_max: int = 200  # lib/limits.rb; per conversation, any kind of message
    requests_per_minute_max: int = 3000  # config/initializers/rack_attack.rb; per client address
    searches_per_minute_max: int = 100  # the same file; contacts/search, per account
    throttle: bool = True
    throttle_loopback: bool = False  # rack-attack always lets 127.0.0.1 and ::1 pass


class Refusal(Exception):
    """The call is answered with an error; whatever it changed is undone."""

    def __init__(self, status: int, body: Any = None) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


def invalid(message: str, *attributes: str) -> Refusal:
    """Rails' RecordInvalid in a controller that does not rescue it."""
    return Refusal(422, {"message": message, "attributes": list(attributes)})


def not_found() -> Refusal:
    """Rails' RecordNotFound."""
    return Refusal(404, {"error": "Resource could not be found"})


def server_error() -> Refusal:
    """What nobody rescues: RecordNotUnique, a wrong enum value, a NUL byte in text."""
    return Refusal(500, {"status": 500, "error": "Internal Server Error"})


class Turn:
    """One call: its request, its caller, the tables, and the webhooks it makes due."""

    __slots__ = ("due", "freed", "ids", "now", "random", "request", "rules", "tables", "user", "visible_at")

    def __init__(
        self, tables: Tables, rules: Rules, random: Random, request: Request, now: float, visible_at: float
    ) -> None:
        self.tables = tables
        self.rules = rules
        self.random = random
        self.request = request
        self.now = now
        self.visible_at = visible_at
        self.user: User | None = None
        self.ids: tuple[int, ...] = ()
        self.due: list[WebhookDue] = []
        self.freed: list[str] = []

    @property
    def body(self) -> Any:
        """The fields of the body; a mapping."""
        return self.request.body

    def caller(self) -> User:
        """Who calls. Only for paths behind a token."""
        assert self.user is not None
        return self.user

    def conversation(self, place: int = 0) -> Conversation:
        """The conversation whose display id stands at *place* in the path; 404 without one."""
        row = self.tables.conversations.rows.get(self.ids[place])
        if row is None:
            raise not_found()
        return row

    def inbox_named_in_body(self) -> Inbox:
        """The inbox the body's `inbox_id` names; 404 without one."""
        row = self.tables.inboxes.rows.get(as_int(self.body.get("inbox_id")))
        if row is None:
            raise not_found()
        return row

    def emit(self, event: str, subject: int, inbox_id: int, **more: Any) -> None:
        """Make a webhook due if the inbox has an address."""
        if self.tables.inboxes.rows[inbox_id].webhook_url:
            self.due.append(WebhookDue(event, subject, inbox_id, random_uuid(self.random), self.visible_at, **more))

    def answer(self, body: Any, status: int = 200) -> Reply:
        """*body* as JSON, with what this call made due."""
        return Reply(status, msgspec.json.encode(body), JSON, tuple(self.due), tuple(self.freed))

    def empty(self, status: int = 200) -> Reply:
        """Rails' `head`: no body."""
        return Reply(status, b"", "text/html", tuple(self.due), tuple(self.freed))


def random_uuid(random: Random) -> str:
    """A version 4 UUID from the given randomness."""
    bits = random.getrandbits(128)
    text = f"{(bits & ~(0xF << 76) & ~(3 << 62)) | (4 << 76) | (2 << 62):032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def as_int(value: object) -> int:
    """A number as Ruby's `to_i` reads it: leading digits, else 0. Never above 2^63, which no id reaches."""
    if isinstance(value, bool):
        return 0
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if abs(value) < 2**63 else 0
    if not isinstance(value, str):
        return 0
    digits = value.strip()[:19]
    end = 1 if digits[:1] in ("-", "+") else 0
    while end < len(digits) and digits[end] in "0123456789":
        end += 1
    return int(digits[:end]) if digits[:end] not in ("", "-", "+") else 0


def as_flag(value: object) -> bool:
    """A boolean as Rails casts one: JSON true, or a form's text other than the false ones."""
    if isinstance(value, str):
        return value.lower() not in ("", "0", "f", "false", "off")
    return bool(value)
