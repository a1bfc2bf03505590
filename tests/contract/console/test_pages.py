"""What each page shows, and what each press does."""

import re

import pytest

from tests.contract.console.visiting import WELL, World
from tests.contract.journal.building import (
    ANA,
    ANA_LID,
    BEN,
    CHANNEL,
    INBOUND,
    NOTHING,
    SetClock,
    helpdesk,
    link,
    message,
    put,
    take_one,
)
from unlost.console.answers import Found
from unlost.console.pulse import WATCHERS_MAX
from unlost.errors import NotCommitted
from unlost.journal.rows import Arrival, Failure, GapCause, Learned, Pool
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.vocabulary.envelopes import Direction, Envelope, Kind, Source
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import WhatsAppId
from unlost.vocabulary.verdicts import Delivered, Postponed

HOSTILE = "<script>alert(1)</script>'\"\u202e\x00&"


async def test_where_all_flows_it_says_so_first(world: World) -> None:
    page = await (await world.known()).get("/")
    assert page.text.startswith("Everything flows Nothing is stuck")


@pytest.mark.parametrize(
    ("side", "said"),
    [
        ("gateway_up", "The gateway is away since 19:12:20 (60 s) Start it again"),
        ("gateway_logged_in", "The number is logged out since"),
        ("gateway_connected", "The gateway has no connection to WhatsApp since"),
        ("helpdesk_up", "The helpdesk is away since 19:12:20 (60 s) Bring it back"),
    ],
)
async def test_a_side_that_is_away_is_named_with_since_when_and_what_helps(world: World, side: str, said: str) -> None:
    world.sides = WELL | {side: False}
    text = (await (await world.known()).get("/")).text
    assert text.startswith("1 thing is stuck Nothing is lost while it is listed here.")
    assert said in text


async def test_a_journal_that_cannot_be_written_stands_above_all_else(world: World) -> None:
    world.is_writable = False
    world.sides = WELL | {"gateway_up": False}
    text = (await (await world.known()).get("/")).text
    assert text.index("The journal cannot be written") < text.index("The gateway is away")


async def test_what_waits_too_long_is_named_with_its_reason_and_leads_to_the_oldest(world: World) -> None:
    (appended,) = await put(world.journal, message("m1"))
    claim = await take_one(world.journal)
    failed = Failure("PostMessage", "http_5xx", "500")
    await world.journal.settle(claim, Postponed(900.0, "http_5xx", costs_attempt=True), Facts(), NOTHING, failed)
    world.clock.go(120)
    page = await (await world.known()).get("/")
    assert "1 wait too long an error on the other side since" in page.text
    assert f'href="/entries/{appended.entry}"' in page.html


async def test_a_gap_nobody_could_look_behind_is_named_and_compared_by_a_press(world: World) -> None:
    gap = await world.journal.open_gap(CHANNEL, GapCause.GATEWAY_RESTARTED)
    await world.journal.close_gap(gap)
    world.clock.go(120)
    visitor = await world.known()
    assert "Gaps not compared yet: 1 (the gateway restarted) since" in (await visitor.get("/")).text
    done = await visitor.press("/", f"/channels/{CHANNEL}/reconcile")
    assert "2 were missing and are on their way" in (await visitor.get(done["location"])).text


async def test_a_comparison_that_failed_says_why(world: World) -> None:
    world.found = Found(CHANNEL, 0, 0, "connection_refused")
    gap = await world.journal.open_gap(CHANNEL, GapCause.GATEWAY_RESTARTED)
    await world.journal.close_gap(gap)
    page = await (await world.known()).press("/", f"/channels/{CHANNEL}/reconcile")
    assert "could not be read (connection refused)" in page.text


@pytest.mark.parametrize(
    ("direction", "pools"),
    [("inbound", {Direction.INBOUND, Direction.LOOK_UP, Direction.CHORE}), ("outbound", {Direction.OUTBOUND})],
)
async def test_each_direction_is_paused_and_resumed_by_one_press_and_says_by_whom(
    world: World, direction: str, pools: set[Direction]
) -> None:
    visitor = await world.known("Ana Lima")
    nth = ("inbound", "outbound").index(direction)
    done = await visitor.press("/", f"/channels/{CHANNEL}/pause", nth)
    assert {row.pool.direction for row in await world.journal.pauses()} == pools
    page = await visitor.get(done["location"])
    assert "Paused. What arrives is kept." in page.text
    assert "Stands still, paused by Ana Lima since" in page.text
    await visitor.press("/", f"/channels/{CHANNEL}/resume")
    assert await world.journal.pauses() == []
    assert "Everything flows" in (await visitor.get("/")).text


async def test_a_block_is_named_with_its_reason_and_resumed_by_a_press(world: World) -> None:
    await world.journal.pause(INBOUND, "the helpdesk lets nobody in with this token", blocked=True)
    visitor = await world.known()
    assert "Blocked: the helpdesk lets nobody in with this token since" in (await visitor.get("/")).text
    await visitor.press("/", f"/channels/{CHANNEL}/resume")
    assert await world.journal.pauses() == []


async def test_pairings_that_contradict_each_other_and_hosts_that_do_not_answer_are_named(world: World) -> None:
    world.circuits = ["http://desk.example"]
    text = (await (await world.known()).get("/")).text
    assert text.startswith("Messages flow; something is worth a look")
    assert "http://desk.example does not answer" in text


@pytest.mark.parametrize("path", ["/channels/other/pause", "/channels/other/reconcile"])
async def test_a_channel_that_is_not_there_is_not_found(world: World, path: str) -> None:
    visitor = await world.known()
    fields = dict((await visitor.get("/")).fields(f"/channels/{CHANNEL}/pause"))
    assert (await visitor.post(path, fields)).status == 404


async def test_a_direction_that_is_none_is_refused(world: World) -> None:
    visitor = await world.known()
    fields = dict((await visitor.get("/")).fields(f"/channels/{CHANNEL}/pause"))
    assert (await visitor.post(f"/channels/{CHANNEL}/pause", fields | {"direction": "up"})).status == 400


# --- dead letters ---------------------------------------------------------------------------------------------------------


async def test_dead_letters_are_listed_with_why_and_what_they_say(world: World) -> None:
    await world.die("m1", reason="the helpdesk refused the message (422)", text="Bom dia")
    text = (await (await world.known()).get("/dead")).text
    assert "1 of 1 shown" in text
    assert "+62 811-1111-111" in text
    assert "the helpdesk refused the message (422) Bom dia" in text


async def test_the_overview_counts_them_and_says_since_when(world: World) -> None:
    await world.die("m1")
    world.clock.go(7200)
    page = await (await world.known()).get("/")
    assert re.search(r"Dead letters: 1 since [\d:]+ \(2 h\)", page.text)
    assert f'href="/dead?channel={CHANNEL}"' in page.html


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"m1", "m2", "m3"}),
        ("?reason=refused", {"m1", "m3"}),
        ("?since=1h", {"m3"}),
        (f"?channel={CHANNEL}", {"m1", "m2", "m3"}),
        ("?reason=refused&since=1h", {"m3"}),
    ],
)
async def test_a_filter_shows_what_matches(world: World, query: str, shown: set[str]) -> None:
    await world.die("m1", text="says m1")
    await world.die("m2", reason="unreadable", text="says m2")
    world.clock.go(7200)
    await world.die("m3", text="says m3")
    assert set(re.findall(r"says (m\d)", (await (await world.known()).get(f"/dead{query}")).text)) == shown


@pytest.mark.parametrize("query", ["?channel=other", "?since=3y"])
async def test_a_filter_that_cannot_be_meant_is_refused(world: World, query: str) -> None:
    assert (await (await world.known()).get(f"/dead{query}")).status == 400


@pytest.mark.parametrize(("verb", "left"), [("retry", "waiting"), ("discard", "done")])
async def test_selected_letters_are_touched_after_a_preview_and_the_story_says_by_whom(
    world: World, verb: str, left: str
) -> None:
    first, second = await world.die("m1"), await world.die("m2")
    visitor = await world.known("Ana")
    preview = await visitor.press("/dead", "/dead/preview", do=f"{verb}:selected", id=str(first))
    assert ("Retry 1?" if verb == "retry" else "Discard 1 for good?") in preview.text
    assert "by Ana" in preview.text
    assert len(await world.journal.dead()) == 2
    done = await visitor.post("/dead/act", preview.fields("/dead/act"))
    assert [row.id for row in await world.journal.dead()] == [second]
    entry = await world.journal.entry(first)
    assert entry is not None
    assert entry.state == left
    assert ("1 will be tried again" if verb == "retry" else "1 discarded") in (await visitor.get(done["location"])).text
    assert "by Ana" in (await visitor.get(f"/entries/{first}")).text


@pytest.mark.parametrize("verb", ["retry", "discard"])
async def test_all_that_match_the_filter_are_touched_and_no_other(world: World, verb: str) -> None:
    for number in range(3):
        await world.die(f"m{number}")
    kept = await world.die("m9", reason="unreadable")
    visitor = await world.known()
    preview = await visitor.press("/dead?reason=refused", "/dead/preview", do=f"{verb}:matching")
    assert "3" in preview.text
    await visitor.post("/dead/act", preview.fields("/dead/act"))
    assert [row.id for row in await world.journal.dead()] == [kept]


async def test_nothing_selected_touches_nothing(world: World) -> None:
    await world.die("m1")
    visitor = await world.known()
    led = await visitor.press("/dead", "/dead/preview", do="discard:selected")
    assert "Nothing was selected" in (await visitor.get(led["location"])).text
    assert len(await world.journal.dead()) == 1


async def test_a_form_that_names_neither_letters_nor_all_of_them_touches_nothing(world: World) -> None:
    await world.die("m1")
    visitor = await world.known()
    token = dict((await visitor.get("/dead")).fields("/dead/preview"))["token"]
    assert (await visitor.post("/dead/act", {"token": token, "verb": "discard"})).status == 400
    assert len(await world.journal.dead()) == 1


@pytest.mark.parametrize(
    "told",
    [
        {"do": "destroy:selected"},
        {"do": "retry"},
        {"do": "retry:selected", "id": "1 OR 1"},
        {"do": "retry:selected", "id": "9" * 30},
    ],
)
async def test_a_form_that_cannot_be_meant_is_refused(world: World, told: dict[str, str]) -> None:
    await world.die("m1")
    assert (await (await world.known()).press("/dead", "/dead/preview", 0, **told)).status == 400


async def test_a_form_of_many_fields_or_much_text_is_refused(world: World) -> None:
    await world.die("m1")
    visitor = await world.known()
    fields = (await visitor.get("/dead")).fields("/dead/preview")
    assert (await visitor.post("/dead/preview", [*fields, *[("id", "1")] * 2000])).status == 400
    assert (await visitor.post("/dead/preview", [*fields, ("reason", "x" * 100_000)])).status == 400


# --- stories and search ---------------------------------------------------------------------------------------------------


async def test_a_messages_story_tells_what_was_received_tried_and_where_it_stands(world: World) -> None:
    (appended,) = await put(world.journal, message("3EB0AA", told_at=world.clock.now() - 3))
    claim = await take_one(world.journal)
    failed = Failure("PostMessage", "timeout", "no answer in 20 s")
    await world.journal.settle(claim, Postponed(5.0, "timeout", costs_attempt=True), Facts(), NOTHING, failed)
    world.clock.go(6)
    claim = await take_one(world.journal)
    await world.journal.settle(claim, Delivered(), Facts(), Learned(messages=(link("3EB0AA", 4711),)))
    text = (await (await world.known()).get(f"/entries/{appended.entry}")).text
    told = [
        "Message · delivered +62 811-1111-111",
        "19:13:17 Written, by WhatsApp's clock",
        "19:13:20 Received from the gateway's webhook",
        "19:13:20 Attempt failed at PostMessage no answer in time – no answer in 20 s",
        "19:13:26 Delivered",
        "Stands in the helpdesk as message 4711 in conversation 7",
        'What it says {"text":"3EB0AA"}',
    ]
    places = [text.find(each) for each in told]
    assert -1 not in places, (told[places.index(-1)], text)
    assert places == sorted(places)


async def test_a_story_says_what_a_waiting_message_waits_for(world: World) -> None:
    (appended,) = await put(world.journal, message("m1"))
    visitor = await world.known()
    assert "Next try in 0 s" in (await visitor.get(f"/entries/{appended.entry}")).text
    await visitor.press("/", f"/channels/{CHANNEL}/pause")
    assert "Its direction stands still Ana" in (await visitor.get(f"/entries/{appended.entry}")).text


async def test_a_dead_letter_is_retried_from_its_own_page_and_comes_back_to_it(world: World) -> None:
    letter = await world.die("m1")
    visitor = await world.known()
    preview = await visitor.press(f"/entries/{letter}", "/dead/preview", do="retry:selected")
    done = await visitor.post("/dead/act", preview.fields("/dead/act"))
    assert done["location"].startswith(f"/entries/{letter}?")
    assert await world.journal.dead() == []


@pytest.mark.parametrize("id", ["0", "999999", "-1", "x", "9" * 30, "1.5", "%20"])
async def test_an_entry_that_is_not_there_is_not_found(world: World, id: str) -> None:
    assert (await (await world.known()).get(f"/entries/{id}")).status == 404


@pytest.mark.parametrize(
    "asked",
    [
        "3EB0AA",
        "WAID:3EB0AA",
        "WAID:3EB0AA#file",
        "628111111111",
        "+62 811-1111-111",
        "0811 1111 111",
        "62%20811%201111%20111",
        ANA,
    ],
)
async def test_one_entry_is_found_by_any_id_and_any_spelling_and_shown_at_once(world: World, asked: str) -> None:
    (appended,) = await put(world.journal, message("3EB0AA"))
    await put(world.journal, message("3EB0BB", BEN))
    page = await (await world.known()).get(
        f"/find?q={asked.replace('+', '%2B').replace('#', '%23').replace(' ', '%20')}"
    )
    assert page["location"] == f"/entries/{appended.entry}"


@pytest.mark.parametrize(
    "asked",
    ["7", "%237", "https://desk.example/app/accounts/1/conversations/7", "desk.example/app/accounts/1/conversations/7"],
)
async def test_a_conversation_is_found_by_number_and_url(world: World, asked: str) -> None:
    await put(world.journal, message("m0", BEN))
    await put(world.journal, helpdesk(Kind.HELPDESK_MESSAGE_CREATED, "900"))
    page = await (await world.known()).get(f"/find?q={asked}")
    assert page["location"] == "/entries/2"


async def test_a_bare_number_may_be_a_helpdesk_messages_or_an_entrys(world: World) -> None:
    for chat in (ANA, BEN):
        await put(world.journal, message("m" + chat, chat))
    await put(world.journal, helpdesk(Kind.HELPDESK_MESSAGE_CREATED, "900123"))
    visitor = await world.known()
    assert (await visitor.get("/find?q=900123"))["location"] == "/entries/3"
    assert (await visitor.get("/find?q=2"))["location"] == "/entries/2"


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("19:13", 2),
        ("19:13:20", 1),
        ("19:14", 2),
        ("2023-11-14 19:13", 2),
        ("14/11/2023", 3),
        ("14/11", 3),
        ("18:00-19:30", 3),
        ("17:00", 0),
        ("2023-11-14T22:13:20Z", 1),
    ],
)
async def test_a_time_finds_what_came_around_it_in_the_settings_zone(world: World, asked: str, count: int) -> None:
    """The clock stands at 19:13:20 in São Paulo."""
    for number, wait_s in enumerate((40, 600, 600)):
        await put(world.journal, message(f"m{number}"))
        world.clock.go(wait_s)
    page = await (await world.known()).get(f"/find?q={asked.replace(' ', '%20')}")
    found = 1 if page.status == 303 else len(re.findall(r'class="row"', page.html))
    assert found == count


async def test_of_what_never_came_it_says_whether_the_door_was_open(world: World) -> None:
    gap = await world.journal.open_gap(CHANNEL, GapCause.DOOR_CLOSED)
    await world.journal.close_gap(gap)
    text = (await (await world.known()).get("/find?q=3EB0NEVER")).text
    assert text.startswith("Nothing was received for this.")
    assert "The door has been open since 18:56:40." in text
    assert "support: the bridge was stopped, 19:13:20 to 19:13:20 – not compared yet" in text


async def test_what_cannot_be_meant_is_answered_with_what_can(world: World) -> None:
    page = await (await world.known()).get("/find?q=someone@example.com")
    assert "Type a message id" in page.text


async def test_a_strangers_words_do_nothing_on_any_page(world: World) -> None:
    for named in (HOSTILE, HOSTILE.replace("\x00", "")):
        envelope = Envelope(
            Source.ENVELOPE, Kind.MESSAGE, chat=ANA_LID, sender=ANA_LID, id=WhatsAppId(named), told_at=1e17
        )
        await world.journal.append(CHANNEL, [Arrival(envelope, HOSTILE.encode() + named.encode())])
        await world.journal.settle(await take_one(world.journal), Delivered(), Facts(), NOTHING)
    visitor = await world.known(HOSTILE)
    await world.die("m1", BEN, reason=HOSTILE, text=HOSTILE)
    query = "%3Cscript%3Ealert(1)%3C/script%3E"
    for path in (
        "/",
        "/dead",
        "/entries/1",
        "/entries/2",
        "/entries/3",
        f"/find?q={query}",
        "/find?q=111111111111111@lid",
        f"/{query}",
    ):
        page = await visitor.get(path)
        page = await visitor.get(page["location"]) if page.status == 303 else page
        assert "<script>" not in page.html, path
        assert "\u202e" not in page.html, path
        assert "\x00" not in page.html, path


async def test_a_long_body_is_shown_as_far_as_its_bound(world: World) -> None:
    letter = await world.die("m1", text="x" * 300_000)
    page = await (await world.known()).get(f"/entries/{letter}")
    assert len(page.body) < 30_000
    assert "Only its beginning is shown." in page.text


async def test_a_body_of_hostile_depth_costs_little(world: World) -> None:
    letter = await world.die("m1", text="[" * 100_000)
    assert (await (await world.known()).get(f"/entries/{letter}")).status == 200


async def test_a_journal_that_cannot_be_written_now_says_that_nothing_was_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise NotCommitted("full")

    visitor = await world.known()
    fields = (await visitor.get("/")).fields(f"/channels/{CHANNEL}/pause")
    monkeypatch.setattr(type(world.journal), "pause", full)
    page = await visitor.post(f"/channels/{CHANNEL}/pause", fields)
    assert (page.status, page.html.startswith("The journal cannot be written")) == (503, True)


# --- address, language, live ----------------------------------------------------------------------------------------------


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
