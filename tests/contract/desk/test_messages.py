"""Contract sections 1.5 and 1.6: writing and finding messages. Each test quotes the line it holds the desk to."""

from __future__ import annotations

import pytest

from tests.contract.desk.helpdesk import Helpdesk
from unlost.desk.turn import Rules
from unlost.desk.values import Upload


@pytest.fixture
def roomy() -> Helpdesk:
    """A helpdesk whose flood guard stays out of the way."""
    return Helpdesk(Rules(messages_per_minute_max=100_000))


def test_the_answer_gives_the_type_as_a_number_and_the_status(desk: Helpdesk) -> None:
    """ "id, content, inbox_id, echo_id?, conversation_id (display), **message_type as integer**, … created_at (epoch s)"."""
    answer = desk.post(desk.conversation(), "hi", source_id="WAID:1", echo_id="e1")
    shown = {name: answer[name] for name in ("id", "content", "conversation_id", "message_type", "status", "echo_id")}
    assert shown == {
        "id": 1, "content": "hi", "conversation_id": 1, "message_type": 0, "status": "sent", "echo_id": "e1",
    }  # fmt: skip
    assert (answer["source_id"], answer["created_at"], answer["private"]) == ("WAID:1", 1_790_000_000, False)


def test_a_message_is_outgoing_unless_told_otherwise(desk: Helpdesk) -> None:
    """ "`outgoing` (default) or `incoming`"; "outgoing -> token's user"."""
    answer = desk.json("POST", f"conversations/{desk.conversation()}/messages", {"content": "x"})
    assert (answer["message_type"], answer["sender"]["type"]) == (1, "user")


def test_the_sender_of_an_incoming_message_is_the_contact(desk: Helpdesk) -> None:
    """ "not settable. incoming -> the conversation's contact"."""
    answer = desk.post(desk.conversation(), sender_type="User", sender_id=1)
    assert (answer["sender"]["type"], answer["sender"]["id"]) == ("contact", 1)


def test_content_may_have_150000_characters(desk: Helpdesk) -> None:
    """ "text <= 150 000 chars"."""
    conversation = desk.conversation()
    assert len(desk.post(conversation, "ü" * 150_000)["content"]) == 150_000
    reply = desk.call("POST", f"conversations/{conversation}/messages", {"content": "ü" * 150_001})
    assert reply.status == 422
    assert reply.json()["error"].endswith("is too long (maximum is 150000 characters)")


def test_a_source_id_may_have_20000_characters(desk: Helpdesk) -> None:
    """ "free text <= 20 000 chars (255 before 4.9.0)"."""
    path = f"conversations/{desk.conversation()}/messages"
    assert desk.call("POST", path, {"content": "x", "source_id": "s" * 20_000}).status == 200
    assert desk.call("POST", path, {"content": "x", "source_id": "s" * 20_001}).status == 422


def test_the_same_source_id_makes_two_messages(desk: Helpdesk) -> None:
    """ "**No idempotency on message creation.** `messages.source_id` has a plain, non-unique index"."""
    conversation = desk.conversation()
    ids = [desk.post(conversation, source_id="WAID:1")["id"] for _ in range(2)]
    assert ids == [1, 2]


def test_unknown_content_attributes_survive(desk: Helpdesk) -> None:
    """ "Stored **whole, unknown keys survive** and come back in webhooks"."""
    conversation = desk.conversation()
    message = desk.post(conversation, content_attributes={"unlost_key": "k", "deep": {"a": [1]}})
    assert desk.read_back(conversation, message["id"])["content_attributes"] == {"unlost_key": "k", "deep": {"a": [1]}}
    assert desk.payload(desk.due[-1])["content_attributes"] == {"unlost_key": "k", "deep": {"a": [1]}}


def test_multipart_takes_content_attributes_as_text(desk: Helpdesk) -> None:
    """ "object, or JSON **string** in multipart"; "multipart "true" works"."""
    fields = {"content": "x", "content_attributes": '{"unlost_key": "k"}', "private": "true"}
    answer = desk.form("POST", f"conversations/{desk.conversation()}/messages", fields).json()
    assert (answer["content_attributes"], answer["private"]) == ({"unlost_key": "k"}, True)


def test_an_unknown_content_type_is_refused(desk: Helpdesk) -> None:
    """ "text default; enum incl. sticker; unknown value -> 422"."""
    path = f"conversations/{desk.conversation()}/messages"
    assert desk.call("POST", path, {"content": "x", "content_type": "sticker"}).status == 200
    assert desk.call("POST", path, {"content": "x", "content_type": "song"}).status == 422


def test_external_created_at_lands_in_content_attributes(desk: Helpdesk) -> None:
    """ "top-level param, lands in content_attributes … `created_at` cannot be set"."""
    answer = desk.post(desk.conversation(), external_created_at=1_700_000_000, created_at=1_700_000_000)
    assert answer["content_attributes"] == {"external_created_at": 1_700_000_000}
    assert answer["created_at"] == int(desk.now)


@pytest.mark.parametrize(
    ("content_type", "file_type"),
    [
        ("image/webp", "image"), ("image/svg+xml", "file"), ("video/quicktime", "video"), ("video/x-matroska", "file"),
        ("audio/ogg; codecs=opus", "audio"), ("application/pdf", "file"),
    ],
)  # fmt: skip
def test_a_files_kind_comes_from_its_content_type(desk: Helpdesk, content_type: str, file_type: str) -> None:
    """ "image/{jpeg,jpg,png,gif,bmp,webp} -> image; video/{ogg,mp4,webm,quicktime} -> video; audio/* -> audio; else file"."""
    upload = Upload("attachments[]", "a.bin", content_type, 3, "b" * 32 + ".x")
    answer = desk.form("POST", f"conversations/{desk.conversation()}/messages", {}, upload).json()
    assert (answer["content"], answer["attachments"][0]["file_type"]) == (None, file_type)


def test_a_reply_is_found_by_number_and_by_source_id(desk: Helpdesk) -> None:
    """ "`in_reply_to` = Chatwoot message id, or `in_reply_to_external_id` = source_id … both keys are overwritten"."""
    conversation = desk.conversation()
    target = desk.post(conversation, source_id="WAID:1")["id"]
    both = {"in_reply_to": target, "in_reply_to_external_id": "WAID:1"}
    assert desk.post(conversation, content_attributes={"in_reply_to": target})["content_attributes"] == both
    by_source = desk.post(conversation, content_attributes={"in_reply_to_external_id": "WAID:1"})
    assert by_source["content_attributes"] == both


def test_a_reply_target_of_another_conversation_becomes_null(desk: Helpdesk) -> None:
    """ "looked up only inside the same conversation … **both become null when the target is not there**"."""
    elsewhere = desk.post(desk.conversation("a@s.whatsapp.net"), source_id="WAID:1")["id"]
    here = desk.conversation("b@s.whatsapp.net")
    nothing = {"in_reply_to": None, "in_reply_to_external_id": None}
    assert desk.post(here, content_attributes={"in_reply_to": elsewhere})["content_attributes"] == nothing
    assert desk.post(here, content_attributes={"in_reply_to_external_id": "WAID:1"})["content_attributes"] == nothing


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("{{ total }}", ""),
        ("{{contact.name}}", "Ana"),
        ("{% if x %}a{% endif %}b", "b"),
        ("`{{ total }}`", "`{{ total }}`"),
        ("{{ total", "{{ total"),
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        ('a {{ "{{" }} total }}', "a {{ total }}"),
        ('{{ "{%" }} if x %}', "{% if x %}"),
    ],
)
def test_outgoing_content_goes_through_liquid(desk: Helpdesk, text: str, stored: str) -> None:
    """1.5: "{{ total }} -> empty; … backticks protected; syntax error -> whole content unchanged; … raw … stripped to its
    inside. Escape that round-trips: … replace `{{` by `{{ "{{" }}` and `{%` by `{{ "{%" }}`"."""
    assert desk.post(desk.conversation(), text, message_type="outgoing")["content"] == stored


def test_incoming_content_is_stored_as_sent(desk: Helpdesk) -> None:
    """ "Incoming content is untouched"."""
    assert desk.post(desk.conversation(), "{{ total }} {% if %}")["content"] == "{{ total }} {% if %}"


def test_message_ids_are_one_sequence_over_all_conversations(desk: Helpdesk) -> None:
    """ "H = highest message id known (any conversation; ids are one global sequence)"."""
    first, second = desk.conversation("a@s.whatsapp.net"), desk.conversation("b@s.whatsapp.net")
    assert [desk.post(one)["id"] for one in (first, second, first)] == [1, 2, 3]


def test_after_gives_a_hundred_oldest_first(roomy: Helpdesk) -> None:
    """ "`after=<id>` -> id > after, **max 100**, created_at ascending"."""
    conversation = roomy.conversation()
    for _ in range(150):
        roomy.post(conversation)
    assert [one["id"] for one in roomy.messages(conversation, "?after=20")] == list(range(21, 121))
    assert [one["id"] for one in roomy.messages(conversation, "?after=120")] == list(range(121, 151))


def test_before_gives_the_twenty_newest_below_oldest_first(roomy: Helpdesk) -> None:
    """ "`before=<id>` -> 20 newest below, ascending"; "none -> newest 20"."""
    conversation = roomy.conversation()
    for _ in range(50):
        roomy.post(conversation)
    assert [one["id"] for one in roomy.messages(conversation, "?before=40")] == list(range(20, 40))
    assert [one["id"] for one in roomy.messages(conversation)] == list(range(31, 51))


def test_after_and_before_together_include_after_and_give_a_thousand(roomy: Helpdesk) -> None:
    """ "both -> `id >= after AND id < before`, max 1000"."""
    conversation = roomy.conversation()
    for _ in range(1005):
        roomy.post(conversation)
    assert [one["id"] for one in roomy.messages(conversation, "?after=3&before=1006")] == list(range(3, 1003))


def test_one_message_is_read_by_its_id(desk: Helpdesk) -> None:
    """ "**One message by id: `after=X&before=X+1`.**"."""
    conversation = desk.conversation()
    for _ in range(3):
        desk.post(conversation)
    assert desk.read_back(conversation, 2)["id"] == 2


def test_internal_messages_can_be_left_out(desk: Helpdesk) -> None:
    """ "`filter_internal_messages=1` drops private and activity"."""
    conversation = desk.conversation()
    desk.post(conversation)
    desk.post(conversation, message_type="outgoing", private=True)
    desk.json("POST", f"conversations/{conversation}/toggle_status", {"status": "resolved"})
    assert [one["message_type"] for one in desk.messages(conversation)] == [0, 1, 2]
    assert [one["id"] for one in desk.messages(conversation, "?filter_internal_messages=1")] == [1]


def test_the_list_tells_of_the_contact_and_the_labels(desk: Helpdesk) -> None:
    """ "{"meta":{labels, additional_attributes, contact, assignee, agent_last_seen_at, assignee_last_seen_at},"payload"}"."""
    meta = desk.json("GET", f"conversations/{desk.conversation()}/messages")["meta"]
    assert sorted(meta) == [
        "additional_attributes", "agent_last_seen_at", "assignee", "assignee_last_seen_at", "contact", "labels",
    ]  # fmt: skip


def test_every_failure_of_the_model_is_a_422_with_error(desk: Helpdesk) -> None:
    """ "`rescue StandardError` in create turns *everything* into 422 `{"error":...}`"."""
    reply = desk.call("POST", f"conversations/{desk.conversation()}/messages", {"content": "nul \x00 inside"})
    assert (reply.status, list(reply.json())) == (422, ["error"])
    assert desk.messages(1) == []


def test_there_is_no_way_to_read_a_message_by_itself(desk: Helpdesk) -> None:
    """ "No `GET messages/{id}`, no filter by source_id anywhere"."""
    conversation = desk.conversation()
    desk.post(conversation, source_id="WAID:1")
    assert desk.call("GET", f"conversations/{conversation}/messages/1").status == 404
    assert len(desk.messages(conversation, "?source_id=WAID:none")) == 1


def test_an_id_can_become_visible_after_a_higher_one(desk: Helpdesk) -> None:
    """3.6: "ids come from a sequence before commit, so a message with a lower id can become visible after a higher one"."""
    conversation = desk.conversation()
    path = f"conversations/{conversation}/messages"
    slow = desk.slow_commit(path, {"content": "slow", "message_type": "incoming"}, wait_s=5)
    desk.post(conversation, "quick")
    assert [one["id"] for one in desk.messages(conversation, "?after=0")] == [2]
    desk.now += 5
    assert [one["id"] for one in desk.messages(conversation, "?after=0")] == [1, 2]
    assert [due.due_at for due in slow.webhooks if due.event == "message_created"] == [desk.now]
