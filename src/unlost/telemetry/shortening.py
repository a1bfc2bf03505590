"""What may be shown of a person: the last four digits."""

import re

LONG_NUMBER = re.compile(r"\d{7,}")  # the shortest phone numbers have seven digits


def short(address: str) -> str:
    """`…1234` of a phone number, JID or LID; `…` where that would be all of it."""
    user = address.partition("@")[0].partition(":")[0]
    return f"…{user[-4:]}" if len(user) > 6 else "…"


def without_numbers(text: str) -> str:
    """*text* with every number that could be a phone's shortened."""
    return LONG_NUMBER.sub(lambda found: f"…{found[0][-4:]}", text)
