"""GOWA's versions and what changed on the wire with them (GOWA page, 1.2 and 2.1)."""

from __future__ import annotations

from dataclasses import dataclass

Version = tuple[int, int, int]
ENVELOPE_SINCE: Version = (8, 0, 0)
AVATAR_CONTAINED_SINCE: Version = (8, 1, 0)
LID_LOOKUP_SINCE: Version = (8, 3, 0)
HEALTH_SINCE: Version = (8, 4, 0)
STATUS_JID_SINCE: Version = (8, 8, 0)
ABSENT_CHAT_EMPTY_SINCE: Version = (8, 9, 0)
DEVICE_WEBHOOK_SINCE: Version = (8, 10, 0)
ESCAPED_JID_SINCE: Version = (9, 0, 0)
DISPLAY_NAME_SINCE: Version = (9, 0, 1)
CONTENT_LENGTH_SINCE: Version = (9, 0, 1)


def parsed(text: str) -> Version:
    """`v9.2.0` or `9.2.0` as three numbers. Raises ValueError for anything else."""
    major, minor, patch = text.removeprefix("v").split(".")
    return int(major), int(minor), int(patch)


def printed(version: Version) -> str:
    """As `/app/info` prints it."""
    return "v" + ".".join(map(str, version))


@dataclass(frozen=True, kw_only=True)
class DeliveryRule:
    """How one version delivers a webhook, in seconds.

    *waits_s* stand between the tries. *deadline_s* bounds all tries of one event to all URLs, and does not interrupt a
    wait. *any_answer*: an HTTP answer of any status counts as delivered. *first_timeout_final*: after a timed-out first
    try nothing is really sent again. *all_urls*: the next URL is tried although this one failed.
    """

    waits_s: tuple[float, ...] = (1, 2, 4, 8)
    try_s: float = 10.0
    deadline_s: float | None = None
    any_answer: bool = False
    first_timeout_final: bool = False
    all_urls: bool = True
    chunked: bool = False


def delivery_rule(version: Version) -> DeliveryRule:
    """The rule of *version* (GOWA page, 2.1, one column each)."""
    if version < (7, 4, 0):
        return DeliveryRule(waits_s=(1, 2, 4, 8, 16), any_answer=True, first_timeout_final=True, all_urls=False)
    if version < (7, 8, 0):
        return DeliveryRule(all_urls=False, chunked=True)
    if version < ENVELOPE_SINCE:
        return DeliveryRule(chunked=True)
    return DeliveryRule(deadline_s=30.0, chunked=version < CONTENT_LENGTH_SINCE)
