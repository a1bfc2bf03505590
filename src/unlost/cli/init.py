"""`unlost init`: write a commented settings file; with a token, join a helpdesk's inbox and a gateway by it."""

import os
from pathlib import Path

import click

from unlost.cli.given import Unusable, called_with
from unlost.settings.reading import settings_path
from unlost.settings.template import template

WITH_A_TOKEN = ("helpdesk_url", "token", "gateway_url")


@click.command()
@click.option("--helpdesk-url", metavar="URL", help="The helpdesk, as agents open it.")
@click.option("--token", metavar="WORD", help="An administrator's token; best env:NAME or file:PATH.")
@click.option("--account", type=click.IntRange(1), default=1, show_default=True, help="The number in /app/accounts/….")
@click.option("--inbox", type=click.IntRange(1), metavar="ID", help="Take this inbox, whatever it called before.")
@click.option("--inbox-name", default="WhatsApp", show_default=True, help="Of the inbox to find, or to make.")
@click.option("--gateway-url", metavar="URL", help="GOWA's REST API, as this machine reaches it.")
@click.option("--gateway-username", default="", help="Of GOWA's basic auth, where it has one already.")
@click.option("--gateway-password", default="", metavar="WORD", help="The same; or env:NAME, or file:PATH.")
@click.option("--device", default="", metavar="NUMBER", help="The firm's own number; else the gateway is asked.")
@click.option("--channel", default="support", show_default=True, help="A short name of a-z, 0-9, - and _.")
@click.option("--language", type=click.Choice(["pt-BR", "en", "es", "id"]), default="en", show_default=True)
@click.option("--listen", default="127.0.0.1:8080", show_default=True, help="Where the bridge's door stands.")
@click.option("--public-url", default="", metavar="URL", help="The same door, as helpdesk and gateway reach it.")
@click.option("--force", is_flag=True, help="Replace a settings file that is there; it is kept beside the new one.")
@click.pass_context
def command(ctx: click.Context, /, force: bool, **given: object) -> None:
    """Write a settings file with every key, its unit, default and reason.

    Alone it calls nobody, and leaves the lines to fill in to you. With a token it fills them in:

    \b
    unlost init --helpdesk-url https://chatwoot.example.com --token env:CHATWOOT_TOKEN --account 1 \\
                --gateway-url http://127.0.0.1:3000 --public-url https://bridge.example.com

    It looks for the API inbox that calls this bridge, else for one named WhatsApp that calls nobody, else makes one; lets it call us,
    reads its secret, asks the gateway for its number, and writes settings and secrets (in secrets/, for you alone). Then it says what
    to type into GOWA. Nothing is changed in an inbox that calls another program, unless --inbox names it.

    Run again it adopts what is there: a settings file that has this channel stays as it is. Any other is replaced only with --force, or
    when you say so.

    Exit code 0: done; 1: a side does not answer, or does not let us; 2: the settings or the options cannot be meant.
    """
    config: Path | None = ctx.obj
    path = settings_path(config, os.environ)
    named = [name for name in WITH_A_TOKEN if given[name]]
    if not named:
        _write_template(path, force=force)
        return
    if len(named) < len(WITH_A_TOKEN):
        missing = " and ".join(f"--{name.replace('_', '-')}" for name in WITH_A_TOKEN if name not in named)
        raise Unusable(f"to join both sides it needs {missing}, too")
    from unlost.cli.join import join

    join(path, given, force=force)


def _write_template(path: Path, *, force: bool) -> None:
    from unlost.cli.first_settings import put_settings

    if path.exists() and not force:
        raise Unusable(f"{path}: exists already and is left as it is; --config names another, --force replaces it")
    try:
        kept = put_settings(path, template())
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be written: {error.strerror}") from None
    if kept:
        click.echo(f"the file that stood there is kept as {kept}")
    click.echo(f"{path} written. Fill in the lines without a # in front, then: {called_with(path)} check")
