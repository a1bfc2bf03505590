"""neonize's events as the gateway's own. A plain function of the recorded bytes: what failed can be done again later."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from unlost.gateway.addresses import is_lid, without_device
from unlost.gateway.engines.neonize_worker import history, message_content, notice_lines
from unlost.gateway.engines.neonize_worker.jids import pairing_of, text_of
from unlost.gateway.engines.neonize_worker.library import Library, Proto
from unlost.gateway.engines.neonize_worker.times import time_of
from unlost.gateway.engines.record import Seen, Settles, Told
from unlost.gateway.events import CallOffer, Empty, Event, Message, Notice, Participants, Receipt, ReceiptType

# neonize/events.py, EVENT_TO_INT (0.5.2)
HISTORY, MESSAGE, RECEIPT, TYPING, JOINED_GROUP, GROUP_INFO = 13, 17, 18, 19, 21, 22
CALL_OFFER, CALL_NOTICE, UNDECRYPTABLE = 36, 40, 44
RECORDED = (
    HISTORY, MESSAGE, RECEIPT, TYPING, JOINED_GROUP, GROUP_INFO, CALL_OFFER, CALL_NOTICE, UNDECRYPTABLE,
)  # fmt: skip
COMPOSING, AUDIO = 1, 2  # Neonize.proto, ChatPresence
A_LINE = -1  # no code of the engine's: what was told is one of its log lines
RECEIPTS = {"DELIVERED": ReceiptType.DELIVERED, "READ": ReceiptType.READ, "READ_SELF": ReceiptType.READ_SELF}
CHANGES = {"Join": "join", "Leave": "leave", "Promote": "promote", "Demote": "demote"}
_events_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


class Source(NamedTuple):
    """Whose event it is, as far as the gate needs it: id, chat, sender, and all addresses it names."""

    id: str = ""
    chat: str = ""
    sender: str = ""
    addresses: tuple[str, ...] = ()
    pairings: tuple[tuple[str, str], ...] = ()


def source_of(library: Library, code: int, raw: bytes) -> Source:
    """Raises what the protobuf library raises on bytes it cannot read."""
    if code not in (MESSAGE, UNDECRYPTABLE):
        return Source()
    info = library.events.INT_TO_EVENT[code].FromString(raw).Info
    where = info.MessageSource
    named = tuple(text_of(one) for one in (where.Chat, where.Sender, where.SenderAlt, where.RecipientAlt))
    pairs = (pairing_of(named[1], named[2]), pairing_of(named[0], named[3]))
    return Source(info.ID, named[0], named[1], tuple(filter(None, named)), tuple(one for one in pairs if one))


def settles_of(library: Library, code: int, raw: bytes) -> Settles | None:
    """Which line of the engine's an event stands for; None of what is kept by no line. Raises as `source_of`."""
    if code not in (RECEIPT, JOINED_GROUP, GROUP_INFO, CALL_OFFER):
        return None
    event = library.events.INT_TO_EVENT[code].FromString(raw)
    if code == CALL_OFFER:
        about = event.basicCallMeta
        chat, at_s = text_of(getattr(about, "from")), int(time_of(about.timestamp).timestamp())
        return Settles(notice_lines.CALL, notice_lines.OFFERED, chat=chat, at_s=at_s, once=True)
    if code == JOINED_GROUP:
        return Settles(notice_lines.NOTICE, notice_lines.CREATED, chat=text_of(event.GroupInfo.JID), once=True)
    at_s = int(time_of(event.Timestamp).timestamp())
    if code == GROUP_INFO:
        return Settles(notice_lines.NOTICE, notice_lines.CHANGED, chat=text_of(event.JID), at_s=at_s, once=True)
    kind = RECEIPTS.get(event.ReceiptType.Name(event.Type))
    words = {told: word for word, told in notice_lines.KINDS.items()}
    if kind is None or not event.MessageIDs:
        return None
    return Settles(notice_lines.RECEIPT, words[kind], id=event.MessageIDs[0], at_s=at_s)


def events_of(library: Library, told: Told) -> list[bytes]:
    """What *told* means, as it stands in the record; nothing of what means nothing to a person."""
    if told.code == A_LINE:
        return [msgspec.json.encode(one) for one in notice_lines.events_of(told.raw.decode())]
    event = library.events.INT_TO_EVENT[told.code].FromString(told.raw)
    return [msgspec.json.encode(one) for one in _events(told, event)]


def says_something(body: bytes) -> bool:
    """True of a recorded message that has content: a twin with nothing but keys in it does not stand for the message."""
    event = _events_decoder.decode(body)
    return isinstance(event, Message) and not isinstance(event.content, Empty)


def unrecovered(seen: Seen, now: datetime) -> bytes:
    """The event that says that a message came and could not be read."""
    at = datetime.fromtimestamp(seen.at, UTC)
    fields = {"id": seen.id, "chat_id": seen.chat, "from": seen.sender or seen.chat, "seen_at": at.isoformat()}
    return msgspec.json.encode(Notice("message.unrecovered", fields, now))


def _events(told: Told, event: Proto) -> list[Event]:
    match told.code:
        case 13:
            return history.events_of(event.Data, source=told.place)
        case 17:
            return _message(told, event)
        case 18:
            return _receipt(event)
        case 19:
            return [_typing(told, event)]
        case 21:
            return [_joined(event)]
        case 22:
            return _participants(event)
        case 36:
            return [_call(event)]
        case _:
            return []


def _message(told: Told, event: Proto) -> list[Event]:
    info, where = event.Info, event.Info.MessageSource
    view_once = event.IsViewOnce or event.IsViewOnceV2 or event.IsViewOnceV2Extension
    content = message_content.content_of(event.Message, source=told.place, id=info.ID, view_once=view_once)
    if content is None:
        return []
    return [
        Message(
            id=info.ID,
            chat=text_of(where.Chat),
            sender=text_of(where.Sender),
            at=time_of(info.Timestamp),
            content=content,
            name=info.Pushname,
            from_me=where.IsFromMe,
            referral=message_content.referral_of(event.Message),
        )
    ]


def _receipt(event: Proto) -> list[Event]:
    kind = RECEIPTS.get(event.ReceiptType.Name(event.Type))
    where = event.MessageSource
    if kind is None or not event.MessageIDs:
        return []
    ids = tuple(event.MessageIDs)
    return [Receipt(ids, text_of(where.Chat), text_of(where.Sender), kind, time_of(event.Timestamp))]


def _typing(told: Told, event: Proto) -> Event:
    """It has no time of its own, so that of its record stands for it."""
    where = event.MessageSource
    sender, other = without_device(text_of(where.Sender)), without_device(text_of(where.SenderAlt))
    fields: dict[str, object] = {"from": other if is_lid(sender) and other else sender}
    if is_lid(sender):
        fields["from_lid"] = sender
    state = "composing" if event.State == COMPOSING else "paused"
    media = "audio" if event.Media == AUDIO else ""
    fields |= {"chat_id": text_of(where.Chat), "state": state, "media": media, "is_group": where.IsGroup}
    return Notice("chat_presence", fields, datetime.fromtimestamp(told.at, UTC))


def _participants(event: Proto) -> list[Event]:
    chat, at = text_of(event.JID), time_of(event.Timestamp)
    changed = {kind: tuple(text_of(one) for one in getattr(event, field)) for field, kind in CHANGES.items()}
    return [Participants(chat, kind, jids, at) for kind, jids in changed.items() if jids]


def _joined(event: Proto) -> Event:
    group = event.GroupInfo
    fields = {
        "chat_id": text_of(group.JID), "type": "join", "reason": event.Reason, "group_name": group.GroupName.Name,
    }  # fmt: skip
    return Notice("group.joined", fields, time_of(int(group.GroupCreated)))


def _call(event: Proto) -> Event:
    about, remote = event.basicCallMeta, event.callRemoteMeta
    return CallOffer(
        about.callID,
        text_of(about.callCreator) or text_of(getattr(about, "from")),
        time_of(about.timestamp),
        platform=remote.remotePlatform,
        version=remote.remoteVersion,
    )
