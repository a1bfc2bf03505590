"""Notices, receipts and calls in the engine's debug lines: which are kept, and what one means that its engine did not live to tell.

A push name can hold whatever its owner likes (see `log_lines`). What is kept of a line is safe from that: `from` and `id`
stand before the name. What a line *means* is read only where the whole of it is one well-formed document: a name that
brings elements or attributes along leaves one that is not, for the rest of the true line still follows it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree as Xml

from unlost.gateway.addresses import without_device
from unlost.gateway.events import CallOffer, Event, Notice, Participants, Receipt, ReceiptType

NOTICE, RECEIPT, CALL = "notification", "receipt", "call"
CREATED, CHANGED, OFFERED = "create", "change", "offer"
KINDS = {"": ReceiptType.DELIVERED, "read": ReceiptType.READ, "read-self": ReceiptType.READ_SELF}
CHANGES = {"add": "join", "remove": "leave", "promote": "promote", "demote": "demote"}
IDS_MAX = 1000
_ATTRIBUTE = re.compile(r' ([a-z_]+)="([^"]*)"')


class Unreadable(ValueError):
    """The line is not one document of a kind that is understood here."""


def kept_of(line: str) -> tuple[str, str, str, str, str, int] | None:
    """Tag, kind, id, chat, sender and WhatsApp's time of a line that is to be kept; the time is 0 where it cannot be told."""
    opening = line.partition(">")[0]
    first = dict(reversed(_ATTRIBUTE.findall(opening)))
    at_s = int(first["t"]) if first.get("t", "").isdecimal() else 0
    where = (first.get("id", ""), first.get("from", ""), first.get("participant", ""), at_s)
    if line.startswith(f"<{NOTICE} ") and ' type="w:gp2"' in line:
        return NOTICE, CREATED if "><create " in line else CHANGED, *where
    if line.startswith(f"<{RECEIPT} ") and first.get("type", "") in KINDS:
        return RECEIPT, first.get("type", ""), *where
    if line.startswith(f"<{CALL} ") and "><offer " in line:
        return CALL, OFFERED, *where
    return None


def events_of(line: str) -> list[Event]:
    """What the line means. Raises Unreadable."""
    try:
        told = Xml.fromstring(line.replace("&", "&amp;"))  # noqa: S314 - a line has no place for a DTD, without which nothing expands
        at = datetime.fromtimestamp(int(told.attrib["t"]), UTC)
        return MEANT[told.tag](told, at)
    except (Xml.ParseError, KeyError, ValueError, OverflowError, OSError) as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error


def _receipt(told: Xml.Element, at: datetime) -> list[Event]:
    if told.find("participants") is not None:
        raise Unreadable("the receipts of several members")
    items = [one.attrib["id"] for one in told.iterfind("list/item")]
    ids = tuple(dict.fromkeys([told.attrib["id"], *items]))[:IDS_MAX]
    sender = told.attrib.get("participant") or told.attrib["from"]
    chat = without_device(told.attrib.get("recipient") or told.attrib["from"])
    return [Receipt(ids, chat, sender, KINDS[told.attrib.get("type", "")], at)]


def _notice(told: Xml.Element, at: datetime) -> list[Event]:
    chat = told.attrib["from"]
    created = told.find("create")
    if created is not None:
        group = created.find("group")
        name = group.attrib.get("subject", "") if group is not None else ""
        fields = {"chat_id": chat, "type": "join", "reason": created.attrib.get("reason", ""), "group_name": name}
        return [Notice("group.joined", fields, at)]
    changed = {
        kind: [one.attrib["jid"] for one in told.iterfind(f"{tag}/participant")] for tag, kind in CHANGES.items()
    }
    return [Participants(chat, kind, tuple(jids), at) for kind, jids in changed.items() if jids]


def _call(told: Xml.Element, at: datetime) -> list[Event]:
    return [
        CallOffer(
            offer.attrib["call-id"],
            offer.attrib.get("call-creator") or told.attrib["from"],
            at,
            platform=told.attrib.get("platform", ""),
            version=told.attrib.get("version", ""),
        )
        for offer in told.iterfind("offer")
    ]


MEANT = {NOTICE: _notice, RECEIPT: _receipt, CALL: _call}
