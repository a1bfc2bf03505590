"""The helpdesk's message ids begin anew: it was restored, or is another one, and a person says so (hard case 3)."""

from msgspec.structs import replace

from unlost.journal.packing import pack_facts, unpack_facts
from unlost.journal.turn import Turn
from unlost.vocabulary.ids import HelpdeskMessageId

SLICE = 500  # rows per transaction: design section 4


def forget_high_water(turn: Turn, channel: str) -> None:
    """Of the channel's helpdesk: the next id that is seen is the highest."""
    turn.run("high_water_forget", {"channel": channel})
    turn.run("restored_lower", {"channel": channel})


def lower_begun(turn: Turn, channel: str, after: int) -> int | None:
    """A slice of the intents that were begun for that helpdesk, to be looked for among all its ids; where to go on, None: done."""
    rows = turn.all("begun_of_helpdesk", {"channel": channel, "after": after, "limit": SLICE})
    for entry, packed in rows:
        facts = unpack_facts(packed)
        if facts.begun is not None:
            lowered = replace(facts, begun=replace(facts.begun, high_water=HelpdeskMessageId(0)))
            turn.run("begun_lower", {"id": entry, "facts": pack_facts(lowered)})
    return rows[-1][0] if rows else None
