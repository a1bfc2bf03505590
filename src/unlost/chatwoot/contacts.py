"""Contacts: found by the inbox's source_id, by person, or created; named and given a face."""

from collections.abc import Sequence
from typing import Any

from unlost.chatwoot import answers, errors
from unlost.chatwoot.answers import Contact
from unlost.chatwoot.text import keepable_text, name_of
from unlost.chatwoot.wire import LIST_BYTES_MAX, Wire
from unlost.errors import Refused
from unlost.transport import Upload
from unlost.vocabulary.ids import ContactId

AVATAR_BYTES_MAX = 15 * 1024 * 1024
"""app/models/concerns/avatarable.rb"""
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"GIF8", "image/gif", "gif"),
)


class Contacts:
    """The contacts of one account, seen from one inbox."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def by_source(self, source_id: str) -> Contact | None:
        """The contact that has *source_id* in our inbox; None where nobody has (Chatwoot answers 404)."""
        body = {"inbox_id": self._wire.account.inbox_id, "source_id": source_id}
        path = self._wire.path("contact_inboxes/filter")
        try:
            return await self._wire.ask("find_contact", "POST", path, answers.read_contact, body)
        except Refused as refused:
            if refused.status == 404:
                return None
            raise

    async def by_person(
        self, identifier: str, phones: Sequence[str], other_identifiers: Sequence[str] = ()
    ) -> Contact | None:
        """The contact with this identifier, else with another, else the oldest with one of these numbers, in their order; one call."""
        identifiers = [name for name in (identifier, *other_identifiers) if name]
        wanted = [("identifier", name) for name in identifiers]
        wanted += [("phone_number", phone) for phone in phones]
        assert wanted, "nobody to look for"
        rules = [_rule(name, value, is_last=place == len(wanted) - 1) for place, (name, value) in enumerate(wanted)]
        path = self._wire.path("contacts/filter")
        found = await self._wire.ask(
            "find_person",
            "POST",
            path,
            answers.read_contacts,
            {"payload": rules},
            answer_max_bytes=LIST_BYTES_MAX,
        )
        return best_of(found, [keepable_text(name) for name in identifiers], phones)

    async def create(self, *, source_id: str, identifier: str, name: str, phone: str) -> Contact:
        """Create it with its place in our inbox, in one transaction. Once only.

        Raises Refused with *fields* where one of them is taken or wrong: then nothing was made. An empty *phone* is not sent.
        """
        body: dict[str, Any] = {
            "inbox_id": self._wire.account.inbox_id,
            "source_id": source_id,
            "identifier": identifier,
            "name": name_of(name),
        }
        if phone:
            body["phone_number"] = phone
        path = self._wire.path("contacts")
        decode = answers.read_created_contact
        return await self._wire.do("create_contact", "POST", path, decode, body, translate=errors.refused_contact)

    async def join_inbox(self, contact: ContactId, source_id: str) -> None:
        """Give a contact our source_id in our inbox; the same again changes nothing."""
        body = {"inbox_id": self._wire.account.inbox_id, "source_id": source_id}
        path = self._wire.path(f"contacts/{contact}/contact_inboxes")
        await self._wire.ask("join_inbox", "POST", path, answers.read_nothing, body)

    async def rename(self, contact: ContactId, name: str) -> None:
        """Set its name."""
        path = self._wire.path(f"contacts/{contact}")
        await self._wire.ask("rename_contact", "PUT", path, answers.read_nothing, {"name": name_of(name)})

    async def set_avatar(self, contact: ContactId, picture: bytes) -> None:
        """Upload its picture. Raises Refused where Chatwoot takes no such picture (its kind is read from its first bytes)."""
        path = self._wire.path(f"contacts/{contact}")
        upload = avatar_of(picture)
        await self._wire.ask("set_avatar", "PUT", path, answers.read_nothing, uploads=(upload,))


def best_of(found: Sequence[Contact], identifiers: Sequence[str], phones: Sequence[str]) -> Contact | None:
    """The owner of the first identifier that has one, else the lowest id among the owners of the first number that has any."""
    oldest_first = sorted(found, key=lambda contact: contact.id)
    for identifier in identifiers:
        for contact in oldest_first:
            if contact.identifier.lower() == identifier.lower():
                return contact
    for phone in phones:
        for contact in oldest_first:
            if contact.phone == phone:
                return contact
    return None


def avatar_of(picture: bytes) -> Upload:
    """The picture as Chatwoot's `avatar` field. Raises Refused (fields: avatar) for other kinds and for more than 15 MB."""
    if len(picture) <= AVATAR_BYTES_MAX:
        for magic, content_type, ending in _MAGIC:
            if picture.startswith(magic):
                return Upload("avatar", f"avatar.{ending}", content_type, picture)
        if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
            return Upload("avatar", "avatar.webp", "image/webp", picture)
    raise Refused("set_avatar: not a picture the helpdesk takes", fields=("avatar",))


def _rule(name: str, value: str, *, is_last: bool) -> dict[str, Any]:
    return {
        "attribute_key": name,
        "filter_operator": "equal_to",
        "values": [value],
        "query_operator": None if is_last else "OR",
    }
