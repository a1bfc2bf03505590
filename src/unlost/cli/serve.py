"""`unlost serve`: run the bridge."""

import asyncio
from pathlib import Path

import click
import uvloop

from unlost.cli.given import Unusable, settings_given
from unlost.settings.container import journal_goes_with_container


@click.command()
@click.option("--verbose", is_flag=True, help="Every call and every look at the sides.")
@click.pass_obj
def command(config: Path | None, verbose: bool) -> None:
    """Run the bridge until SIGTERM or Ctrl-C. It listens within 2 s and stops within 3 s; nothing it took is lost."""
    from unlost.assemble.process import CannotStart, run_bridge

    settings = settings_given(config)
    if goes_with_container := journal_goes_with_container(settings):
        raise Unusable(f"{settings.file}: journal.url: {goes_with_container}")
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(run_bridge(settings, verbose=verbose))
    except CannotStart as error:
        raise click.ClickException(str(error)) from None
