"""Contract sections 1.2 and 1.3: contacts and their places. Each test quotes the line it holds the desk to."""

from __future__ import annotations

import pytest

from tests.contract.desk.helpdesk import JID, Helpdesk
from unlost.desk.values import Upload

PICTURE = Upload("avatar", "a.png", "image/png", 10, "a" * 32 + ".x")


def test_a_contact_and_its_place_are_created_together(desk: Helpdesk) -> None:
    """ "200 {"payload":{"contact":{...},"contact_inbox":{"inbox":{...},"source_id"}}}"."""
    payload = desk.json("POST", "contacts", {"name": "Ana", "inbox_id": 1, "source_id": JID})["payload"]
    assert (payload["contact"]["name"], payload["contact_inbox"]["source_id"]) == ("Ana", JID)
    assert payload["contact_inbox"]["inbox"]["id"] == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("identifier", "same", "Identifier has already been taken"),
        ("email", "Same@example.org", "Email has already been taken"),
        ("phone_number", "+5511987654321", "Phone number has already been taken"),
    ],
)
def test_a_field_is_taken_once_in_the_account(desk: Helpdesk, field: str, value: str, message: str) -> None:
    """Table: "{"message":"Identifier has already been taken","attributes":["identifier"]}"; e-mail "case-insensitive"."""
    assert desk.call("POST", "contacts", {"name": "a", field: value}).status == 200
    reply = desk.call("POST", "contacts", {"name": "b", field: value.lower()})
    assert (reply.status, reply.json()) == (422, {"message": message, "attributes": [field]})


@pytest.mark.parametrize(
    ("phone", "status"),
    [
        ("+5511987654321", 200), ("5511987654321", 422), ("+0511987654321", 422), ("+1234567890123456", 422),
        ("+55 11 98765", 422), ("+5511987654321\n", 422), ("+123456789012345", 200),
    ],
)  # fmt: skip
def test_a_phone_number_is_e164(desk: Helpdesk, phone: str, status: int) -> None:
    r"""Table: "must match `\+[1-9]\d{1,14}` to the end of string"; LID trap: fifteen digits pass."""
    reply = desk.call("POST", "contacts", {"name": "a", "phone_number": phone})
    assert reply.status == status
    if status == 422:
        assert reply.json() == {"message": "Phone number should be in e164 format", "attributes": ["phone_number"]}


def test_a_malformed_email_is_refused(desk: Helpdesk) -> None:
    """Table: "bad format: "Email Invalid email""."""
    reply = desk.call("POST", "contacts", {"name": "a", "email": "no at sign"})
    assert reply.json() == {"message": "Email Invalid email", "attributes": ["email"]}


def test_a_name_may_have_255_characters(desk: Helpdesk) -> None:
    """Table: "{"message":"Name is too long (maximum is 255 characters)","attributes":["name"]}"."""
    assert desk.call("POST", "contacts", {"name": "n" * 255}).status == 200
    reply = desk.call("POST", "contacts", {"name": "n" * 256})
    assert reply.json() == {"message": "Name is too long (maximum is 255 characters)", "attributes": ["name"]}


def test_a_source_id_of_another_contact_is_a_500_and_undoes_the_contact(desk: Helpdesk) -> None:
    """ "RecordNotUnique, **500** for an API inbox (same when POST /contacts is given such a source_id: 500 and the contact
    is rolled back)"."""
    desk.contact()
    assert desk.call("POST", "contacts", {"name": "late", "inbox_id": 1, "source_id": JID}).status == 500
    assert desk.json("GET", "contacts/search?q=late")["payload"] == []
    other = desk.contact("other")
    assert desk.call("POST", f"contacts/{other}/contact_inboxes", {"inbox_id": 1, "source_id": JID}).status == 500


def test_adding_the_same_place_again_changes_nothing(desk: Helpdesk) -> None:
    """ "idempotent for the same (contact, inbox, source_id)"."""
    path = f"contacts/{desk.contact()}/contact_inboxes"
    answers = [desk.json("POST", path, {"inbox_id": 1, "source_id": "second"}) for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(desk.json("GET", "contacts/1")["payload"]["contact_inboxes"]) == 2


def test_a_place_without_a_source_id_gets_a_new_uuid_each_time(desk: Helpdesk) -> None:
    """1.3: "If source_id is omitted a random UUID is made each time"."""
    path = f"contacts/{desk.contact()}/contact_inboxes"
    first, second = (desk.json("POST", path, {"inbox_id": 1})["source_id"] for _ in range(2))
    assert first != second


def test_the_exact_look_up_gives_a_bare_contact_or_an_empty_404(desk: Helpdesk) -> None:
    """ "bare contact object incl. contact_inboxes; 404 empty. **The cheap exact lookup**"."""
    contact = desk.contact()
    found = desk.json("POST", "contact_inboxes/filter", {"inbox_id": 1, "source_id": JID})
    assert (found["id"], found["contact_inboxes"][0]["source_id"]) == (contact, JID)
    reply = desk.call("POST", "contact_inboxes/filter", {"inbox_id": 1, "source_id": JID + "x"})
    assert (reply.status, reply.body) == (404, b"")


def test_attributes_are_merged_key_by_key(desk: Helpdesk) -> None:
    """ "custom_attributes and additional_attributes are **merged** key-wise"."""
    path = f"contacts/{desk.contact(custom_attributes={'a': 1, 'b': 1}, additional_attributes={'x': 1})}"
    changed = desk.json("PUT", path, {"custom_attributes": {"b": 2}, "additional_attributes": {"y": 2}})["payload"]
    assert (changed["custom_attributes"], changed["additional_attributes"]) == ({"a": 1, "b": 2}, {"x": 1, "y": 2})


def test_search_finds_parts_without_case_but_for_the_identifier(desk: Helpdesk) -> None:
    """ "substring, case-insensitive, over name, email, phone_number; case-sensitive LIKE over identifier"."""
    desk.contact("Abc@lid", name="Zoë Maria", email="zoe@example.org", phone_number="+5511987654321")

    def found(text: str) -> int:
        return len(desk.json("GET", f"contacts/search?q={text}")["payload"])

    assert [found(text) for text in ("MARIA", "EXAMPLE", "%2B5511", "Abc@", "abc@")] == [1, 1, 1, 1, 0]


def test_search_has_15_a_page_and_counts_only_the_page(desk: Helpdesk) -> None:
    """ "{"meta":{"count","current_page","has_more"}}; 15 per page; since 4.11.0 `count` is just the page size"."""
    for number in range(17):
        desk.contact(f"{number}@x")
    first, second = (desk.json("GET", f"contacts/search?q=Ana&page={page}") for page in (1, 2))
    assert (first["meta"], len(first["payload"])) == ({"count": 15, "current_page": 1, "has_more": True}, 15)
    assert (second["meta"], len(second["payload"])) == ({"count": 2, "current_page": 2, "has_more": False}, 2)


def condition(key: str, value: str, joined_by: str | None = None) -> dict[str, object]:
    """One condition of a filter."""
    return {"attribute_key": key, "filter_operator": "equal_to", "values": [value], "query_operator": joined_by}


def test_the_filter_normalises_phone_numbers(desk: Helpdesk) -> None:
    """ "phone value is normalised to "+digits"; name/email/identifier compared lower-cased"."""
    contact = desk.contact(phone_number="+5511987654321")
    for one in (condition("phone_number", "5511987654321"), condition("identifier", JID.upper())):
        found = desk.json("POST", "contacts/filter", {"payload": [one]})
        assert [row["id"] for row in found["payload"]] == [contact]


def test_the_filter_joins_both_brazilian_forms(desk: Helpdesk) -> None:
    """POST contacts/filter: conditions are joined by `query_operator`."""
    contact = desk.contact(phone_number="+551187654321")
    both = [condition("phone_number", "+5511987654321", "OR"), condition("phone_number", "+551187654321")]
    found = desk.json("POST", "contacts/filter", {"payload": both})
    assert ([row["id"] for row in found["payload"]], found["meta"]["count"]) == ([contact], 1)


def test_the_filter_sees_only_resolved_contacts_and_refuses_unknown_keys(desk: Helpdesk) -> None:
    """ "only "resolved" contacts (with email, phone or identifier …)"; "422 `{"error":"Invalid ..."}`"."""
    desk.json("POST", "contacts", {"name": "visitor"})
    assert desk.json("POST", "contacts/filter", {"payload": [condition("name", "visitor")]})["payload"] == []
    desk.contact()
    reply = desk.call("POST", "contacts/filter", {"payload": [condition("shoe_size", "44")]})
    assert (reply.status, reply.json()["error"][:7]) == (422, "Invalid")


def test_a_contacts_conversations_come_newest_activity_first_at_most_20(desk: Helpdesk) -> None:
    """ "newest activity first, **max 20**, all statuses"."""
    body = {"inbox_id": 1, "contact_id": desk.contact(), "source_id": JID}
    for _ in range(22):
        desk.now += 1
        desk.another_conversation(body)
    desk.now += 1
    desk.post(1)
    desk.json("POST", "conversations/1/toggle_status", {"status": "resolved"})
    found = [one["id"] for one in desk.json("GET", "contacts/1/conversations")["payload"]]
    assert found == [1, *range(22, 3, -1)]


def test_a_merge_moves_places_conversations_and_senders(desk: Helpdesk) -> None:
    """ "contact_inboxes, conversations, message senders move to the base contact; mergee is destroyed";
    1.3: source_id "survives contact merges"."""
    conversation = desk.conversation("lid@lid")
    message = desk.post(conversation)
    base = desk.contact(JID)
    desk.json("POST", "actions/contact_merge", {"base_contact_id": base, "mergee_contact_id": message["sender"]["id"]})
    assert desk.json("POST", "contact_inboxes/filter", {"inbox_id": 1, "source_id": "lid@lid"})["id"] == base
    assert desk.json("GET", f"conversations/{conversation}")["meta"]["sender"]["id"] == base
    assert desk.messages(conversation)[0]["sender"]["id"] == base
    assert desk.call("GET", f"contacts/{message['sender']['id']}").status == 404


def test_a_deleted_contact_takes_everything_with_it(desk: Helpdesk) -> None:
    """1.3: "Deletion of a contact destroys contact_inboxes and conversations -> 404s later"."""
    conversation = desk.conversation()
    desk.post(conversation)
    assert desk.call("DELETE", "contacts/1").status == 200
    gone = [desk.call("GET", path).status for path in ("contacts/1", f"conversations/{conversation}")]
    gone.append(desk.call("POST", "contact_inboxes/filter", {"inbox_id": 1, "source_id": JID}).status)
    assert gone == [404, 404, 404]


def test_an_avatar_is_kept_at_once(desk: Helpdesk) -> None:
    """ "multipart `avatar` on PUT/POST … is synchronous and sure"."""
    changed = desk.form("PUT", f"contacts/{desk.contact()}", {}, PICTURE).json()["payload"]
    assert PICTURE.blob in changed["thumbnail"]
    assert desk.json("DELETE", "contacts/1/avatar")["payload"]["thumbnail"] == ""


@pytest.mark.parametrize(
    "upload",
    [
        Upload("avatar", "a.svg", "image/svg+xml", 10, "b"),
        Upload("avatar", "a.png", "image/png", 15 * 1024**2 + 1, "b"),
    ],
)
def test_only_pictures_up_to_15_mb_are_avatars(desk: Helpdesk, upload: Upload) -> None:
    """ "(jpeg/png/gif/webp, <= 15 MB: app/models/concerns/avatarable.rb)"."""
    refused = desk.form("PUT", f"contacts/{desk.contact()}", {}, upload)
    assert (refused.status, refused.json()["attributes"]) == (422, ["avatar"])


def test_a_nul_in_a_name_is_a_server_error(desk: Helpdesk) -> None:
    """PostgreSQL takes no NUL in text; outside POST messages nobody rescues that."""
    assert desk.call("POST", "contacts", {"name": "a\x00b"}).status == 500
