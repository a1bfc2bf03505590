"""Plays a day in a world, lets everything arrive, and tells how it ended."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Protocol

import click

from unlost.cli.demo.ledger import Ledger
from unlost.cli.demo.world import World

LEDGER_EVERY = 40
SETTLE_S = 60.0
"""After the last message: recover, drain, sweep. A post of unknown outcome takes the doubt wait, its first sweep a minute."""
LOOK_S = 0.25


class Day(Protocol):
    """What happens: who writes, and what dies."""

    def run(self, seconds: float | None) -> Iterator[int]:
        """Write and kill for *seconds* (None: for ever); yields how much was sent so far, several times a second."""
        ...

    def revive(self) -> None:
        """Start again whatever lies dead."""
        ...

    def ledger(self) -> Ledger:
        """Both ends as they stand now."""
        ...

    def deaths_so_far(self) -> str:
        """What was killed, and how often."""
        ...

    def close(self) -> None:
        """Let go of what the customers hold."""
        ...


def play(world: World, day: Day, seconds: float | None, tell: Callable[[str], None]) -> Ledger:
    """Start everything, let the day pass or be interrupted, and compare both ends."""
    try:
        world.start()
        tell(f"\n  open {world.desk_url} and watch the messages arrive; Ctrl-C ends the demo")
        tell(f"  the operator's console: {world.console_url} (password: {world.password})")
        tell(f"  the gateway: {world.gateway_url} (user: demo, the same password)\n")
        try:
            shown = 0
            for sent in day.run(seconds):
                if sent >= shown + LEDGER_EVERY:
                    shown = sent
                    tell(f"{day.ledger().so_far()}; {day.deaths_so_far()}")
        except KeyboardInterrupt:
            tell("\nletting everything arrive …")
            day.revive()
        return settle(world, day)
    finally:
        day.close()
        world.stop()


def settle(world: World, day: Day) -> Ledger:
    """Let everything arrive that can, then compare both ends."""
    ends_at = time.monotonic() + SETTLE_S
    ledger = day.ledger()
    while time.monotonic() < ends_at:
        world.ask().post("reconcile", {}, wait_s=60.0)
        left = world.ask().post("drain", {"timeout_s": 5.0})["count"]
        ledger = day.ledger()
        if ledger.is_clean and not left:
            break
        time.sleep(LOOK_S)
    return ledger


def tell_the_end(ledger: Ledger, as_json: bool, **more: object) -> None:
    """The ledger, for people, or for programs with *more* in it. Exit code 1 unless nothing was lost, doubled or out of order."""
    click.echo(json.dumps(ledger.as_dict() | more) if as_json else ledger.in_words())
    if not ledger.is_clean:
        raise click.exceptions.Exit(1)


def times(number: int) -> str:
    """In words."""
    return "once" if number == 1 else f"{number} times"
