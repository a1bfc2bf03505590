"""Chat storage with a cursor: each row once, whatever is written, edited or deleted meanwhile."""

from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from tests.contract.gateway.asking import get
from tests.contract.gateway.conftest import Start
from tests.contract.gateway.test_rest import accepted
from tests.contract.gateway.world import AMA, BIA, population_of
from unlost.gateway.events import DeletedForMe, Kept, Media, MediaKind
from unlost.gateway.server import RunningGateway

AT = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
PATH = f"/chat/{BIA.key}/messages"


async def page(
    http: aiohttp.ClientSession, running: RunningGateway, cursor: str, **params: str
) -> tuple[list[str], dict[str, object]]:
    """Contents and pagination."""
    _, told = await get(http, running, PATH, cursor=cursor, limit="2", **params)
    return [row["content"] for row in told["results"]["data"]], told["results"]["pagination"]


async def test_it_gives_each_message_once_as_they_were_stored(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    for number in range(5):  # WhatsApp's times run backwards, and all within a second
        population_of(running).send_text(BIA.key, f"#{number}", at=AT - timedelta(milliseconds=number))
    await accepted(running)
    found, told = await page(http, running, "")
    for _ in range(2):
        contents, told = await page(http, running, str(told["next_cursor"]))
        found += contents
    assert (found, told["has_more"], told["total"]) == ([f"#{number}" for number in range(5)], False, 5)


async def test_what_is_stored_later_stands_behind_the_last_cursor(start: Start, http: aiohttp.ClientSession) -> None:
    """The last row is deleted before the next comes: its place is not given again."""
    running = await start()
    people = population_of(running)
    sent = people.send_text(BIA.key, "#1", at=AT)
    await accepted(running)
    _, told = await page(http, running, "")
    people.tell(DeletedForMe(sent.id, AT, Kept(BIA.key, BIA.key, "#1", AT)))
    await accepted(running)
    people.send_text(BIA.key, "#2", at=AT - timedelta(days=1))
    await accepted(running)
    contents, _ = await page(http, running, str(told["next_cursor"]))
    assert contents == ["#2"]


async def test_its_times_are_instants_whatever_their_zone(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    population_of(running).send_text(BIA.key, "#1", at=AT)
    await accepted(running)
    found = [
        (await page(http, running, "", start_time=time))[1]["total"]
        for time in ("2026-11-23T14:59:00+03:00", "2026-11-23T15:01:00+03:00")
    ]
    assert found == [1, 0]


async def test_chats_come_each_once(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    for chat in (AMA.key, BIA.key):
        population_of(running).send_text(chat, "x")
    await accepted(running)
    cursor = ""
    found: list[str] = []
    for _ in range(3):
        _, told = await get(http, running, "/chats", cursor=cursor, limit="1")
        cursor = told["results"]["pagination"]["next_cursor"]
        found += [one["jid"] for one in told["results"]["data"]]
        population_of(running).send_text(AMA.key, "y")
        await accepted(running)
    assert sorted(found) == sorted([AMA.key, BIA.key])


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 30, "1.5"])
async def test_a_cursor_that_is_none_is_refused(start: Start, http: aiohttp.ClientSession, cursor: str) -> None:
    status, told = await get(http, await start(), PATH, cursor=cursor)
    assert (status, told["code"]) == (400, "VALIDATION_ERROR")


async def test_chats_with_files_can_be_asked_for_alone(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    population_of(running).send_text(AMA.key, "x")
    population_of(running).send(BIA.key, Media(MediaKind.IMAGE, "image/png", path="statics/media/1-a.png"))
    await accepted(running)
    found = [
        [one["jid"] for one in (await get(http, running, "/chats", **asked))[1]["results"]["data"]]
        for asked in ({"has_media": "true"}, {"archived": "true"})
    ]
    assert found == [[BIA.key], []]
