"""The settings of a channel that `init` joins: a commented file, and beside it a file for each secret."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from unlost.settings.template import template

FOLDER = "secrets"
WORD_BYTES = 24
"""192 bits: not to be found by trying."""


@dataclass(slots=True)
class SecretFiles:
    """`secrets/NAME` in the settings' *folder*, readable by their owner alone. What is there already is kept and used."""

    folder: Path
    written: list[Path] = field(default_factory=list)

    def made(self, name: str) -> str:
        """The word that stands there, else a new one."""
        kept = self._kept(name)
        return kept if kept is not None else self.put(name, secrets.token_urlsafe(WORD_BYTES))

    def put(self, name: str, word: str) -> str:
        """Let *word* stand there. Raises OSError."""
        if self._kept(name) == word:
            return word
        path = self._path(name)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        fresh = path.with_name(f".{name}.new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(word + "\n")
        fresh.replace(path)
        self.written.append(path)
        return word

    def pointer(self, name: str) -> str:
        """What stands in the settings for it."""
        return f"file:{FOLDER}/{name}"

    def _kept(self, name: str) -> str | None:
        try:
            return self._path(name).read_text(encoding="utf-8").rstrip("\r\n")
        except FileNotFoundError:
            return None

    def _path(self, name: str) -> Path:
        return self.folder / FOLDER / name


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstChannel:
    """What the settings are made of. Secrets are what stands in the file: a pointer, or `off`."""

    name: str
    language: str
    listen: str
    public_url: str
    timezone: str
    console_password: str
    gateway_url: str
    gateway_username: str
    gateway_password: str
    gateway_secret: str
    device: str
    helpdesk_url: str
    account_id: int
    inbox_id: int
    token: str
    helpdesk_secret: str


def settings_text(first: FirstChannel) -> str:
    """The whole file; what is empty stays at its default."""
    sections: dict[str, dict[str, object]] = {
        "[server]": {"listen": first.listen, "public_url": first.public_url, "timezone": first.timezone},
        "[console]": {"password": first.console_password},
        "[[channel]]": {"name": first.name, "language": first.language},
        "[channel.gateway]": {
            "kind": "gowa",
            "url": first.gateway_url,
            "username": first.gateway_username,
            "password": first.gateway_password,
            "device": first.device,
            "webhook_secret": first.gateway_secret,
        },
        "[channel.helpdesk]": {
            "url": first.helpdesk_url,
            "account_id": first.account_id,
            "inbox_id": first.inbox_id,
            "token": first.token,
            "webhook_secret": first.helpdesk_secret,
        },
    }
    return template({title: _said(keys) for title, keys in sections.items()})


def _said(keys: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in keys.items() if value != ""}


def put_settings(path: Path, text: str) -> Path | None:
    """Write the file for its owner only; one that stood there is kept beside it, and named. Raises OSError."""
    kept = _moved_away(path)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    return kept


def _moved_away(path: Path) -> Path | None:
    if not path.exists():
        return None
    numbers: Callable[[int], Path] = lambda number: path.with_name(f"{path.name}.before-init{number or ''}")  # noqa: E731
    kept = next(numbers(number) for number in range(1000) if not numbers(number).exists())
    path.rename(kept)
    return kept
