"""What is to go wrong with one event, settled when it is sent so that a restart does not change it."""

from __future__ import annotations

import hashlib
from enum import StrEnum

import msgspec


class Twin(StrEnum):
    """The empty event with the same id that a group message may bring along, in either order (GOWA page, 2.2)."""

    NONE = "none"
    BEFORE = "before"
    AFTER = "after"


class Fate(msgspec.Struct, frozen=True):
    """How WhatsApp and the gateway treat one event; the default is that nothing goes wrong.

    - *copies*: the sender's phone repeats it that often, with the same id.
    - *twin*: an empty event of the same id stands beside it.
    - *webhook_lost*: chat storage has it, no webhook ever does (GOWA's temper only; the durable one loses none).
    - *unrecoverable*: neither has it, for ever; nobody can show it, and a ledger must list it.
    - *stored_as_lid*: storage keeps the LID although webhooks show the phone (GOWA page, 2.3, last point).
    - *late_s*: its webhook starts that much later (GOWA's temper only), *download_s*: its file takes that long.
    """

    copies: int = 0
    twin: Twin = Twin.NONE
    webhook_lost: bool = False
    unrecoverable: bool = False
    stored_as_lid: bool = False
    late_s: float = 0.0
    download_s: float = 0.0


class Chances(msgspec.Struct, frozen=True):
    """How often each fault strikes, from 0 (never) to 1; *late_most_s* bounds a late webhook."""

    copy: float = 0.0
    twin: float = 0.0
    webhook_lost: float = 0.0
    unrecoverable: float = 0.0
    stored_as_lid: float = 0.0
    late: float = 0.0
    late_most_s: float = 5.0


GOOD = Fate()


def draw(seed: int, *words: object) -> float:
    """A number in [0, 1) that depends on nothing but *seed* and *words*, so that no order of calls changes it."""
    digest = hashlib.blake2b("\x1f".join(map(str, (seed, *words))).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def fate_of(event: str, chances: Chances, *, seed: int, in_group: bool) -> Fate:
    """The fate that *seed* has for the event named *event*; only group messages have twins."""

    def strikes(name: str, chance: float) -> bool:
        return draw(seed, event, name) < chance

    twin = Twin.NONE
    if in_group and strikes("twin", chances.twin):
        twin = Twin.BEFORE if draw(seed, event, "side") < 0.5 else Twin.AFTER
    return Fate(
        copies=int(strikes("copy", chances.copy)),
        twin=twin,
        webhook_lost=strikes("webhook_lost", chances.webhook_lost),
        unrecoverable=strikes("unrecoverable", chances.unrecoverable),
        stored_as_lid=strikes("stored_as_lid", chances.stored_as_lid),
        late_s=chances.late_most_s * draw(seed, event, "late_s") if strikes("late", chances.late) else 0.0,
    )
