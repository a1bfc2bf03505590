"""Inboxes as an administrator sets them, asked by our client."""

from typing import Any

import pytest

from tests.contract.chatwoot_client.conftest import JID, Helpdesk
from unlost.chatwoot.answers import Health
from unlost.chatwoot.inboxes import API, InboxSettings
from unlost.errors import Refused

HOOK = "http://127.0.0.1:9/webhooks/helpdesk/support"


async def test_a_new_inbox_is_an_api_inbox_that_calls_us_and_shows_its_secret(desk: Helpdesk) -> None:
    made = await desk.client.inboxes.create("WhatsApp 2", HOOK)
    assert (made.name, made.channel_type, made.webhook_url, bool(made.secret)) == ("WhatsApp 2", API, HOOK, True)
    assert made in await desk.client.inboxes.all()


async def test_an_inbox_is_told_to_call_another_address(desk: Helpdesk) -> None:
    assert (await desk.client.inboxes.set_webhook_url(1, HOOK)).webhook_url == HOOK
    assert (await desk.client.inboxes.one(1)).webhook_url == HOOK


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"greeting_enabled": True, "greeting_message": "Hello"}, "greets"),
        ({"working_hours_enabled": True, "out_of_office_message": "Closed"}, "is_away_at_times"),
        ({"csat_survey_enabled": True}, "asks_for_rating"),
        ({"lock_to_single_conversation": True}, "keeps_one_conversation"),
    ],
)
async def test_what_an_inbox_does_by_itself_is_seen(desk: Helpdesk, body: dict[str, Any], field: str) -> None:
    before = await desk.client.inboxes.one(1)
    await desk.see("PATCH", "inboxes/1", body)
    assert (getattr(before, field), getattr(await desk.client.inboxes.one(1), field)) == (False, True)


async def test_a_greeting_without_words_greets_nobody(desk: Helpdesk) -> None:
    """hook_execution_service.rb: `greeting_enabled? && greeting_message.present?`."""
    await desk.see("PATCH", "inboxes/1", {"greeting_enabled": True})
    assert (await desk.client.inboxes.one(1)).greets is False


@pytest.mark.parametrize(("told", "hours"), [(24, 24.0), ("8", 8.0), (None, 0.0), ("never", 0.0), (10**400, 0.0)])
async def test_the_reply_window_is_read_leniently(desk: Helpdesk, told: object, hours: float) -> None:
    await desk.see("PATCH", "inboxes/1", {"channel": {"additional_attributes": {"agent_reply_time_window": told}}})
    assert (await desk.client.inboxes.one(1)).reply_window_h == hours


async def test_a_bot_is_seen_by_its_name(desk: Helpdesk) -> None:
    assert await desk.client.inboxes.bot_of(1) is None
    await desk.see("POST", "inboxes/1/set_agent_bot", {"agent_bot": 3})
    assert await desk.client.inboxes.bot_of(1) == "Bot 3"


async def test_the_account_s_own_webhooks_are_listed(desk: Helpdesk) -> None:
    assert await desk.client.inboxes.account_webhooks() == ()


async def test_an_inbox_that_is_not_there_is_refused(desk: Helpdesk) -> None:
    with pytest.raises(Refused) as refused:
        await desk.client.inboxes.one(99)
    assert refused.value.status == 404


async def test_the_last_active_conversations_and_their_newest_messages_are_found(desk: Helpdesk) -> None:
    contact = await desk.client.contacts.create(source_id=JID, identifier=JID, name="Ana", phone="")
    made = await desk.client.conversations.create(contact.id, JID, marker="m", status="open")
    await desk.see("POST", f"conversations/{made.id}/messages", {"content": "a", "source_id": "WAID:A"})
    assert await desk.client.inboxes.lately_active(1) == (made.id,)
    assert [message.source_id for message in await desk.client.messages.newest(made.id)] == ["WAID:A"]


async def test_the_helpdesk_says_that_it_is_whole(desk: Helpdesk) -> None:
    assert await desk.client.probe_host() == Health("4.16.2", True)


def test_settings_made_in_code_are_an_api_inbox_that_does_nothing_by_itself() -> None:
    assert InboxSettings(1).channel_type == API
