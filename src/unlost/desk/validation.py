"""Rules for fields, with the texts Chatwoot answers in English (app/models/contact.rb, message.rb, application_record.rb)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from unlost.desk.turn import Refusal, invalid, server_error

STRING_CHARS_MAX = 255
TEXT_CHARS_MAX = 20_000
CONTENT_CHARS_MAX = 150_000
ATTRIBUTE_CHARS_MAX = 1500
ATTRIBUTE_NUMBER_MAX = 9_999_999_999
PHONE = re.compile(r"\+[1-9][0-9]{1,14}\Z")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\Z")  # Devise's default format
CONTENT_TYPES = frozenset(
    [
        "text",
        "input_text",
        "input_textarea",
        "input_email",
        "input_select",
        "cards",
        "form",
        "article",
        "incoming_email",
        "input_csat",
        "integrations",
        "sticker",
        "voice_call",
    ]
)


class Findings:
    """Errors of one record, collected as a Rails model does, then raised together."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def add(self, attribute: str, message: str) -> None:
        """One more error; *message* is its full sentence."""
        self.found.append((attribute, message))

    def check_length(self, attribute: str, label: str, value: str | None, chars_max: int) -> None:
        """Refuse more than *chars_max* characters."""
        if value is not None and len(value) > chars_max:
            self.add(attribute, f"{label} is too long (maximum is {chars_max} characters)")

    def sentence(self) -> str:
        """All full messages in one line."""
        return ", ".join(message for _, message in self.found)

    def raise_any(self) -> None:
        """Answer 422 as a controller does that rescues nothing."""
        if self.found:
            raise invalid(self.sentence(), *dict.fromkeys(attribute for attribute, _ in self.found))


def text_or_none(value: object) -> str | None:
    """A string column's value as Rails casts it: numbers become text, objects do not arrive at all.

    Raises a 500: PostgreSQL refuses a NUL byte in any text.
    """
    if value is None or isinstance(value, dict | list):
        return None
    if isinstance(value, bool):
        return "t" if value else "f"
    text = value if isinstance(value, str) else str(value)
    if "\x00" in text:
        raise server_error()
    return text


def attributes_of(value: object) -> dict[str, Any]:
    """A JSON column's value: an object, else nothing. Raises a 500 for a NUL inside, which jsonb refuses."""
    if not isinstance(value, Mapping):
        return {}
    if holds_nul(value):
        raise server_error()
    return dict(value)


def holds_nul(value: object) -> bool:
    """Whether a NUL stands anywhere in *value*, which is as deep as the JSON decoder allowed."""
    waiting: list[object] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if "\x00" in item:
                return True
        elif isinstance(item, Mapping):
            waiting.extend(item.keys())
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return False


def check_conversation_attributes(findings: Findings, attribute: str, values: Mapping[str, Any]) -> None:
    """Strings up to 1500 characters, integers up to 9 999 999 999 (jsonb_attributes_length_validator.rb)."""
    for key, value in values.items():
        label = attribute.replace("_", " ").capitalize()
        if isinstance(value, str) and len(value) > ATTRIBUTE_CHARS_MAX:
            findings.add(attribute, f"{label} {key} length should be < {ATTRIBUTE_CHARS_MAX}")
        if isinstance(value, int) and not isinstance(value, bool) and value > ATTRIBUTE_NUMBER_MAX:
            findings.add(attribute, f"{label} {key} value should be < {ATTRIBUTE_NUMBER_MAX}")


def missing(name: str) -> Refusal:
    """Rails' ParameterMissing."""
    return Refusal(422, {"error": f"param is missing or the value is empty: {name}"})
