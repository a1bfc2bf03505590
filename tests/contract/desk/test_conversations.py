"""Contract section 1.4: conversations. Each test quotes the line it holds the desk to."""

from __future__ import annotations

import pytest

from tests.contract.desk.helpdesk import AGENT, JID, Helpdesk
from unlost.desk.turn import Rules


def test_a_conversation_answers_with_its_display_id_and_its_contact(desk: Helpdesk) -> None:
    """ "conversation object (`id` = display_id)"; "meta.sender (contact), inbox_id, status, can_reply"."""
    contact = desk.contact()
    answer = desk.json("POST", "conversations", {"inbox_id": 1, "contact_id": contact, "source_id": JID})
    shown = (answer["id"], answer["meta"]["sender"]["id"], answer["inbox_id"], answer["status"], answer["can_reply"])
    assert shown == (1, contact, 1, "open", True)


def test_conversation_json_has_no_top_level_contact_inbox(desk: Helpdesk) -> None:
    """ "last message in messages[0] (… contains `conversation.contact_inbox.source_id`) … no top-level contact_inbox"."""
    conversation = desk.conversation()
    desk.post(conversation)
    shown = desk.json("GET", f"conversations/{conversation}")
    assert "contact_inbox" not in shown
    assert shown["messages"][0]["conversation"]["contact_inbox"]["source_id"] == JID


def test_a_source_id_of_another_contact_is_refused(desk: Helpdesk) -> None:
    """ "422 {"error":"source_id should be unique"} if source_id belongs to another contact"."""
    desk.contact()
    other = desk.contact("other@s.whatsapp.net")
    reply = desk.call("POST", "conversations", {"inbox_id": 1, "contact_id": other, "source_id": JID})
    assert (reply.status, reply.json()) == (422, {"error": "source_id should be unique"})


def test_a_message_in_the_body_is_created_in_the_same_transaction(desk: Helpdesk) -> None:
    """ "`message:{...}` (created in the same transaction)": when it is refused there is no conversation either."""
    contact = desk.contact()
    body = {"inbox_id": 1, "contact_id": contact, "source_id": JID, "message": {"content": "x" * 150_001}}
    reply = desk.call("POST", "conversations", body)
    assert reply.status == 422
    assert desk.json("GET", "conversations?status=all")["data"]["payload"] == []


def test_an_unknown_status_on_create_is_a_server_error(desk: Helpdesk) -> None:
    """Error table: "500 … invalid enum value on conversation create"."""
    body = {"inbox_id": 1, "contact_id": desk.contact(), "source_id": JID, "status": "asleep"}
    assert desk.call("POST", "conversations", body).status == 500


def test_the_list_shows_open_conversations_unless_asked_for_all(desk: Helpdesk) -> None:
    """ "default status is `open`"."""
    conversation = desk.conversation()
    desk.json("POST", f"conversations/{conversation}/toggle_status", {"status": "resolved"})
    assert desk.json("GET", "conversations")["data"]["payload"] == []
    assert len(desk.json("GET", "conversations?status=all")["data"]["payload"]) == 1


def test_the_list_filters_on_source_id_and_inbox(desk: Helpdesk) -> None:
    """ "`source_id` filters on contact_inbox.source_id"."""
    desk.conversation("a@s.whatsapp.net")
    wanted = desk.conversation("b@s.whatsapp.net")
    found = desk.json("GET", "conversations?status=all&inbox_id=1&source_id=b@s.whatsapp.net")["data"]["payload"]
    assert [one["id"] for one in found] == [wanted]
    assert desk.json("GET", "conversations?status=all&inbox_id=2")["data"]["payload"] == []


def test_the_list_has_25_a_page_newest_activity_first(desk: Helpdesk) -> None:
    """ "sort_by (last_activity_at_desc default)"; "25 per page"."""
    for number in range(27):
        desk.now += 1
        desk.conversation(f"{number}@s.whatsapp.net")
    first = [one["id"] for one in desk.json("GET", "conversations?status=all")["data"]["payload"]]
    second = [one["id"] for one in desk.json("GET", "conversations?status=all&page=2")["data"]["payload"]]
    assert (first, second) == (list(range(27, 2, -1)), [2, 1])


def test_updated_within_lists_all_pages_at_once(desk: Helpdesk) -> None:
    """ "`updated_within` (seconds, **unpaged**)"."""
    old = desk.conversation("old@s.whatsapp.net")
    desk.now += 1000
    for number in range(30):
        desk.conversation(f"{number}@s.whatsapp.net")
    found = desk.json("GET", "conversations?status=all&updated_within=600")["data"]["payload"]
    assert len(found) == 30
    assert old not in [one["id"] for one in found]


def test_toggle_status_sets_what_it_is_told(desk: Helpdesk) -> None:
    """ "{"meta":{},"payload":{"success","conversation_id","current_status","snoozed_until"}}"."""
    conversation = desk.conversation()
    body = {"status": "snoozed", "snoozed_until": 1_790_009_999}
    answer = desk.json("POST", f"conversations/{conversation}/toggle_status", body)
    payload = {"success": True, "conversation_id": 1, "current_status": "snoozed", "snoozed_until": 1_790_009_999.0}
    assert answer == {"meta": {}, "payload": payload}


def test_toggle_status_without_a_status_toggles(desk: Helpdesk) -> None:
    """ "without status it toggles"."""
    path = f"conversations/{desk.conversation()}/toggle_status"
    assert [desk.json("POST", path)["payload"]["current_status"] for _ in range(2)] == ["resolved", "open"]


def test_opening_assigns_an_agent_but_not_an_administrator(desk: Helpdesk) -> None:
    """Agent-role trap: "toggle_status to open assigns the conversation to the token's user if that user has role agent"."""
    path = f"conversations/{desk.conversation()}"
    desk.json("POST", f"{path}/toggle_status", {"status": "open"})
    assert "assignee" not in desk.json("GET", path)["meta"]
    desk.json("POST", f"{path}/toggle_status", {"status": "open"}, token=AGENT)
    assert desk.json("GET", path)["meta"]["assignee"]["name"] == "Demo agent"


def test_custom_attributes_are_replaced_whole(desk: Helpdesk) -> None:
    """ "custom_attributes … **replaces the whole hash**"."""
    path = f"conversations/{desk.conversation(custom_attributes={'unlost_marker': 'm'})}"
    assert desk.json("GET", path)["custom_attributes"] == {"unlost_marker": "m"}
    answer = desk.json("POST", f"{path}/custom_attributes", {"custom_attributes": {"new": 1}})
    assert answer == {"custom_attributes": {"new": 1}}
    assert desk.json("GET", path)["custom_attributes"] == {"new": 1}


@pytest.mark.parametrize(
    ("value", "status"), [("x" * 1500, 200), ("x" * 1501, 422), (9_999_999_999, 200), (10_000_000_000, 422)]
)
def test_conversation_attributes_are_bounded(desk: Helpdesk, value: object, status: int) -> None:
    """ "strings <= 1500 chars, integers <= 9 999 999 999 … -> 422"."""
    path = f"conversations/{desk.conversation()}/custom_attributes"
    assert desk.call("POST", path, {"custom_attributes": {"key": value}}).status == status


def test_without_the_lock_every_post_makes_a_conversation(desk: Helpdesk) -> None:
    """ "`false`: every POST makes a new one. **No uniqueness guards either**"."""
    body = {"inbox_id": 1, "contact_id": desk.contact(), "source_id": JID}
    assert [desk.another_conversation(body) for _ in range(2)] == [1, 2]


def test_with_the_lock_the_last_conversation_comes_back_as_it_is(desk: Helpdesk) -> None:
    """ "returns the contact_inbox's **last conversation, even if resolved, without re-opening it and ignoring status**"."""
    desk.json("PATCH", "inboxes/1", {"lock_to_single_conversation": True})
    conversation = desk.conversation()
    desk.json("POST", f"conversations/{conversation}/toggle_status", {"status": "resolved"})
    body = {"inbox_id": 1, "contact_id": 1, "source_id": JID, "status": "open"}
    answer = desk.json("POST", "conversations", body)
    assert (answer["id"], answer["status"]) == (conversation, "resolved")


@pytest.mark.parametrize("status", ["resolved", "snoozed"])
def test_an_incoming_message_opens_the_conversation_again(desk: Helpdesk, status: str) -> None:
    """ "snoozed -> open; resolved -> open (or pending when the inbox has an active bot)"."""
    path = f"conversations/{desk.conversation()}"
    desk.json("POST", f"{path}/toggle_status", {"status": status})
    desk.post(1)
    assert desk.json("GET", path)["status"] == "open"


def test_an_outgoing_message_never_opens_the_conversation(desk: Helpdesk) -> None:
    """ "Outgoing messages never re-open"."""
    path = f"conversations/{desk.conversation()}"
    desk.json("POST", f"{path}/toggle_status", {"status": "resolved"})
    desk.post(1, message_type="outgoing")
    assert desk.json("GET", path)["status"] == "resolved"


def test_a_blocked_contacts_messages_are_accepted_and_open_nothing(desk: Helpdesk) -> None:
    """ "Blocked contact: a new conversation is created as `resolved`; messages are still accepted"; "nothing if … blocked"."""
    contact = desk.contact(blocked=True)
    answer = desk.json("POST", "conversations", {"inbox_id": 1, "contact_id": contact, "source_id": JID})
    assert answer["status"] == "resolved"
    desk.post(answer["id"])
    assert desk.json("GET", f"conversations/{answer['id']}")["status"] == "resolved"


def test_labels_replace_each_other(desk: Helpdesk) -> None:
    """OpenAPI: POST labels overwrites the list of labels."""
    path = f"conversations/{desk.conversation()}/labels"
    desk.json("POST", path, {"labels": ["a", "b"]})
    assert desk.json("POST", path, {"labels": ["b"]}) == {"payload": ["b"]}
    assert desk.json("GET", path) == {"payload": ["b"]}


def test_an_unknown_conversation_is_404(desk: Helpdesk) -> None:
    """Error table: "404 {"error":"Resource could not be found"}"."""
    reply = desk.call("GET", "conversations/99/messages")
    assert (reply.status, reply.json()) == (404, {"error": "Resource could not be found"})


def test_a_deleted_conversations_ids_are_not_given_again(desk: Helpdesk) -> None:
    """Message ids are "DB ids from one global sequence": a sequence never goes back."""
    conversation = desk.conversation()
    highest = desk.post(conversation)["id"]
    desk.json("DELETE", f"conversations/{conversation}")
    following = desk.conversation("next@s.whatsapp.net")
    assert (following, desk.post(following)["id"]) == (conversation + 1, highest + 1)


def test_who_reads_marks_the_conversation_as_seen(desk: Helpdesk) -> None:
    """Section 7: update_last_seen "marks the conversation read **for agents**"; "No webhook"."""
    conversation = desk.conversation()
    desk.post(conversation)
    desk.events()
    desk.now += 1
    shown = desk.json("POST", f"conversations/{conversation}/update_last_seen")
    assert (shown["unread_count"], shown["agent_last_seen_at"]) == (0, int(desk.now))
    assert desk.events() == []


def test_seeing_again_is_written_once_an_hour(desk: Helpdesk) -> None:
    """Section 7: "Throttled to once an hour if nothing is unread (4.11.0)"."""
    path = f"conversations/{desk.conversation()}/update_last_seen"
    first = desk.json("POST", path)["agent_last_seen_at"]
    desk.now += 3599
    assert desk.json("POST", path)["agent_last_seen_at"] == first
    desk.now += 1
    assert desk.json("POST", path)["agent_last_seen_at"] == int(desk.now)


def test_unread_counts_no_further_than_ten() -> None:
    """Conversation JSON: unread_count stops at ten."""
    desk = Helpdesk(Rules(messages_per_minute_max=1000))
    conversation = desk.conversation()
    for _ in range(12):
        desk.post(conversation)
    assert desk.json("GET", f"conversations/{conversation}")["unread_count"] == 10
