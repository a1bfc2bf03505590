"""What stands when all is at rest, read once: the helpdesk's rows, the journal's rows, side by side with the truth."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from math import inf

from tests.simulation.clock import EPOCH_S
from tests.simulation.entries import EntryRow, entries_of, was_met_as_two
from tests.simulation.population import Chat, Sort, Told
from tests.simulation.script import Deed
from tests.simulation.story import Played
from unlost.chatwoot.answers import KEY
from unlost.desk.rows import Conversation, Message
from unlost.gateway.events import Media
from unlost.interpret.standing import marker_of

LATE = "🕓"


class Remains:
    """Views of one played schedule."""

    def __init__(self, played: Played) -> None:
        self.played = played
        self.tables = played.helpdesk.world.tables

    @cached_property
    def entries(self) -> list[EntryRow]:
        """All of them; those that were forgotten or pruned as they stood before."""
        wider = self.played.director.wider
        stand = {row.id: row for row in entries_of(self.played.journal)}
        return [wider.forgotten.get(number, row) for number, row in sorted((wider.pruned | stand).items())]

    @cached_property
    def entries_by_id(self) -> dict[str, list[EntryRow]]:
        """The gateway's, by WhatsApp id."""
        found: defaultdict[str, list[EntryRow]] = defaultdict(list)
        for entry in self.entries:
            if entry.is_gateways and entry.whatsapp_id:
                found[entry.whatsapp_id].append(entry)
        return found

    @cached_property
    def told_by_id(self) -> dict[str, Told]:
        """The truth, by WhatsApp id."""
        return {told.event.id: told for told in self.played.population.told}

    @cached_property
    def rows_by_source(self) -> dict[str, list[Message]]:
        """What stands in the helpdesk, by source_id, in the order of ids; deleted stubs included."""
        found: defaultdict[str, list[Message]] = defaultdict(list)
        for _, row in sorted(self.tables.messages.rows.items()):
            if row.source_id:
                found[row.source_id].append(row)
        return found

    @cached_property
    def linked(self) -> dict[str, int]:
        """WhatsApp id → the helpdesk message that its link names (text part)."""
        rows = self.played.journal.execute("SELECT whatsapp_id, message FROM message_link WHERE part = 'text'")
        return {str(name): int(message) for name, message in rows}

    @cached_property
    def learned(self) -> frozenset[str]:
        """LIDs whose number is known."""
        return frozenset(str(lid) for (lid,) in self.played.journal.execute("SELECT lid FROM pairing"))

    @property
    def clock_stepped(self) -> bool:
        """Whether waits may have been longer or shorter than they look."""
        return any(act.deed is Deed.CLOCK for act in self.played.script.acts)

    @property
    def waits_cut_short(self) -> int:
        """How often one entry's wait may have ended early, so that what was queued still was searched for and taken for absent.

        A clock set forward ends every wait; one set back has each bridge bring all waits back, those begun since too.
        """
        steps = sum(act.deed is Deed.CLOCK for act in self.played.script.acts)
        return steps * len(self.played.director.bridges)

    def met_as_two(self, chat: Chat) -> bool:
        """Both forms of a person were told before anything said that they are one."""
        return was_met_as_two(chat, self.entries, self.played.witness.taught_by)

    def was_worded_apart(self, told: Told) -> bool:
        """Whether its post may have been worded before its person's two forms were known as one: each had a lane, and none waited for
        the other. Where the clock was set, or the journal put back, nobody can tell any more.
        """
        if self.clock_stepped or self.played.director.wider.restored_at is not None:
            return True
        worded_at = self.played.witness.first_worded_at
        first = min((worded_at.get(entry.id, inf) for entry in self.entries_by_id[told.event.id]), default=inf)
        return EPOCH_S + first <= self.paired_at.get(told.chat.lid, inf)

    @cached_property
    def met_twice(self) -> frozenset[str]:
        """The names of the chats of whom that is so, or was in the journal that is gone."""
        met = frozenset(chat.name for chat in self.played.population.chats if self.met_as_two(chat))
        return met | self.played.director.wider.met_twice_before

    def may_have_met_anew(self, chat: Chat) -> bool:
        """Whether the journal knew who its LID was, and knows it no more."""
        return self.is_forgotten_chat(chat) or self.played.director.wider.restored_at is not None

    def standing(self, told: Told) -> list[Message]:
        """Every copy of it of ours that a person can read; without one, what stands for it, or those that an agent deleted.

        What another program wrote stands for it only where a link names it: then it was adopted (design section 4, Creating in
        Chatwoot). Any other is that program's own doing, so that nothing is found in its place there.
        """
        by_agent, foreign = self.played.director.deleted_by_agent, self.played.director.wider.foreign
        ours = [row for row in self.rows_by_source.get(told.source_id, []) if row.id not in foreign]
        readable = [row for row in ours if not is_stub(row)]
        return readable or self._adopted(told) or [row for row in ours if row.id in by_agent]

    def _adopted(self, told: Told) -> list[Message]:
        """The other program's copy that stands for ours."""
        foreign, linked = self.played.director.wider.foreign, self.linked.get(told.event.id)
        rows = self.rows_by_source.get(told.source_id, [])
        return [row for row in rows if row.id in foreign and row.id == linked and not is_stub(row)]

    def is_removed(self, told: Told) -> bool:
        """Whether an agent removed the conversation in which it stood."""
        return told.source_id in self.played.director.removed

    def is_gone(self, told: Told) -> bool:
        """Whether only the journal knew of it that a copy took the place of."""
        wider = self.played.director.wider
        if wider.copied_at is None or wider.restored_at is None or told.gateway_at > EPOCH_S + wider.restored_at:
            return False
        return all(wider.copied_at < at < wider.restored_at for at in told.acked_at)

    def is_unknown_again(self, told: Told) -> bool:
        """Whether only the journal that is gone had it: nobody told it again, or only its empty twin, so that no link names what stands of
        it.
        """
        wider = self.played.director.wider
        known = [row for row in wider.gone_with_restore if row.whatsapp_id == told.event.id]
        return any(row.id > wider.copied_last for row in known) and not self.has_content(told)

    def was_to_be_swept(self, told: Told) -> bool:
        """Whether a late copy of it was still to be removed by the journal that is gone, and nobody else knows of it.

        Design section 3 has what is told stand once; hard case 3 has a restored journal know nothing of what happened after its
        copy. So of what nobody tells again no sweep is left: neither one that waited, nor those of an entry that had not ended.
        """
        name = told.source_id.encode()
        open_rows = [row for row in self.played.director.wider.gone_with_restore if row.state != "done"]
        has_sweep = any(row.kind == "sweep" and name in row.raw for row in open_rows)
        is_open = any(row.whatsapp_id == told.event.id for row in open_rows)
        return self.is_unknown_again(told) and (has_sweep or is_open)

    def came_after_its_journal(self, told: Told, row: Message) -> bool:
        """Whether *row* is of a post that the helpdesk still had in hand when the journal that began it was gone.

        Nobody tells it again (hard case 3), so nobody was there to wait for it before the next was posted, or to mark it late.
        """
        restored_at = self.played.director.wider.restored_at
        return restored_at is not None and row.created_at > EPOCH_S + restored_at and self.is_unknown_again(told)

    def was_met_anew(self, told: Told) -> bool:
        """Whether it stands once under each form of its person, who was one for the journal that is gone alone.

        The lanes resolve through known pairings only (design section 4): the restored journal looked for it under the form that it
        was told, posted it there, and was told only then, if at all, who that is.
        """
        wider, rows = self.played.director.wider, self.standing(told)
        conversations = [self.tables.conversations.rows.get(row.conversation_id) for row in rows]
        places = [self.tables.contact_inboxes.rows[one.contact_inbox_id].source_id for one in conversations if one]
        learned_at = self.paired_at.get(told.chat.lid, inf)
        is_split = len(rows) == len(places) == 2 and set(places) == told.chat.forms
        return wider.restored_at is not None and is_split and max(map(self._begun_at, rows)) < learned_at

    def _begun_at(self, row: Message) -> float:
        """When it was asked for first: the helpdesk may have made it long after."""
        posts = [
            call for call in self.played.helpdesk.calls if call.is_post and call.conversation == row.conversation_id
        ]
        began = [call.began_at for call in posts if call.body.get("source_id") == row.source_id]
        return min([row.created_at, *began])

    def is_copy_of_gone_journal(self, told: Told, row: Message) -> bool:
        """Whether *row* is the copy under the form that only the journal that is gone knew, or its file (`was_met_anew`).

        No link names either: what the link names, and the file that follows it, stand in the other conversation.
        """
        named = self.tables.messages.rows.get(self.linked.get(told.event.id, 0))
        return self.was_met_anew(told) and (named is None or row.conversation_id != named.conversation_id)

    def is_file_of_gone_journal(self, told: Told, row: Message) -> bool:
        """Whether *row* is a late file that only storage told of, which no journal asks about what was told before its restore."""
        content, restored_at = told.event.content, self.played.director.wider.restored_at
        is_late_file = isinstance(content, Media) and not content.path and row.source_id == f"{told.source_id}#file"
        return is_late_file and restored_at is not None and row.created_at < EPOCH_S + restored_at

    def is_twin_of_gone_journal(self, row: Conversation) -> bool:
        """Whether the journal that is gone asked for it, for what nobody told again, and it was made only then: nobody knows of it."""
        marker, restored_at = row.custom_attributes.get(KEY), self.played.director.wider.restored_at
        if restored_at is None or not marker or row.created_at <= EPOCH_S + restored_at or marker in self.markers:
            return False
        asked = (call.body.get("custom_attributes", {}).get(KEY) for call in self.played.helpdesk.calls)
        return marker in asked

    @cached_property
    def markers(self) -> set[str]:
        """Those of all conversations that the journal that stands may have asked for."""
        return {marker_of(key.hex()) for (key,) in self.played.journal.execute("SELECT door_key FROM entry")}

    @cached_property
    def paired_at(self) -> dict[str, float]:
        """LID → when its number became known to the journal that stands."""
        return {str(lid): float(at) for lid, at in self.played.journal.execute("SELECT lid, learned_at FROM pairing")}

    def is_forgotten_chat(self, chat: Chat) -> bool:
        """Whether its person was forgotten at some time."""
        return chat.name in self.played.director.wider.forgotten_chats

    def is_forgotten(self, told: Told) -> bool:
        """The same of a message's chat."""
        return self.is_forgotten_chat(told.chat)

    def has_content(self, told: Told) -> bool:
        """Whether more of it entered than its empty twin."""
        return any(not entry.is_empty for entry in self.entries_by_id.get(told.event.id, []))

    def is_dead(self, told: Told) -> bool:
        """Whether one of its entries is a dead letter."""
        return any(entry.state == "dead" for entry in self.entries_by_id.get(told.event.id, []))

    def chat_of(self, conversation: int) -> Chat | None:
        """Whose conversation it is."""
        row = self.tables.conversations.rows.get(conversation)
        place = self.tables.contact_inboxes.rows.get(row.contact_inbox_id) if row else None
        if place is None:
            return None
        return next((chat for chat in self.played.population.chats if place.source_id in chat.forms), None)

    @property
    def deaths(self) -> int:
        """How often a bridge ended, or stood still for long, without having chosen so."""
        return sum(bridge.deaths for bridge in self.played.director.bridges)

    def hard_faults(self) -> int:
        """What may have cost somebody an attempt."""
        weather = self.played.weather
        return self.played.script.chances.hard_max - weather.hard_left_at_end + self.deaths + weather.swept_away


def is_stub(row: Message) -> bool:
    """What a deletion leaves."""
    return row.content_attributes.get("deleted") is True


def shown(told: Told) -> str:
    """For people."""
    return f"#{told.number} {told.sort} in {told.chat.name} ({told.event.id[-6:]})"


CARRIED = (Sort.TEXT, Sort.OWN)
"""What has a place of its own in its chat."""
