"""A person is forgotten: text, names and numbers go; keyed hashes stay, so that nothing of theirs comes in again."""

from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import msgspec

from unlost.journal.keys import door_key, keyed
from unlost.journal.resolving import pairs_among
from unlost.journal.revokes import leave_mark
from unlost.journal.turn import Turn
from unlost.vocabulary.addresses import Address, conversation_lane
from unlost.vocabulary.envelopes import Envelope, Kind, Source
from unlost.vocabulary.ids import WhatsAppId

IDS_PER_SLICE = 2_000  # entries looked at per transaction; few of them are one person's
USER_CHARS_MIN = 7  # the shortest numbers in use, with their country; what is shorter stands in any body


@dataclass(frozen=True, slots=True)
class Person:
    """*forms*: all known addresses; *conversations*: the helpdesk's lanes of what was hers alone; *messages*: ids there of what she
    wrote, in groups too. The helpdesk tells us of each message that we posted, with its words."""

    forms: frozenset[Address]
    conversations: frozenset[str]
    messages: frozenset[str]


class Slice(NamedTuple):
    """What became of some entries: how many were *erased*; what those that still wait are *about*, as ids of messages; whether one of
    them is the person's (*waits*); where to go on, or None."""

    erased: int
    about: frozenset[str]
    waits: bool
    until: int | None


class Links(NamedTuple):
    """What became of links: how many rows are *gone*; whether anything of the person *is_left* for what still waits."""

    gone: int
    is_left: bool


def person_of(turn: Turn, channel: str, addresses: tuple[Address, ...]) -> Person:
    """What the links of this channel know of whoever has one of *addresses*."""
    forms = set(addresses).union(*pairs_among(turn, channel, set(addresses)))
    conversations: set[str] = set()
    messages: set[str] = set()
    for form in sorted(forms):
        names = {"channel": channel, "address": form}
        conversations |= {conversation_lane(row[0]) for row in turn.all("forget_conversations", names)}
        messages |= {str(row[0]) for row in turn.all("forget_messages", names)}
    return Person(frozenset(forms), frozenset(conversations), frozenset(messages))


def forget_entries(turn: Turn, channel: str, person: Person, after: int) -> Slice:
    """Erase the person from the next slice of entries behind id *after*.

    Entries that still wait, and their files, are left for their delivery: forgetting goes on once they have ended. Dead letters and
    all else that is parked end here, since nobody could read them any more.
    """
    last = turn.value("entry_last", {})
    if last is None or after >= last:
        return Slice(0, frozenset(), False, None)
    erased = 0
    about: set[str] = set()
    waits = False
    until = after + IDS_PER_SLICE
    for row in turn.all("forget_find", {"channel": channel, "after": after, "until": until}):
        entry, state, source, kind, chat, sender, whatsapp_id, target = row
        if state in ("waiting", "leased") or _goes_with_its_message(turn, channel, state, kind, target):
            # its own id, too: under her other form the message may stand already
            about |= {target, whatsapp_id} - {None}
            waits |= bool({chat, sender} & person.forms)
            waits = waits or (kind == Kind.UNREADABLE and _names(turn, entry, person))
            continue
        if kind == Kind.UNREADABLE:
            if not _names(turn, entry, person):
                continue
        elif source == Source.HELPDESK:
            is_linked = chat in person.conversations or bool(person.messages & {whatsapp_id, target})
            if not is_linked and not _names(turn, entry, person):
                continue
        elif chat in person.forms or sender in person.forms:
            _keep_out(turn, channel, person.forms, kind, chat, sender, whatsapp_id)
        elif kind != Kind.FILE or not _is_her_file(turn, entry, person):
            continue
        if kind == Kind.REVOKE:
            leave_mark(turn, channel, target, chat, sender)
        _erase(turn, entry, state)
        erased += 1
    return Slice(erased, frozenset(about), waits, until)


def _goes_with_its_message(turn: Turn, channel: str, state: str, kind: str, target: str | None) -> bool:
    """Whether a message that is still to be delivered needs it: its file, what refers to it, a deletion that came before it."""
    if state != "parked" and kind != Kind.REVOKE:
        return False
    return turn.value("forget_spares", {"target": target, "channel": channel}) is not None


def _is_her_file(turn: Turn, entry: int, person: Person) -> bool:
    """Whether the download is of a message that she sent: in a group only its event says so."""
    return any(
        turn.value("forget_mentions", {"id": entry, "words": b'"sender":' + msgspec.json.encode(form)})
        for form in sorted(person.forms)
    )


def _names(turn: Turn, entry: int, person: Person) -> bool:
    """Whether a body holds a number of hers: the helpdesk's event, which no link names any more once the links are gone; what nobody
    can read, whose chat is not known.
    """
    users = {form.partition("@")[0] for form in person.forms}
    return any(
        turn.value("forget_mentions", {"id": entry, "words": user.encode()})
        for user in sorted(users)
        if len(user) >= USER_CHARS_MIN
    )


def forget_links(turn: Turn, channel: str, person: Person, needed: frozenset[str], *, waits: bool) -> Links:
    """Erase chat links, message links, pairings and the names of empty lanes.

    Links of the messages *needed*, which something that still waits is about, stay for it. While anything of the person does, or
    *waits*, so does who is who: whoever forgets a number once more finds what came under its LID.
    """
    gone = 0
    is_left = waits
    spared = msgspec.json.encode(sorted(needed)).decode()
    for form in sorted(person.forms):
        names = {"channel": channel, "address": form}
        gone += len(turn.all("forget_chat_link", names))
        gone += len(turn.all("forget_message_links", {**names, "spared": spared}))
        is_left |= turn.value("forget_links_left", names) is not None
        nameless = f"forgotten:{keyed(turn.secret, b'address', form.encode()).hex()}"
        turn.run("forget_lanes", {**names, "nameless": nameless})
    return Links(gone if is_left else gone + _forget_pairings(turn, channel, person), is_left)


def _forget_pairings(turn: Turn, channel: str, person: Person) -> int:
    rows = (
        turn.all(query, {"channel": channel, "address": form})
        for form in sorted(person.forms)
        for query in ("forget_pairings", "forget_contradictions")
    )
    return sum(map(len, rows))


def _keep_out(
    turn: Turn,
    channel: str,
    forms: frozenset[Address],
    kind: str,
    chat: str | None,
    sender: str | None,
    whatsapp_id: str | None,
) -> None:
    """The door knows this message in every form it may be told in: the pairing that told them one is about to go."""
    if whatsapp_id is None:
        return
    row = turn.row("channel_get", {"name": channel})
    device = None if row is None else row[0]
    for chat_form, sender_form in product(_forms(chat, forms), _forms(sender, forms)):
        envelope = Envelope(Source.ENVELOPE, Kind(kind), chat_form, sender=sender_form, id=WhatsAppId(whatsapp_id))
        key = door_key(turn.secret, channel, device, envelope, b"", chat=chat_form, sender=sender_form)
        turn.run("door_keep_known", {"key": key, "now": turn.now})


def _forms(address: str | None, forms: frozenset[Address]) -> list[Address | None]:
    if address is None:
        return [None]
    return [*sorted(forms)] if address in forms else [Address(address)]


def _erase(turn: Turn, entry: int, state: str) -> None:
    names = {"id": entry, "now": turn.now}
    turn.run("forget_body", names)
    turn.run("forget_failures", names)
    if state == "dead":
        turn.run("dead_discard", names)
    elif state == "parked":
        turn.run("forget_parked", names)
    turn.run("forget_entry", names)
