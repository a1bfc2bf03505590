"""What the environment says over the file: `UNLOST__SECTION__KEY` and `UNLOST__CHANNEL__<NAME>__GATEWAY__PASSWORD`."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from unlost.settings.errors import SettingsError

PREFIX = "UNLOST__"

Tree = dict[str, object]


@dataclass(frozen=True, slots=True)
class Override:
    """A value from the environment; *variable* names it where it is wrong."""

    variable: str
    text: str


def lay_over(file: str, tree: Tree, environ: Mapping[str, str]) -> None:
    """Put every `UNLOST__…` of *environ* into *tree*, in place. Raises SettingsError for a channel that does not stand there."""
    for variable in sorted(name for name in environ if name.startswith(PREFIX)):
        path = variable.removeprefix(PREFIX).lower().split("__")
        section = tree
        if path[0] == "channel":
            section = _channel(file, tree, variable, path)
            path = path[2:]
        for name in path[:-1]:
            section = _inner(file, section, variable, name)
        section[path[-1]] = Override(variable, environ[variable])


def _channel(file: str, tree: Tree, variable: str, path: list[str]) -> Tree:
    """The channel that `UNLOST__CHANNEL__<NAME>__…` means; hyphens cannot stand in a variable's name, so `_` stands for them."""
    channels = tree.get("channel")
    named = {
        variable_name(str(channel.get("name"))): channel
        for channel in (channels if isinstance(channels, list) else [])
        if isinstance(channel, dict)
    }
    if len(path) < 3:
        raise SettingsError(
            file, variable, f"must be {PREFIX}CHANNEL__<NAME>__KEY or {PREFIX}CHANNEL__<NAME>__GATEWAY__KEY"
        )
    if path[1] not in named:
        raise SettingsError(file, variable, f"no such channel{nearest(path[1], named)}")
    return named[path[1]]


def _inner(file: str, section: Tree, variable: str, name: str) -> Tree:
    inner = section.setdefault(name, {})
    if not isinstance(inner, dict):
        raise SettingsError(file, variable, f"{name} is not a section")
    return inner


def variable_name(channel: str) -> str:
    """A channel's name as it stands inside a variable's, in lower case."""
    return re.sub(r"[^a-z0-9]", "_", channel.lower())


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?`, or what is known, where nothing is near."""
    known = sorted(known)
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    if near:
        return f"; did you mean {near[0]}?"
    return f"; known are {', '.join(known)}" if known else ""
