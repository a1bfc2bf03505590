"""Who plays the script: customers who write, agents who meddle, machines that fail, each at its time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from tests.simulation import wider
from tests.simulation.bridges import SimulatedBridge, World
from tests.simulation.gateway_side import GatewaySide
from tests.simulation.helpdesk_side import HelpdeskSide
from tests.simulation.outside import later, spawn
from tests.simulation.population import BAD, OWN, Chat, Population, Sort, Told
from tests.simulation.script import Act, Deed, Script
from unlost.gateway.events import (
    Content,
    Edit,
    Empty,
    Media,
    MediaKind,
    Message,
    Quote,
    Reaction,
    ReceiptType,
    Revoke,
    Text,
)

STARTS_AGAIN_S = (0.3, 12.0)
SUPERVISOR_EVERY_S = 0.5
HOSTILE = ("\u202e right to left", " \x00 nul", " {{ contact.name }} {% liquid", " " + "long " * 400, " 😀<b>&")


class Director:
    """Plays a script. What agents did is kept for the checker: it excuses what it explains."""

    def __init__(
        self,
        script: Script,
        world: World,
        population: Population,
        helpdesk: HelpdeskSide,
        gateway: GatewaySide,
        bridges: list[SimulatedBridge],
        rng: random.Random,
        now: Callable[[], float],
    ) -> None:
        self.script, self.world, self.population = script, world, population
        self.helpdesk, self.gateway, self.bridges = helpdesk, gateway, bridges
        self.rng, self.now = rng, now
        self.killed_by: dict[str, int] = {}
        self.agents_texts: list[int] = []
        self.deleted_by_agent: set[int] = set()
        self.resolved_by_agent: set[int] = set()
        self.removed: set[str] = set()
        self.merged: set[int] = set()
        self.is_over = False
        self.wider = wider.Wider()
        if script.scene == "poison":
            helpdesk.poison = "POISON"

    async def act(self) -> None:
        """Everything in its time, then until the script's end."""
        loop = asyncio.get_running_loop()
        for bridge in self.bridges:
            bridge.has_died = self._has_died
        for act in self.script.acts:
            await asyncio.sleep(max(0.0, act.at_s - loop.time()))
            self._do(act)
        await asyncio.sleep(max(0.0, self.script.ends_at_s - loop.time()))

    async def end_faults(self) -> None:
        """Everybody is back and well."""
        self.is_over = True
        self.world.weather.clear()
        self.world.disk.heal()
        self.helpdesk.is_away = self.helpdesk.refuses_token = False
        self.world.witness.rows_to_fail = 0
        if not self.gateway.is_up:
            self.gateway.start()
        while any(bridge.is_frozen for bridge in self.bridges):
            await asyncio.sleep(1.0)
        self.keep_alive()

    def keep_alive(self) -> None:
        """Start who is dead."""
        for bridge in self.bridges:
            bridge.start()

    def _has_died(self, bridge: SimulatedBridge) -> None:
        """The supervisor looks twice a second: what died is started again, a while later."""
        now = asyncio.get_running_loop().time()
        later(SUPERVISOR_EVERY_S - now % SUPERVISOR_EVERY_S, self._see_to, bridge)

    def _see_to(self, bridge: SimulatedBridge) -> None:
        if not bridge.is_alive and not bridge.is_called:
            bridge.is_called = True
            later(self.rng.uniform(*STARTS_AGAIN_S), self._start, bridge)

    def _start(self, bridge: SimulatedBridge) -> None:
        bridge.is_called = False
        bridge.start()

    # --- deeds --------------------------------------------------------------------------------------------------------

    def _do(self, act: Act) -> None:
        bridge = self.bridges[act.number % len(self.bridges)]
        match act.deed:
            case Deed.SAY:
                self.say(act, self.script.chats[act.chat])
            case Deed.TURN:
                chat = self.script.chats[act.chat]
                chat.speaks_lid = not chat.speaks_lid
            case Deed.EDIT_BAD:
                self._edit_bad(act)
            case Deed.PAIR:
                self._pair(self.script.chats[act.chat])
            case Deed.RECEIPT:
                self._receipt(act.number)
            case Deed.GARBAGE:
                shapes = (b'{"garbage', b'{"event":"message","garbage":1}', b"garbage", b'[["garbage"]]')
                self.gateway.garbage(shapes[act.number % 4] + b" " * (act.number % 50))
            case Deed.KILL:
                bridge.kill()
            case Deed.DIE_WRITING:
                if bridge.is_alive:
                    bridge.die_in(act.number % 40)
            case Deed.FREEZE:
                bridge.freeze(act.for_s)
            case Deed.STOP:
                spawn(bridge.stop())
            case Deed.POWER_LOSS:
                self._lose_power(act)
            case Deed.CLOCK:
                self.world.clock.step(act.for_s if act.number % 2 else -act.for_s)
                self.world.history.tell("director", "the wall clock steps")
            case Deed.DISK_FULL:
                self.world.history.tell("director", f"the disk is full for {act.for_s:.1f} s")
                self.world.disk.full = True
                later(act.for_s, self._heal)
            case Deed.DISK_ERROR:
                self.world.history.tell("director", "the disk fails once")
                self.world.disk.fail_next(("sync", "write")[act.number % 2], spared=act.number % 5)
            case Deed.HELPDESK_AWAY:
                self._helpdesk_goes(act.for_s)
            case Deed.GATEWAY_AWAY:
                if self.gateway.is_up:
                    self.gateway.stop()
                    later(act.for_s, self._gateway_returns)
            case _:
                if not wider.do(self, act):
                    self._agent(act)

    def _lose_power(self, act: Act) -> None:
        for bridge in self.bridges:
            bridge.kill("loses its power")
        self.world.disk.crash(self.rng)
        for file in self.world.files.glob("*"):  # nothing is lost with them: the journal says what to fetch again
            file.unlink()

    def _heal(self) -> None:
        self.world.disk.heal()

    def _helpdesk_goes(self, for_s: float) -> None:
        self.world.history.tell("helpdesk", f"away for {for_s:.1f} s")
        self.helpdesk.is_away = True
        later(for_s, self._helpdesk_returns)

    def _helpdesk_returns(self) -> None:
        self.helpdesk.is_away = False

    def _gateway_returns(self) -> None:
        if not self.gateway.is_up:
            self.gateway.start()

    # --- customers ----------------------------------------------------------------------------------------------------

    def _pair(self, chat: Chat) -> None:
        chat.is_paired = True
        self.world.history.tell("gateway", f"learns who {chat.name}'s LID is")

    def _receipt(self, number: int) -> None:
        own = [told for told in self.population.told if told.sort is Sort.OWN]
        if own:
            kind = (ReceiptType.DELIVERED, ReceiptType.READ)[number % 2]
            self.gateway.receipt(own[number % len(own)], kind)

    def _edit_bad(self, act: Act) -> None:
        """Other words for what nobody could deliver: these can be."""
        bad = [told for told in self.population.told if told.sort in BAD]
        if bad:
            self.say(replace(act, sort=Sort.EDIT), bad[0].chat, about=bad[0])

    def say(self, act: Act, chat: Chat, *, about: Told | None = None) -> None:
        """Somebody writes, or does to a message (*about*) what *act* says."""
        said = [told for told in self.population.of(chat) if told.sort in (Sort.TEXT, Sort.OWN)]
        target = about or (said[act.number % len(said)] if said else None)
        sort = Sort.TEXT if target is None and act.sort in (Sort.REACTION, Sort.EDIT, Sort.REVOKE) else act.sort
        number = len(self.population.told)
        words = f"sesame{number:03d}x"
        rng = random.Random(act.number)
        from_me = sort in (Sort.OWN, Sort.NOISE) or (sort in (Sort.EDIT, Sort.REVOKE) and target_is_own(target))
        if sort in (Sort.EDIT, Sort.REVOKE):
            assert target is not None
            sender, name = target.event.sender, target.event.name
        elif from_me:
            sender, name = OWN, ""
        elif chat.is_group:
            name, sender = chat.members[act.number % 3]
        else:
            sender, name = chat.address, rng.choice((chat.name, chat.name, ""))
        where = OWN if sort is Sort.NOISE else chat.address
        at = float(int(self.now()))
        content = _content(sort, words, target, rng)
        stamp = datetime.fromtimestamp(at, UTC)
        whatsapp_id = f"3EB0{rng.getrandbits(64):016X}"
        if self.script.has_files and sort is Sort.TEXT and act.number % 3 == 0:
            content = _photo(words, whatsapp_id, is_at_hand=act.number % 4 != 0)
        message = Message(whatsapp_id, where, sender, stamp, content, name=name, from_me=from_me)
        refers = sort in (Sort.REACTION, Sort.EDIT, Sort.REVOKE) or (isinstance(content, Text) and content.quote)
        told = Told(number, sort, chat, message, words, at, target=target if refers else None)
        self.population.told.append(told)
        if sort is Sort.EDIT and target is not None:
            target.edited_to.append(words)
        if sort is Sort.REVOKE and target is not None:
            target.revoked = True
        shown = f"-> #{told.target.number}" if told.target else ""
        self.world.history.tell("customer", f"#{number} {sort} in {chat.name} ({message.id[-6:]}) {shown}")
        self.gateway.happen(message, told)

    # --- agents -------------------------------------------------------------------------------------------------------

    def _agent(self, act: Act) -> None:
        if self.helpdesk.is_away:
            return
        tables = self.helpdesk.world.tables
        conversations = sorted(tables.conversations.rows)
        if not conversations:
            return
        conversation = conversations[act.number % len(conversations)]
        match act.deed:
            case Deed.AGENT_WRITES | Deed.AGENT_NOTES:
                is_note = act.deed is Deed.AGENT_NOTES
                body = {"content": "an agent's words", "message_type": "outgoing", "private": is_note}
                reply = self.helpdesk.agent("POST", f"conversations/{conversation}/messages", body)
                if reply.status == 200 and not is_note:
                    self.agents_texts.append(reply.json()["id"])
            case Deed.AGENT_DELETES:
                self._delete_message(conversation, act.number)
            case Deed.AGENT_RESOLVES:
                self.helpdesk.agent("POST", f"conversations/{conversation}/toggle_status", {"status": "resolved"})
                self.resolved_by_agent.add(conversation)
            case Deed.AGENT_REMOVES:
                self._remove(conversation)
            case Deed.AGENT_MERGES:
                self._merge(act.number)
            case _:
                raise AssertionError(act.deed)

    def _delete_message(self, conversation: int, number: int) -> None:
        rows = self.helpdesk.world.tables.messages.rows.values()
        theirs = [row.id for row in rows if row.conversation_id == conversation and row.source_id]
        if theirs:
            message = theirs[number % len(theirs)]
            self.helpdesk.agent("DELETE", f"conversations/{conversation}/messages/{message}")
            self.deleted_by_agent.add(message)

    def _remove(self, conversation: int) -> None:
        """A conversation and all in it, for good."""
        rows = self.helpdesk.world.tables.messages.rows.values()
        gone = {row.source_id for row in rows if row.conversation_id == conversation and row.source_id}
        if self.helpdesk.agent("DELETE", f"conversations/{conversation}").status == 200:
            self.removed |= {source for source in gone if source}

    def _merge(self, number: int) -> None:
        contacts = sorted(self.helpdesk.world.tables.contacts.rows)
        if len(contacts) >= 2:
            kept, gone = random.Random(number).sample(contacts, 2)
            body = {"base_contact_id": kept, "mergee_contact_id": gone}
            if self.helpdesk.agent("POST", "actions/contact_merge", body).status == 200:
                self.merged |= {kept, gone}


def target_is_own(target: Told | None) -> bool:
    """Whether what is referred to was typed on the firm's phone."""
    return target is not None and target.event.from_me


def _photo(words: str, whatsapp_id: str, *, is_at_hand: bool) -> Media:
    """With its words as caption. One that is not at hand: the gateway's own download of it failed (GOWA page, 1.4)."""
    path = f"statics/media/{whatsapp_id}.png" if is_at_hand else ""
    return Media(MediaKind.IMAGE, "image/png", path=path, caption=words)


def _content(sort: Sort, words: str, target: Told | None, rng: random.Random) -> Content:
    match sort:
        case Sort.TEXT | Sort.OWN:
            quote = Quote(target.event.id, target.words) if target and rng.random() < 0.25 else None
            return Text(words + (rng.choice(HOSTILE) if rng.random() < 0.1 else ""), quote)
        case Sort.KILLER:
            return Text(f"{words} KILLER")
        case Sort.POISON:
            return Text(f"{words} POISON")
        case Sort.READ_KILLER:
            return Text(f"{words} READ-KILLER")
        case Sort.REACTION:
            assert target is not None
            return Reaction(target.event.id, rng.choice("👍❤😂"))
        case Sort.EDIT:
            assert target is not None
            return Edit(target.event.id, words)
        case Sort.REVOKE:
            assert target is not None
            return Revoke(target.event.id)
        case Sort.POLL | Sort.NOISE:
            return Empty(sort)
