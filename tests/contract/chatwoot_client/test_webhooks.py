"""Contract 3.2 to 3.5: what the reader and the signature check rely on, against webhooks as the desk sends them."""

from __future__ import annotations

import pytest

from tests.contract.desk.helpdesk import SECRET, Helpdesk
from unlost.chatwoot.reader import read_envelope, read_event
from unlost.chatwoot.signature import is_signed
from unlost.desk.values import WebhookDue
from unlost.vocabulary.envelopes import Kind
from unlost.vocabulary.events import HelpdeskMessage, HelpdeskNotice


def sent(desk: Helpdesk, due: WebhookDue) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a webhook as they come in at a door."""
    body = desk.world.payload(due, desk.now)
    assert body is not None
    headers = desk.world.webhook_headers(due, body, desk.now)
    return body, {name.lower(): text for name, text in headers.items()}


def told(desk: Helpdesk, event: str) -> WebhookDue:
    """The last webhook of this event."""
    return [due for due in desk.due if due.event == event][-1]


@pytest.fixture
def desk() -> Helpdesk:
    return Helpdesk()


def test_every_webhook_is_signed_with_the_inboxs_secret(desk: Helpdesk) -> None:
    desk.conversation()
    for due in desk.due:
        body, headers = sent(desk, due)
        assert is_signed(body, headers, secret=SECRET, now=desk.now)


def test_an_agents_message_is_read(desk: Helpdesk) -> None:
    chat = desk.conversation()
    made = desk.json("POST", f"conversations/{chat}/messages", {"content": "hello"})
    body, headers = sent(desk, told(desk, "message_created"))
    event, envelope = read_event(body), read_envelope(body, headers)
    assert isinstance(event, HelpdeskMessage)
    assert (event.id, event.conversation, event.direction, event.source_id) == (made["id"], chat, "outgoing", None)
    assert (envelope.id, envelope.chat) == (str(made["id"]), f"conversation:{chat}")


def test_our_own_message_comes_back_with_its_source_id(desk: Helpdesk) -> None:
    chat = desk.conversation()
    desk.json(
        "POST", f"conversations/{chat}/messages", {"content": "x", "message_type": "incoming", "source_id": "WAID:A"}
    )
    event = read_event(sent(desk, told(desk, "message_created"))[0])
    assert isinstance(event, HelpdeskMessage)
    assert (event.direction, event.source_id) == ("incoming", "WAID:A")


def test_a_deletion_is_an_update_that_says_so_and_names_its_message(desk: Helpdesk) -> None:
    chat = desk.conversation()
    made = desk.json("POST", f"conversations/{chat}/messages", {"content": "x"})
    desk.json("DELETE", f"conversations/{chat}/messages/{made['id']}")
    due = told(desk, "message_updated")
    body, headers = sent(desk, due)
    event, envelope = read_event(body), read_envelope(body, headers)
    assert isinstance(event, HelpdeskMessage)
    assert event.deleted
    assert (envelope.kind, envelope.id, envelope.target) == (
        Kind.HELPDESK_MESSAGE_UPDATED,
        due.delivery,
        str(made["id"]),
    )


@pytest.mark.parametrize("event", ["conversation_created", "conversation_status_changed"])
def test_a_conversations_own_events_are_notices_in_its_lane(desk: Helpdesk, event: str) -> None:
    chat = desk.conversation()
    desk.json("POST", f"conversations/{chat}/toggle_status", {"status": "resolved"})
    body, headers = sent(desk, told(desk, event))
    assert read_event(body) == HelpdeskNotice(name=event, conversation=chat)  # type: ignore[arg-type]  # a plain number
    assert read_envelope(body, headers).chat == f"conversation:{chat}"


def test_typing_is_a_notice_in_its_conversations_lane(desk: Helpdesk) -> None:
    chat = desk.conversation()
    desk.json("POST", f"conversations/{chat}/toggle_typing_status", {"typing_status": "on", "is_private": False})
    body, headers = sent(desk, told(desk, "conversation_typing_on"))
    assert read_envelope(body, headers).chat == f"conversation:{chat}"
