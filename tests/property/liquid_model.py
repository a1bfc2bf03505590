"""Chatwoot's treatment of outgoing text, in the few rules that a text without known tags can meet (contract 1.5).

Written apart from the desk's renderer, from the contract and from the grammar of liquid 5.4: text is cut into tags, outputs and the
rest; an output may be a quoted string or a name (which is empty); `raw` runs to its end tag; anything else is an error, and then
the text stays as it is.
"""

from __future__ import annotations

import re

TOKEN = re.compile(r"\{%.*?%\}|\{\{.*?\}\}?|\{%|\{\{", re.DOTALL)
SPAN = re.compile(r"`.*?`", re.DOTALL)
OUTPUT = re.compile(r'\{\{-?\s*(?:"([^"]*)"|\'([^\']*)\'|[^}]*?)\s*-?\}\}\Z', re.DOTALL)
TAG = re.compile(r"\{%-?\s*(\w+).*?-?%\}\Z", re.DOTALL)
END_OF_RAW = re.compile(r"(.*)\{%-?\s*endraw\s*-?%\}\Z", re.DOTALL)


class Wrong(Exception):
    """No template."""


def shown(content: str) -> str:
    """What Chatwoot keeps of *content*."""
    guarded = SPAN.sub(lambda span: "{% raw %}" + span.group() + "{% endraw %}", content)
    try:
        return _rendered(guarded)
    except Wrong:
        return content


def _rendered(text: str) -> str:
    parts: list[str] = []
    pieces = _pieces(text)
    while pieces:
        piece = pieces.pop(0)
        if piece.startswith("{%"):
            tag = TAG.match(piece)
            if tag is None or tag.group(1) != "raw":
                raise Wrong(piece)
            parts.append(_raw(pieces))
        elif piece.startswith("{{"):
            output = OUTPUT.match(piece)
            if output is None:
                raise Wrong(piece)
            parts.append(output.group(1) or output.group(2) or "")
        else:
            parts.append(piece)
    return "".join(parts)


def _raw(pieces: list[str]) -> str:
    inside = ""
    while pieces:
        piece = pieces.pop(0)
        end = END_OF_RAW.match(piece)
        if end is not None:
            return inside + end.group(1)
        inside += piece
    raise Wrong("raw without an end")


def _pieces(text: str) -> list[str]:
    pieces, place = [], 0
    for token in TOKEN.finditer(text):
        pieces += [text[place : token.start()], token.group()]
        place = token.end()
    return [piece for piece in (*pieces, text[place:]) if piece]
