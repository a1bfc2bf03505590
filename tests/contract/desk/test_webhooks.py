"""Contract sections 3.1 to 3.6: webhooks of an API inbox. Each test quotes the line it holds the desk to."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest

from tests.contract.desk.helpdesk import JID, SECRET, TOKEN, Helpdesk
from unlost.desk.values import WebhookDue


def created(desk: Helpdesk) -> WebhookDue:
    """The last message_created due."""
    return next(due for due in reversed(desk.due) if due.event == "message_created")


def test_a_new_message_is_told_once(desk: Helpdesk) -> None:
    """3.4: "no retry for any error": one webhook becomes due."""
    conversation = desk.conversation()
    assert desk.events() == ["conversation_created"]
    desk.post(conversation)
    assert desk.events() == ["message_created"]


@pytest.mark.parametrize("kind", ["incoming", "outgoing", "template"])
def test_incoming_outgoing_and_template_are_told(desk: Helpdesk, kind: str) -> None:
    """3.1: "incoming, outgoing and template are sent"; type is a word here."""
    desk.post(desk.conversation(), message_type=kind)
    assert desk.payload(created(desk))["message_type"] == kind


def test_private_notes_are_told_as_private(desk: Helpdesk) -> None:
    """3.1: "Private notes **are** sent, with private:true"."""
    desk.post(desk.conversation(), message_type="outgoing", private=True)
    assert desk.payload(created(desk))["private"] is True


def test_activities_are_never_told(desk: Helpdesk) -> None:
    """3.1: "**activity never**"."""
    conversation = desk.conversation()
    desk.events()
    desk.json("POST", f"conversations/{conversation}/toggle_status", {"status": "resolved"})
    assert [one["message_type"] for one in desk.messages(conversation)] == [2]
    assert desk.events() == ["conversation_status_changed", "conversation_updated"]


def test_an_agents_answer_has_no_source_id_and_its_user(desk: Helpdesk) -> None:
    """3.2: "source_id null for dashboard messages"; "sender user {id,name,email,type:"user"}"."""
    desk.post(desk.conversation(), message_type="outgoing")
    body = desk.payload(created(desk))
    assert (body["source_id"], sorted(body["sender"]), body["sender"]["type"]) == (
        None, ["email", "id", "name", "type"], "user",
    )  # fmt: skip


def test_a_contact_as_sender_has_no_type(desk: Helpdesk) -> None:
    """3.2: "contact {id,name,email,phone_number,identifier,avatar,thumbnail,blocked,…,account} (no type key)"."""
    desk.post(desk.conversation())
    sender = desk.payload(created(desk))["sender"]
    assert sorted(sender) == [
        "account", "additional_attributes", "avatar", "blocked", "custom_attributes", "email", "id", "identifier",
        "name", "phone_number", "thumbnail",
    ]  # fmt: skip


def test_a_message_event_tells_neither_status_nor_echo_nor_who(desk: Helpdesk) -> None:
    """3.2: "**Missing: status, changed_attributes, echo_id, who performed it.**"."""
    desk.post(desk.conversation(), echo_id="e")
    assert not {"status", "changed_attributes", "echo_id", "performed_by"} & desk.payload(created(desk)).keys()


def test_a_message_event_has_the_fields_of_the_contract(desk: Helpdesk) -> None:
    """3.2: the list of message_created's fields."""
    desk.post(desk.conversation(), source_id="WAID:1")
    body = desk.payload(created(desk))
    assert sorted(body) == [
        "account", "additional_attributes", "content", "content_attributes", "content_type", "conversation",
        "created_at", "event", "id", "inbox", "message_type", "private", "sender", "source_id",
    ]  # fmt: skip
    assert (body["event"], body["source_id"], body["created_at"]) == (
        "message_created", "WAID:1", "2026-09-21T14:13:20.000Z",
    )  # fmt: skip


def test_the_conversation_in_an_event_names_its_place_and_status(desk: Helpdesk) -> None:
    """3.2: "contact_inbox {…source_id…}, messages: [newest …, `status`…], meta: {sender: contact {…type:"contact"}}"."""
    desk.post(desk.conversation())
    conversation = desk.payload(created(desk))["conversation"]
    assert conversation["contact_inbox"]["source_id"] == JID
    assert (conversation["messages"][0]["status"], conversation["messages"][0]["message_type"]) == ("sent", 0)
    assert conversation["meta"]["sender"]["type"] == "contact"


def test_a_notes_event_shows_the_newest_public_message(desk: Helpdesk) -> None:
    """3.2: "For a private note `conversation.messages[0]` is the previous *public* message"."""
    conversation = desk.conversation()
    public = desk.post(conversation)["id"]
    desk.post(conversation, message_type="outgoing", private=True)
    assert desk.payload(created(desk))["conversation"]["messages"][0]["id"] == public


def test_the_payload_is_built_when_it_is_sent(desk: Helpdesk) -> None:
    """3.2: "message_created may already show later edits/deletion, and it is dropped if the record is gone"."""
    conversation = desk.conversation()
    desk.post(conversation)
    desk.json("DELETE", f"conversations/{conversation}/messages/1")
    due = created(desk)
    assert desk.payload(due)["content_attributes"] == {"deleted": True}
    desk.json("DELETE", f"conversations/{conversation}")
    assert desk.world.payload(due, desk.now) is None


def test_hard_breaks_and_trailing_newlines_are_normalised(desk: Helpdesk) -> None:
    """3.2: "backslash-newline hard breaks become newlines and trailing newlines are cut"."""
    desk.post(desk.conversation(), "a\\\nb\n\n", message_type="outgoing")
    assert desk.payload(created(desk))["content"] == "a\nb"


def test_a_status_change_names_both_statuses(desk: Helpdesk) -> None:
    """3.2: "`changed_attributes` = list of {attr:{previous_value,current_value}} on status_changed/updated"."""
    conversation = desk.conversation()
    desk.json("POST", f"conversations/{conversation}/toggle_status", {"status": "resolved"})
    due = next(one for one in desk.due if one.event == "conversation_status_changed")
    changed = [{"status": {"previous_value": "open", "current_value": "resolved"}}]
    assert desk.payload(due)["changed_attributes"] == changed


def test_typing_of_a_user_and_of_a_contact_are_told_apart(desk: Helpdesk) -> None:
    """3.7: "typing by a contact (our own toggle_typing echo) | user without type "user""."""
    conversation = desk.conversation()
    body = {"typing_status": "on", "is_private": False}
    desk.json("POST", f"conversations/{conversation}/toggle_typing_status", body)
    identifier = desk.json("GET", "inboxes/1")["inbox_identifier"]
    public = f"/public/api/v1/inboxes/{identifier}/contacts/{JID}/conversations/{conversation}/toggle_typing"
    assert desk.call("POST", public, {"typing_status": "off"}, token="").status == 200
    by_user, by_contact = desk.due[-2:]
    assert (by_user.event, desk.payload(by_user)["user"]["type"]) == ("conversation_typing_on", "user")
    assert (by_contact.event, "type" in desk.payload(by_contact)["user"]) == ("conversation_typing_off", False)


def test_the_customers_look_marks_everything_as_read(desk: Helpdesk) -> None:
    """Section 2: "marks **all** non-incoming sent/delivered messages up to now as read …, one message_updated each,
    private notes included"."""
    conversation = desk.conversation()
    for private in (False, True):
        desk.post(conversation, message_type="outgoing", private=private)
    desk.post(conversation)
    desk.events()
    identifier = desk.json("GET", "inboxes/1")["inbox_identifier"]
    public = f"/public/api/v1/inboxes/{identifier}/contacts/{JID}/conversations/{conversation}/update_last_seen"
    assert desk.call("POST", public, token="").status == 200
    assert [one["status"] for one in desk.messages(conversation)] == ["read", "read", "sent"]
    assert desk.events() == ["message_updated", "message_updated"]


def test_the_signature_covers_timestamp_and_body(desk: Helpdesk) -> None:
    """3.3: "`sha256=` + hex HMAC-SHA256(secret, timestamp + "." + raw body)"; "X-Chatwoot-Timestamp | epoch seconds"."""
    desk.post(desk.conversation())
    due = created(desk)
    body = desk.world.payload(due, desk.now)
    assert body is not None
    headers = desk.world.webhook_headers(due, body, desk.now)
    signed = hmac.new(SECRET.encode(), headers["X-Chatwoot-Timestamp"].encode() + b"." + body, hashlib.sha256)
    assert headers["X-Chatwoot-Signature"] == f"sha256={signed.hexdigest()}"
    assert (headers["X-Chatwoot-Timestamp"], headers["X-Chatwoot-Delivery"]) == (str(int(desk.now)), due.delivery)


@pytest.mark.parametrize(
    "fields",
    [{"message_type": "incoming"}, {"message_type": "template"}, {"message_type": "outgoing", "private": True}],
)
def test_a_failed_delivery_marks_any_message_failed(desk: Helpdesk, fields: dict[str, Any]) -> None:
    """3.4: "set to `failed` with external_error = error text …, whatever its type: **incoming, template and private
    messages too** … That update emits another message_updated (also delivered, once)"."""
    conversation = desk.conversation()
    message = desk.post(conversation, **fields)
    (told,) = desk.world.webhook_failed(created(desk), "500 Internal Server Error", desk.now)
    marked = desk.read_back(conversation, message["id"])
    assert (marked["status"], marked["content_attributes"]["external_error"]) == ("failed", "500 Internal Server Error")
    assert (told.event, told.subject) == ("message_updated", message["id"])


def test_our_own_read_becomes_failed_when_its_update_is_not_delivered(desk: Helpdesk) -> None:
    """3.4: "Our own PATCH status -> message_updated -> if that delivery fails, our `read` becomes `failed`"."""
    conversation = desk.conversation()
    message = desk.post(conversation, message_type="outgoing")["id"]
    desk.json("PATCH", f"conversations/{conversation}/messages/{message}", {"status": "read"})
    desk.world.webhook_failed(desk.due[-1], "Net::ReadTimeout", desk.now)
    assert desk.read_back(conversation, message)["status"] == "failed"


def test_failing_again_with_the_same_error_tells_nothing_more(desk: Helpdesk) -> None:
    """3.4: "sent once": an unchanged message is not told, else a closed door would be knocked at for ever."""
    desk.post(desk.conversation())
    (told,) = desk.world.webhook_failed(created(desk), "500 Internal Server Error", desk.now)
    assert desk.world.webhook_failed(told, "500 Internal Server Error", desk.now) == ()


def test_a_failed_conversation_event_just_vanishes(desk: Helpdesk) -> None:
    """3.4: "Other events: logged and dropped"."""
    desk.conversation()
    (due,) = desk.due
    assert desk.world.webhook_failed(due, "500 Internal Server Error", desk.now) == ()


def test_an_inbox_without_address_tells_nothing(desk: Helpdesk) -> None:
    """3.1: events go to `Channel::Api.webhook_url`."""
    desk.json("PATCH", "inboxes/1", {"channel": {"webhook_url": ""}})
    desk.post(desk.conversation())
    assert desk.events() == []


def test_a_status_change_of_a_message_moves_no_conversation(desk: Helpdesk) -> None:
    """3.6: updated_at is "set on each new message …; **not** on status changes of messages since 4.12.0"."""
    conversation = desk.conversation()
    desk.post(conversation)
    desk.now += 100
    desk.json("PATCH", f"conversations/{conversation}/messages/1", {"status": "read"}, token=TOKEN)
    assert desk.json("GET", "conversations?status=all&updated_within=60")["data"]["payload"] == []
    desk.post(conversation)
    assert len(desk.json("GET", "conversations?status=all&updated_within=60")["data"]["payload"]) == 1


def test_reopening_is_told_after_the_message(desk: Helpdesk) -> None:
    """1.4 and 3.1: the incoming message reopens; status_changed and updated are told."""
    conversation = desk.conversation()
    desk.json("POST", f"conversations/{conversation}/toggle_status", {"status": "resolved"})
    desk.events()
    desk.post(conversation)
    assert desk.events() == ["message_created", "conversation_status_changed", "conversation_updated"]
