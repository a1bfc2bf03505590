"""The settings file as `unlost init` writes it: every key, with unit, default and reason."""

import json
import textwrap
from collections.abc import Iterator, Mapping

from unlost.settings.keys import Key, keys_of
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
)

WIDTH = 110

HEAD = """\
# Settings of unlost. A line that begins with "#" and a space is a comment; one that begins with "#" alone shows a key at its
# default: take the "#" away to change it. Keys without "#" must be filled in.
#
# Any value may be "env:NAME" (an environment variable) or "file:/path" (a file's content): keep secrets out of this file.
# UNLOST__SECTION__KEY and UNLOST__CHANNEL__<NAME>__GATEWAY__KEY in the environment override what stands here.
# `unlost check` judges this file without starting anything.
"""

SECTIONS: tuple[tuple[str, type, str], ...] = (
    ("[server]", Server, "The bridge's door."),
    ("[console]", Console, "Operator pages, operator API and metrics."),
    ("[journal]", Journal, "What is remembered, and for how long."),
    ("[limits]", Limits, "Bounds on what comes from outside and on what is done at once. The defaults fit most."),
    ("[notify]", Notify, "Whom to tell when something needs a person."),
    ("[retry]", Retry, "How often, and how far apart."),
    (
        "[[channel]]",
        Channel,
        "One WhatsApp number joined to one helpdesk inbox. Repeat all three sections for each further number.",
    ),
    ("[channel.gateway]", ChannelGateway, "The WhatsApp side of this channel."),
    ("[channel.helpdesk]", ChannelHelpdesk, "The helpdesk's side of this channel."),
)
WHERE_THEY_STAND: tuple[tuple[str, type, str], ...] = (
    ("[desk]", Desk, "The demo helpdesk. Only where this section stands does `unlost up` start it."),
    ("[gateway]", Gateway, "Our own gateway. Only where this section stands does `unlost up` start it."),
)


def template(filled: Mapping[str, Mapping[str, object]] | None = None) -> str:
    """The whole file. Its `kind` of gateway is gowa unless *filled* says otherwise; where defaults hang on it, both are named.

    *filled*: values that stand in it, by section (as `[server]`) and key.
    """
    values = filled or {}
    blocks = [HEAD]
    for title, section, says in SECTIONS:
        blocks.append("\n".join([*_prose(says), title, *_lines(section, values.get(title, {}))]))
    for title, section, says in WHERE_THEY_STAND:
        blocks.append("\n".join([*_prose(says), f"#{title}", *_lines(section, {})]))
    return "\n\n".join(blocks) + "\n"


def _lines(section: type, filled: Mapping[str, object]) -> Iterator[str]:
    keys = keys_of(section)
    kind = str(filled.get("kind") or keys["kind"].example or keys["kind"].default) if "kind" in keys else ""
    for key in keys.values():
        yield ""
        yield from _prose(_said(key))
        if key.name in filled:
            yield f"{key.name} = {toml(filled[key.name])}"
        elif key.is_required:
            yield f"{key.name} = {toml(key.example)}"
        else:
            yield f"#{key.name} = {toml(key.default_for(kind))}"
            if key.example is not None:
                yield f"# such as: {key.name} = {toml(key.example)}"


def _said(key: Key) -> str:
    """`Why. What fits; default.`"""
    said = f"{key.why[0].upper()}{key.why[1:]}. {key.shape.said()[0].upper()}{key.shape.said()[1:]}"
    if key.is_required:
        return f"{said}. Required."
    if key.by_kind:
        return f"{said}; default " + ", ".join(f"{toml(value)} for {kind}" for kind, value in key.by_kind) + "."
    return f"{said}; default {toml(key.default)}."


def _prose(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def toml(value: object) -> str:
    """A TOML value; basic strings are JSON's."""
    match value:
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return "[" + ", ".join(toml(item) for item in value) + "]"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)
