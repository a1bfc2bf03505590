"""`unlost resume`: go on after a pause or a block."""

from pathlib import Path

import click

from unlost.cli.bridge import Bridge
from unlost.cli.given import settings_given


@click.command()
@click.argument("channel")
@click.option("--inbound", "directions", flag_value="inbound", help="Only WhatsApp to helpdesk.")
@click.option("--outbound", "directions", flag_value="outbound", help="Only helpdesk to WhatsApp.")
@click.pass_obj
def command(config: Path | None, channel: str, directions: str | None) -> None:
    """Go on with CHANNEL, after `unlost pause` or after the program blocked it (`unlost status` says why)."""
    Bridge.of(settings_given(config)).post(
        f"channels/{channel}/resume", {"directions": [directions] if directions else []}
    )
    click.echo(f"{channel} goes on")
