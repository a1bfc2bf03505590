"""Draws docs/gateway-conformance.md: GOWA's OpenAPI file, operation by operation, and what `unlost gateway` does with each.

`python docs/conformance.py` writes it anew. tests/contract/gateway/test_conformance.py compares it, and asks a running gateway
whether it is so.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from unlost.gateway.rest.unable import UNABLE

FOLDER = Path(__file__).parent
OPENAPI = FOLDER.parent / "tests" / "recorded" / "gowa-openapi.yaml"
PAGE = FOLDER / "gateway-conformance.md"
METHODS = ("get", "post", "put", "patch", "delete")

HEAD = """\
<!-- Drawn by docs/conformance.py from tests/recorded/gowa-openapi.yaml and the gateway's own routes; change it there. -->
# What of GOWA's API our gateway does

Every path and method of GOWA 9.2.0's OpenAPI file, driven against a running `unlost gateway` (simulated engine) by
`tests/contract/gateway/test_conformance.py`. *done*: it does what GOWA does, and its answer fits the file's schema. *501*: it
says plainly that it does not (`NOT_IMPLEMENTED`), and changes nothing. An engine that lacks a call answers 501 for it too.
"""

REMARKS = {
    (
        "GET",
        "/health",
    ): "durable temper: 503 with the cause while a linked account is not logged in or the disk takes no commit",
    ("GET", "/devices/{device_id}/chatwoot/config"): "always 404 `CONFIG_NOT_FOUND`: the bridge does the forwarding",
    ("GET", "/chatwoot/configs"): "always empty: the bridge does the forwarding",
    ("POST", "/devices"): "`webhook_…` fields: 501",
    (
        "GET",
        "/user/avatar",
    ): "remembered: a picture an hour, a no for a day; a new `picture_id` in `/user/info` ends either",
    ("POST", "/send/link"): "sent as text; the page itself is not fetched",
    ("POST", "/send/image"): "sent as it is: `compress` and `hd` change nothing",
    ("POST", "/send/video"): "sent as it is: `compress` and `hd` change nothing",
    ("POST", "/message/{message_id}/read"): "names the author, so that it counts in groups too",
    ("GET", "/chats"): "beyond: `cursor`",
    ("GET", "/chat/{chat_jid}/messages"): "beyond: `cursor`",
    ("GET", "/app/info"): "beyond: `engine`, `engine_version`",
    ("GET", "/app/status"): "beyond: `state`, `cause`, `cure` while not logged in",
    ("GET", "/devices/{device_id}/status"): "beyond: `state`, `cause`, `cure` while not logged in",
}

BEYOND = """\
## Beyond GOWA

All of it in the durable temper alone; in GOWA's temper the gateway says and promises what GOWA does.

| what | how |
|---|---|
| `Idempotency-Key` on `/send/…` and on reaction, update and revoke | one key is one message. The WhatsApp id is chosen and on disk with the key before the engine is asked; every repeat gets the same answer. Another request under the key: 422 `IDEMPOTENCY_KEY_REUSED`. Where the engine takes no id, an interrupted send is 409 `outcome_unknown` for ever |
| `cursor` on `/chats` and `/chat/{chat_jid}/messages` | empty at first, then `pagination.next_cursor`: each row once, as it was stored, however much is written meanwhile; exact times and totals; stays good for what is stored later |
| `GET /health` | tells the truth, see above |
| 401 `AUTHENTICATION_ERROR`, 503 `not_started`, 503 `quarantined`, 429 `RATE_LIMITED` | nothing was done |
| 503 `engine_crashed`, 504 `GATEWAY_TIMEOUT` | a send may or may not have been done: repeat it under its key |
| 400 `REFUSED` | WhatsApp or the engine said no to a send; nothing was done |
| 403 `FORBIDDEN` | a browser asks on behalf of a page of another site |
| `GET /metrics` | Prometheus' text format |
"""


class Operation(NamedTuple):
    """One path and method of the file, and whether the gateway does it."""

    method: str
    path: str
    done: bool


def described() -> dict[str, Any]:
    """The file."""
    value: dict[str, Any] = yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))
    return value


def operations() -> Iterator[Operation]:
    """All of them, in the file's order."""
    lacking = {(method, path) for method, path, _ in UNABLE}
    for path, item in described()["paths"].items():
        for method in METHODS:
            if method in item:
                yield Operation(method.upper(), path, (method.upper(), path) not in lacking)


def page() -> str:
    """docs/gateway-conformance.md."""
    words = {(method, path): what for method, path, what in UNABLE}
    rows = [
        f"| `{one.method} {one.path}` | {'done' if one.done else '501'} | "
        f"{words.get((one.method, one.path)) or REMARKS.get((one.method, one.path), '')} |"
        for one in operations()
    ]
    counted = sum(one.done for one in operations())
    total = f"{counted} of {len(rows)} operations are done, {len(rows) - counted} answer 501."
    table = "\n".join(["| operation | | remark |", "|---|---|---|", *rows])
    return "\n".join([HEAD, total, "", table, "", BEYOND])


def main() -> None:
    """Write it."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
