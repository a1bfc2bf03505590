"""Contract sections 1.7, 1.8 and the flood guard of 4. Each test quotes the line it holds the desk to."""

from __future__ import annotations

import pytest

from tests.contract.desk.helpdesk import Helpdesk
from unlost.desk.turn import Rules
from unlost.desk.values import Upload


@pytest.fixture
def path(desk: Helpdesk) -> str:
    """The path of an outgoing message, with nothing due any more."""
    conversation = desk.conversation()
    desk.post(conversation, message_type="outgoing", source_id="WAID:1", content_attributes={"own": 1})
    desk.events()
    return f"conversations/{conversation}/messages/1"


def test_a_fresh_agent_message_is_sent(desk: Helpdesk) -> None:
    """ "A fresh agent message is `sent` at once; there is no "pending" state on the server"."""
    assert desk.post(desk.conversation(), message_type="outgoing")["status"] == "sent"


@pytest.mark.parametrize("status", ["sent", "delivered", "read", "failed"])
def test_a_status_is_set(desk: Helpdesk, path: str, status: str) -> None:
    """ "`status` in sent,delivered,read,failed"."""
    assert desk.json("PATCH", path, {"status": status})["status"] == status


def test_read_never_becomes_delivered_and_still_answers_200(desk: Helpdesk, path: str) -> None:
    """ "Only forbidden transition: read -> delivered (also returns 200!)"."""
    desk.json("PATCH", path, {"status": "read"})
    assert desk.json("PATCH", path, {"status": "delivered"})["status"] == "read"


@pytest.mark.parametrize(
    ("first", "then"), [("read", "sent"), ("delivered", "sent"), ("failed", "sent"), ("failed", "read")]
)
def test_all_other_ways_back_are_open(desk: Helpdesk, path: str, first: str, then: str) -> None:
    """ "read -> sent, delivered -> sent, failed -> anything are all allowed"."""
    desk.json("PATCH", path, {"status": first})
    assert desk.json("PATCH", path, {"status": then})["status"] == then


@pytest.mark.parametrize("body", [{}, {"status": "seen"}, {"status": None}, {"status": 3}])
def test_an_unknown_status_answers_200_unchanged(desk: Helpdesk, path: str, body: dict[str, object]) -> None:
    """ "Unknown/missing status: **200, unchanged** -> compare the returned status"."""
    assert desk.json("PATCH", path, body)["status"] == "sent"
    assert desk.events() == []


def test_the_error_is_kept_only_with_failed(desk: Helpdesk, path: str) -> None:
    """ "external_error kept only with failed, else nulled"."""
    failed = desk.json("PATCH", path, {"status": "failed", "external_error": "why"})
    assert failed["content_attributes"] == {"own": 1, "external_error": "why"}
    sent = desk.json("PATCH", path, {"status": "sent", "external_error": "why"})
    assert sent["content_attributes"] == {"own": 1, "external_error": None}


def test_nothing_else_can_be_written(desk: Helpdesk, path: str) -> None:
    """ "Nothing else is writable: **no content edit, no source_id**"."""
    changed = desk.json("PATCH", path, {"status": "read", "content": "new", "source_id": "WAID:2"})
    assert (changed["content"], changed["source_id"]) == ("hello", "WAID:1")


def test_deleting_leaves_a_stub_with_its_source_id(desk: Helpdesk, path: str) -> None:
    """ "content := localised "This message was deleted", … content_attributes := {"deleted":true} (replies/own keys lost),
    attachments destroyed, source_id stays. 200 + message"."""
    stub = desk.json("DELETE", path)
    assert stub["content"] == "This message was deleted"
    assert (stub["content_attributes"], stub["source_id"]) == ({"deleted": True}, "WAID:1")


def test_deleting_destroys_the_files(desk: Helpdesk) -> None:
    """ "attachments destroyed"."""
    upload = Upload("attachments[]", "a.pdf", "application/pdf", 3, "b" * 32 + ".x")
    desk.form("POST", f"conversations/{desk.conversation()}/messages", {"content": "x"}, upload)
    reply = desk.call("DELETE", "conversations/1/messages/1")
    assert "attachments" not in reply.json()
    assert reply.freed == (upload.blob,)


def test_each_change_is_told_by_webhook(desk: Helpdesk, path: str) -> None:
    """ "Each of these emits `message_updated`"."""
    desk.json("PATCH", path, {"status": "delivered"})
    assert desk.events() == ["message_updated"]
    desk.json("DELETE", path)
    assert desk.events() == ["message_updated"]


def test_a_message_of_another_conversation_is_not_found(desk: Helpdesk, path: str) -> None:
    """Error table: "404"; messages are looked for inside the path's conversation."""
    other = desk.conversation("other@s.whatsapp.net")
    assert desk.call("PATCH", f"conversations/{other}/messages/1", {"status": "read"}).status == 404


def test_retry_sends_nothing_and_wipes_the_attributes(desk: Helpdesk, path: str) -> None:
    """ "sets status sent, sets content_attributes to {} (quote lost) … **No message_created; one or two `message_updated`
    whose content_attributes no longer hold external_error**"."""
    desk.json("PATCH", path, {"status": "failed", "external_error": "why"})
    desk.events()
    answer = desk.json("POST", f"{path}/retry")
    assert (answer["status"], answer["content_attributes"], answer["source_id"]) == ("sent", {}, "WAID:1")
    assert desk.payload(desk.due[-1])["content_attributes"] == {}
    assert set(desk.events()) == {"message_updated"}


def test_retrying_an_unknown_message_is_422(desk: Helpdesk, path: str) -> None:
    """ "unknown id gives 422"."""
    assert desk.call("POST", "conversations/1/messages/99/retry").status == 422


def flooded(limit: int = 200) -> Helpdesk:
    """A helpdesk whose conversation 1 took as many messages this minute as it may."""
    desk = Helpdesk(Rules(messages_per_minute_max=limit))
    conversation = desk.conversation()
    for number in range(limit):
        desk.post(conversation, message_type="outgoing" if number % 2 else "incoming")
    desk.events()
    return desk


def test_the_201st_message_of_a_minute_is_refused() -> None:
    """4: "default **200** messages of any type created in the last 60 s in that conversation … 422 on create:
    {"error":"Validation failed: Too many messages"}"."""
    desk = flooded()
    reply = desk.call("POST", "conversations/1/messages", {"content": "x"})
    assert (reply.status, reply.json()) == (422, {"error": "Validation failed: Too many messages"})


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"status": "read"}), ("DELETE", None)])
def test_a_flood_refuses_changes_too(method: str, body: object) -> None:
    """1.7: "Under flood: 422 {"message":"Too many messages","attributes":["base"]}"; 4: "create, PATCH status, delete"."""
    reply = flooded(5).call(method, "conversations/1/messages/1", body)
    assert (reply.status, reply.json()) == (422, {"message": "Too many messages", "attributes": ["base"]})


def test_a_flood_ends_after_sixty_seconds() -> None:
    """4: "per conversation per rolling minute"."""
    desk = flooded(5)
    desk.now += 61
    assert desk.call("PATCH", "conversations/1/messages/1", {"status": "read"}).status == 200


def test_a_flood_in_one_conversation_leaves_others_alone() -> None:
    """4: "in that conversation"."""
    desk = flooded(5)
    assert desk.post(desk.conversation("other@s.whatsapp.net"))["status"] == "sent"


def test_under_flood_the_failed_mark_is_tried_three_times_more() -> None:
    """3.4: "If marking failed itself raises (flood check …), the job errors and Sidekiq re-runs it up to 3 times …
    with the same delivery id"."""
    desk = Helpdesk(Rules(messages_per_minute_max=2))
    conversation = desk.conversation()
    desk.post(conversation)
    desk.post(conversation)
    runs = [one for one in desk.due if one.event == "message_created"][:1]
    for _ in range(3):
        (again,) = desk.world.webhook_failed(runs[-1], "500 Internal Server Error", desk.now)
        runs.append(again)
    assert desk.world.webhook_failed(runs[-1], "500 Internal Server Error", desk.now) == ()
    assert {run.delivery for run in runs} == {runs[0].delivery}
    assert desk.read_back(conversation, runs[0].subject)["status"] == "sent"
