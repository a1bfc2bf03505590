"""What is known of an entry besides its own facts: its chat's link, links of its id and of what it refers to."""

from math import inf
from typing import Any, NamedTuple

import msgspec

from unlost.journal.chat_links import chat_link
from unlost.journal.downloads import known_file
from unlost.journal.packing import message_link_of, unpack_facts
from unlost.journal.resolving import may_be_one, pairs_among, resolve, resolve_maybe
from unlost.journal.revokes import has_tombstone, is_revoked
from unlost.journal.turn import Row, Turn
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.attachments import KnownFile
from unlost.vocabulary.envelopes import Kind, Source
from unlost.vocabulary.events import FileDue
from unlost.vocabulary.ids import HelpdeskMessageId
from unlost.vocabulary.links import ChatLink, Known, MessageLink, TargetState
from unlost.vocabulary.states import State
from unlost.vocabulary.verdicts import SkipReason

_OURS_OR_HELPDESKS = frozenset({Source.HELPDESK, Source.CHORE, Source.LOOK_UP, Source.OUTBOX})
_DIGITS_MAX = 18  # of a helpdesk's message id: what SQLite's integers hold
_FOUND_MAX = 200  # messages one chore is about: a rescue names 100

_SAME_TIME_S = 1.0  # as `interpret.duplicates` has it: within it two forms were told of one message

_PENDING = frozenset({State.WAITING, State.LEASED, State.PARKED})


class EntryRow(NamedTuple):
    """An entry as `entry_lease` and `entry_about` give it; *facts* packed, *door_key* in hex."""

    id: int
    lane_id: int
    channel: str
    direction: str
    source: str
    kind: str
    chat: str | None
    sender: str | None
    whatsapp_id: str | None
    target: str | None
    door_key: str
    arrived_at: float
    told_at: float | None
    attempts: int
    crashes: int
    late: int
    facts: bytes | None
    raw: bytes


def known_of(turn: Turn, entry: EntryRow) -> Known:
    """What the journal knows of the entry now."""
    chat = resolve_maybe(turn, entry.channel, entry.chat)
    is_of_gateway = entry.source not in _OURS_OR_HELPDESKS
    messages = () if is_of_gateway else _messages_of(entry)
    own: tuple[MessageLink, ...] = ()
    if is_of_gateway and entry.whatsapp_id is not None:
        own = links_of(turn, entry.channel, entry.whatsapp_id)
    is_file = entry.kind == Kind.FILE
    target, target_state = _target_of(turn, entry, chat) if is_of_gateway or is_file else ((), TargetState.UNKNOWN)
    told = entry.told_at
    return Known(
        chat=_chat_link(turn, entry, chat, target),
        own=own,
        target=target,
        target_state=target_state,
        helpdesk_links=tuple(link for message in messages for link in links_of_message(turn, entry.channel, message)),
        paired=_pairs(turn, entry, own + target),
        late_s=None if told is None else turn.now - told,
        out_of_place=bool(entry.late) or (is_of_gateway and _is_behind_restore(turn, entry)),
        file=_file_of(turn, entry) if is_of_gateway else KnownFile(),
        age_s=turn.now - entry.arrived_at
        if entry.arrived_at <= turn.now
        else inf,  # the clock went back: no wait longer
        is_revoked=_is_revoked(turn, entry, chat),
        before_start=_is_before_start(turn, entry),
    )


def _chat_link(turn: Turn, entry: EntryRow, chat: Address | None, target: tuple[MessageLink, ...]) -> ChatLink | None:
    """The chat's own; what refers to a message under the chat's other form belongs where that stands, if the chat has no place.

    Not where that place was found gone: what is made anew is this chat's.
    """
    if chat is None:
        return None
    own = chat_link(turn, entry.channel, chat)
    if not target or (own is not None and own.conversation is not None):
        return own
    form = resolve(turn, entry.channel, target[0].chat)
    other = None if form == chat else chat_link(turn, entry.channel, form)
    is_place = other is not None and other.conversation is not None and not unpack_facts(entry.facts).healed
    return other if is_place else own


def links_of(turn: Turn, channel: str, whatsapp_id: str) -> tuple[MessageLink, ...]:
    """All links that carry this message id, of any chat."""
    rows = turn.all("message_links", {"channel": channel, "whatsapp_id": whatsapp_id})
    return tuple(message_link_of(row) for row in rows)


def target_state(
    turn: Turn, channel: str, target: str, chat: Address | None, *, besides: int, any_form: bool
) -> tuple[tuple[MessageLink, ...], TargetState]:
    """Links of the message *target* in *chat*, and where it stands; the entry *besides* (the asker) does not count.

    *any_form*: where it was left out here because it stands under the chat's other form already, the links of that.
    """
    of_id = links_of(turn, channel, target)
    links = tuple(link for link in of_id if chat is None or resolve(turn, channel, link.chat) == chat)
    if links:
        return links, TargetState.LINKED
    rows = [
        row
        for row in turn.all("same_id", {"channel": channel, "whatsapp_id": target})
        if row[0] != besides and (chat is None or resolve_maybe(turn, channel, row[3]) == chat)
    ]
    states = {State(row[1]) for row in rows}
    if states & _PENDING:
        return (), TargetState.PENDING
    if State.DEAD in states:
        return (), TargetState.DEAD
    if any_form and chat is not None and (links := _links_of_other_form(turn, channel, chat, of_id, rows)):
        return links, TargetState.LINKED
    return (), TargetState.SETTLED if states else TargetState.UNKNOWN


def _links_of_other_form(
    turn: Turn, channel: str, chat: Address, of_id: tuple[MessageLink, ...], rows: list[Row]
) -> tuple[MessageLink, ...]:
    """Links of what an entry of *chat* was a duplicate of, though nothing pairs both forms of the chat (design section 4, door key).

    None where two chats have one: an id is its sender's choice.
    """
    told = [row[7] for row in rows if row[6] == SkipReason.DUPLICATE and row[7] is not None]
    links = tuple(
        link
        for link in of_id
        if may_be_one(turn, channel, chat, resolve(turn, channel, link.chat))
        and link.told_at is not None
        and any(abs(link.told_at - at) < _SAME_TIME_S for at in told)
    )
    return links if len({link.chat for link in links}) == 1 else ()


def _target_of(turn: Turn, entry: EntryRow, chat: Address | None) -> tuple[tuple[MessageLink, ...], TargetState]:
    if entry.target is None:
        return (), TargetState.UNKNOWN
    any_form = entry.kind != Kind.FILE  # each form's message has a download of its own
    return target_state(turn, entry.channel, entry.target, chat, besides=entry.id, any_form=any_form)


def _file_of(turn: Turn, entry: EntryRow) -> KnownFile:
    """Asked only of a message that was told at its birth to look."""
    if not unpack_facts(entry.facts).file_told:
        return KnownFile()
    return known_file(turn, entry.channel, entry.door_key)


def _messages_of(entry: EntryRow) -> tuple[HelpdeskMessageId, ...]:
    """The helpdesk messages an entry is about: the one its webhook names, or those a sweep or rescue has found so far.

    An update's own id is its delivery's; the message is its target.
    """
    if entry.source == Source.HELPDESK:
        named = entry.target or entry.whatsapp_id or ""
        is_number = named.isascii() and named.isdigit() and len(named) <= _DIGITS_MAX
        return (HelpdeskMessageId(int(named)),) if is_number else ()
    facts = unpack_facts(entry.facts)
    found = [*(facts.copies or ()), *(message for message, _ in facts.statuses or ())]
    return tuple(found[:_FOUND_MAX])


def links_of_message(turn: Turn, channel: str, message: HelpdeskMessageId) -> tuple[MessageLink, ...]:
    rows = turn.all("message_links_by_message", {"channel": channel, "message": message})
    return tuple(message_link_of(row) for row in rows)


def _pairs(turn: Turn, entry: EntryRow, links: tuple[MessageLink, ...]) -> tuple[tuple[Address, Address], ...]:
    """Of all that are compared: who is told of, and who stands in *links*."""
    addresses: set[Any] = {entry.chat, entry.sender} - {None}
    if entry.kind == Kind.FILE:
        addresses.add(_sender_of_file(entry))
    for link in links:
        addresses |= {link.chat, link.sender}
    return pairs_among(turn, entry.channel, addresses)


def _is_revoked(turn: Turn, entry: EntryRow, chat: Address | None) -> bool:
    """Of a download: at any time. Of a message: by its sender, before it came."""
    if entry.kind == Kind.FILE:
        target, sender = entry.target, _sender_of_file(entry)
        return target is not None and is_revoked(turn, entry.channel, target, chat, sender)
    if entry.kind != Kind.MESSAGE or entry.whatsapp_id is None:
        return False
    return has_tombstone(turn, entry.channel, entry.whatsapp_id, chat, entry.sender)


def _sender_of_file(entry: EntryRow) -> Address:
    """A file's entry has its message's chat alone; who sent it stands in its event."""
    return msgspec.json.decode(entry.raw, type=FileDue).sender


def _is_before_start(turn: Turn, entry: EntryRow) -> bool:
    if entry.source != Source.HELPDESK or entry.told_at is None:
        return False
    row = turn.row("channel_get", {"name": entry.channel})
    return row is not None and entry.told_at < row[2]


def _is_behind_restore(turn: Turn, entry: EntryRow) -> bool:
    """It was told before the last restore and came after it: what was told later may stand, and only the journal that is gone knew."""
    names = {"channel": entry.channel, "told_at": entry.told_at, "arrived_at": entry.arrived_at}
    return entry.told_at is not None and turn.value("restore_parts", names) is not None
