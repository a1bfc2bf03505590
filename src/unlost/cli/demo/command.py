"""`unlost demo`: watch messages survive a gateway that dies."""

import signal
import tempfile
from pathlib import Path
from types import FrameType

import click

from unlost.cli.demo.day import GatewayDies
from unlost.cli.demo.playing import play, tell_the_end
from unlost.cli.demo.world import World

RATE = 3.0


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

    if as_json and seconds is None:
        raise click.UsageError("--json goes with --for: without an end there is no ledger to print")
    if keep is not None and keep.exists() and any(keep.iterdir()):
        raise click.UsageError(f"{keep} is not empty; --keep wants a new folder")

    def tell(text: str) -> None:
        if not as_json:
            click.echo(text)

    signal.signal(signal.SIGTERM, interrupt)
    with tempfile.TemporaryDirectory(prefix="unlost-demo-") as temporary:
        folder = keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        world = World(folder, dialect="flat" if dialect == "flat" else "envelope")
        ledger = play(world, GatewayDies(world, seed, rate, tell), seconds, tell)
    tell_the_end(ledger, as_json)


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """A supervisor's SIGTERM ends the demo as Ctrl-C does."""
    raise KeyboardInterrupt
