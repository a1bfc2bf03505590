"""`python -m tests.demo_real_engine`: messages through the real protocol engine, while everything dies."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path

import click

from tests.fake_whatsapp.wheel import why_not_both
from unlost.cli.demo.command import RATE, interrupt
from unlost.cli.demo.playing import play, tell_the_end

CANNOT = 77
"""As test harnesses say "skipped": nothing is wrong with the program, this machine lacks something."""
MEMORY = Path("/dev/shm")
"""Where there is such a place: at the pairing the engine syncs its file 812 times."""
FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.option("--for", "seconds", type=click.FloatRange(1, 86400), help="Write for so many seconds, then end.")
@click.option("--json", "as_json", is_flag=True, help="Print only the ledger, as JSON (with --for).")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, another day.")
@click.option("--rate", type=click.FloatRange(0.1, 50), default=RATE, show_default=True, help="Messages a second.")
@click.option("--keep", type=FOLDER, help="Keep everything in this new folder, to look into.")
def command(seconds: float | None, as_json: bool, seed: int, rate: float, keep: Path | None) -> None:
    """Watch messages survive a panic of the real protocol engine, and kill -9 of all that is ours.

    A fake WhatsApp on this machine, our gateway with the real engine, the bridge and the demo helpdesk. Reads no settings,
    and can reach no other WhatsApp. The ledger at the end compares what customers sent with what stands in the helpdesk; exit
    code 1 unless nothing was lost, doubled or out of order, 77 where this machine cannot run the engine.
    """
    if why := why_not_both():
        click.echo(f"the real engine cannot run here: {why}", err=True)
        raise click.exceptions.Exit(CANNOT)
    from tests.demo_real_engine.day import EverythingDies, in_words
    from tests.demo_real_engine.world import RealWorld

    def tell(text: str) -> None:
        if not as_json:
            click.echo(text)

    signal.signal(signal.SIGTERM, interrupt)
    with tempfile.TemporaryDirectory(prefix="unlost-demo-", dir=MEMORY if MEMORY.is_dir() else None) as temporary:
        folder = keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        world = RealWorld(folder)
        day = EverythingDies(world, seed, rate, tell)
        ledger = play(world, day, seconds, tell)
        deaths = day.deaths()
    tell(in_words(deaths))
    tell_the_end(ledger, as_json, deaths=deaths)


if __name__ == "__main__":
    command()
