"""What stands at rest: the population against the desk's API, contacts and conversations one a chat, no dead letters."""

import json
import time
import urllib.request
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import click

from tests.kills.killing import Kill
from tests.kills.looking import dead_letters, delivered_at, joined, story_of, unsettled, waiting_look_ups
from tests.kills.world import KillWorld, webhooks_given_up
from unlost.cli.demo.audit import sent_by, shown_by
from unlost.cli.demo.ledger import Death, Ledger, Sent, Shown, judge
from unlost.cli.demo.world import DEVICE

SETTLE_S = 150.0
"""Doubts, waits for targets, and the sweeps that are due a minute after a repost."""
SWEEP_S = 75.0
"""First sweeps come a minute after a repost, the last of those a few doubts after the last kill; what is due later is waited for
by no run: second sweeps, ten minutes after each repost, which in a long run come due all the while.
"""
LOOK_UP_S = 1.0
"""For each look-up that waits: they go one at a time, half a second apart here, and some hundred new contacts ask for theirs."""
QUIET_S = 8.0
"""Once nothing is left to do, and for so long has not been, what is wrong stays wrong."""
LOOK_S = 1.0
TRIES_S = 62.0
"""Five tries of at most 10 s each, 15 s of waits between them, less for one that is refused at once."""
BUDGET_S, BEGUN_BUDGET_S = 2.0, 4.0
"""Design section 11: to the first delivery of a lane that was leased at the kill; the doubt wait here is 2 s."""
LONG_S = 10.0
"""A wait of which the log says why."""


@dataclass(frozen=True, slots=True)
class Rest:
    """*twins*: chats with more than one conversation or contact, in words. *two_forms*: chats that stand once under the LID and
    once under the phone number, because each had written before anybody told that they are one.
    """

    ledger: Ledger
    unsettled: int
    dead: tuple[str, ...]
    twins: tuple[str, ...]
    two_forms: int

    @property
    def is_clean(self) -> bool:
        """Nothing lost, doubled, out of order, dead or left."""
        return self.ledger.is_clean and not (self.unsettled or self.dead or self.twins)


def settle(world: KillWorld, deaths: Sequence[Death]) -> Rest:
    """Wait until nothing is left to do but second sweeps, then compare; looks again until clean, quiet, or out of time."""
    settle_s = SETTLE_S + LOOK_UP_S * waiting_look_ups(world.journal)
    ends_at, sweeps_until = time.monotonic() + settle_s, time.time() + SWEEP_S
    quiet_since = time.monotonic()
    while True:
        _reconcile(world)
        left = unsettled(world.journal, sweeps_until=sweeps_until)
        now = time.monotonic()
        quiet_since = now if left else quiet_since
        is_over = now >= ends_at or now - quiet_since >= QUIET_S
        if not left or is_over:
            rest = _compare(world, deaths, left)
            if rest.is_clean or is_over:
                return rest
        time.sleep(LOOK_S)


def _reconcile(world: KillWorld) -> None:
    for number, bridge in enumerate(world.bridges):
        if bridge.is_running:
            try:
                world.ask_one(number).post("reconcile", {}, wait_s=60.0)
            except click.ClickException:
                continue  # asked again at the next look


def _compare(world: KillWorld, deaths: Sequence[Death], left: int) -> Rest:
    sent = sent_by(world.population_path, DEVICE)
    shown = shown_by(world.desk_url, world.password)
    given_up = [Death(at - TRIES_S, at + 1) for at in webhooks_given_up(world)]
    ledger = judge(sent, shown, [*deaths, *given_up])
    twins, two_forms = _twins(world, sent, shown)
    ledger = order_of_one_form(ledger, {one.id for one in sent if one.chat in two_forms})
    return Rest(ledger, left, tuple(dead_letters(world.journal)), tuple(twins), len(two_forms))


def order_of_one_form(ledger: Ledger, in_two_forms: Container[str]) -> Ledger:
    """Without those out of order that somebody wrote of whom nobody had told yet that LID and number are one.

    Each form has a lane and a conversation then, and a place is fixed when its wait ends (design, section 3): what waits in the one
    is not held for the other. Such people are counted apart.
    """
    ids = tuple(one for one in ledger.out_of_order_ids if one not in in_two_forms)
    fewer = len(ledger.out_of_order_ids) - len(ids)
    return replace(ledger, out_of_order=ledger.out_of_order - fewer, out_of_order_ids=ids)


def _twins(world: KillWorld, sent: Sequence[Sent], shown: Sequence[Shown]) -> tuple[list[str], set[str]]:
    """Chats with several conversations, conversations with several chats, contacts without a chat, conversations without words;
    and the chats that stand under both their forms.

    Who was met as two may have a contact for each form, also where the second was made while the forms became known as one.
    """
    chat_of = {f"WAID:{one.id}": one.chat for one in sent}
    conversations: defaultdict[str, set[int]] = defaultdict(set)
    chats: defaultdict[int, set[str]] = defaultdict(set)
    for message in shown:
        chat = chat_of.get(message.source_id, "?")
        conversations[chat].add(message.conversation)
        chats[message.conversation].add(chat)
    several = {chat: them for chat, them in conversations.items() if len(them) > 1}
    both = {chat for chat, them in several.items() if _are_two_forms(world, them)}
    found = [f"{chat} stands in {sorted(them)}" for chat, them in several.items() if chat not in both]
    found += [f"conversation {number} holds {sorted(them)}" for number, them in chats.items() if len(them) > 1]
    names = _names_of_contacts(world)
    made_twice = {phone for lid, phone in joined(world.journal) if lid in names and phone in names}
    if len(names) != len(conversations) + len(both | made_twice):
        found.append(
            f"{len(names)} contacts for {len(conversations)} chats, {len(both | made_twice)} of them in two forms"
        )
    return found + _open_without_words(world, set(chats)), both


def _are_two_forms(world: KillWorld, conversations: set[int]) -> bool:
    """One contact under a LID, one under a phone number: merging them is irreversible, so a person decides (hard case 11)."""
    identifiers = [_get(world, f"conversations/{one}")["meta"]["sender"]["identifier"] or "" for one in conversations]
    return sorted(one.partition("@")[2] for one in identifiers) == ["lid", "s.whatsapp.net"]


def _open_without_words(world: KillWorld, with_words: set[int]) -> list[str]:
    """A twin that the sweep has closed stays in Chatwoot's list as resolved: its API cannot delete a conversation."""
    listed = _get(world, "conversations?status=all&updated_within=10000000")["data"]["payload"]
    return [
        f"conversation {one['id']} is empty and {one['status']}"
        for one in listed
        if one["id"] not in with_words and one["status"] != "resolved"
    ]


def _names_of_contacts(world: KillWorld) -> list[str]:
    names: list[str] = []
    for page in count(1):
        contacts = _get(world, f"contacts?page={page}")["payload"]
        if not contacts:
            return names
        names += [contact["identifier"] or "" for contact in contacts]
    raise AssertionError("pages end")


def _get(world: KillWorld, path: str) -> Any:
    request = urllib.request.Request(f"{world.desk_url}/api/v1/accounts/1/{path}")
    request.add_header("api_access_token", world.password)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def waits_s(world: KillWorld, kills: Sequence[Kill], *, begun: bool) -> list[float]:
    """Seconds from when somebody could go on to the delivery of each inbound entry that was leased at a kill.

    What was disturbed anew before its budget was over tells nothing, and is left out.
    """
    return sorted(wait for _, wait in _waits(world, kills, begun=begun))


def long_waits(world: KillWorld, kills: Sequence[Kill]) -> list[str]:
    """What was delivered long after somebody could have gone on, in one line each: with why."""
    waits = [*_waits(world, kills, begun=False), *_waits(world, kills, begun=True)]
    return [
        f"entry {entry} ({story_of(world.journal, entry)}) was in hand at a kill and delivered {wait:.1f} s later"
        for entry, wait in waits
        if wait > LONG_S
    ]


def _waits(world: KillWorld, kills: Sequence[Kill], *, begun: bool) -> Iterator[tuple[int, float]]:
    budget_s = BEGUN_BUDGET_S if begun else BUDGET_S
    for kill in kills:
        for one in kill.held:
            at = delivered_at(world.journal, one.entry) if one.direction == "in" and one.begun is begun else None
            if at is not None and (at <= kill.until or kill.until - kill.going_on_at >= budget_s):
                yield one.entry, max(0.0, at - kill.going_on_at)
