"""Outgoing text past Chatwoot's template engine: what the phone typed is what the agents read.

Chatwoot wraps spans in backticks in raw tags, then runs outgoing text through Liquid (liquidable.rb, liquid 5.4): `{{ x }}` and
`{% y %}` are evaluated and vanish. Incoming text is left alone.
"""

import re

_SPAN = re.compile(r"`.*?`", re.DOTALL)
_OPENING = re.compile(r"\{\{|\{%|\{\Z")
_END_OF_RAW = re.compile(r"\{%(?=-?\s*endraw)")
_JOINER = "\u2060"


def escaped(text: str) -> str:
    """*text* so that Chatwoot shows *text*. Same backticks in the same order; without `{` before `{`, `%` or a backtick, as it is.

    One thing is not kept to the letter: an `endraw` tag inside backticks would end Chatwoot's own raw, so an invisible word joiner
    is put into it.
    """
    if "{" not in text:
        return text
    parts: list[str] = []
    place = 0
    for span in _SPAN.finditer(text):
        parts.append(_outside(text[place : span.start()], before_span=True))
        parts.append(_END_OF_RAW.sub("{" + _JOINER + "%", span.group()))
        place = span.end()
    parts.append(_outside(text[place:], before_span=False))
    return "".join(parts)


def _outside(text: str, *, before_span: bool) -> str:
    """A brace right before a span counts as well: the span becomes a tag, and the two would open one."""
    return _OPENING.sub(lambda found: _quoted(found.group()) if before_span or found.group() != "{" else "{", text)


def _quoted(opening: str) -> str:
    return '{{ "' + opening + '" }}'
