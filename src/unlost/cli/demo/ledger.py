"""What was sent against what stands in the helpdesk: the population and desk's API, never the journal. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

NAMED_MAX = 20
"""Ids of each fault that the ledger names."""
REFERENCES = frozenset({"reaction", "reaction_removed", "edit", "revoke"})
"""Re-enter right behind their target (design section 4): they must follow it, not each other."""
WITHOUT_ROW = {
    "envelope": REFERENCES | {"poll", "list", "order", "interactive"},
    "flat": REFERENCES | {"poll", "list", "order", "interactive", "cards", "place"},
}
"""By dialect: kinds of which GOWA's storage keeps no row of their own (GOWA page, section 4)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing a customer (or the firm's phone) sent. *place* is WhatsApp's order, *second* all that a webhook tells of it."""

    place: int
    id: str
    chat: str
    kind: str
    target: str
    second: int
    unrecoverable: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One message of the helpdesk that is not deleted. *id* is the helpdesk's, in its order."""

    id: int
    conversation: int
    source_id: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Ledger:
    """*late* came after its place had passed and says so; *unrecoverable* was in no webhook and no storage row."""

    sent: int
    shown: int
    lost: int
    duplicated: int
    out_of_order: int
    late: int
    unrecoverable: int
    lost_ids: tuple[str, ...] = ()
    duplicated_ids: tuple[str, ...] = ()
    out_of_order_ids: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Nothing lost, doubled or out of order."""
        return not (self.lost or self.duplicated or self.out_of_order)

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)

    def so_far(self) -> str:
        """For people, while it goes on: every message that was sent is in one of the numbers; what is missing is on its way."""
        gone = f", unrecoverable so far {self.unrecoverable}" if self.unrecoverable else ""
        counted = f"sent {self.sent}, in the helpdesk {self.shown}, on their way {self.lost}{gone}"
        return f"{counted}, duplicated {self.duplicated}"

    def in_words(self) -> str:
        """For people: the figures on one line, then what is wrong by its ids."""
        named = {"lost": self.lost_ids, "duplicated": self.duplicated_ids, "out of order": self.out_of_order_ids}
        return (
            f"lost {self.lost}, duplicated {self.duplicated}, out_of_order {self.out_of_order}, late {self.late}, "
            f"unrecoverable {self.unrecoverable}, of {self.sent} sent"
            + "".join(f"\n{what}: {', '.join(ids)}" for what, ids in named.items() if ids)
        )


@dataclass(frozen=True, slots=True)
class Death:
    """A gateway in GOWA's temper died: what it held in memory between these epoch seconds is gone."""

    since: float
    until: float


def judge(
    sent: Sequence[Sent],
    shown: Iterable[Shown],
    deaths: Sequence[Death] = (),
    *,
    dialect: str = "envelope",
    exact_order: bool = False,
) -> Ledger:
    """Compare both ends. What stands in the helpdesk and was never sent counts as duplicated.

    *exact_order*: the gateway tells everything in order, so that order is asked for inside a second too.

    A reaction or a poll has no storage row of its own (`WITHOUT_ROW`): where its webhook died in memory, nothing downstream can
    know of it. It is counted as unrecoverable, never a text or a file, and only around one of *deaths*.
    """
    rowless = WITHOUT_ROW[dialect]
    stands: defaultdict[str, list[Shown]] = defaultdict(list)
    for message in shown:
        stands[message.source_id].append(message)
    due = [
        one for one in sent if not (one.unrecoverable or (one.kind in rowless and _died_in_memory(one, stands, deaths)))
    ]
    lost = tuple(one.id for one in due if not stands.get(f"WAID:{one.id}"))
    known = {f"WAID:{one.id}" for one in sent}
    copies = sum(len(found) - 1 for found in stands.values())
    strangers = sum(1 for source_id in stands if source_id not in known)
    doubled = tuple(name for name, found in stands.items() if len(found) > 1 or name not in known)
    disordered = _out_of_order(due, stands, exact_order)
    return Ledger(
        sent=len(sent),
        shown=sum(len(found) for found in stands.values()),
        lost=len(lost),
        duplicated=copies + strangers,
        out_of_order=len(disordered),
        late=sum(found[0].is_late for found in stands.values()),
        unrecoverable=len(sent) - len(due),
        lost_ids=lost[:NAMED_MAX],
        duplicated_ids=doubled[:NAMED_MAX],
        out_of_order_ids=disordered[:NAMED_MAX],
    )


def _died_in_memory(one: Sent, stands: dict[str, list[Shown]], deaths: Sequence[Death]) -> bool:
    if stands.get(f"WAID:{one.id}"):
        return False
    return any(death.since <= one.second <= death.until for death in deaths)


def _out_of_order(due: Sequence[Sent], stands: dict[str, list[Shown]], exact: bool) -> tuple[str, ...]:
    """Messages shown before one of an earlier second of their chat, late ones aside; references shown before their target.

    GOWA tells whole seconds and sends webhooks in any order, so nobody behind it can know the order inside a second:
    only where the order is *exact* it counts there.
    """
    wrong: list[str] = []
    last: dict[str, tuple[int, int]] = {}  # of each chat: the highest helpdesk id so far, and when that was sent
    for one in sorted(due, key=lambda sent: sent.place):
        found = stands.get(f"WAID:{one.id}")
        if not found or found[0].is_late:
            continue
        if one.kind in REFERENCES:
            target = stands.get(f"WAID:{one.target}")
            if target and target[0].id > found[0].id and not target[0].is_late:
                wrong.append(one.id)
            continue
        at = one.place if exact else one.second
        before = last.get(one.chat, (0, at))
        if found[0].id < before[0] and before[1] < at:
            wrong.append(one.id)
        last[one.chat] = max(before, (found[0].id, at))
    return tuple(wrong)
