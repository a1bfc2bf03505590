"""Stories, and the box that finds them; strangers' words on every page."""

import re

import pytest

from tests.contract.console.visiting import World
from tests.contract.journal.building import (
    ANA,
    ANA_LID,
    BEN,
    CHANNEL,
    NOTHING,
    helpdesk,
    link,
    message,
    put,
    take_one,
)
from unlost.errors import NotCommitted
from unlost.journal.rows import Arrival, Failure, GapCause, Learned
from unlost.vocabulary.envelopes import Envelope, Kind, Source
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import WhatsAppId
from unlost.vocabulary.verdicts import Delivered, Postponed

HOSTILE = "<script>alert(1)</script>'\"\u202e\x00&"


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
        "19:13:20 Attempt failed: posting the message no answer in time – no answer in 20 s",
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


async def test_of_a_number_that_wrote_nothing_it_says_which_number_it_took_it_for(world: World) -> None:
    """Typed without a country it may be meant as another's: nobody may be told of the wrong person that nothing came."""
    text = (await (await world.known()).get("/find?q=0812-9999-8888")).text
    assert text.startswith("Nothing was received for this. 0812-9999-8888 · +62 812-9999-8888")


async def test_what_cannot_be_meant_is_answered_with_what_can(world: World) -> None:
    page = await (await world.known()).get("/find?q=someone@example.com")
    assert "Type a message id" in page.text


async def test_a_number_without_its_area_code_is_not_said_to_have_written_nothing(world: World) -> None:
    """Half of Brazil tells it so; "nothing was received" would be taken for the truth."""
    in_brazil = World(world.journal, world.clock, region="BR")
    page = await (await in_brazil.known()).get("/find?q=91234-5678")
    assert "a phone number with its area code" in page.text
    assert "Nothing was received" not in page.text


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
