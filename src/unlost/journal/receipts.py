"""Receipts: one wanted status per message id, the highest wins; outside every lane (hard case 23)."""

from unlost.journal.knowing import links_of, links_of_message
from unlost.journal.rows import WantedStatus
from unlost.journal.turn import Turn
from unlost.vocabulary.envelopes import Receipt
from unlost.vocabulary.ids import ChannelName, HelpdeskMessageId, WhatsAppId

READ_SELF = "read-self"
"""The firm's own phone read the chat: that is worked in the chat's lane, not as a status of a message."""

RANKS = {"sent": 0, "delivered": 1, "read": 2}


def wish(turn: Turn, channel: str, receipt: Receipt) -> None:
    """Keep the wish where it is higher than the one that stands. Statuses without a rank (failed, unknown ones) wish nothing."""
    rank = RANKS.get(receipt.status)
    if rank is None:
        return
    names = {"channel": channel, "whatsapp_id": receipt.id}
    turn.run("wanted_wish", {**names, "status": receipt.status, "rank": rank, "now": turn.now})
    reconsider(turn, channel, receipt.id)


def reconsider(turn: Turn, channel: str, whatsapp_id: str) -> None:
    """Open the wish where an outgoing link stands below it, drop it where all stand at it, leave it waiting without a link."""
    names = {"channel": channel, "whatsapp_id": whatsapp_id}
    wanted = turn.row("wanted_get", names)
    if wanted is None:
        return
    links = [link for link in links_of(turn, channel, whatsapp_id) if link.is_outgoing]
    if not links:
        turn.run("wanted_mark", {**names, "is_open": 0})
    elif all(RANKS.get(link.confirmed_status, -1) >= wanted[1] for link in links):
        turn.run("wanted_drop", names)
    else:
        turn.run("wanted_mark", {**names, "is_open": 1})


def confirm(turn: Turn, channel: str, message: int, status: str) -> None:
    """What the helpdesk answered; a wish that is fulfilled by it is dropped.

    One that lies below what was confirmed before is a race's (a rescue puts back what it read before a receipt was carried): what
    stood is wished for again.
    """
    before = links_of_message(turn, channel, HelpdeskMessageId(message))
    ids = turn.all("message_confirm", {"channel": channel, "message": message, "status": status, "now": turn.now})
    for link in before:
        if link.is_outgoing and RANKS.get(link.confirmed_status, -1) > RANKS.get(status, -1):
            wish(turn, channel, Receipt(link.id, link.chat, link.confirmed_status))
    for whatsapp_id in sorted({row[0] for row in ids}):
        reconsider(turn, channel, whatsapp_id)


def drop_wanted(turn: Turn, channel: str, whatsapp_id: str) -> None:
    """A wish the helpdesk refuses for good."""
    turn.run("wanted_drop", {"channel": channel, "whatsapp_id": whatsapp_id})


def put_off(turn: Turn, channel: str, whatsapp_id: str) -> None:
    """A wish that could not be fulfilled now goes behind all others."""
    turn.run("wanted_put_off", {"channel": channel, "whatsapp_id": whatsapp_id, "now": turn.now})


def wanted(turn: Turn, channel: str, limit: int) -> list[WantedStatus]:
    """A channel's wishes with a link below them, oldest first."""
    return [
        WantedStatus(
            channel=ChannelName(channel),
            id=WhatsAppId(whatsapp_id),
            status=status,
            links=tuple(link for link in links_of(turn, channel, whatsapp_id) if link.is_outgoing),
        )
        for _, whatsapp_id, status in turn.all("wanted_next", {"channel": channel, "limit": limit})
    ]
