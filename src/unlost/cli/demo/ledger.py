"""What was sent against what stands in the helpdesk: the population and desk's API, never the journal. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

REFERENCES = frozenset({"reaction", "edit", "revoke"})
"""Re-enter right behind their target (design section 4): they must follow it, not each other."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing a customer (or the firm's phone) sent. *place* is WhatsApp's order."""

    place: int
    id: str
    chat: str
    kind: str
    target: str
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

    @property
    def is_clean(self) -> bool:
        """Nothing lost, doubled or out of order."""
        return not (self.lost or self.duplicated or self.out_of_order)

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def judge(sent: Sequence[Sent], shown: Iterable[Shown]) -> Ledger:
    """Compare both ends. What stands in the helpdesk and was never sent counts as duplicated."""
    stands: defaultdict[str, list[Shown]] = defaultdict(list)
    for message in shown:
        stands[message.source_id].append(message)
    due = [one for one in sent if not one.unrecoverable]
    lost = tuple(one.id for one in due if not stands.get(f"WAID:{one.id}"))
    known = {f"WAID:{one.id}" for one in sent}
    copies = sum(len(found) - 1 for found in stands.values())
    strangers = sum(1 for source_id in stands if source_id not in known)
    return Ledger(
        sent=len(sent),
        shown=sum(len(found) for found in stands.values()),
        lost=len(lost),
        duplicated=copies + strangers,
        out_of_order=_out_of_order(due, stands),
        late=sum(found[0].is_late for found in stands.values()),
        unrecoverable=len(sent) - len(due),
        lost_ids=lost[:20],
    )


def _out_of_order(due: Sequence[Sent], stands: dict[str, list[Shown]]) -> int:
    """Messages shown before an earlier one of their chat, late ones aside; references shown before their target."""
    wrong = 0
    highest: defaultdict[str, int] = defaultdict(int)
    for one in sorted(due, key=lambda sent: sent.place):
        found = stands.get(f"WAID:{one.id}")
        if not found or found[0].is_late:
            continue
        if one.kind in REFERENCES:
            target = stands.get(f"WAID:{one.target}")
            wrong += bool(target and target[0].id > found[0].id and not target[0].is_late)
            continue
        wrong += found[0].id < highest[one.chat]
        highest[one.chat] = max(highest[one.chat], found[0].id)
    return wrong
