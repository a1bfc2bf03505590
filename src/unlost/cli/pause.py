"""`unlost pause`: stop working a channel."""

from pathlib import Path

import click

from unlost.cli.bridge import Bridge, who_asks
from unlost.cli.given import settings_given


@click.command()
@click.argument("channel")
@click.option("--inbound", "directions", flag_value="inbound", help="Only WhatsApp to helpdesk.")
@click.option("--outbound", "directions", flag_value="outbound", help="Only helpdesk to WhatsApp.")
@click.pass_obj
def command(config: Path | None, channel: str, directions: str | None) -> None:
    """Stop working CHANNEL. Its doors stay open: what arrives is kept and waits."""
    body = {"directions": [directions] if directions else [], "who": who_asks()}
    Bridge.of(settings_given(config)).post(f"channels/{channel}/pause", body)
    click.echo(f"{channel} is paused{f' ({directions})' if directions else ''}; `unlost resume {channel}` goes on")
