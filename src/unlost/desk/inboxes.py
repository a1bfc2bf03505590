"""Inboxes, the profile and the health pages (contract 1.0, 1.1)."""

from __future__ import annotations

from typing import Any

import msgspec

from unlost.desk.conversations import require_administrator
from unlost.desk.rows import Inbox
from unlost.desk.shapes import Shapes, iso_ms
from unlost.desk.turn import Turn, as_flag, as_int, invalid, not_found, random_uuid
from unlost.desk.validation import STRING_CHARS_MAX, Findings, attributes_of, text_or_none
from unlost.desk.values import Reply

URL_CHARS_MAX = 2048  # lib/limits.rb
SWITCHES = (
    "lock_to_single_conversation",
    "enable_auto_assignment",
    "greeting_enabled",
    "csat_survey_enabled",
    "working_hours_enabled",
)
WORDS = ("greeting_message", "out_of_office_message")


def health(turn: Turn, shapes: Shapes) -> Reply:
    """GET health: touches nothing."""
    return turn.answer({"status": "woot"})


def about(turn: Turn, shapes: Shapes) -> Reply:
    """GET api: version and the state of what Chatwoot stands on."""
    return turn.answer(
        {
            "version": turn.rules.version,
            "timestamp": iso_ms(turn.now)[:19].replace("T", " "),
            "queue_services": "ok",
            "data_services": "ok",
        }
    )


def profile(turn: Turn, shapes: Shapes) -> Reply:
    """GET profile: who the token is, and where it may act."""
    user = turn.caller()
    account = {
        "id": turn.rules.account_id,
        "name": turn.rules.account_name,
        "status": "active",
        "active_at": None,
        "role": user.role,
        "permissions": [user.role],
        "availability": "online",
        "availability_status": "online",
        "auto_offline": True,
    }
    return turn.answer(
        {
            "id": user.id,
            "access_token": user.token,
            "account_id": turn.rules.account_id,
            "available_name": user.name,
            "avatar_url": "",
            "confirmed": True,
            "display_name": None,
            "message_signature": None,
            "email": user.email,
            "name": user.name,
            "provider": "email",
            "pubsub_token": "",
            "role": user.role,
            "ui_settings": {},
            "uid": user.email,
            "type": None,
            "accounts": [account],
        }
    )


def inbox_of(turn: Turn) -> Inbox:
    """The inbox of the path; 404 without one."""
    row = turn.tables.inboxes.rows.get(turn.ids[0])
    if row is None:
        raise not_found()
    return row


def _shown(turn: Turn, shapes: Shapes, row: Inbox) -> dict[str, Any]:
    return shapes.inbox(row, for_administrator=turn.caller().role == "administrator")


def index(turn: Turn, shapes: Shapes) -> Reply:
    """GET inboxes, unpaged."""
    return turn.answer({"payload": [_shown(turn, shapes, row) for row in turn.tables.inboxes.rows.values()]})


def show(turn: Turn, shapes: Shapes) -> Reply:
    """GET inboxes/{id}."""
    return turn.answer(_shown(turn, shapes, inbox_of(turn)))


def create(turn: Turn, shapes: Shapes) -> Reply:
    """POST inboxes: of kind api only."""
    require_administrator(turn)
    channel = turn.body.get("channel")
    if not isinstance(channel, dict) or channel.get("type") != "api":
        raise not_found()
    row = Inbox(
        id=turn.tables.inboxes.next_id(),
        name="",
        identifier=random_uuid(turn.random).replace("-", "")[:24],
        hmac_token=random_uuid(turn.random).replace("-", "")[:24],
        secret=random_uuid(turn.random).replace("-", ""),
    )
    row = turn.tables.inboxes.put(_with_fields(turn, row))
    return turn.answer(_shown(turn, shapes, row))


def change(turn: Turn, shapes: Shapes) -> Reply:
    """PATCH inboxes/{id}: the same fields."""
    require_administrator(turn)
    row = turn.tables.inboxes.put(_with_fields(turn, inbox_of(turn)))
    return turn.answer(_shown(turn, shapes, row))


def reset_secret(turn: Turn, shapes: Shapes) -> Reply:
    """POST reset_secret: the new secret holds at once, without overlap."""
    require_administrator(turn)
    secret = random_uuid(turn.random).replace("-", "")
    row = turn.tables.inboxes.put(msgspec.structs.replace(inbox_of(turn), secret=secret))
    return turn.answer(_shown(turn, shapes, row))


def agent_bot(turn: Turn, shapes: Shapes) -> Reply:
    """GET agent_bot: the bot that works the inbox, in `agent_bot`; an empty object there where none does."""
    bot = inbox_of(turn).agent_bot_id
    return turn.answer({"agent_bot": {} if bot is None else _bot(turn, bot)})


def set_agent_bot(turn: Turn, shapes: Shapes) -> Reply:
    """POST set_agent_bot: `agent_bot` is the bot's id, null takes it away. Here every number is a bot's, and none works."""
    require_administrator(turn)
    bot = as_int(turn.body.get("agent_bot"))
    turn.tables.inboxes.put(msgspec.structs.replace(inbox_of(turn), agent_bot_id=bot if bot > 0 else None))
    return turn.empty()


def _bot(turn: Turn, bot: int) -> dict[str, Any]:
    return {
        "id": bot,
        "name": f"Bot {bot}",
        "description": "",
        "thumbnail": "",
        "outgoing_url": "",
        "bot_type": "webhook",
        "bot_config": {},
        "account_id": turn.rules.account_id,
        "system_bot": False,
    }


def account_webhooks(turn: Turn, shapes: Shapes) -> Reply:
    """GET webhooks of the account; the desk has none."""
    require_administrator(turn)
    return turn.answer({"payload": {"webhooks": []}})


def _with_fields(turn: Turn, row: Inbox) -> Inbox:
    body = turn.body
    channel = body.get("channel") if isinstance(body.get("channel"), dict) else {}
    changes: dict[str, Any] = {name: as_flag(body[name]) for name in SWITCHES if name in body}
    changes |= {name: text_or_none(body[name]) for name in WORDS if name in body}
    if "name" in body:
        changes["name"] = text_or_none(body["name"]) or ""
    if "webhook_url" in channel:
        changes["webhook_url"] = text_or_none(channel["webhook_url"]) or None
    if "hmac_mandatory" in channel:
        changes["hmac_mandatory"] = as_flag(channel["hmac_mandatory"])
    if "additional_attributes" in channel:
        changes["additional_attributes"] = attributes_of(channel["additional_attributes"])
    changed = msgspec.structs.replace(row, **changes)
    findings = Findings()
    findings.check_length("name", "Name", changed.name, STRING_CHARS_MAX)
    findings.check_length("webhook_url", "Webhook url", changed.webhook_url, URL_CHARS_MAX)
    findings.raise_any()
    if not changed.name:
        raise invalid("Name can't be blank", "name")
    return changed
