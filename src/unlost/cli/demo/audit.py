"""Reads both ends for the ledger: the population's own file, and desk's API as any client sees it."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from unlost.cli.demo.ledger import Sent, Shown
from unlost.gateway.population import Population

PAGE = 100
ALL_TIME_S = 10_000_000


def sent_by(path: Path, device: str) -> list[Sent]:
    """Everything that was sent, in WhatsApp's order, but for what the helpdesk itself had the gateway send."""
    population = Population.open(path, device)
    try:
        own = population.through_api()
        return [
            Sent(one.place, one.id, one.chat, one.kind, one.target, int(one.at.timestamp()), one.unrecoverable)
            for one in population.sent()
            if one.id not in own
        ]
    finally:
        population.close()


def shown_by(desk_url: str, token: str) -> list[Shown]:
    """Every message that came from WhatsApp and was not deleted, over all conversations. Notes are nobody's messages."""
    account = f"{desk_url}/api/v1/accounts/1"
    listed = _get(f"{account}/conversations?status=all&updated_within={ALL_TIME_S}", token)["data"]["payload"]
    return [
        Shown(
            message["id"],
            conversation["id"],
            message["source_id"],
            bool((message["content_attributes"] or {}).get("unlost_late")),
        )
        for conversation in listed
        for message in _messages(f"{account}/conversations/{conversation['id']}/messages", token)
        if is_from_whatsapp(message)
    ]


def is_from_whatsapp(message: dict[str, Any]) -> bool:
    """Whether a customer, or the firm's phone, sent it: no note, no late file's part, nothing deleted."""
    deleted = (message["content_attributes"] or {}).get("deleted")
    source_id = message["source_id"] or ""
    return source_id.startswith("WAID:") and "#" not in source_id and not deleted and not message["private"]


def _messages(url: str, token: str) -> Iterator[dict[str, Any]]:
    after = 0
    while True:
        page = _get(f"{url}?after={after}", token)["payload"]
        yield from page
        if len(page) < PAGE:
            return
        after = max(message["id"] for message in page)


def _get(url: str, token: str) -> Any:
    request = urllib.request.Request(url, headers={"api_access_token": token})  # noqa: S310 - our own loopback address
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the same
        return json.load(answer)
