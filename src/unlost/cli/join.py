"""`unlost init` with a token: ask both sides, join the inbox, write the settings, say what to type into the gateway."""

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from unlost.cli.first_settings import FirstChannel, SecretFiles, put_settings, settings_text
from unlost.cli.given import Unusable, called_with
from unlost.cli.join_options import Asked, asked_of
from unlost.cli.own_zone import zone_of
from unlost.settings.doors import door_url, webhook_url
from unlost.settings.errors import SettingsError
from unlost.settings.reading import read_settings
from unlost.settings.values import Channel, Settings

if TYPE_CHECKING:
    from unlost.doctor.joining import Joined
    from unlost.transport import Http

CALL_TIMEOUT_S = 20.0
CALLS_PER_MIN = 2400
USERNAME = "unlost"


@dataclass(frozen=True, slots=True)
class Met:
    """What the gateway told: its number ("" where it has none, or does not answer), and whether it asks for a password."""

    device: str
    asks: bool | None
    trouble: str = ""


def join(path: Path, given: Mapping[str, Any], *, force: bool) -> None:
    """Raises Unusable before anything is changed, ClickException where a side does not let us."""
    asked = asked_of(path, given)
    _secrets_free(path, asked.channel)
    kept = None if force else _kept(path, asked)
    if path.exists() and kept is None and not force:
        _consent(path)
    inbox = asked.inbox or (_channel(kept, asked).helpdesk.inbox_id if kept else None)
    click.echo("asking the helpdesk and the gateway …", err=True)
    joined, met = asyncio.run(_ask(asked, inbox))
    _say_inbox(asked, joined)
    if kept is not None:
        _say_kept(kept, _channel(kept, asked), joined)
        return
    _write(path, asked, joined, met)


def _secrets_free(path: Path, channel: str) -> None:
    """Another settings file of this folder with a channel of this name would get the words of this one."""
    pointer = f'"{SecretFiles(path.parent).pointer(channel)}-'
    for other in sorted(path.absolute().parent.glob("*.toml")):
        if other.name != path.name and pointer in other.read_text(encoding="utf-8", errors="replace"):
            raise Unusable(
                f"{other.name}, beside {path.name}, keeps the secrets of its channel {channel} in the same files: "
                "--channel names another channel, --config another folder"
            )


def _kept(path: Path, asked: Asked) -> Settings | None:
    """The settings of a file that has the channel already, at this helpdesk; None for any other file."""
    try:
        settings = read_settings(path, os.environ)
    except SettingsError:
        return None
    return settings if any(_is_asked_for(channel, asked) for channel in settings.channels) else None


def _is_asked_for(channel: Channel, asked: Asked) -> bool:
    theirs = channel.helpdesk
    return (channel.name, theirs.url, theirs.account_id) == (asked.channel, asked.helpdesk_url, asked.account)


def _channel(settings: Settings, asked: Asked) -> Channel:
    return next(channel for channel in settings.channels if channel.name == asked.channel)


def _consent(path: Path) -> None:
    refusal = f"{path}: exists already, without this channel, and is left as it is; --force replaces it, --config names another"
    if not sys.stdin.isatty():
        raise Unusable(refusal)
    if not click.confirm(f"{path} exists already. Replace it? (It is kept beside the new one.)"):
        raise Unusable(refusal)


async def _ask(asked: Asked, inbox: int | None) -> "tuple[Joined, Met]":
    from unlost.doctor.joining import CannotJoin, Wanted, join_inbox
    from unlost.transport.over_aiohttp import open_http

    wanted = Wanted(asked.inbox_name, door_url(asked.server, asked.channel, "helpdesk"), inbox)
    async with open_http(connections_per_host=2) as http:
        met = await _meet(http, asked)
        if met.asks and not asked.gateway_username:
            raise Unusable(
                "the gateway asks for a password: --gateway-username and --gateway-password (a pair of APP_BASIC_AUTH)"
            )
        try:
            return await join_inbox(_helpdesk(http, asked), wanted), met
        except CannotJoin as error:
            raise click.ClickException(str(error)) from None


def _helpdesk(http: "Http", asked: Asked) -> Any:
    from unlost.chatwoot.client import ChatwootClient
    from unlost.chatwoot.pace import Rank
    from unlost.chatwoot.turns import HostPace
    from unlost.clock import SystemClock

    pace = HostPace(SystemClock(), per_min=CALLS_PER_MIN).turns(asked.channel, Rank.CHORE)
    return ChatwootClient(
        http,
        url=asked.helpdesk_url,
        account_id=asked.account,
        inbox_id=asked.inbox or 0,
        token=asked.token,
        call_timeout_s=CALL_TIMEOUT_S,
        pace=pace,
    )


async def _meet(http: "Http", asked: Asked) -> Met:
    """A gateway that does not answer keeps nobody from joining the inbox."""
    from unlost.errors import UnlostError
    from unlost.gowa.client import GowaClient

    client = GowaClient(
        http,
        url=asked.gateway_url,
        username=asked.gateway_username,
        password=asked.gateway_password,
        device=None,
        timeout_s=CALL_TIMEOUT_S / 2,
    )
    try:
        asks = await client.set_up.asks_for_password()
        if asks and not asked.gateway_username:
            return Met("", asks)
        status = await client.status()
        return Met(str(status.device or ""), asks)
    except UnlostError as error:
        return Met(
            "",
            None,
            f"the gateway was not to be asked ({error.cause.replace('_', ' ')}, {error.status or 'no answer'})",
        )


def _say_inbox(asked: Asked, joined: "Joined") -> None:
    inbox, verb = joined.inbox, "made" if joined.is_new else "adopted"
    click.echo(f"helpdesk: inbox {inbox.id} “{inbox.name}” {verb}; it calls {inbox.webhook_url}")
    if joined.called_before:
        click.echo(f"  (until now it called {joined.called_before.rpartition('@')[2]})")
    if joined.is_new:
        click.echo("  add your agents to it (Settings → Inboxes): who is no member does not see it")


def _say_kept(settings: Settings, channel: Channel, joined: "Joined") -> None:
    click.echo(f"settings: {settings.file} has this channel already and is left as it is")
    ours, secret = channel.helpdesk, channel.helpdesk.webhook_secret
    if joined.inbox.id != ours.inbox_id:
        raise click.ClickException(
            f"it names inbox {ours.inbox_id}: write inbox_id = {joined.inbox.id}, or use --force"
        )
    if secret is not None and joined.inbox.secret and not secret.is_word(joined.inbox.secret):
        raise click.ClickException("its webhook_secret for the helpdesk is not the inbox's: enter that, or use --force")
    _say_gateway(settings, channel)


def _write(path: Path, asked: Asked, joined: "Joined", met: Met) -> None:
    files = SecretFiles(path.absolute().parent)
    try:
        first = _first(asked, joined, met, files)
        kept = put_settings(path, settings_text(first))
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be written: {error.strerror}") from None
    if kept:
        click.echo(f"settings: the file that stood there is kept as {kept}")
    click.echo(f"settings: {path} written, and its secrets in {path.absolute().parent / 'secrets'}, for you alone")
    if met.trouble or not first.device:
        click.echo(f"  {met.trouble or 'the gateway has no number linked yet'}; enter the firm's number as device")
    try:
        settings = read_settings(path, os.environ)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    _say_gateway(settings, _channel(settings, asked))


def _first(asked: Asked, joined: "Joined", met: Met, files: SecretFiles) -> FirstChannel:
    name = asked.channel

    def kept(given: str, what: str, word: str) -> str:
        """A pointer stays one; a word goes into a file."""
        if given.startswith(("env:", "file:")):
            return given
        files.put(f"{name}-{what}", word)
        return files.pointer(f"{name}-{what}")

    def made(what: str) -> str:
        files.made(what)
        return files.pointer(what)

    username = asked.gateway_username or USERNAME
    password = (
        kept(asked.gateway_password_given, "gateway-password", asked.gateway_password)
        if asked.gateway_username
        else made(f"{name}-gateway-password")
    )
    secret = joined.inbox.secret
    device = asked.device or met.device
    is_open = bool(asked.server.public_url) or not asked.server.listen.is_loopback
    return FirstChannel(
        name=name,
        language=asked.language,
        listen=str(asked.server.listen),
        public_url=asked.server.public_url,
        timezone=zone_of(device) or "",
        console_password=made("console-password") if is_open else "",
        gateway_url=asked.gateway_url,
        gateway_username=username,
        gateway_password=password,
        gateway_secret=made(f"{name}-gateway-webhook-secret"),
        device=device,
        helpdesk_url=asked.helpdesk_url,
        account_id=asked.account,
        inbox_id=joined.inbox.id,
        token=kept(asked.token_given, "helpdesk-token", asked.token),
        helpdesk_secret=kept("", "helpdesk-webhook-secret", secret) if secret else "off",
    )


def _say_gateway(settings: Settings, channel: Channel) -> None:
    gateway, secret = channel.gateway, channel.gateway.webhook_secret
    if channel.helpdesk.webhook_secret is None:
        click.echo(
            "  this Chatwoot signs no webhooks (4.13 and later do): keep the helpdesk's door away from the network"
        )
    url = webhook_url(settings, channel, "gateway")
    lines = (
        f"WHATSAPP_WEBHOOK={url}",
        f"WHATSAPP_WEBHOOK_SECRET={secret.reveal() if secret else ''}",
        f"APP_BASIC_AUTH={gateway.username}:{gateway.password.reveal()}",
        "WHATSAPP_CHAT_STORAGE=true",
        "CHATWOOT_ENABLED=false",
        "TZ=UTC",
    )
    click.echo("\ngateway: type these into GOWA's environment (they hold secrets), and restart it:\n")
    for line in lines:
        click.echo(f"    {line}")
    click.echo(
        "\n  leave WHATSAPP_WEBHOOK_EVENTS unset: a list hides what is not on it. If the device has a webhook of its own (8.10 and later),\n"
        "  it replaces this one: set the same address and secret there, or empty it. In its compose file: restart: always\n\nnext:"
    )
    for words in ("check", "serve", "doctor --roundtrip"):
        click.echo(f"    {called_with(settings.file)} {words}")
