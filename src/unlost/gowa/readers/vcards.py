"""Contact cards, as far as they are shown: a name and phone numbers. The card itself goes on as a file (RFC 6350, RFC 2426).

A parser that knows all of vCard would have more to go wrong with than two properties are worth: a stranger writes these, and they
are read at the door. Time is linear in the card's length.
"""

import re
from collections.abc import Iterator, Sequence

from unlost.vocabulary.attachments import InlineFile

PHONES_MAX = 10
"""Of one card; WhatsApp's own editor offers fewer."""
LINES_MAX = 2_000
"""Of one card, after unfolding; an embedded picture is one line."""
LINE_MAX_CHARS = 1_000
"""What is longer is no name and no number."""
VCF_MAX_BYTES = 4 * 1024 * 1024
"""257 cards at once is WhatsApp's most, each with a thumbnail of a few KiB; what does not fit is left out, whole cards at a time."""
NAME_MAX_CHARS = 60
VCF_TYPE = "text/vcard"
MANY_NAME = "contacts.vcf"

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r"\r\n|\r|\n")
_PROPERTY = re.compile(r'(?:[A-Za-z0-9-]+\.)?([A-Za-z-]+)((?:;[^:";]*(?:"[^"]*")?)*):(.*)', re.DOTALL)
_WAID = re.compile(r";waid=([1-9][0-9]{4,14})(?![0-9])", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\;,nN])")
_NOT_IN_NAMES = re.compile(r"[^\w .()+-]+")


def name_in(vcard: str) -> str:
    """The card's own name (FN); empty where it has none."""
    return next((value for name, _, value in _properties(vcard) if name == "FN" and value), "")


def phones_in(vcard: str) -> tuple[str, ...]:
    """Its numbers as spelled, in order, each once. A number that WhatsApp knows only as its own id is shown with a plus."""
    found: dict[str, None] = {}
    for name, parameters, value in _properties(vcard):
        if name != "TEL" or len(found) == PHONES_MAX:
            continue
        own = _WAID.search(parameters)
        number = value.removeprefix("tel:") or (f"+{own[1]}" if own else "")
        if number:
            found[number] = None
    return tuple(found)


def vcf_of(names: Sequence[str], vcards: Sequence[str]) -> InlineFile | None:
    """All cards in one file, which is what vCard allows; None where there is none, or none that fits."""
    kept: list[bytes] = []
    room = VCF_MAX_BYTES
    for card in vcards:
        raw = card.strip().encode("utf-8", "replace") + b"\r\n"
        if len(raw) > 2 and len(raw) <= room:
            kept.append(raw)
            room -= len(raw)
    if not kept:
        return None
    return InlineFile(_file_name(names[0]) if len(vcards) == 1 else MANY_NAME, VCF_TYPE, b"".join(kept))


def _properties(vcard: str) -> Iterator[tuple[str, str, str]]:
    """(NAME, parameters, value) of each line that is a property and short enough to matter."""
    unfolded = _FOLD.sub("", vcard)
    for line in _LINE.split(unfolded, LINES_MAX)[:LINES_MAX]:
        if len(line) > LINE_MAX_CHARS:
            continue
        match = _PROPERTY.fullmatch(line)
        if match is not None:
            yield match[1].upper(), match[2], _ESCAPED.sub(_unescaped, match[3]).strip()


def _unescaped(match: re.Match[str]) -> str:
    return " " if match[1] in "nN" else match[1]


def _file_name(name: str) -> str:
    """Letters, digits and a few signs; nothing that a path or a shell would read as more than a name."""
    kept = _NOT_IN_NAMES.sub(" ", name[: 4 * NAME_MAX_CHARS]).strip(" .-+")[:NAME_MAX_CHARS].strip()
    return f"{' '.join(kept.split()) or 'contact'}.vcf"
