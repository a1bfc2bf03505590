"""`unlost demo`: watch messages survive a gateway that dies."""

import json
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import click

from unlost.cli.demo.day import Day
from unlost.cli.demo.ledger import Ledger
from unlost.cli.demo.world import World

RATE = 3.0
LEDGER_EVERY = 40


@click.command()
@click.option(
    "--for", "seconds", type=click.FloatRange(1, 86400), help="Write for so many seconds, then end with the ledger."
)
@click.option("--json", "as_json", is_flag=True, help="Print only the ledger, as JSON (with --for).")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, another day.")
@click.option("--rate", type=click.FloatRange(0.1, 200), default=RATE, show_default=True, help="Messages a second.")
@click.option(
    "--dialect", type=click.Choice(["envelope", "flat"]), default="envelope", show_default=True, help="GOWA 8–9, or 7."
)
@click.option(
    "--keep", type=click.Path(path_type=Path, file_okay=False), help="Keep everything in this new folder, to look into."
)
def command(seconds: float | None, as_json: bool, seed: int, rate: float, dialect: str, keep: Path | None) -> None:
    """Watch messages survive a gateway that dies: open the address it prints, and end it with Ctrl-C.

    Starts a demo helpdesk, a simulated gateway and the bridge on free loopback ports, in a folder of its own; reads no
    settings. Customers write; every few seconds the gateway is killed and revived in its other temper. The ledger at the end
    compares what was sent with what stands in the helpdesk; exit code 1 unless nothing was lost, doubled or out of order.
    """

    def tell(text: str) -> None:
        if not as_json:
            click.echo(text)

    signal.signal(signal.SIGTERM, _interrupt)
    with tempfile.TemporaryDirectory(prefix="unlost-demo-") as temporary:
        folder = keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        world = World(folder, dialect="flat" if dialect == "flat" else "envelope")
        ledger = _play(world, Day(world, seed, rate, tell), seconds, tell)
    if as_json:
        click.echo(json.dumps(ledger.as_dict()))
    else:
        click.echo(_said(ledger))
    if not ledger.is_clean:
        raise click.exceptions.Exit(1)


def _play(world: World, day: Day, seconds: float | None, tell: Callable[[str], None]) -> Ledger:
    try:
        world.start()
        tell(f"\n  open {world.desk_url} and watch the messages arrive; Ctrl-C ends the demo")
        tell(f"  the operator's console: {world.console_url} (password: {world.password})\n")
        try:
            shown = 0
            for sent in day.run(seconds):
                if sent >= shown + LEDGER_EVERY:
                    shown = sent
                    tell(so_far(day.ledger(), day.kills))
        except KeyboardInterrupt:
            tell("\nletting everything arrive …")
            if not world.gateway.is_running:
                world.start_gateway(day.temper)
        return day.settle()
    finally:
        day.close()
        world.stop()


def so_far(ledger: Ledger, kills: int) -> str:
    """While it runs: every message that was sent is in one of the numbers."""
    times = "once" if kills == 1 else f"{kills} times"
    gone = f", unrecoverable so far {ledger.unrecoverable}" if ledger.unrecoverable else ""
    return (
        f"sent {ledger.sent}, in the helpdesk {ledger.shown}, on their way {ledger.lost}{gone}, duplicated {ledger.duplicated}; "
        f"the gateway was killed {times}"
    )


def _said(ledger: Ledger) -> str:
    return (
        f"lost {ledger.lost}, duplicated {ledger.duplicated}, out_of_order {ledger.out_of_order}, late {ledger.late}, "
        f"unrecoverable {ledger.unrecoverable}, of {ledger.sent} sent"
        + "".join(
            f"\n{what}: {', '.join(ids)}"
            for what, ids in (
                ("lost", ledger.lost_ids),
                ("duplicated", ledger.duplicated_ids),
                ("out of order", ledger.out_of_order_ids),
            )
            if ids
        )
    )


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
