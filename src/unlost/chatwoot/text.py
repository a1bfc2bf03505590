"""Text that the helpdesk's database can keep: PostgreSQL takes no NUL, JSON no lone surrogate; each becomes U+FFFD, visibly."""

from collections.abc import Mapping
from typing import Any

NAME_CHARS_MAX = 255
"""Every short column of Chatwoot (application_record.rb)."""


def keepable_text(text: str) -> str:
    """*text* with NUL and lone surrogates replaced; equal to it for nearly all there is."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def keepable(value: Any) -> Any:
    """The same for every string of a body we build; it is as deep as we built it."""
    if isinstance(value, str):
        return keepable_text(value)
    if isinstance(value, Mapping):
        return {key: keepable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [keepable(inner) for inner in value]
    return value


def name_of(name: str) -> str:
    """A name the helpdesk takes: never longer than its column. Cut, not refused: a message must not wait for a name."""
    return keepable_text(name)[:NAME_CHARS_MAX]
