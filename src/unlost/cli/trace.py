"""`unlost trace`: what became of a message."""

from pathlib import Path
from typing import Any

import click

from unlost.cli.bridge import Bridge
from unlost.cli.entries import show_entry
from unlost.cli.given import settings_given
from unlost.cli.showing import Span, Times, show_json, since_epoch

GAPS_SHOWN = 20  # more would hide the sentence above them


@click.command()
@click.argument("what")
@click.option("--region", help="Country of numbers typed without one, as BR; else that of the channels' own.")
@click.option("--since", type=Span(), help="Only what came in this time (24h, 2d).")
@click.option("--json", "as_json", is_flag=True, help="For other programs.")
@click.pass_obj
def command(config: Path | None, what: str, region: str | None, since: float | None, as_json: bool) -> None:
    """What became of WHAT: a message id, a phone number in any spelling, a conversation's number or URL."""
    query = {"q": what, "region": region, "since": since_epoch(since)}
    settings = settings_given(config)
    trace, times = Bridge.of(settings).get("trace", query), Times.of(settings)
    if as_json:
        show_json(trace)
        return
    for entry in trace["entries"]:
        show_entry(entry, times)
    if not trace["entries"]:
        _show_nothing(trace, times)


def _show_nothing(trace: dict[str, Any], times: Times) -> None:
    opened = times(trace["door_open_since"])
    click.echo(f"nothing was received; the door has been open since {opened}")
    gaps = trace["gaps"]
    if len(gaps) > GAPS_SHOWN:
        click.echo(f"  {len(gaps) - GAPS_SHOWN} older gaps; --json lists them")
    for gap in gaps[-GAPS_SHOWN:]:
        until = times(gap["closed_at"]) or "now"
        looked = f"; reconciled {times(gap['reconciled_at'])}" if gap["reconciled_at"] else "; not yet reconciled"
        click.echo(f"  gap in {gap['channel']} ({gap['cause']}): {times(gap['opened_at'])} to {until}{looked}")
