"""LID and phone: learning a pairing writes one row *absorbed → surviving* and moves no entry (hard case 11)."""

from unlost.journal.chat_links import take_over_chat_link
from unlost.journal.placing import lane_of_row, refresh_due
from unlost.journal.turn import Turn
from unlost.vocabulary.addresses import is_lid, is_phone
from unlost.vocabulary.envelopes import Direction, Pairing


def learn_pairings(turn: Turn, channel: str, pairings: tuple[Pairing, ...]) -> bool:
    """Learn each; whether one was new. One that contradicts a known one is recorded and joins nothing. Those that are no pairing
    are passed over.
    """
    is_pairing = (pairing for pairing in pairings if is_lid(pairing.lid) and is_phone(pairing.phone))
    return sum(_learn(turn, channel, pairing) for pairing in is_pairing) > 0


def _learn(turn: Turn, channel: str, pairing: Pairing) -> bool:
    names = {"channel": channel, "lid": pairing.lid, "phone": pairing.phone}
    known = turn.all("pairing_by_either", names)
    if (pairing.lid, pairing.phone) in known:
        return False
    if known:
        turn.run("contradiction_add", {**names, "now": turn.now})
        return False
    turn.run("pairing_add", {**names, "now": turn.now})
    for direction in Direction:
        _absorb(turn, channel, direction, pairing)
    take_over_chat_link(turn, channel, absorbed=pairing.lid, surviving=pairing.phone)
    return True


def _absorb(turn: Turn, channel: str, direction: Direction, pairing: Pairing) -> None:
    """The phone's lane survives, and is made where only the LID has one. Due only once no lease is held in either.

    The union goes by place, and what one lane has delivered is not held for the other: who comes late by that is marked.
    """
    found = turn.row("lane_find", {"channel": channel, "direction": direction, "address": pairing.lid})
    if found is None:
        return
    absorbed = lane_of_row(found)
    address = {"channel": channel, "direction": direction, "address": pairing.phone}
    surviving = lane_of_row(turn.row("lane_find", address) or turn.row("lane_add", address))
    turn.run("lane_absorb", {"root": surviving.id, "id": absorbed.id})
    joined = turn.row(
        "lane_join",
        {
            "id": surviving.id,
            "last_place": absorbed.last_place,
            "last_told_at": absorbed.last_told_at,
            "held_until": absorbed.held_until,
        },
    )
    turn.run("lane_late", {"id": surviving.id, "other": absorbed.id})
    turn.run("lane_late", {"id": absorbed.id, "other": surviving.id})
    refresh_due(turn, lane_of_row(joined))
