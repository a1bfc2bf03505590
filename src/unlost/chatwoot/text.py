"""Text that the helpdesk's database can keep: PostgreSQL takes no NUL, JSON no lone surrogate; each becomes U+FFFD, visibly."""

from collections.abc import Mapping
from typing import Any

import msgspec

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


def encoded(body: Mapping[str, Any]) -> bytes:
    """A body we build as JSON, every string made keepable; looked at one by one only where the encoder met something."""
    try:
        written = msgspec.json.encode(body)
    except UnicodeEncodeError:
        return msgspec.json.encode(_keepable(body))
    return msgspec.json.encode(_keepable(body)) if b"\\u0000" in written else written


def _keepable(value: Any) -> Any:
    """As deep as we built it."""
    if isinstance(value, str):
        return keepable_text(value)
    if isinstance(value, Mapping):
        return {key: _keepable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_keepable(inner) for inner in value]
    return value


def name_of(name: str) -> str:
    """A name the helpdesk takes: never longer than its column. Cut, not refused: a message must not wait for a name."""
    return keepable_text(name)[:NAME_CHARS_MAX]
