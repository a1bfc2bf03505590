"""`unlost init`: write a commented settings file."""

import os
from pathlib import Path

import click

from unlost.cli.given import Unusable
from unlost.settings.reading import settings_path
from unlost.settings.template import template


@click.command()
@click.pass_obj
def command(config: Path | None) -> None:
    """Write a settings file with every key, its unit, default and reason. Never overwrites one."""
    path = settings_path(config, os.environ)
    try:
        # Only for its owner: sooner or later somebody writes a password into it.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(template())
    except FileExistsError:
        raise Unusable(f"{path}: exists already and is left as it is; --config names another") from None
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be written: {error.strerror}") from None
    click.echo(f"{path} written. Fill in the lines without a # in front, then: unlost --config {path} check")
