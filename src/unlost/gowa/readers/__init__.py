"""Plain functions from what the gateway says to an envelope, and to an event.

The only error is `Refused(cause="unreadable")`. The envelope is a summary of the event, so both always agree. Nothing here waits,
looks anything up, or knows the time.
"""

from unlost.errors import Refused
from unlost.gowa.readers import envelope, flat, storage, unread
from unlost.gowa.readers.shapes import OUTER, OuterBody
from unlost.gowa.readers.summary import envelope_of
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Envelope, Source
from unlost.vocabulary.events import GatewayEvent
from unlost.vocabulary.ids import WhatsAppId

SMALL_FLAT = frozenset({"message.ack", "group.participants"})
"""What the flat dialect wraps too, always without a device_id."""


def read_envelope(body: bytes, *, device: Address | None) -> Envelope:
    """The envelope of a webhook of either dialect. *device*: the channel's own phone address. Raises Refused."""
    outer = OUTER.decode(body)
    if dialect_of(outer) is Source.ENVELOPE:
        return envelope_of(envelope.event_within(outer, device), Source.ENVELOPE)
    return envelope_of(flat.event_within(outer, body, device), Source.FLAT)


def read_event(source: Source, body: bytes, device: Address | None) -> GatewayEvent:
    """What a kept body means, by the reader that *source* names. Raises Refused."""
    match source:
        case Source.FLAT:
            return flat.event_of(body, device=device)
        case Source.ENVELOPE:
            return envelope.event_of(body, device=device)
        case Source.STORAGE:
            return storage.event_of(body, device=device)
        case Source.HELPDESK | Source.LOOK_UP | Source.CHORE | Source.OUTBOX:
            raise Refused("not from the gateway", cause="unreadable")


def envelope_of_row(row: bytes, chat: Address | None, device: Address | None) -> Envelope:
    """The envelope of a storage row, with the identity of its message's webhook. *chat*: whose list it came from. Raises Refused."""
    return envelope_of(storage.event_of(row, device=device, chat=chat), Source.STORAGE)


def envelope_of_unread_row(row: bytes, chat: Address, device: Address | None) -> Envelope:
    """What is kept of a row that `envelope_of_row` refuses: where to look again, and a name that its webhook has too (see `unread`)."""
    return unread.envelope_of_unread_row(row, chat, device=device)


def name_of_unread(body: bytes, *, device: Address | None) -> WhatsAppId | None:
    """The name of a message whose webhook `read_envelope` refuses; None where it is known by its body alone (see `unread`)."""
    return unread.name_of_webhook(body, device=device)


def filename_of_row(row: bytes) -> str:
    """What the sender of a storage row's file called it; empty where it is not told. Raises Refused."""
    return storage.filename_of(row)


def stored_at_of_row(row: bytes) -> float | None:
    """When the gateway wrote the row, or wrote to it last; None where it does not tell."""
    return storage.stored_at_of(row)


def dialect_of(outer: OuterBody) -> Source:
    """An event's name makes an envelope; but two of them are flat where no device is named. (Early v8 deletes are flat.)"""
    if not outer.event or (outer.event in SMALL_FLAT and not outer.device_id):
        return Source.FLAT
    return Source.ENVELOPE
