"""From the settings file to frozen values."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar, cast

from unlost.settings.agreement import check_agreement
from unlost.settings.errors import SettingsError, WrongValue
from unlost.settings.keys import Key, keys_of
from unlost.settings.overrides import Override, Tree, lay_over, nearest
from unlost.settings.programs import Desk, Gateway
from unlost.settings.values import (
    Channel,
    ChannelGateway,
    ChannelHelpdesk,
    Console,
    Journal,
    Limits,
    Notify,
    Retry,
    Server,
    Settings,
)

DEFAULT_PATH = Path("unlost.toml")
FILE_MAX_BYTES = 4 * 1024 * 1024  # thousands of channels; more is not a settings file
WORD_MAX_BYTES = 65536  # of one `file:` value; secrets are far shorter

ALWAYS: dict[str, type] = {
    "server": Server,
    "console": Console,
    "journal": Journal,
    "limits": Limits,
    "notify": Notify,
    "retry": Retry,
}
WHERE_THEY_STAND: dict[str, type] = {"desk": Desk, "gateway": Gateway}

T = TypeVar("T")


def settings_path(given: Path | None, environ: Mapping[str, str]) -> Path:
    """`--config`, else UNLOST_CONFIG, else ./unlost.toml."""
    if given is not None:
        return given
    return Path(environ["UNLOST_CONFIG"]) if environ.get("UNLOST_CONFIG") else DEFAULT_PATH


def read_settings(path: Path, environ: Mapping[str, str]) -> Settings:
    """The settings of *path* under the overrides of *environ*, checked.

    Raises SettingsError for the first thing that is wrong: file missing or unreadable, unknown key (with the nearest known one),
    wrong type or range, required key missing, values that contradict each other.
    """
    tree = _tree(path)
    lay_over(str(path), tree, environ)
    reading = _Reading(path, environ, _not_set(tree, environ))
    settings = reading.settings(tree)
    check_agreement(settings)
    return settings


def _tree(path: Path) -> Tree:
    try:
        with path.open("rb") as file:
            content = file.read(FILE_MAX_BYTES + 1)
    except FileNotFoundError:
        raise SettingsError(
            str(path), "", "no such file; `unlost init` writes one, --config or UNLOST_CONFIG names another"
        ) from None
    except OSError as error:
        raise SettingsError(str(path), "", f"cannot be read: {error.strerror}") from error
    if len(content) > FILE_MAX_BYTES:
        raise SettingsError(str(path), "", f"larger than {FILE_MAX_BYTES} bytes: not a settings file")
    try:
        return tomllib.loads(content.decode())
    except UnicodeDecodeError as error:
        raise SettingsError(str(path), "", f"not UTF-8 at byte {error.start}") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(str(path), "", f"not TOML: {error}") from error


@dataclass(frozen=True, slots=True)
class _Reading:
    """One file being read, with the environment it is read in."""

    path: Path
    environ: Mapping[str, str]
    not_set: tuple[str, ...]

    def wrong(self, key: str, text: str) -> SettingsError:
        return SettingsError(str(self.path), key, text)

    def settings(self, tree: Tree) -> Settings:
        known = [*ALWAYS, *WHERE_THEY_STAND, "channel"]
        for name in tree:
            if name not in known:
                raise self.wrong(name, f"unknown section{nearest(name, known)}")
        sections: dict[str, Any] = {
            name: self.section(shape, tree.get(name, {}), name) for name, shape in ALWAYS.items()
        }
        for name, shape in WHERE_THEY_STAND.items():
            sections[name] = self.section(shape, tree[name], name) if name in tree else None
        return Settings(file=self.path, channels=self.channels(tree.get("channel", [])), **sections)

    def channels(self, written: object) -> tuple[Channel, ...]:
        if not isinstance(written, list):
            raise self.wrong("channel", "must be written [[channel]], with two brackets")
        return tuple(self.channel(each, number) for number, each in enumerate(written, 1))

    def channel(self, written: object, number: int) -> Channel:
        written = self.table(written, f"channel {number}")
        name = written.get("name")
        place = f"channel.{name}" if isinstance(name, str) else f"channel {number}"
        for inner in ("gateway", "helpdesk"):
            if inner not in written:
                raise self.wrong(f"{place}.{inner}", f"missing: a channel needs a section [channel.{inner}]")
        return self.section(
            Channel,
            {key: value for key, value in written.items() if key not in ("gateway", "helpdesk")},
            place,
            gateway=self.section(ChannelGateway, written["gateway"], f"{place}.gateway"),
            helpdesk=self.section(ChannelHelpdesk, written["helpdesk"], f"{place}.helpdesk"),
        )

    def section(self, shape: type[T], written: object, place: str, **inner: object) -> T:
        written = self.table(written, place)
        keys = keys_of(shape)
        for name in written:
            if name not in keys:
                raise self.wrong(f"{place}.{name}", f"unknown key{nearest(name, [*keys, *inner])}")
        values: dict[str, Any] = dict(inner)
        for name, key in keys.items():  # `kind` stands first where defaults hang on it
            values[name] = self.value(key, written.get(name), f"{place}.{name}", str(values.get("kind", "")))
        assert len(values) == len(fields(cast(Any, shape)))
        return shape(**values)

    def table(self, written: object, place: str) -> Tree:
        if not isinstance(written, dict):
            raise self.wrong(place, "must be a section in brackets")
        return written

    def value(self, key: Key, written: object, place: str, kind: str) -> object:
        if written is None:
            default = key.default_for(kind)
            if default is None:
                raise self.wrong(place, f"missing: must be {key.shape.said()}")
            return key.shape.read(default)
        if isinstance(written, Override):
            place, written = written.variable, written.text
            return self.fitting(key, self.word(written, place) if _points(written) else _Word(written), place)
        if isinstance(written, list):
            written = [self.word(each, place).text if _points(each) else each for each in written]
        return self.fitting(key, self.word(written, place) if _points(written) else written, place)

    def fitting(self, key: Key, written: object, place: str) -> object:
        try:
            return key.shape.from_text(written.text) if isinstance(written, _Word) else key.shape.read(written)
        except WrongValue as wrong:
            raise self.wrong(place, str(wrong)) from None

    def word(self, pointer: object, place: str) -> "_Word":
        """What `env:NAME` or `file:/path` stands for; a file's last line end is not part of it."""
        where, _, name = str(pointer).partition(":")
        if where == "env":
            if name not in self.environ:
                others = [other for other in self.not_set if other != name]
                more = f", nor {'is' if len(others) == 1 else 'are'} {', '.join(others)}" if others else ""
                raise self.wrong(place, f"the environment variable {name} is not set{more}")
            return _Word(self.environ[name])
        try:
            with (self.path.parent / name).open("rb") as file:
                return _Word(file.read(WORD_MAX_BYTES).decode().rstrip("\r\n"))
        except OSError as error:
            raise self.wrong(place, f"{name} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise self.wrong(place, f"{name} is not UTF-8") from error
        except ValueError as error:  # a NUL in it, which TOML can write and no file system knows
            raise self.wrong(place, f"{name!r} names no file") from error


@dataclass(frozen=True, slots=True)
class _Word:
    """A value that came as text, whatever its key's shape."""

    text: str


def _not_set(written: object, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The variables that a settings file names and the environment lacks: said at once, not one at a time."""
    if isinstance(written, Mapping):
        written = list(written.values())
    if isinstance(written, list):
        return tuple(dict.fromkeys(name for each in written for name in _not_set(each, environ)))
    where, _, name = written.partition(":") if isinstance(written, str) else ("", "", "")
    return (name,) if where == "env" and name not in environ else ()


def _points(written: object) -> bool:
    return isinstance(written, str) and written.startswith(("env:", "file:"))
