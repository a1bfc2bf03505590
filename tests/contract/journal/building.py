"""Valid values for the journal's contract; a test states only what matters to it."""

from dataclasses import dataclass

from unlost.journal.port import Journal
from unlost.journal.rows import Appended, Arrival, ChannelRow, Claim, HolderId, Learned, Pool
from unlost.vocabulary.addresses import Address, conversation_lane
from unlost.vocabulary.envelopes import Direction, Envelope, Kind, Pairing, Receipt, Source
from unlost.vocabulary.ids import ChannelName, ConversationId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import MessageLink, Part

CHANNEL = ChannelName("support")
DEVICE = Address("628000000001@s.whatsapp.net")
ANA = Address("628111111111@s.whatsapp.net")
ANA_LID = Address("111111111111111@lid")
BEN = Address("628222222222@s.whatsapp.net")
GROUP = Address("120363000000000001@g.us")
INBOUND = Pool(CHANNEL, Direction.INBOUND)
OUTBOUND = Pool(CHANNEL, Direction.OUTBOUND)
CHORES = Pool(CHANNEL, Direction.CHORE)
LOOK_UPS = Pool(CHANNEL, Direction.LOOK_UP)
CHANNEL_ROW = ChannelRow(CHANNEL, DEVICE, "desk")
ME = HolderId("host-a")
PEER = HolderId("host-b")
PAIR = Pairing(lid=ANA_LID, phone=ANA)
NOTHING = Learned()


@dataclass
class SetClock:
    """Time as the test says; *stepped_s*: how far the wall clock was set."""

    at: float = 1_700_000_000.0
    stepped_s: float = 0.0

    def now(self) -> float:
        return self.at + self.stepped_s

    def monotonic(self) -> float:
        return self.at

    def go(self, seconds: float) -> None:
        self.at += seconds

    def step(self, seconds: float) -> None:
        self.stepped_s += seconds


def message(
    id: str,
    chat: Address = ANA,
    *,
    sender: Address | None = None,
    told_at: float | None = None,
    hold_s: float = 0.0,
    pairings: tuple[Pairing, ...] = (),
    device: Address | None = DEVICE,
) -> Arrival:
    """A customer's text."""
    envelope = Envelope(
        source=Source.ENVELOPE,
        kind=Kind.MESSAGE,
        chat=chat,
        device=device,
        sender=sender or chat,
        id=WhatsAppId(id),
        told_at=told_at,
        pairings=pairings,
    )
    return Arrival(envelope, raw=f'{{"text":"{id}"}}'.encode(), hold_s=hold_s)


def empty(
    id: str, chat: Address = ANA, *, sender: Address | None = None, to_self: bool = False, body: str = ""
) -> Arrival:
    """A message event without any content."""
    envelope = Envelope(
        source=Source.ENVELOPE,
        kind=Kind.MESSAGE,
        chat=chat,
        device=DEVICE,
        sender=sender or chat,
        id=WhatsAppId(id),
        is_empty=True,
        from_self_to_self=to_self,
    )
    return Arrival(envelope, raw=f'{{"id":"{id}","n":"{body}"}}'.encode(), twin_wait_s=60.0)


def reference(kind: Kind, id: str, target: str, chat: Address = ANA, *, told_at: float | None = None) -> Arrival:
    """An edit, reaction or revoke of *target*."""
    envelope = Envelope(
        source=Source.ENVELOPE,
        kind=kind,
        chat=chat,
        device=DEVICE,
        sender=chat,
        id=WhatsAppId(id),
        target=WhatsAppId(target),
        told_at=told_at,
    )
    return Arrival(envelope, raw=f'{{"{kind}":"{id}"}}'.encode())


def receipt(status: str, *ids: str, chat: Address = ANA) -> Arrival:
    """Receipts of one status for several messages."""
    told = tuple(Receipt(WhatsAppId(name), chat, status) for name in ids)
    envelope = Envelope(source=Source.ENVELOPE, kind=Kind.RECEIPT, chat=chat, device=DEVICE, sender=chat, receipts=told)
    return Arrival(envelope, raw=f'{{"{status}":{list(ids)}}}'.encode())


def helpdesk(kind: Kind, id: str, *, told_at: float | None = None, conversation: int = 7) -> Arrival:
    """A Chatwoot webhook; for message_updated *id* is the delivery's."""
    chat = conversation_lane(conversation)
    envelope = Envelope(source=Source.HELPDESK, kind=kind, chat=chat, id=WhatsAppId(id), told_at=told_at)
    return Arrival(envelope, raw=f'{{"helpdesk":"{id}"}}'.encode())


def link(
    id: str,
    message: int,
    chat: Address = ANA,
    *,
    sender: Address | None = None,
    outgoing: bool = False,
    status: str = "sent",
    part: Part = Part.TEXT,
    conversation: int = 7,
) -> MessageLink:
    """Where a WhatsApp message stands in the helpdesk."""
    return MessageLink(
        id=WhatsAppId(id),
        chat=chat,
        sender=sender or chat,
        part=part,
        message=HelpdeskMessageId(message),
        conversation=ConversationId(conversation),
        is_outgoing=outgoing,
        confirmed_status=status,
    )


async def put(journal: Journal, *arrivals: Arrival) -> list[Appended]:
    """Append each by a call of its own."""
    return [(await journal.append(CHANNEL, [arrival]))[0] for arrival in arrivals]


async def take(journal: Journal, pool: Pool = INBOUND, holder: HolderId = ME, *, limit: int = 100) -> list[Claim]:
    """Claim whatever can be had."""
    return await journal.claim(holder, pool, limit=limit)


async def take_one(journal: Journal, pool: Pool = INBOUND, holder: HolderId = ME) -> Claim:
    """Claim, where exactly one claim is to be had."""
    claims = await take(journal, pool, holder)
    assert len(claims) == 1, claims
    return claims[0]


def text_of(claim: Claim) -> str:
    """The id that `message` wrote into the body."""
    return claim.raw.decode().split('"')[3]
