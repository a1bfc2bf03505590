"""`unlost doctor`: look at both sides, name what is wrong and its cure."""

import asyncio
import json
import os
import secrets
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from unlost.cli.examined import Show, plain, summed
from unlost.cli.given import Unusable, settings_given
from unlost.cli.showing import show_json
from unlost.settings.values import Channel, Settings

if TYPE_CHECKING:
    from unlost.doctor.examination import Section
    from unlost.doctor.findings import Finding
    from unlost.transport import Http

NAMED_BY_TIME = Path("unlost-report-.json")
CONNECTIONS = 4
"""At once, to one side: questions are put one after the other."""


@click.command()
@click.option("--channel", help="Only this one.")
@click.option("--roundtrip", is_flag=True, help="Send one marked message through the bridge, too; says what it leaves.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    is_flag=False,
    flag_value=NAMED_BY_TIME,
    help="Write a scrubbed bundle (JSON) here; without FILE into unlost-report-….json.",
)
@click.option("--quiet", is_flag=True, help="Only warnings and what is wrong.")
@click.option("--json", "as_json", is_flag=True, help="Sections and findings for other programs.")
@click.pass_context
def command(
    ctx: click.Context, channel: str | None, roundtrip: bool, report: Path | None, quiet: bool, as_json: bool
) -> None:
    """Look at both sides for real, and name what is wrong with its cure.

    Where `check` reads the settings alone, this asks: do gateway and helpdesk answer, which versions, what may the token do, is the
    inbox an API inbox that calls this bridge with our secret, what does it write by itself, do webhooks come, does somebody else
    post the same messages, do the clocks agree, is the journal's disk sound. Every question only reads; nothing is asked of
    WhatsApp. Best with the bridge running: some things only it can tell.

    \b
    ok       as it should be
    note     worth knowing, or not to be seen from here
    warning  it works, and may hurt
    WRONG    it does not work; below it stands the cure

    --roundtrip posts one signed test message at the bridge's own door, as the gateway would, from a number that is nobody's, follows it
    into the helpdesk and its webhook back, and resolves its conversation. The contact “unlost doctor (test)” and that conversation stay,
    and the next round trip uses them again. The way from WhatsApp to the gateway's webhook it cannot prove: write to the number for that.

    --report writes versions, settings without secrets, findings and counts for a bug report: no message, number, name, address or
    token. Read it before you send it.

    Exit code 0: nothing is wrong; 1: something is; 2: the settings cannot be read.
    """
    settings = settings_given(ctx.obj)
    chosen = _chosen(settings, channel)
    sections = asyncio.run(_run(settings, chosen, roundtrip=roundtrip, show=Show(is_silent=as_json, quiet=quiet)))
    if report is not None:
        _write_report(report, settings, sections)
    if as_json:
        show_json([plain(section) for section in sections])
    else:
        click.echo(summed(sections))
    from unlost.doctor.examination import is_wrong

    ctx.exit(1 if is_wrong(sections) else 0)


async def _run(settings: Settings, channels: tuple[Channel, ...], *, roundtrip: bool, show: Show) -> "list[Section]":
    """Each section is shown as soon as it is there."""
    from unlost.clock import SystemClock
    from unlost.doctor.examination import examine
    from unlost.transport.over_aiohttp import open_http

    clock = SystemClock()
    sections: list[Section] = []
    show.begin(len(channels), roundtrip=roundtrip)
    async with open_http(connections_per_host=CONNECTIONS) as http:
        async with aclosing(examine(settings, channels, http, clock)) as found:
            async for section in found:
                show.section(section)
                sections.append(section)
        for channel in channels if roundtrip else ():
            sections.append(await _round_trip(settings, channel, http, show))
    return sections


async def _round_trip(settings: Settings, channel: Channel, http: "Http", show: Show) -> "Section":
    from unlost.clock import SystemClock
    from unlost.doctor.asking import helpdesk_client
    from unlost.doctor.examination import Section
    from unlost.doctor.findings import of_channel
    from unlost.doctor.look_at_bridge import OwnBridge
    from unlost.doctor.round_trip import RoundTrip

    clock, title = SystemClock(), f"{channel.name}: round trip"
    show.title(title)
    helpdesk = helpdesk_client(http, settings, channel, clock)
    mark = f"UNLOSTDOCTOR{secrets.token_hex(8).upper()}"
    trip = RoundTrip(channel, OwnBridge.of(http, settings), helpdesk, clock, mark)
    gone: list[Finding] = []
    async with aclosing(trip.go()) as legs:
        async for leg in legs:
            (found,) = of_channel(channel.name, [leg])
            show.finding(found)
            gone.append(found)
    return Section(title, tuple(gone))


def _chosen(settings: Settings, name: str | None) -> tuple[Channel, ...]:
    if name is None:
        return settings.channels
    found = tuple(channel for channel in settings.channels if channel.name == name)
    if not found:
        raise Unusable(f"{settings.file}: there is no channel {name}")
    return found


def _write_report(path: Path, settings: Settings, sections: "list[Section]") -> None:
    """A new file, for its owner alone."""
    from unlost.doctor.report import report

    now = datetime.now(UTC)
    if path == NAMED_BY_TIME:
        path = path.with_stem(path.stem + now.strftime("%Y%m%d-%H%M%S"))
    bundle = report(settings, sections, now.isoformat(timespec="seconds"))
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(bundle, file, indent=2, ensure_ascii=False)
    except FileExistsError:
        raise Unusable(f"{path}: exists already and is left as it is; name another") from None
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be written: {error.strerror}") from None
    click.echo(f"{path} written; read it before you send it", err=True)
