"""`unlost check`: judge the settings without starting."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from unlost.cli.given import settings_given
from unlost.cli.own_zone import zone_of
from unlost.gateway.engines import neonize
from unlost.notices.apprise_child import is_understood
from unlost.settings.doors import webhook_url
from unlost.settings.judging import Finding, Weight, judge
from unlost.settings.values import Settings

DEFAULT_ZONE = "UTC"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Findings as a JSON list.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Say what is wrong or odd about the settings, and which webhook URLs to enter at both sides. Calls nobody.

    Exit code 0: nothing is wrong (something may be odd); 1: something will not work; 2: the settings cannot be read.
    """
    config: Path | None = ctx.obj
    settings = settings_given(config)
    found = [*judge(settings), *_engine(settings), *_notices(settings), *_clock(settings)]
    findings = sorted(found, key=lambda finding: finding.weight is not Weight.WRONG)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        _show(settings, findings)
    ctx.exit(1 if any(finding.weight is Weight.WRONG for finding in findings) else 0)


def _show(settings: Settings, findings: list[Finding]) -> None:
    for finding in findings:
        click.echo(f"{finding.weight}: {finding.key}: {finding.text}")
    for channel in settings.channels:
        for side in ("gateway", "helpdesk"):
            click.echo(f"{channel.name}: webhook URL for the {side}: {webhook_url(settings, channel, side)}")
    wrong = sum(finding.weight is Weight.WRONG for finding in findings)
    click.echo(f"{settings.file}: {wrong} wrong, {len(findings) - wrong} odd")


def _engine(settings: Settings) -> Iterator[Finding]:
    """Whether our own gateway, where it is to speak WhatsApp, could start here."""
    if settings.gateway is None or settings.gateway.engine != "neonize":
        return
    if why := neonize.why_missing():
        yield Finding(Weight.WRONG, "gateway.engine", why)
    if settings.gateway.temper == "gowa":
        text = "gowa: tries each webhook five times from memory, then loses it; durable keeps it on disk and tries for days"
        yield Finding(Weight.ODD, "gateway.temper", text)


def _notices(settings: Settings) -> Iterator[Finding]:
    """What only Apprise itself can say: whether an address that looks like one is of a service it knows."""
    for number, url in enumerate(settings.notify.urls, 1):
        if "://" in url.reveal() and not is_understood(url.reveal()):
            yield Finding(
                Weight.WRONG, f"notify.urls[{number}]", "Apprise does not understand it: see its page of this service"
            )


def _clock(settings: Settings) -> Iterator[Finding]:
    """Nobody's clock was told, and a number is at home where clocks show something else."""
    if settings.server.timezone != DEFAULT_ZONE:
        return
    zones = [zone for channel in settings.channels if (zone := zone_of(channel.gateway.device or "")) is not None]
    if zones and datetime.now(ZoneInfo(zones[0])).utcoffset():
        yield Finding(
            Weight.ODD,
            "server.timezone",
            f"UTC, though the number is at home in {zones[0]}: times in conversations and on pages are hours off; "
            f'timezone = "{zones[0]}"',
        )
