"""`unlost notify-test`: do notices and the heartbeat arrive?"""

import asyncio
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from unlost.cli.given import Unusable, settings_given
from unlost.cli.showing import show_json
from unlost.notices.apprise_child import kind_of
from unlost.notices.wording import trial_of
from unlost.settings.values import Notify


@dataclass(frozen=True, slots=True)
class Tried:
    """One address. *key*: where it stands in the settings; *why* it was not taken, empty where it was."""

    key: str
    service: str
    sent: bool
    why: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For other programs.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Send a trial to every [notify] address and call the heartbeat once. The bridge need not run.

    Exit code 0: all were taken (look whether they arrived); 1: at least one was not; 2: the settings name none, or cannot be read.
    """
    config: Path | None = ctx.obj
    settings = settings_given(config)
    notify = settings.notify
    if not notify.urls and not notify.heartbeat_url:
        raise Unusable(f"{settings.file}: notify: there is nobody to tell; name urls or heartbeat_url there")
    tried = asyncio.run(_try_all(notify))
    if as_json:
        show_json([asdict(each) for each in tried])
    else:
        for each in tried:
            click.echo(f"{each.key} ({each.service}): {'sent' if each.sent else f'not sent: {each.why}'}")
    ctx.exit(0 if all(each.sent for each in tried) else 1)


async def _try_all(notify: Notify) -> list[Tried]:
    """All at once: the slowest says how long it takes."""
    tries = [_try_one(number, url.reveal()) for number, url in enumerate(notify.urls, 1)]
    if notify.heartbeat_url:
        tries.append(_try_heartbeat(notify.heartbeat_url))
    return await asyncio.gather(*tries)


async def _try_one(number: int, url: str) -> Tried:
    from unlost.notices.post import post

    why = await post(url, trial_of(socket.gethostname()))
    return Tried(f"notify.urls[{number}]", kind_of(url), why is None, why or "")


async def _try_heartbeat(url: str) -> Tried:
    from unlost.notices.heartbeat import call_once
    from unlost.transport.over_aiohttp import open_http

    async with open_http(connections_per_host=1) as http:
        why = await call_once(url, http)
    return Tried("notify.heartbeat_url", kind_of(url), why is None, why or "")
