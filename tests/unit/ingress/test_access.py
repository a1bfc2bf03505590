"""Who sees metrics, pages and API; and the two questions anyone may ask."""

import pytest
from starlette.types import Receive, Scope, Send

from tests.unit.ingress.worlds import World
from unlost.errors import NotCommitted


async def test_anyone_may_ask_whether_the_process_lives() -> None:
    assert (await World().get("/healthz", peer="203.0.113.9")).body == b"ok\n"


async def test_ready_is_only_whether_the_door_can_commit() -> None:
    world = World()
    assert (await world.get("/readyz")).status == 200
    world.journal.broken = NotCommitted("full")
    world.clock.at += 2
    assert (await world.get("/readyz")).status == 503


async def test_a_crowd_asking_for_readiness_costs_one_commit_a_second() -> None:
    world = World()
    for _ in range(10):
        await world.get("/readyz")
    assert world.commits == 1


async def test_metrics_are_shown_to_this_machine() -> None:
    reply = await World().get("/metrics")
    assert reply.status == 200
    assert b"unlost_journal_writable" in reply.body
    assert reply.headers[b"content-type"].startswith(b"text/plain; version=0.0.4")


@pytest.mark.parametrize(
    ("peer", "headers", "public_url"),
    [
        ("203.0.113.9", {}, ""),
        ("127.0.0.1", {"host": "bridge.example.com"}, ""),
        ("127.0.0.1", {"host": ""}, ""),
        ("127.0.0.1", {"x_forwarded_for": "203.0.113.9"}, ""),
        ("127.0.0.1", {"x_forwarded_proto": "https"}, ""),
        ("127.0.0.1", {"forwarded": "for=203.0.113.9"}, ""),
        ("127.0.0.1", {"via": "1.1 proxy"}, ""),
        ("127.0.0.1", {}, "https://bridge.example.com"),
    ],
)
@pytest.mark.parametrize("path", ["/metrics", "/api/v1/status", "/"])
async def test_without_a_password_all_else_is_forbidden_and_the_cure_is_named(
    path: str, peer: str, headers: dict[str, str], public_url: str
) -> None:
    reply = await World(public_url=public_url).get(path, peer=peer, **headers)
    assert reply.status == 403
    assert b"[console] password" in reply.body


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:8080", "127.8.8.8"])
@pytest.mark.parametrize("public_url", ["", "http://127.0.0.1:8080/path"])
async def test_without_a_password_this_very_machine_may_pass(host: str, public_url: str) -> None:
    world = World(public_url=public_url)
    for peer in ("127.0.0.1", "::1"):
        assert (await world.get("/api/v1/status", host=host, peer=peer)).body == b"inner"


@pytest.mark.parametrize("told", ["", "Bearer", "Bearer wrong", "Basic cGFzcw==", "bearer pass"])
async def test_with_a_password_even_this_machine_must_tell_it(told: str) -> None:
    reply = await World(password="pass").get("/metrics", authorization=told)
    assert reply.status == 401
    assert reply.headers[b"www-authenticate"].startswith(b"Bearer")


async def test_the_pages_ask_for_the_password_themselves() -> None:
    world = World(password="pass", public_url="https://bridge.example.com")
    assert (await world.get("/dead", peer="203.0.113.9", host="bridge.example.com")).body == b"inner"


async def test_the_api_wants_the_password_told_whatever_prefix_stands_before_it() -> None:
    world = World(password="pass", public_url="https://bridge.example.com/a/path")
    assert (await world.get("/a/path/api/v1/status")).status == 401


async def test_what_is_passed_on_has_no_prefix() -> None:
    world = World(public_url="http://127.0.0.1:8080/a/path")
    passed: list[str] = []

    async def inner(scope: Scope, _receive: Receive, send: Send) -> None:
        passed.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    world.app.inner = inner
    for path in ("/a/path", "/a/path/", "/a/path/dead", "/dead"):
        await world.get(path)
    assert passed == ["/", "/", "/dead", "/dead"]


async def test_with_the_password_anyone_may_pass_from_anywhere() -> None:
    world = World(password="pass", public_url="https://bridge.example.com")
    headers = {"authorization": "Bearer pass", "host": "bridge.example.com", "via": "1.1 proxy"}
    assert (await world.get("/api/v1/status", peer="203.0.113.9", **headers)).body == b"inner"


@pytest.mark.parametrize("origin", ["https://evil.example.com", "null", "http://["])
@pytest.mark.parametrize("password", ["", "pass"])
async def test_a_page_of_another_site_gets_nothing_through_the_operators_browser(origin: str, password: str) -> None:
    reply = await World(password=password).get("/api/v1/status", origin=origin, authorization="Bearer pass")
    assert reply.status == 403


@pytest.mark.parametrize(
    ("origin", "host"),
    [("http://127.0.0.1:8080", "127.0.0.1:8080"), ("https://bridge.example.com", "bridge.example.com")],
)
async def test_our_own_page_passes(origin: str, host: str) -> None:
    world = World(password="pass", public_url="https://bridge.example.com/a")
    assert (await world.get("/", origin=origin, host=host, authorization="Bearer pass")).status == 200


async def test_doors_stay_open_while_all_else_is_forbidden() -> None:
    world = World(public_url="https://bridge.example.com")
    assert (await world.get("/metrics")).status == 403
    assert (await world.post()).status == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_questions_are_asked_with_get(path: str) -> None:
    assert (await World().get(path, method="POST")).status == 405
