"""The settings a command was given, or one line about why not and exit code 2."""

import os
from pathlib import Path

import click

from unlost.settings.errors import SettingsError
from unlost.settings.reading import read_settings, settings_path
from unlost.settings.values import Settings

USAGE = 2


class Unusable(click.ClickException):
    """One line, exit code 2."""

    exit_code = USAGE


def settings_given(config: Path | None) -> Settings:
    """Read them from *config*, else UNLOST_CONFIG, else ./unlost.toml."""
    try:
        return read_settings(settings_path(config, os.environ), os.environ)
    except SettingsError as error:
        raise Unusable(str(error)) from None


def called_with(path: Path) -> str:
    """How the next command is typed that is to read the settings at *path*: as short as it works."""
    return "unlost" if path == settings_path(None, os.environ) else f"unlost --config {path}"
