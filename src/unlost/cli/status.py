"""`unlost status`: how each channel stands, and with --since a ledger of the last hours."""

from pathlib import Path
from typing import Any

import click

from unlost.cli.bridge import Bridge
from unlost.cli.given import settings_given
from unlost.cli.showing import Span, Times, age, show_json, show_table


@click.command()
@click.option("--since", type=Span(), default="24h", show_default=True, help="Count what ended in this time (48h, 2d).")
@click.option("--json", "as_json", is_flag=True, help="For other programs.")
@click.pass_obj
def command(config: Path | None, since: float, as_json: bool) -> None:
    """How each channel stands. Nothing is lost while it is listed here: waiting, parked, dead, or in a gap."""
    settings = settings_given(config)
    status = Bridge.of(settings).get("status", {"since": since})
    if as_json:
        show_json(status)
        return
    show_table(
        (
            "channel",
            "gateway",
            "helpdesk",
            "waiting",
            "oldest",
            "parked",
            "dead",
            "background",
            f"delivered ({age(since)})",
            "skipped",
            "late",
        ),
        [_row(channel) for channel in status["channels"]],
        none="no channels",
    )
    _show_troubles(status, Times.of(settings))


def _row(channel: dict[str, Any]) -> list[object]:
    gateway = _side(channel["gateway_up"], "up", "away")
    if channel["gateway_up"] and channel["gateway_logged_in"] is False:
        gateway = "logged out"
    waiting = channel["waiting"] + channel["leased"]
    return [
        shown_name(channel),
        gateway,
        _side(channel["helpdesk_up"], "up", "away"),
        waiting,
        age(channel["oldest_waiting_s"]) or "-",
        channel["parked"],
        channel["dead"],
        channel["background"],
        channel["delivered"],
        channel["skipped"],
        channel["late"],
    ]


def shown_name(channel: dict[str, Any]) -> str:
    """With the directions that stand still; look-ups and chores that do so alone have their line below the table."""
    paused = [direction for direction in channel["paused"] if direction in ("inbound", "outbound")]
    return f"{channel['name']} (paused: {', '.join(paused)})" if paused else str(channel["name"])


def _side(is_up: bool | None, up: str, away: str) -> str:
    return "?" if is_up is None else up if is_up else away


def _pauses(pauses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Look-ups and chores stand still with the direction they serve; they are named only where they stand still alone."""
    still = {pause["channel"] for pause in pauses if pause["direction"] == "inbound"}
    return [p for p in pauses if p["direction"] in ("inbound", "outbound") or p["channel"] not in still]


def _show_troubles(status: dict[str, Any], times: Times) -> None:
    for pause in _pauses(status["pauses"]):
        what = "blocked" if pause["blocked"] else "paused"
        click.echo(f"{pause['channel']} {pause['direction']}: {what} since {times(pause['since'])}: {pause['reason']}")
    for host in status["open_circuits"]:
        click.echo(f"{host} does not answer; what needs it waits and costs no attempt")
    for pairing in status["contradictions"]:
        click.echo(
            f"{pairing['channel']}: {pairing['lid']} was told as {pairing['phone']} since {times(pairing['seen_at'])}, "
            "and is known as another number, or that number as another's; their chats stay apart"
        )
    for gap in status["gaps"]:
        until = times(gap["closed_at"]) or "now"
        click.echo(
            f"gap in {gap['channel']} ({gap['cause']}): {times(gap['opened_at'])} to {until}; not yet reconciled"
        )
