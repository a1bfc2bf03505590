"""The part of Liquid 5.4 that agents' texts meet: what is evaluated vanishes, code in backticks is kept.

Source of the behaviour: contract 1.5 (tried against liquid 5.4.0). A syntax error leaves the whole text as it is.
Loops, captures and the like render nothing; filters but `default`, `upcase`, `downcase`, `strip` do nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

TOKENS = re.compile(r"(\{%.*?%\}|\{\{.*?\}\}?|\{%|\{\{)", re.DOTALL)
BACKTICKS = re.compile(r"`.*?`", re.DOTALL)
VARIABLE = re.compile(r"\{\{-?(.*?)-?\}\}\Z", re.DOTALL)
TAG = re.compile(r"\{%-?\s*(\w+|#)\s*(.*?)-?%\}\Z", re.DOTALL)
END_RAW = re.compile(r"(.*)\{%-?\s*endraw\s*-?%\}\Z", re.DOTALL)
QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")
BLOCKS_THAT_VANISH = {"for": "endfor", "case": "endcase", "capture": "endcapture", "tablerow": "endtablerow"}
LONE_TAGS = frozenset({"assign", "increment", "decrement", "cycle", "echo", "break", "continue", "render", "include"})
CHANGES: dict[str, Callable[[str], str]] = {"upcase": str.upper, "downcase": str.lower, "strip": str.strip}


class LiquidError(Exception):
    """The text is no valid template."""


def render(text: str, variables: Mapping[str, Any]) -> str:
    """*text* as Chatwoot would send it. Never raises: what is no template comes back unchanged."""
    if "{{" not in text and "{%" not in text:
        return text
    guarded = BACKTICKS.sub(lambda span: "{% raw %}" + span.group() + "{% endraw %}", text)
    tokens = [token for token in TOKENS.split(guarded) if token]
    try:
        return _Renderer(tokens, variables).run()
    except LiquidError:
        return text


class _Renderer:
    def __init__(self, tokens: list[str], variables: Mapping[str, Any]) -> None:
        self._tokens = tokens
        self._place = 0
        self._variables = variables
        self._shown = [True]  # one per open block: whether its text is shown
        self._open: list[str] = []

    def run(self) -> str:
        parts: list[str] = []
        while self._place < len(self._tokens):
            token = self._tokens[self._place]
            self._place += 1
            text = self._evaluate(token)
            if all(self._shown):
                parts.append(text)
        if self._open:
            raise LiquidError(self._open[-1])
        return "".join(parts)

    def _evaluate(self, token: str) -> str:
        if token.startswith("{{"):
            match = VARIABLE.match(token)
            if match is None:
                raise LiquidError(token)
            return value_of(match.group(1), self._variables)
        if token.startswith("{%"):
            match = TAG.match(token)
            if match is None:
                raise LiquidError(token)
            return self._tag(match.group(1), match.group(2))
        return token

    def _tag(self, name: str, rest: str) -> str:
        if name == "raw":
            return self._raw()
        if name == "comment":
            self._skip_to("endcomment")
        elif name in BLOCKS_THAT_VANISH:
            self._skip_to(BLOCKS_THAT_VANISH[name])
        elif name in ("if", "unless"):
            self._open.append(name)
            self._shown.append(is_true(rest, self._variables) == (name == "if"))
        elif name in ("else", "elsif") and self._open:
            self._shown[-1] = not self._shown[-1] and (name == "else" or is_true(rest, self._variables))
        elif name in ("endif", "endunless") and self._open and name == "end" + self._open[-1]:
            self._open.pop()
            self._shown.pop()
        elif name not in LONE_TAGS and name != "#":
            raise LiquidError(name)
        return ""

    def _raw(self) -> str:
        inside: list[str] = []
        while self._place < len(self._tokens):
            token = self._tokens[self._place]
            self._place += 1
            match = END_RAW.match(token)
            if match is not None:
                return "".join(inside) + match.group(1)
            inside.append(token)
        raise LiquidError("raw")

    def _skip_to(self, end: str) -> None:
        while self._place < len(self._tokens):
            token = self._tokens[self._place]
            self._place += 1
            match = TAG.match(token) if token.startswith("{%") else None
            if match is not None and match.group(1) == end:
                return
        raise LiquidError(end)


def value_of(expression: str, variables: Mapping[str, Any]) -> str:
    """The text an expression stands for; empty for what is unknown."""
    first, *filters = [part.strip() for part in _split_filters(expression)]
    value = _look_up(first, variables)
    for named in filters:
        value = _filtered(value, named, variables)
    return "" if value is None or isinstance(value, Mapping) else str(value)


def _split_filters(expression: str) -> list[str]:
    parts, start, quote = [], 0, ""
    for place, char in enumerate(expression):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "|":
            parts.append(expression[start:place])
            start = place + 1
    return [*parts, expression[start:]]


def _look_up(name: str, variables: Mapping[str, Any]) -> Any:
    quoted = QUOTED.match(name)
    if quoted is not None:
        return quoted.group(1) if quoted.group(1) is not None else quoted.group(2)
    if re.fullmatch(r"-?\d{1,18}", name):
        return int(name)
    value: Any = variables
    for word in name.split("."):
        value = value.get(word) if isinstance(value, Mapping) else None
    return value


def _filtered(value: Any, named: str, variables: Mapping[str, Any]) -> Any:
    name, _, argument = named.partition(":")
    if name.strip() == "default":
        return value if value not in (None, "", False) else _look_up(argument.strip(), variables)
    change = CHANGES.get(name.strip())
    return change(str(value)) if change is not None and value is not None else value


def is_true(expression: str, variables: Mapping[str, Any]) -> bool:
    """Liquid's truth: all but nil and false. `==` and `!=` are known, everything else is a look-up."""
    for sign in ("==", "!="):
        left, found, right = expression.partition(sign)
        if found:
            same: bool = _look_up(left.strip(), variables) == _look_up(right.strip(), variables)
            return same == (sign == "==")
    return _look_up(expression.strip(), variables) not in (None, False)
