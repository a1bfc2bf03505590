"""Inboxes and what is set around them: asked by whoever joins a channel or checks how it is joined, never by a message.

Facts: contract page 1.1 and 3.1; app/views/api/v1/accounts/{inboxes/agent_bot,webhooks/index}.json.jbuilder of Chatwoot.
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from unlost.chatwoot.answers import Id
from unlost.chatwoot.wire import LIST_BYTES_MAX, Wire
from unlost.vocabulary.ids import ConversationId

API = "Channel::Api"


@dataclass(frozen=True, slots=True)
class InboxSettings:
    """One inbox as it is set. *secret* is empty for agents, and before 4.13.0; words are told apart from their absence only by "".

    *reply_window_h*: hours of silence after which agents may not answer; 0 without such a rule.
    """

    id: int
    name: str = ""
    channel_type: str = API
    webhook_url: str = ""
    secret: str = ""
    greets: bool = False
    is_away_at_times: bool = False
    asks_for_rating: bool = False
    assigns: bool = False
    keeps_one_conversation: bool = False
    reply_window_h: float = 0.0


class _Inbox(msgspec.Struct):
    id: Id
    name: str | None = None
    channel_type: str | None = None
    webhook_url: str | None = None
    secret: str | None = None
    greeting_enabled: bool | None = None
    greeting_message: str | None = None
    working_hours_enabled: bool | None = None
    out_of_office_message: str | None = None
    csat_survey_enabled: bool | None = None
    enable_auto_assignment: bool | None = None
    lock_to_single_conversation: bool | None = None
    additional_attributes: Any = None


class _Inboxes(msgspec.Struct):
    payload: list[_Inbox]


class _Bot(msgspec.Struct):
    id: int | None = None
    name: str | None = None


class _Bots(msgspec.Struct):
    agent_bot: _Bot | None = None


class _Webhook(msgspec.Struct):
    url: str | None = None


class _Webhooks(msgspec.Struct):
    webhooks: list[_Webhook]


class _WebhookPage(msgspec.Struct):
    payload: _Webhooks


class _Conversation(msgspec.Struct):
    id: Id


class _Conversations(msgspec.Struct):
    payload: list[_Conversation]


class _ConversationPage(msgspec.Struct):
    data: _Conversations


class Inboxes:
    """The inboxes of one account, as the token may see them."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def all(self) -> tuple[InboxSettings, ...]:
        """Those that the token's user sees: an administrator all, an agent those he is a member of. Raises TryLater, Refused."""
        path = self._wire.path("inboxes")
        return await self._wire.ask("inboxes", "GET", path, read_all, answer_max_bytes=LIST_BYTES_MAX)

    async def one(self, id: int) -> InboxSettings:
        """Raises Refused where it is gone or not the token's to see."""
        return await self._wire.ask("inbox", "GET", self._wire.path(f"inboxes/{id}"), read_one)

    async def create(self, name: str, webhook_url: str) -> InboxSettings:
        """A new API inbox. Once only: Chatwoot makes another of the same name each time it is asked. For administrators."""
        body = {"name": name, "channel": {"type": "api", "webhook_url": webhook_url}}
        return await self._wire.do("create_inbox", "POST", self._wire.path("inboxes"), read_one, body)

    async def set_webhook_url(self, id: int, webhook_url: str) -> InboxSettings:
        """Let it call *webhook_url* from now on. For administrators."""
        body = {"channel": {"webhook_url": webhook_url}}
        return await self._wire.ask("set_webhook_url", "PATCH", self._wire.path(f"inboxes/{id}"), read_one, body)

    async def bot_of(self, id: int) -> str | None:
        """The name of the agent bot that works the inbox; None without one."""
        return await self._wire.ask("agent_bot", "GET", self._wire.path(f"inboxes/{id}/agent_bot"), read_bot)

    async def account_webhooks(self) -> tuple[str, ...]:
        """The addresses of the account's own webhooks, which are told of every inbox. For administrators."""
        return await self._wire.ask("webhooks", "GET", self._wire.path("webhooks"), read_webhooks)

    async def lately_active(self, id: int) -> tuple[ConversationId, ...]:
        """At most 25 conversations of the inbox, whatever their status, the last active first."""
        path = self._wire.path(f"conversations?inbox_id={id}&status=all&page=1")
        return await self._wire.ask(
            "list_conversations", "GET", path, read_conversations, answer_max_bytes=LIST_BYTES_MAX
        )


def read_one(body: bytes) -> InboxSettings:
    """What GET, POST and PATCH of an inbox answer."""
    return _settings(msgspec.json.decode(body, type=_Inbox))


def read_all(body: bytes) -> tuple[InboxSettings, ...]:
    """What GET inboxes answers."""
    return tuple(_settings(row) for row in msgspec.json.decode(body, type=_Inboxes).payload)


def read_bot(body: bytes) -> str | None:
    """What GET agent_bot answers; an empty body is none, too (the description promises 204)."""
    bot = msgspec.json.decode(body, type=_Bots).agent_bot if body else None
    return None if bot is None or bot.id is None else bot.name or f"bot {bot.id}"


def read_webhooks(body: bytes) -> tuple[str, ...]:
    """What GET webhooks answers."""
    return tuple(row.url for row in msgspec.json.decode(body, type=_WebhookPage).payload.webhooks if row.url)


def read_conversations(body: bytes) -> tuple[ConversationId, ...]:
    """What GET conversations answers."""
    rows = msgspec.json.decode(body, type=_ConversationPage).data.payload
    return tuple(ConversationId(row.id) for row in rows)


def _settings(row: _Inbox) -> InboxSettings:
    return InboxSettings(
        id=row.id,
        name=row.name or "",
        channel_type=row.channel_type or "",
        webhook_url=row.webhook_url or "",
        secret=row.secret or "",
        greets=bool(row.greeting_enabled and row.greeting_message),
        is_away_at_times=bool(row.working_hours_enabled and row.out_of_office_message),
        asks_for_rating=bool(row.csat_survey_enabled),
        assigns=bool(row.enable_auto_assignment),
        keeps_one_conversation=bool(row.lock_to_single_conversation),
        reply_window_h=_hours(row.additional_attributes),
    )


def _hours(attributes: Any) -> float:
    """`agent_reply_time_window` (app/models/channel/api.rb): a number, or a form's text."""
    told = attributes.get("agent_reply_time_window") if isinstance(attributes, dict) else None
    try:
        return max(0.0, float(told)) if isinstance(told, int | float | str) else 0.0
    except (ValueError, OverflowError):
        return 0.0
