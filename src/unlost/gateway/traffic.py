"""A believable day of a small shop's WhatsApp, from a seed: who writes what next, one thing at a time.

Every written word carries a marker `#n` that occurs nowhere else, so that a ledger can find it in the helpdesk by its
text alone. The population is all that is written to, so the gateway may be dead meanwhile.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from unlost.gateway.events import Content, Edit, Quote
from unlost.gateway.population import Avatar, Customer, Group, Population, Sent
from unlost.gateway.population.fate import Chances, Fate, fate_of
from unlost.gateway.population.truth import last_place
from unlost.gateway.repertoire import CONTENTS, NOTICES, REFERRAL, Scene, contents, notices
from unlost.gateway.words import EMOJI, LINES, NAMES, REPLIES, TOWNS

T = TypeVar("T")
# Weights of what happens next; a day is mostly plain text, and a third of it is groups.
HAPPENINGS: dict[str, int] = {
    "text": 50,
    "group_text": 26,
    "reply": 10,
    "reaction": 8,
    "own_text": 6,
    "edit": 3,
    "newcomer": 3,
    "reaction_removed": 1,
    "pairing": 1,
}
MORE_KINDS: dict[str, int] = {
    "caption_edit": 1,
    "referral": 1,
    "revoke": 1,
    **dict.fromkeys(CONTENTS, 1),
    **dict.fromkeys(NOTICES, 1),
    "image": 4,
}
OLD_S = 60.0  # nothing younger is deleted for oneself: its webhook may be under way, and storage forgets it
RECENT = 200  # replies, reactions and edits look back no further


@dataclass(frozen=True, kw_only=True)
class Cast:
    """How many take part. *lid_share* of them are addressed by LID, at first unpaired; *private_share* hide their picture."""

    customers: int = 12
    groups: int = 3
    lid_share: float = 0.25
    private_share: float = 0.3


class Traffic:
    """Writes into one population. The same seed and population give the same day, but for the clock's times."""

    def __init__(
        self,
        population: Population,
        *,
        seed: int,
        cast: Cast = Cast(),
        chances: Chances = Chances(),  # noqa: B008  frozen
        every_kind: bool = False,
    ) -> None:
        self._population = population
        self._seed = seed
        self._chance = random.Random(seed)  # noqa: S311  a believable day, not a secret
        self._cast = cast
        self._chances = chances
        self._weights = HAPPENINGS | (MORE_KINDS if every_kind else {})
        self._recent: list[Sent] = []
        self._reacted: list[Sent] = []
        self._marker = last_place(population.connection)
        self._customers: list[Customer] = []
        self._groups: list[Group] = []

    def populate(self) -> None:
        """Write down the cast; people who are there already stay."""
        people = self._population.people
        for number in range(self._cast.customers):
            customer = self._customer(number)
            self._customers.append(people.find(customer.key) or people.add(customer))
        for number in range(self._cast.groups):
            self._groups.append(people.add_group(self._group(number)))

    def next(self, at: datetime | None = None) -> Sent:
        """Let one thing happen, at *at* or now, and return what was sent."""
        if not self._customers:
            self.populate()
        names, weights = list(self._weights), list(self._weights.values())
        happening = self._chance.choices(names, weights)[0]
        sent = self._happenings()[happening](at)
        self._recent = [*self._recent, sent][-RECENT:]
        return sent

    def newcomer(self, at: datetime | None = None, *, referral: dict[str, Any] | None = None) -> Sent:
        """Somebody writes for the first time, brought by an ad where there is a *referral*."""
        if not self._customers:
            self.populate()
        customer = self._population.people.add(self._customer(len(self._customers)))
        self._customers.append(customer)
        words = self._words(LINES)
        fate = self._fate(in_group=False)
        return self._population.send_text(customer.key, words, at=at, fate=fate, referral=referral)

    def _happenings(self) -> dict[str, Callable[[datetime | None], Sent]]:
        return {
            "text": self._text,
            "group_text": self._group_text,
            "reply": self._reply,
            "reaction": self._reaction,
            "own_text": self._own_text,
            "edit": self._edit,
            "newcomer": self.newcomer,
            "reaction_removed": self._reaction_removed,
            "pairing": self._pairing,
            "caption_edit": self._caption_edit,
            "referral": lambda at: self.newcomer(at, referral=REFERRAL),
            "revoke": self._revoke,
            **{name: partial(self._content, name) for name in CONTENTS},
            **{name: partial(self._notice, name) for name in NOTICES},
        }

    def _text(self, at: datetime | None) -> Sent:
        chat = self.one_of(self._customers).key
        return self._population.send_text(chat, self._words(LINES), at=at, fate=self._fate(in_group=False))

    def _group_text(self, at: datetime | None) -> Sent:
        group = self.one_of(self._groups)
        sender, fate = self.one_of(group.members), self._fate(in_group=True)
        return self._population.send_text(group.jid, self._words(LINES), sender=sender, at=at, fate=fate)

    def _reply(self, at: datetime | None) -> Sent:
        target = self._earlier(lambda sent: sent.kind == "text" and not sent.from_me)
        if target is None:
            return self._text(at)
        quote, fate = Quote(target.id, target.text), self._fate(in_group=_is_group(target))
        words = self._words(REPLIES)
        return self._population.send_text(target.chat, words, quote=quote, sender=target.sender, at=at, fate=fate)

    def _reaction(self, at: datetime | None) -> Sent:
        target = self._earlier(lambda sent: sent.kind in {"text", "reply"})
        if target is None:
            return self._text(at)
        sender = self._member_or_customer(target)
        fate = self._fate(in_group=_is_group(target))
        sent = self._population.react(target, self.one_of(EMOJI), sender=sender, at=at, fate=fate)
        self._reacted = [*self._reacted, sent][-RECENT:]
        return sent

    def _reaction_removed(self, at: datetime | None) -> Sent:
        if not self._reacted:
            return self._text(at)
        taken_back = self._reacted.pop(self._chance.randrange(len(self._reacted)))
        target = next((one for one in self._recent if one.id == taken_back.target), None)
        if target is None:
            return self._text(at)
        return self._population.react(target, "", sender=taken_back.sender, at=at)

    def _own_text(self, at: datetime | None) -> Sent:
        """Typed on the account's own phone, as a shopkeeper does."""
        target = self._earlier(lambda sent: not sent.from_me)
        chat = target.chat if target else self.one_of(self._customers).key
        return self._population.send_text(
            chat, self._words(REPLIES), from_me=True, at=at, fate=self._fate(in_group=False)
        )

    def _edit(self, at: datetime | None) -> Sent:
        target = self._earlier(lambda sent: sent.kind == "text")
        if target is None:
            return self._text(at)
        return self._population.edit(target, self._words(LINES), at=at, fate=self._fate(in_group=_is_group(target)))

    def _revoke(self, at: datetime | None) -> Sent:
        target = self._earlier(lambda sent: sent.kind == "text")
        return self._text(at) if target is None else self._population.revoke(target, at=at)

    def _pairing(self, at: datetime | None) -> Sent:
        """The gateway learns whose phone a LID hides; from now on webhooks show it."""
        unpaired = [one for one in self._customers if one.lid and one.phone and not one.paired]
        if not unpaired:
            return self._text(at)
        learned = self.one_of(unpaired)
        self._population.people.pair(learned.key)
        self._customers[self._customers.index(learned)] = self._population.people.find(learned.key) or learned
        words = self._words(LINES)
        return self._population.send_text(learned.key, words, at=at, fate=self._fate(in_group=False))

    def _caption_edit(self, at: datetime | None) -> Sent:
        """The envelope does not tell a caption's new words."""
        target = self._earlier(lambda sent: sent.kind == "image")
        if target is None:
            return self._content("image", at)
        edit, fate = Edit(target.id, None), self._fate(in_group=False)
        return self._population.send(target.chat, edit, sender=target.sender, at=at, fate=fate)

    def _content(self, name: str, at: datetime | None) -> Sent:
        """What is neither words nor a file."""
        return self._send(contents(self)[name](), at)

    def _notice(self, name: str, at: datetime | None) -> Sent:
        """Something happens around a chat, and then somebody writes."""
        now = at or datetime.now(UTC)
        scene = Scene(
            self._population,
            self.one_of(self._customers).key,
            self.one_of(self._groups),
            self._earlier(lambda sent: (now - sent.at).total_seconds() > OLD_S and sent.kind == "text"),
            self._earlier(lambda sent: sent.from_me and not _is_group(sent)),
            now,
        )
        for event in notices(self, scene)[name]:
            self._population.tell(event)
        return self._text(at)

    def _send(self, content: Content, at: datetime | None) -> Sent:
        chat = self.one_of(self._customers).key
        return self._population.send(chat, content, at=at, fate=self._fate(in_group=False))

    def _customer(self, number: int) -> Customer:
        """The *number*th person: Brazilian mobiles with and without the ninth digit, some LIDs, a few without a number."""
        rest = random.Random(f"{self._seed}/{number}")  # noqa: S311  as above
        digits = (
            f"{rest.choice(('11', '21', '41', '81'))}{rest.choice(('9', ''))}{rest.randrange(81_000_000, 99_999_999)}"
        )
        hidden = rest.random() < self._cast.lid_share
        nameless = rest.random() < 0.1
        return Customer(
            name="" if nameless else f"{rest.choice(NAMES)} {number}",
            phone=f"55{digits}@s.whatsapp.net",
            lid=f"{rest.randrange(10**14, 10**15)}@lid" if hidden else "",
            avatar=Avatar.PRIVATE if rest.random() < self._cast.private_share else Avatar.SHOWN,
            speaks_as_lid=hidden,
            paired=not hidden,
        )

    def _group(self, number: int) -> Group:
        members = self._chance.sample(self._customers, min(5, len(self._customers)))
        jid = f"1203634{self._seed % 10**6:06d}{number:05d}@g.us"
        return Group(jid=jid, name=f"{self.one_of(TOWNS)[0]} {number}", members=tuple(one.key for one in members))

    def _member_or_customer(self, target: Sent) -> str:
        group = next((one for one in self._groups if one.jid == target.chat), None)
        return self.one_of(group.members) if group else target.chat

    def _earlier(self, fits: Callable[[Sent], bool]) -> Sent | None:
        found = [one for one in self._recent if fits(one) and not one.unrecoverable]
        return self.one_of(found) if found else None

    def _words(self, lines: Sequence[str]) -> str:
        return self.marked(self.one_of(lines))

    def marked(self, words: str) -> str:
        """*words* with the next marker."""
        self._marker += 1
        return f"{words} #{self._marker}"

    def _fate(self, *, in_group: bool) -> Fate:
        return fate_of(str(self._marker), self._chances, seed=self._seed, in_group=in_group)

    def one_of(self, some: Sequence[T]) -> T:
        """One of *some*, by the seed."""
        return some[self._chance.randrange(len(some))]


def _is_group(sent: Sent) -> bool:
    return sent.chat.endswith("@g.us")
