"""Paths, languages, live pages, and what is served beside them."""

import re

import pytest

from tests.contract.console.visiting import WELL, World
from tests.contract.journal.building import (
    CHANNEL,
    INBOUND,
    NOTHING,
    SetClock,
    message,
    put,
    take_one,
)
from unlost.console.pulse import WATCHERS_MAX
from unlost.journal.rows import GapCause, Pool
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.verdicts import Delivered


@pytest.mark.parametrize("prefix", ["", "/ops/unlost"])
@pytest.mark.parametrize("is_left", [True, False])
async def test_behind_a_path_every_link_form_and_redirect_leads_back_there(
    journal: SqliteJournal, clock: SetClock, prefix: str, is_left: bool
) -> None:
    """*is_left*: the proxy leaves the path in front of ours."""
    world = World(journal, clock, public_url=f"https://bridge.example{prefix}")
    letter = await world.die("m1")
    visitor = world.visitor()
    before = prefix if is_left else ""
    assert (await visitor.get(f"{before}/"))["location"] == f"{prefix}/login"
    assert (await visitor.log_in())["location"] == f"{prefix}/"
    for path in ("/", "/dead", "/find?q=x", f"/entries/{letter}"):
        page = await visitor.get(f"{before}{path}")
        assert page.status == 200
        links = re.findall(r'(?:href|src|action|hx-get|sse-connect)="(/[^"]*)"', page.html)
        assert len(links) > 8
        assert [one for one in links if not one.startswith(f"{prefix}/")] == []


async def test_the_address_without_its_last_slash_is_the_overview_too(journal: SqliteJournal, clock: SetClock) -> None:
    visitor = World(journal, clock, public_url="https://bridge.example/ops").visitor()
    await visitor.log_in()
    assert "Everything flows" in (await visitor.get("/ops")).text


@pytest.mark.parametrize(
    ("accepted", "said"),
    [
        ("pt-BR,pt;q=0.9,en;q=0.8", "Tudo flui"),
        ("pt-PT", "Tudo flui"),
        ("es-MX,es;q=0.9", "Todo fluye"),
        ("id", "Semua mengalir"),
        ("ja,de;q=0.5", "Everything flows"),
        ("," * 5000, "Everything flows"),
        ("", "Everything flows"),
    ],
)
async def test_a_page_speaks_its_visitors_language(world: World, accepted: str, said: str) -> None:
    page = await (await world.known()).get("/", accept_language=accepted)
    assert page.text.startswith(said)


async def test_a_language_that_was_picked_stays(world: World) -> None:
    visitor = await world.known()
    await visitor.get("/?lang=es")
    page = await visitor.get("/dead", accept_language="pt-BR")
    assert "Mensajes muertos" in page.text
    assert '<html lang="es">' in page.html


@pytest.mark.parametrize("language", ["en", "pt-BR", "es", "id"])
async def test_every_page_is_whole_in_every_language(world: World, language: str) -> None:
    """A word that is missing, or a place in braces that nobody fills, raises: no page may answer 500."""
    letter = await world.die("m1", text="Oi")
    await world.journal.pause(INBOUND, "paused by Ana", blocked=False)
    await world.journal.pause(Pool(CHANNEL, Direction.OUTBOUND), "wrong token", blocked=True)
    gap = await world.journal.open_gap(CHANNEL, GapCause.DOOR_CLOSED)
    world.sides = WELL | {"gateway_up": False, "helpdesk_up": False}
    world.is_writable = False
    await put(world.journal, message("m2"))
    world.clock.go(300)
    await world.journal.close_gap(gap)
    visitor = await world.known()
    await visitor.get(f"/?lang={language}")
    for path in (
        "/",
        "/login",
        "/dead",
        f"/entries/{letter}",
        "/entries/3",
        "/find?q=3EB0X",
        "/find?q=628111111111",
        "/find",
        "/nowhere",
    ):
        page = await visitor.get(path)
        assert page.status in (200, 303, 404), (path, page.html)
        assert "{" not in re.sub(
            r"<blockquote.*?</blockquote>|<pre.*?</pre>", "", page.html.partition("<main")[2], flags=re.DOTALL
        )


async def test_open_pages_hear_a_tick_when_something_changed(world: World) -> None:
    stream = world.pulse.stream()
    assert b"event: tick" in await anext(stream)
    await put(world.journal, message("m1"))
    world.clock.go(2)
    assert b"event: tick" in await anext(stream)
    world.pulse.end()
    assert [event async for event in stream] == []
    assert world.pulse.watchers == 0


async def test_pages_beyond_the_bound_are_not_kept_live(world: World) -> None:
    world.pulse.watchers = WATCHERS_MAX
    page = await (await world.known()).get("/live")
    assert (page.status, page["retry-after"]) == (503, "10")


async def test_a_bridge_that_stops_keeps_no_page_waiting(world: World) -> None:
    world.pulse.end()
    assert (await (await world.known()).get("/live")).status == 503


async def test_one_reading_of_the_journal_serves_all_pages_of_a_moment(world: World) -> None:
    first = await world.pulse.status()
    assert await world.pulse.status() is first
    world.pulse.stir()
    assert await world.pulse.status() is not first


async def test_flow_is_told_once_there_is_something_to_compare(world: World) -> None:
    await world.pulse.status()
    assert world.pulse.per_minute(CHANNEL) is None
    await put(world.journal, message("m1"))
    await world.journal.settle(await take_one(world.journal), Delivered(), Facts(), NOTHING)
    world.clock.go(30)
    await world.pulse.status()
    assert world.pulse.per_minute(CHANNEL) == pytest.approx(2.0)


async def test_no_word_of_a_customer_reaches_the_api(world: World) -> None:
    letter = await world.die("m1", text="segredo")
    visitor = world.visitor(authorization="Bearer correct horse")
    for path in ("/api/v1/dead", f"/api/v1/dead/{letter}", "/api/v1/trace?q=m1"):
        assert b"segredo" not in (await visitor.get(path)).body


@pytest.mark.parametrize("name", ["console.css", "console.js", "htmx.min.js", "sse.min.js", "icon.svg", "LICENSES.txt"])
async def test_what_pages_need_is_served_from_here(world: World, name: str) -> None:
    assert (await world.visitor().get(f"/static/{name}")).status == 200


@pytest.mark.parametrize("name", ["frame.html", "..%2f__init__.py", "nothing"])
async def test_nothing_else_is(world: World, name: str) -> None:
    assert (await world.visitor().get(f"/static/{name}")).status in (303, 404)
