"""The rounds of one world, one after the other: aim, kill, start again; and where each kill fell."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.kills.customers import Customers
from tests.kills.looking import Held, Unreadable, held_by, holder_of, is_being_written
from tests.kills.plan import POST, Aim, Plan, Round
from tests.kills.world import KillWorld, freeze
from unlost.cli.demo.ledger import Death
from unlost.cli.processes import Program

AIM_WAIT_S = 8.0
"""How long to wait for a begun step; a fault holds its answer back, so it is there after the next message."""
AIM_FAULTS = 12
"""Requests that the fault befalls while a kill is aimed; what is left of them ends with it."""
AIM_EVERY_S = 0.004
CRASHES_MAX = 1
"""A third crash in the hands of its worker makes an entry dead by design (section 4); a run must not cause that one itself."""
MEMORY_S = 20.0
"""GOWA holds a webhook in memory for at most 15 s against a door that refuses."""
FROZEN_S = 34.0
"""Beyond the lease of 30 s."""


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill of a bridge. *held*: what it had in hand. Epoch seconds: *going_on_at*, when somebody could go on, and
    *until*, when the next thing was made to go wrong.
    """

    held: tuple[Held, ...]
    pair: bool
    going_on_at: float
    until: float

    @property
    def begun(self) -> bool:
        """Whether it fell between a begun step and its fact."""
        return any(one.begun for one in self.held)


@dataclass(slots=True)
class Killing:
    """Plays a plan. *tell* hears one line a round."""

    world: KillWorld
    customers: Customers
    plan: Plan
    tell: Callable[[str], None]
    kills: list[Kill] = field(default_factory=list)
    deaths: list[Death] = field(default_factory=list)
    starts_s: list[float] = field(default_factory=list)
    frozen: int = 0

    def play(self) -> None:
        """Every round, and at the end both sides alive."""
        for number, one in enumerate(self.plan.rounds, 1):
            self.customers.rate = one.rate
            time.sleep(one.pause_s)
            self._note_disturbance()
            self._join(one)
            self._also(one)
            kill = self._round(one)
            where = "begun" if kill.begun else "in hand" if kill.held else "idle"
            with_what = f", {self.world.temper} temper" + (", two bridges" if one.pair else "")
            self.tell(f"kill {number} of {len(self.plan.rounds)}: {where} ({len(kill.held)} leased{with_what})")
        if self.plan.freeze:
            self._freeze_beyond_the_lease()

    def _round(self, one: Round) -> Kill:
        if one.fault is not None:
            self.world.befall({**one.fault, "times": AIM_FAULTS})
        self.customers.newcomers = one.aim == "leased"
        held = self._kill(int(one.second), one.aim)
        self.customers.newcomers = False
        killed_at = time.time()
        self.world.no_more_faults()
        if one.weather is not None:
            self.world.befall({"method": "POST", **one.weather})
        time.sleep(one.down_s)
        self.starts_s.append(self.world.start_one(int(one.second)))
        going_on_at = killed_at if one.pair else time.time()
        kill = Kill(held, one.pair, going_on_at, math.inf if one.weather is None else going_on_at)
        self.kills.append(kill)
        return kill

    def _note_disturbance(self) -> None:
        if self.kills:
            self.kills[-1] = replace(self.kills[-1], until=min(self.kills[-1].until, time.time()))

    def _kill(self, number: int, aim: Aim) -> tuple[Held, ...]:
        """Stand still, look, and then run no further instruction; at the moment aimed at, as long as one comes in time."""
        program = self.world.bridges[number]
        ends_at = time.monotonic() + AIM_WAIT_S
        while True:
            is_over = time.monotonic() > ends_at
            if is_over or _is_hit(aim, self._held(program)):
                holder = self._holder(program)
                freeze(program)
                held = self._held_still(holder)
                if held is None:  # as good an instant to die in as any: what was in hand can be read behind it
                    program.kill()
                    return tuple(held_by(self.world.journal, holder))
                if (is_over or _is_hit(aim, held)) and all(one.crashes <= CRASHES_MAX for one in held):
                    program.kill()
                    return held
                program.thaw()
            time.sleep(AIM_EVERY_S)

    def _holder(self, program: Program) -> str:
        assert program.pid is not None
        return holder_of(program.pid)

    def _held(self, program: Program) -> tuple[Held, ...]:
        return tuple(held_by(self.world.journal, self._holder(program)))

    def _held_still(self, holder: str) -> tuple[Held, ...] | None:
        """Of a holder that stands still; None where it does so with the log's own locks in hand, and nobody can look."""
        try:
            return tuple(held_by(self.world.journal, holder, tries=1))
        except Unreadable:
            return None

    def _join(self, one: Round) -> None:
        if one.pair and not self.world.bridges[1].is_running:
            self.starts_s.append(self.world.start_one(1))
            self._restart_gateway(door=1)

    def _also(self, one: Round) -> None:
        if one.also == "gateway":
            self._restart_gateway(door=self.world.door)
        elif one.also == "desk":
            self.world.desk.kill()
            self.world.start_desk()

    def _restart_gateway(self, door: int) -> None:
        """Killed, and revived in its other temper."""
        self.world.gateway.kill()
        if self.world.temper == "gowa":
            now = time.time()
            self.deaths.append(Death(now - MEMORY_S, now))
        self.world.start_gateway_at("gowa" if self.world.temper == "durable" else "durable", door)

    def _freeze_beyond_the_lease(self) -> None:
        """One of two stands still with a begun step in hand until the other has taken over, then goes on."""
        program = self.world.bridges[1 - self.world.door]
        self.world.befall({**POST, "kind": "delay", "wait_s": 0.7, "times": AIM_FAULTS})
        held = self._stand_still(program)
        begun = sum(one.begun for one in held)
        self.tell(f"one of two bridges stands still for {FROZEN_S:.0f} s with {len(held)} leased, {begun} begun")
        time.sleep(FROZEN_S)
        program.thaw()
        self.frozen += 1
        time.sleep(3.0)

    def _stand_still(self, program: Program) -> tuple[Held, ...]:
        """Frozen with a begun step in hand, if one comes in time; never in the middle of a commit, which would hold up the other
        bridge by the journal's own lock.
        """
        ends_at = time.monotonic() + AIM_WAIT_S
        while True:
            freeze(program)
            held = self._held_still(self._holder(program))
            if (
                held is not None
                and not is_being_written(self.world.journal)
                and (_is_hit("begun", held) or time.monotonic() > ends_at)
            ):
                return held
            program.thaw()
            time.sleep(AIM_EVERY_S)


def _is_hit(aim: Aim, held: tuple[Held, ...]) -> bool:
    match aim:
        case "blind":
            return True
        case "begun":
            return any(one.begun for one in held)
        case "leased":
            return any(one.direction == "in" for one in held) and not any(one.begun for one in held)
