"""Dead letters: filters, preview, and what a form may touch."""

import re

import pytest

from tests.contract.console.visiting import World
from tests.contract.journal.building import (
    CHANNEL,
    message,
    put,
)


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


@pytest.mark.parametrize("verb", ["retry", "discard"])
async def test_what_is_no_dead_letter_is_not_counted_before_nor_after(world: World, verb: str) -> None:
    """A preview that promised more than is done would be believed."""
    letter = await world.die("m1")
    other = (await put(world.journal, message("m2")))[0].entry
    ids = [letter, other, 999_999, letter]
    for preview in (True, False):
        answer = await world.visitor().call(f"/api/v1/dead/{verb}", {"ids": ids, "preview": preview})
        assert answer == (200, {"count": 1, "preview": preview})


@pytest.mark.parametrize("more", [{"channel": "support"}, {"reason": "x"}, {"since": 1.0}, {"everything": True}])
async def test_letters_by_number_and_a_filter_besides_touch_nothing(world: World, more: dict[str, object]) -> None:
    """Which of the two is meant is not guessed: what is discarded is gone."""
    letter = await world.die("m1")
    status, answer = await world.visitor().call("/api/v1/dead/discard", {"ids": [letter], **more})
    assert (status, answer) == (400, {"error": "name ids or a filter, not both"})
    assert len(await world.journal.dead()) == 1


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
