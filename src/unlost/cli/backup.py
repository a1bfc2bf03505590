"""`unlost backup`: copy the journal while it runs."""

from pathlib import Path

import click

from unlost.cli.bridge import Bridge
from unlost.cli.given import settings_given


@click.command()
@click.argument("to", type=click.Path(path_type=Path, exists=False))
@click.pass_obj
def command(config: Path | None, to: Path) -> None:
    """Copy the journal to TO, a file that does not exist yet. It holds customers' messages: keep it as you keep them."""
    answer = Bridge.of(settings_given(config)).post("backup", {"path": str(to.absolute())}, wait_s=3600.0)
    click.echo(f"{answer['count']} bytes written to {to}")
