"""Why an entry ended or an attempt failed, in the page's language. The journal keeps it as it was written down, in English."""

import re

from unlost.console.answers import Entry
from unlost.console.formats import plain
from unlost.console.words import Words

STEP_FAILED = re.compile(r"(?P<step>\w{1,40}) failed: (?P<cause>\w{1,40})")
SENTENCE = re.compile(r"(?P<head>[^(:]{1,80}?)(?: \((?P<more>[^)]{1,40})\)|: (?P<name>.{1,80}))?")
"""A sentence of ours; with a status in brackets, or the name of a fault behind a colon."""


def reason_of(entry: Entry, words: Words) -> str:
    """Of a whole entry; empty where it has none."""
    return reason(entry.reason or "", words)


def reason(told: str, words: Words) -> str:
    """In the page's language as far as it is one of ours, else as it was written down."""
    known = words.skip_reasons.get(told) or words.causes.get(told)
    if known:
        return known
    if failed := STEP_FAILED.fullmatch(told):
        return f"{step(failed['step'], words)}: {words.causes.get(failed['cause'], failed['cause'])}"
    match = SENTENCE.fullmatch(told)
    if match and match["head"] in words.dead_reasons:
        more, name = match["more"], match["name"]
        behind = f" ({plain(more)})" if more else f": {plain(name)}" if name else ""
        return words.dead_reasons[match["head"]] + behind
    return plain(told)


def step(name: object, words: Words) -> str:
    """What was being done."""
    return words.steps.get(str(name)) or plain(name) or "–"
