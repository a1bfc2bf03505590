"""What a step taught that outlives its entry, written in the transaction of its facts or its verdict."""

from msgspec.structs import replace

from unlost.journal.chat_links import chat_link, write_chat_link
from unlost.journal.pairing import learn_pairings
from unlost.journal.receipts import confirm, reconsider
from unlost.journal.resolving import resolve
from unlost.journal.rows import NOTHING_LEARNED, Claim, Learned
from unlost.journal.turn import Turn
from unlost.vocabulary.links import ChatLink, MessageLink


def learn(turn: Turn, claim: Claim, learned: Learned) -> None:
    """Write links, pairings, the high-water id, our own deletes and confirmed statuses. Nothing here is guarded by the lease."""
    if learned == NOTHING_LEARNED:
        return
    learn_pairings(turn, claim.channel, learned.pairings)
    if learned.forget_conversation:
        chat = resolve(turn, claim.channel, claim.chat)
        turn.run("chat_forget_conversation", {"channel": claim.channel, "chat": chat})
    if learned.chat is not None:
        chat = resolve(turn, claim.channel, learned.chat.chat)
        write_chat_link(turn, claim.channel, chat, _beside(chat_link(turn, claim.channel, chat), learned.chat))
    for link in learned.messages:
        write_message_link(turn, claim.channel, link)
    if learned.high_water is not None:
        turn.run("high_water_raise", {"channel": claim.channel, "message": learned.high_water})
    if learned.deleting is not None:
        turn.run("own_delete_add", {"channel": claim.channel, "message": learned.deleting, "now": turn.now})
    for message, status in learned.confirmed:
        confirm(turn, claim.channel, message, status)


def _beside(stands: ChatLink | None, learned: ChatLink) -> ChatLink:
    """What is to stand: who knew of no conversation when he was handed his entry takes away none that was made meanwhile."""
    if stands is None or stands.conversation is None or learned.conversation is not None:
        return learned
    return replace(learned, conversation=stands.conversation) if learned.contact == stands.contact else stands


def write_message_link(turn: Turn, channel: str, link: MessageLink) -> None:
    """One part of a message stands in the helpdesk; a receipt that came first is due now."""
    turn.run(
        "message_link_put",
        {
            "channel": channel,
            "whatsapp_id": link.id,
            "chat": link.chat,
            "sender": link.sender,
            "part": link.part.value,
            "message": link.message,
            "conversation": link.conversation,
            "is_outgoing": int(link.is_outgoing),
            "confirmed_status": link.confirmed_status,
            "told_at": link.told_at,
            "text_hash": link.text_hash,
            "now": turn.now,
        },
    )
    if link.is_outgoing:
        reconsider(turn, channel, link.id)
