"""What stands for a chat in the helpdesk: one row for both directions, claimed before anything is created for it."""

from unlost.errors import TryLater
from unlost.journal.packing import chat_link_of, pack_text, unpack_text
from unlost.journal.rows import Claim
from unlost.journal.turn import Turn
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.links import ChatLink
from unlost.vocabulary.steps import CreateContact, CreateConversation

ENSURING_WAIT_S = 1.0
"""How long to leave a chat alone that another lease is creating a contact or conversation for."""

CREATING = frozenset({CreateContact.__name__, CreateConversation.__name__})


def chat_link(turn: Turn, channel: str, chat: Address) -> ChatLink | None:
    """The link of a resolved chat, if any."""
    return chat_link_of(turn.row("chat_link_get", {"channel": channel, "chat": chat}))


def write_chat_link(turn: Turn, channel: str, chat: Address, link: ChatLink) -> None:
    """Write the row of the resolved *chat* whole; this releases the claim on it."""
    turn.run(
        "chat_link_put",
        {
            "channel": channel,
            "chat": chat,
            "contact": link.contact,
            "conversation": link.conversation,
            "name": pack_text(link.name),
            "name_is_ours": int(link.name_is_ours),
            "picture_id": link.picture_id,
            "now": turn.now,
        },
    )


def take_over_chat_link(turn: Turn, channel: str, *, absorbed: Address, surviving: Address) -> None:
    """After a join the surviving form's link wins; where only the absorbed one has any, it is taken over, its claim with it.

    A claim on the surviving form's row stands on: who holds it may never make what he claimed it for.
    """
    old = turn.row("chat_link_get", {"channel": channel, "chat": absorbed})
    if old is None:
        return
    now_stands = turn.row("chat_link_get", {"channel": channel, "chat": surviving})
    if chat_link_of(now_stands) is None:
        _, contact, conversation, name, name_is_ours, picture_id, *claimed = old
        link = ChatLink(surviving, contact, conversation, unpack_text(name), bool(name_is_ours), picture_id)
        write_chat_link(turn, channel, surviving, link)
        lane, token = claimed if now_stands is None or now_stands[6] is None else now_stands[6:]
        if lane is not None:
            _claim_row(turn, channel, surviving, lane, token)
    turn.run("chat_link_drop", {"channel": channel, "chat": absorbed})


def ensure_alone(turn: Turn, claim: Claim, step: str, chat: Address) -> None:
    """Claim the chat's row for a create under the claim's lease.

    Raises TryLater while another live lease holds it, and where the row has meanwhile got what this claim is about to create:
    what the claim knows is stale then, and the next attempt knows better.
    """
    if step not in CREATING:
        return
    names = {"channel": claim.channel, "chat": chat}
    lease = {"lane": claim.lane, "token": claim.token}
    if turn.value("ensuring_holder", {**names, **lease}) is not None:
        raise TryLater(
            "the chat is being created for by another lease", cause="busy", away=True, wait_s=ENSURING_WAIT_S
        )
    if _has_news(chat_link(turn, claim.channel, chat), claim.known.chat, step):
        raise TryLater("the chat was created for meanwhile", cause="busy", away=True, wait_s=0.0)
    _claim_row(turn, claim.channel, chat, claim.lane, claim.token)


def _has_news(stands: ChatLink | None, known: ChatLink | None, step: str) -> bool:
    if stands is None:
        return False
    if step == CreateContact.__name__:
        return stands.contact is not None and (known is None or stands.contact != known.contact)
    return stands.conversation is not None and (known is None or stands.conversation != known.conversation)


def _claim_row(turn: Turn, channel: str, chat: Address, lane: int, token: int) -> None:
    turn.run("ensuring_put", {"channel": channel, "chat": chat, "now": turn.now, "lane": lane, "token": token})
