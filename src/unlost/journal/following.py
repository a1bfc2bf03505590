"""Background work: entries of their own, in lanes of their own."""

import msgspec

from unlost.journal.keys import follow_up_key
from unlost.journal.placing import lane_address, lane_for, refresh_due, take_place
from unlost.journal.resolving import resolve
from unlost.journal.turn import Turn
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction, Source
from unlost.vocabulary.verdicts import FollowUp


def follow_up(turn: Turn, channel: str, work: FollowUp) -> None:
    """Append it, due after its wait; the same key twice is one entry. Its body is the event as JSON.

    A look-up stands in its chat's lane of that direction; each chore and each file in a lane of its own, so that a sweep that is due in
    ten minutes holds up no rescue, and no film a photo.
    """
    key = follow_up_key(turn.secret, channel, work.key)
    if turn.value("door_find", {"key": key}) is not None:
        return
    chat = resolve(turn, channel, work.chat)
    apart = "" if work.direction is Direction.LOOK_UP else key.hex()
    lane = lane_for(turn, channel, work.direction.value, lane_address(work.direction, chat, apart))
    place, lane = take_place(turn, lane, None)
    entry = turn.value("entry_add", _columns(turn, channel, work, lane.id, place, key, chat))
    turn.run("body_add", {"entry": entry, "raw": msgspec.json.encode(work.event)})
    refresh_due(turn, lane)


def _columns(
    turn: Turn, channel: str, work: FollowUp, lane: int, place: int, key: bytes, chat: Address
) -> dict[str, object]:
    blank = ("hold_until", "waits_for", "wait_kind", "wait_until", "verdict", "reason", "settled_at", "told_at")
    return {
        **dict.fromkeys(blank),
        **dict.fromkeys(("sender", "whatsapp_id")),
        "target": work.target,
        "lane_id": lane,
        "channel": channel,
        "direction": work.direction.value,
        "source": (Source.LOOK_UP if work.direction is Direction.LOOK_UP else Source.CHORE).value,
        "kind": work.kind.value,
        "state": "waiting",
        "place": place,
        "due_at": turn.now + work.wait_s,
        "late": 0,
        "is_empty": 0,
        "arrived_at": turn.now,
        "ordered_at": turn.now,
        "chat": chat,
        "door_key": key,
    }
