"""A process of its own that hands one notice to Apprise: `python -m unlost.notices.apprise_child`, one JSON object on its input.

Apart from the bridge because Apprise is synchronous, costs 20 MB, and may hang in whatever a service's library does: a process
can be ended. Exit codes are `Outcome`; one line on the output says why a notice was not sent, without the address's secrets.
"""

import json
import logging
import re
import sys
from enum import IntEnum
from typing import Any
from urllib.parse import urlsplit

SECRET_CHARS = 5
"""From so many on, a part of an address may be a token."""
WHY_MAX_CHARS = 300


class Outcome(IntEnum):
    """How it ended, as the process' exit code."""

    SENT = 0
    NOT_SENT = 1
    NOT_UNDERSTOOD = 3


def main() -> int:
    """Read, send, say. The address never stands in an argument: others see those."""
    given: dict[str, Any] = json.load(sys.stdin)
    outcome, why = send(given["address"], given["title"], given["body"], given["mood"])
    sys.stdout.write(why)
    return outcome


def send(address: str, title: str, body: str, mood: str) -> tuple[Outcome, str]:
    """Hand it over once; blocks for as long as the service's own time-outs say (Apprise: 4 s to connect, 4 s to read)."""
    import apprise

    heard = _Heard()
    logging.getLogger("apprise").addHandler(heard)
    logging.getLogger("apprise").propagate = False
    speaker = apprise.Apprise(asset=_asset())
    if not speaker.add(address):
        return Outcome.NOT_UNDERSTOOD, "Apprise does not understand this address"
    if speaker.notify(
        body=body, title=title, notify_type=apprise.NotifyType(mood), body_format=apprise.NotifyFormat.TEXT
    ):
        return Outcome.SENT, ""
    return Outcome.NOT_SENT, without_secrets(" ".join(heard.lines), address)[
        :WHY_MAX_CHARS
    ] or "the service did not take it"


def is_understood(address: str) -> bool:
    """Whether Apprise knows what to do with it; calls nobody."""
    import apprise

    logging.getLogger("apprise").addHandler(logging.NullHandler())
    return apprise.Apprise.instantiate(address, asset=_asset(), suppress_exceptions=True) is not None


def kind_of(address: str) -> str:
    """What may be shown of an address: the service. In many the host is a token already."""
    kind = address.partition("://")[0]
    return kind if re.fullmatch(r"[a-z0-9+]{1,20}", kind) else "unknown"


def without_secrets(text: str, address: str) -> str:
    """*text* without the parts of *address* that may be secret; its host stays where it looks like one."""
    host = urlsplit(address).hostname or ""
    parts = {part for part in re.split(r"[/:@?&=]+", address.partition("://")[2]) if len(part) >= SECRET_CHARS}
    for part in sorted(parts - ({host} if "." in host else set()), key=len, reverse=True):
        text = text.replace(part, "…")
    return text


def _asset() -> "Any":  # of a library that is imported only here, in functions
    import apprise

    return apprise.AppriseAsset(
        app_id="unlost",
        app_desc="unlost",
        async_mode=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,  # nothing of it on the disk
    )


class _Heard(logging.Handler):
    """Why a service did not take it is told in no other way."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


if __name__ == "__main__":
    sys.exit(main())
