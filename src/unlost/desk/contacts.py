"""Contacts: create, change, merge, destroy, and their places in inboxes (contract 1.2, 1.3)."""

from __future__ import annotations

from typing import Any

import msgspec

from unlost.desk.rows import Contact, ContactInbox, Inbox
from unlost.desk.shapes import Shapes
from unlost.desk.tables import Tables
from unlost.desk.turn import Refusal, Turn, as_flag, as_int, invalid, not_found, random_uuid, server_error
from unlost.desk.validation import (
    EMAIL,
    PHONE,
    STRING_CHARS_MAX,
    TEXT_CHARS_MAX,
    Findings,
    attributes_of,
    text_or_none,
)
from unlost.desk.values import Reply, Upload

AVATAR_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
AVATAR_BYTES_MAX = 15 * 1024 * 1024  # app/models/concerns/avatarable.rb


def contact_of(turn: Turn, place: int = 0) -> Contact:
    """The contact whose id stands at *place* in the path; 404 without one."""
    return existing_contact(turn.tables, turn.ids[place])


def existing_contact(tables: Tables, contact_id: int) -> Contact:
    """The contact with this id; 404 without one."""
    row = tables.contacts.rows.get(contact_id)
    if row is None:
        raise not_found()
    return row


def create(turn: Turn, shapes: Shapes) -> Reply:
    """POST contacts; with `inbox_id` its place is made in the same transaction."""
    inbox = turn.inbox_named_in_body() if turn.body.get("inbox_id") else None
    row = with_fields(turn, Contact(id=turn.tables.contacts.next_id(), created_at=turn.now))
    turn.tables.contacts.put(row)
    place = make_place(turn, row, inbox, turn.body.get("source_id")) if inbox else None
    shown = {"inbox": shapes.contact_inbox(place)["inbox"], "source_id": place.source_id} if place else None
    payload: dict[str, Any] = {"contact": shapes.contact_with_inboxes(row), "contact_inbox": shown or {}}
    return turn.answer({"payload": payload})


def update(turn: Turn, shapes: Shapes) -> Reply:
    """PUT and PATCH contacts/{id}: attributes are merged key by key."""
    row = turn.tables.contacts.put(with_fields(turn, contact_of(turn)))
    return turn.answer({"payload": shapes.contact_with_inboxes(row)})


def show(turn: Turn, shapes: Shapes) -> Reply:
    """GET contacts/{id}."""
    return turn.answer({"payload": shapes.contact_with_inboxes(contact_of(turn))})


def drop_avatar(turn: Turn, shapes: Shapes) -> Reply:
    """DELETE contacts/{id}/avatar."""
    row = contact_of(turn)
    if row.avatar:
        turn.freed.append(row.avatar)
    row = turn.tables.contacts.put(msgspec.structs.replace(row, avatar=None, avatar_type=""))
    return turn.answer({"payload": shapes.contact_with_inboxes(row)})


def with_fields(turn: Turn, row: Contact) -> Contact:
    """*row* with what the body gives, validated. Raises 422 with `attributes`, as `save!` does."""
    body = turn.body
    changes: dict[str, Any] = {
        name: text_or_none(body[name]) for name in ("name", "identifier", "phone_number") if name in body
    }
    if changes.get("name", "") is None:
        changes["name"] = ""
    if "email" in body:
        email = text_or_none(body["email"])
        changes["email"] = email.strip().lower() or None if email is not None else None
    for name in ("identifier", "phone_number"):
        if name in changes:
            changes[name] = changes[name] or None
    if "blocked" in body:
        changes["blocked"] = as_flag(body["blocked"])
    if "additional_attributes" in body:
        changes["additional_attributes"] = row.additional_attributes | attributes_of(body["additional_attributes"])
    if "custom_attributes" in body:
        changes["custom_attributes"] = row.custom_attributes | attributes_of(body["custom_attributes"])
    changes |= _avatar(turn, row)
    changed = msgspec.structs.replace(row, **changes)
    check(turn.tables, changed)
    return changed


def _avatar(turn: Turn, row: Contact) -> dict[str, Any]:
    upload = next((one for one in turn.request.uploads if one.field == "avatar"), None)
    if upload is None:
        return {}
    check_avatar(upload)
    if row.avatar:
        turn.freed.append(row.avatar)
    return {"avatar": upload.blob, "avatar_type": upload.content_type}


def check_avatar(upload: Upload) -> None:
    """Only four kinds of picture, 15 MB; 422 otherwise."""
    if upload.size_bytes > AVATAR_BYTES_MAX:
        raise invalid("Avatar is too big", "avatar")
    if upload.content_type.partition(";")[0].strip() not in AVATAR_TYPES:
        raise invalid("Avatar filetype not supported", "avatar")


def check(tables: Tables, row: Contact) -> None:
    """Uniqueness, formats and lengths of a contact about to be saved."""
    findings = Findings()
    contacts = tables.contacts
    if row.email is not None:
        if any(other != row.id for other in contacts.ids(1, row.email)):
            findings.add("email", "Email has already been taken")
        if not EMAIL.match(row.email):
            findings.add("email", "Email Invalid email")
    if row.identifier is not None and any(other != row.id for other in contacts.ids(0, row.identifier)):
        findings.add("identifier", "Identifier has already been taken")
    if row.phone_number is not None:
        if any(other != row.id for other in contacts.ids(2, row.phone_number)):
            findings.add("phone_number", "Phone number has already been taken")
        if not PHONE.match(row.phone_number):
            findings.add("phone_number", "Phone number should be in e164 format")
    findings.check_length("name", "Name", row.name, STRING_CHARS_MAX)
    findings.check_length("email", "Email", row.email, STRING_CHARS_MAX)
    findings.check_length("identifier", "Identifier", row.identifier, STRING_CHARS_MAX)
    findings.raise_any()


def make_place(turn: Turn, contact: Contact, inbox: Inbox, source_id: object) -> ContactInbox:
    """The contact's place in *inbox*: found when it is the same, made otherwise.

    Raises a 500 when the source_id is another contact's (RecordNotUnique, which an API inbox does not rescue).
    Without a source_id a random UUID is taken each time.
    """
    wanted = text_or_none(source_id) or random_uuid(turn.random)
    if len(wanted) > TEXT_CHARS_MAX:
        raise invalid(f"Source is too long (maximum is {TEXT_CHARS_MAX} characters)", "source_id")
    places = turn.tables.contact_inboxes
    held = places.ids(0, (inbox.id, wanted))
    if held:
        place = places.rows[held[0]]
        if place.contact_id != contact.id:
            raise server_error()
        return place
    token = random_uuid(turn.random).replace("-", "")
    return places.put(ContactInbox(places.next_id(), contact.id, inbox.id, wanted, token, turn.now))


def add_place(turn: Turn, shapes: Shapes) -> Reply:
    """POST contacts/{id}/contact_inboxes: idempotent for the same contact, inbox and source_id."""
    contact = contact_of(turn)
    place = make_place(turn, contact, turn.inbox_named_in_body(), turn.body.get("source_id"))
    return turn.answer(shapes.contact_inbox(place))


def find_by_place(turn: Turn, shapes: Shapes) -> Reply:
    """POST contact_inboxes/filter: the exact look-up; 404 with an empty body when there is none."""
    key = (as_int(turn.body.get("inbox_id")), str(turn.body.get("source_id")))
    held = turn.tables.contact_inboxes.ids(0, key)
    if not held:
        raise Refusal(404)
    place = turn.tables.contact_inboxes.rows[held[0]]
    return turn.answer(shapes.contact_with_inboxes(turn.tables.contacts.rows[place.contact_id]))


def merge(turn: Turn, shapes: Shapes) -> Reply:
    """POST actions/contact_merge: places, conversations and messages' senders move; the mergee is destroyed."""
    tables = turn.tables
    base = existing_contact(tables, as_int(turn.body.get("base_contact_id")))
    mergee = existing_contact(tables, as_int(turn.body.get("mergee_contact_id")))
    if base.id == mergee.id:
        return turn.answer(shapes.contact(base))
    for place_id in tuple(tables.contact_inboxes.ids(1, mergee.id)):
        place = tables.contact_inboxes.rows[place_id]
        tables.contact_inboxes.put(msgspec.structs.replace(place, contact_id=base.id))
    for conversation_id in tuple(tables.conversations.ids(0, mergee.id)):
        _move_conversation(tables, conversation_id, mergee.id, base.id)
    tables.contacts.drop(mergee.id)
    merged = tables.contacts.put(merged_contact(base, mergee))
    return turn.answer(shapes.contact(merged))


def _move_conversation(tables: Tables, conversation_id: int, mergee_id: int, base_id: int) -> None:
    conversation = tables.conversations.rows[conversation_id]
    tables.conversations.put(msgspec.structs.replace(conversation, contact_id=base_id))
    for message_id in tables.messages.ids(0, conversation_id):
        message = tables.messages.rows[message_id]
        if message.sender_type == "Contact" and message.sender_id == mergee_id:
            tables.messages.put(msgspec.structs.replace(message, sender_id=base_id))


def merged_contact(base: Contact, mergee: Contact) -> Contact:
    """*base* with what only *mergee* knows (app/actions/contact_merge_action.rb)."""
    return msgspec.structs.replace(
        base,
        name=base.name or mergee.name,
        email=base.email or mergee.email,
        identifier=base.identifier or mergee.identifier,
        phone_number=base.phone_number or mergee.phone_number,
        additional_attributes=mergee.additional_attributes | base.additional_attributes,
        custom_attributes=mergee.custom_attributes | base.custom_attributes,
    )


def destroy(turn: Turn, shapes: Shapes) -> Reply:
    """DELETE contacts/{id}: its places, conversations and messages go with it."""
    contact = contact_of(turn)
    for place_id in tuple(turn.tables.contact_inboxes.ids(1, contact.id)):
        turn.tables.contact_inboxes.drop(place_id)
    for conversation_id in tuple(turn.tables.conversations.ids(0, contact.id)):
        drop_conversation(turn, conversation_id)
    turn.tables.contacts.drop(contact.id)
    if contact.avatar:
        turn.freed.append(contact.avatar)
    return turn.empty()


def drop_conversation(turn: Turn, conversation_id: int) -> None:
    """Destroy a conversation with its messages and their files."""
    for message_id in reversed(tuple(turn.tables.messages.ids(0, conversation_id))):
        turn.freed.extend(file.blob for file in turn.tables.messages.rows[message_id].attachments)
        turn.tables.messages.drop(message_id)
    turn.tables.conversations.drop(conversation_id)
