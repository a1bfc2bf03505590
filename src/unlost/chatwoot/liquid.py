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
    place, span_before = 0, ""
    for span in _SPAN.finditer(text):
        parts.append(_outside(text[place : span.start()], span_before, before_span=True))
        parts.append(_END_OF_RAW.sub("{" + _JOINER + "%", span.group()))
        place, span_before = span.end(), span.group()
    parts.append(_outside(text[place:], span_before, before_span=False))
    return "".join(parts)


def _outside(text: str, span_before: str, *, before_span: bool) -> str:
    """Text between two spans, which become tags: a brace right before one opens an output with it.

    A brace right behind one is taken into the raw's end tag where the span holds an output without an end; nothing, quoted, keeps
    the two apart (a closing brace itself cannot be quoted: Liquid's outputs end at the first one).
    """
    parting = _quoted("") if text.startswith("}") and "{{" in span_before else ""
    return parting + _OPENING.sub(
        lambda found: _quoted(found.group()) if before_span or found.group() != "{" else "{", text
    )


def _quoted(opening: str) -> str:
    return '{{ "' + opening + '" }}'
