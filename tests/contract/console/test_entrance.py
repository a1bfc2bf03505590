"""Who sees the pages, and what every changing request must carry."""

import pytest

from tests.contract.console.visiting import PASSWORD, World
from tests.contract.journal.building import CHANNEL, SetClock
from unlost.console.sessions import LASTS_S, Sessions
from unlost.journal.sqlite_journal import SqliteJournal

CHANGING = (
    "/dead/act",
    "/dead/preview",
    f"/channels/{CHANNEL}/pause",
    f"/channels/{CHANNEL}/resume",
    f"/channels/{CHANNEL}/reconcile",
    "/logout",
)
READING = ("/", "/dead", "/find", "/find?q=1", "/entries/1", "/live", "/nowhere")


@pytest.mark.parametrize("path", READING)
async def test_who_is_not_logged_in_is_led_to_the_login_and_sees_nothing(world: World, path: str) -> None:
    page = await world.visitor().get(path)
    assert (page.status, page["location"].partition("?")[0], page.body) == (303, "/login", b"")


@pytest.mark.parametrize("path", CHANGING)
async def test_who_is_not_logged_in_changes_nothing(world: World, path: str) -> None:
    page = await world.visitor().post(path, {"direction": "inbound"})
    assert (page.status, page["location"]) == (303, "/login")
    assert await world.journal.pauses() == []


async def test_the_login_leads_on_to_what_was_asked_for(world: World) -> None:
    visitor = world.visitor()
    led = await visitor.get("/dead?since=24h")
    form = dict((await visitor.get(led["location"])).fields("/login"))
    page = await visitor.post("/login", form | {"who": "Ana", "password": PASSWORD})
    assert page["location"] == "/dead?since=24h"
    assert (await visitor.get("/dead")).status == 200


@pytest.mark.parametrize(
    "then", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/login", "/a\nb"]
)
async def test_the_login_leads_to_no_other_site(world: World, then: str) -> None:
    assert (await world.visitor().log_in(then=then))["location"] == "/"


async def test_a_wrong_password_lets_nobody_in(world: World) -> None:
    visitor = world.visitor()
    page = await visitor.log_in("wrong")
    assert page.status == 401
    assert "not the password" in page.text
    assert (await visitor.get("/")).status == 303


async def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(world: World) -> None:
    visitor = world.visitor()
    assert [(await visitor.log_in("wrong")).status for _ in range(6)] == [401] * 5 + [429]
    refused = await visitor.log_in()
    assert (refused.status, refused["retry-after"]) == (429, "60")
    world.clock.go(61)
    assert (await visitor.log_in()).status == 303


async def test_one_peers_wrong_passwords_keep_no_other_out(world: World) -> None:
    stranger = world.visitor()
    for _ in range(6):
        await stranger.log_in("wrong")
    other = world.visitor()
    other.peer = "203.0.113.7"
    assert (await other.log_in()).status == 303


async def test_many_peers_together_do_not_guess_without_end(world: World) -> None:
    statuses = []
    for number in range(60):
        visitor = world.visitor()
        visitor.peer = f"203.0.113.{number}"
        statuses.append((await visitor.log_in("wrong")).status)
    assert statuses == [401] * 50 + [429] * 10


@pytest.mark.parametrize(
    ("public_url", "path", "is_secure"),
    [("", "/", False), ("https://bridge.example/unlost", "/unlost/", True), ("http://bridge.example", "/", False)],
)
async def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_connections(
    journal: SqliteJournal, clock: SetClock, public_url: str, path: str, is_secure: bool
) -> None:
    visitor = World(journal, clock, public_url=public_url).visitor()
    await visitor.log_in()
    (cookie,) = visitor.set_cookies
    flags = {flag.strip().lower() for flag in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", f"path={path}"} <= flags
    assert ("secure" in flags) is is_secure


async def test_a_login_begins_another_session_than_the_one_before_it(world: World) -> None:
    visitor = world.visitor()
    planted = dict((await visitor.get("/login")).fields("/login"))["token"]
    await visitor.log_in()
    path = f"/channels/{CHANNEL}/pause"
    assert (await visitor.post(path, {"direction": "inbound", "token": planted})).status == 403


@pytest.mark.parametrize("path", CHANGING)
@pytest.mark.parametrize("token", [None, "", "wrong", "ü"])
async def test_without_its_sessions_token_no_request_changes_anything(
    world: World, path: str, token: str | None
) -> None:
    visitor = await world.known()
    letter = await world.die("m1")
    told = {"direction": "inbound", "verb": "discard", "do": "discard:selected", "id": str(letter)}
    page = await visitor.post(path, told | ({} if token is None else {"token": token}))
    assert page.status == 403
    assert "Nothing was done" in page.text
    assert len(await world.journal.dead()) == 1
    assert await world.journal.pauses() == []
    assert (await visitor.get("/")).status == 200


async def test_the_login_too_wants_the_token_of_its_own_page(world: World) -> None:
    visitor = world.visitor()
    await visitor.get("/login")
    assert (await visitor.post("/login", {"who": "Ana", "password": PASSWORD})).status == 403


async def test_the_token_of_another_session_is_of_no_use(world: World) -> None:
    ana, ben = await world.known("Ana"), await world.known("Ben")
    fields = dict((await ben.get("/")).fields(f"/channels/{CHANNEL}/pause"))
    assert (await ana.post(f"/channels/{CHANNEL}/pause", fields)).status == 403


async def test_a_page_of_another_site_is_refused_before_any_of_this(world: World) -> None:
    visitor = await world.known()
    fields = (await visitor.get("/")).fields(f"/channels/{CHANNEL}/pause")
    page = await visitor.post(f"/channels/{CHANNEL}/pause", fields, origin="https://evil.example")
    assert page.status == 403
    assert await world.journal.pauses() == []


async def test_nothing_is_changed_by_get(world: World) -> None:
    visitor = await world.known()
    for path in CHANGING:
        assert (await visitor.get(path)).status in (404, 405)
    assert await world.journal.pauses() == []


async def test_logging_out_ends_the_session_for_whoever_kept_its_cookie(world: World) -> None:
    visitor = await world.known()
    kept = dict(visitor.cookies)
    assert (await visitor.press("/", "/logout"))["location"] == "/login?out=1"
    visitor.cookies = kept
    assert (await visitor.get("/")).status == 303


async def test_a_session_ends_by_itself_after_a_week(world: World) -> None:
    visitor = await world.known()
    world.clock.go(LASTS_S - 1)
    assert (await visitor.get("/")).status == 200
    world.clock.go(2)
    assert (await visitor.get("/")).status == 303


@pytest.mark.parametrize("how", ["cut", "longer", "payload", "nonsense", "huge"])
async def test_a_cookie_that_we_did_not_write_is_nobodys(world: World, how: str) -> None:
    visitor = await world.known()
    good = visitor.cookies["unlost_session"]
    payload, _, signature = good.partition(".")
    bad = {
        "cut": good[:-1],
        "longer": good + "0",
        "payload": f"{payload[:-2]}AA.{signature}",
        "nonsense": "x.y",
        "huge": "a" * 5000,
    }
    visitor.cookies["unlost_session"] = bad[how]
    assert (await visitor.get("/")).status == 303


async def test_a_token_signs_no_cookie(world: World) -> None:
    sessions = Sessions("a")
    await sessions.ready()
    session = sessions.begin("Ana", 0.0, is_in=True)
    assert sessions.read(f"{session.nonce}.{sessions.token(session)}", 1.0) is None


async def test_a_restart_and_a_second_bridge_ask_nobody_again_but_another_password_does(world: World) -> None:
    here, there, changed = Sessions("a"), Sessions("a"), Sessions("b")
    for sessions in (here, there, changed):
        await sessions.ready()
    cookie = here.cookie(here.begin("Ana", 0.0, is_in=True))
    assert there.read(cookie, 1.0) is not None
    assert changed.read(cookie, 1.0) is None


async def test_without_a_password_this_machine_is_in_and_still_needs_the_token(
    journal: SqliteJournal, clock: SetClock
) -> None:
    visitor = World(journal, clock, password="").visitor()
    assert (await visitor.get("/")).status == 200
    path = f"/channels/{CHANNEL}/pause"
    assert (await visitor.post(path, {"direction": "inbound"})).status == 403
    assert (await visitor.press("/", path))["location"] == "/?done=paused&n=1"
    assert {row.reason for row in await journal.pauses()} == {"paused by console"}


@pytest.mark.parametrize("path", ["/", "/login", "/dead", "/static/console.css"])
@pytest.mark.parametrize("where", ["peer", "host", "proxy"])
async def test_without_a_password_nobody_else_sees_a_page_and_the_cure_is_named(
    journal: SqliteJournal, clock: SetClock, path: str, where: str
) -> None:
    visitor = World(journal, clock, password="").visitor()
    if where == "peer":
        visitor.peer = "203.0.113.7"
    elif where == "host":
        visitor.host = "bridge.example"
    else:
        visitor.headers["x-forwarded-for"] = "203.0.113.7"
    page = await visitor.get(path)
    assert page.status == 403
    assert "[console] password" in page.html


async def test_the_session_is_no_key_to_the_api(world: World) -> None:
    assert (await (await world.known()).get("/api/v1/status")).status == 401


async def test_the_password_is_a_key_to_the_api(world: World) -> None:
    page = await world.visitor().get("/api/v1/status", authorization=f"Bearer {PASSWORD}")
    assert (page.status, page["content-type"]) == (200, "application/json")


async def test_a_script_whose_session_has_ended_leads_its_page_to_the_login(world: World) -> None:
    page = await world.visitor().get("/", hx_request="true")
    assert (page.status, page["hx-redirect"]) == (401, "/login")


async def test_every_page_forbids_foreign_and_inline_code_frames_and_caches(world: World) -> None:
    visitor = await world.known()
    for page in (await visitor.get("/"), await visitor.get("/nowhere"), await world.visitor().get("/login")):
        assert "default-src 'none'" in page["content-security-policy"]
        assert "unsafe" not in page["content-security-policy"]
        assert "frame-ancestors 'none'" in page["content-security-policy"]
        assert (page["cache-control"], page["x-content-type-options"]) == ("no-store", "nosniff")
        assert "<style" not in page.html
        assert " style=" not in page.html
        assert "<script>" not in page.html
