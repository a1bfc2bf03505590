"""`unlost reconcile`: compare the gateway's storage with the journal now."""

from pathlib import Path

import click

from unlost.cli.bridge import Bridge
from unlost.cli.given import settings_given
from unlost.cli.showing import Span, show_json, show_table


@click.command()
@click.option("--channel", help="Only this one.")
@click.option("--since", type=Span(), help="Look back so far (24h, 2d); else to the last gap or run.")
@click.option("--json", "as_json", is_flag=True, help="For other programs.")
@click.pass_obj
def command(config: Path | None, channel: str | None, since: float | None, as_json: bool) -> None:
    """Append what the gateway's storage has and the journal has not. Safe at any time; never behind the start mark."""
    body = {"channel": channel, "since_s": since}
    found = Bridge.of(settings_given(config)).post("reconcile", body, wait_s=3600.0)["channels"]
    if as_json:
        show_json(found)
    else:
        show_table(
            ("channel", "looked at", "recovered", "trouble"),
            [(row["channel"], row["looked_at"], row["appended"], row["error"]) for row in found],
            none="no channels",
        )
    if any(row["error"] for row in found):
        raise click.exceptions.Exit(1)
