"""Who may see the desk's page."""

from __future__ import annotations

import base64

import pytest
from starlette.requests import Request

from unlost.desk.page_guard import refusal


def visit(host: str = "127.0.0.1:8090", peer: str = "127.0.0.1", **headers: str) -> Request:
    """A visitor with these headers."""
    named = {"host": host} | {name.replace("_", "-"): value for name, value in headers.items()}
    raw = [(name.encode(), value.encode()) for name, value in named.items()]
    return Request({"type": "http", "headers": raw, "client": (peer, 5000)})


@pytest.mark.parametrize("host", ["127.0.0.1:8090", "localhost:8090", "[::1]:8090"])
def test_without_a_password_this_machine_sees_the_page(host: str) -> None:
    assert refusal(visit(host), "") is None


@pytest.mark.parametrize(
    "visitor",
    [
        visit(peer="192.0.2.7"),
        visit("rebound.example:8090"),
        visit("127.0.0.1.rebound.example"),
        visit(x_forwarded_for="192.0.2.7"),
        visit(via="1.1 proxy"),
    ],
)
def test_without_a_password_nobody_else_does(visitor: Request) -> None:
    refused = refusal(visitor, "")
    assert refused is not None
    assert refused.status_code == 403


def test_with_a_password_only_the_password_counts() -> None:
    def status(word: str) -> int:
        given = base64.b64encode(word.encode()).decode()
        refused = refusal(visit(peer="192.0.2.7", authorization=f"Basic {given}"), "secret")
        return 200 if refused is None else refused.status_code

    assert [status(word) for word in ("desk:secret", "desk:wrong", "admin:secret", "")] == [200, 401, 401, 401]
