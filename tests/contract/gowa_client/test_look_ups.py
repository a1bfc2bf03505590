"""What the client makes of a real gateway's answers, absences and deaths."""

import pytest

from tests.contract.gateway.conftest import Start
from tests.contract.gateway.world import AMA, BIA, OWN, PASSWORD, TEAM, USERNAME
from unlost.errors import Blocked, TryLater
from unlost.gateway.server import RunningGateway
from unlost.gateway.settings import Dialect
from unlost.gowa.answers import Status, UserInfo
from unlost.gowa.client import GowaClient
from unlost.transport.over_aiohttp import AiohttpHttp
from unlost.vocabulary.addresses import Address

FLAT = {"dialect": Dialect.FLAT}
AMA_PHONE, BIA_PHONE = Address(AMA.phone), Address(BIA.phone)


def client(http: AiohttpHttp, running: RunningGateway, *, password: str = PASSWORD) -> GowaClient:
    """The channel's client of *running*."""
    return GowaClient(http, url=running.url, username=USERNAME, password=password, device=Address(OWN), timeout_s=5.0)


@pytest.mark.parametrize("how", [{}, FLAT, {"session": "org_2"}, {"session": "org_2", "version": "8.7.0"}])
async def test_every_version_tells_that_it_is_logged_in(
    start: Start, http: AiohttpHttp, how: dict[str, object]
) -> None:
    """8.7.0 knows the device by its slot id alone."""
    status = await client(http, await start(**how)).status()
    assert (status.connected, status.logged_in) == (True, True)


async def test_a_lost_link_is_told(start: Start, http: AiohttpHttp) -> None:
    running = await start()
    running.gateway.faults.set(disconnected=True)
    assert await client(http, running).status() == Status(False, False, Address(OWN))


@pytest.mark.parametrize(("how", "version"), [({}, (9, 2, 0)), ({"version": "8.1.0"}, (8, 1, 0)), (FLAT, None)])
async def test_the_version_is_told_from_8_on(
    start: Start, http: AiohttpHttp, how: dict[str, object], version: object
) -> None:
    assert await client(http, await start(**how)).info() == version


async def test_a_person_has_name_picture_and_both_addresses(start: Start, http: AiohttpHttp) -> None:
    info = await client(http, await start()).user_info(AMA_PHONE)
    assert info == UserInfo("Ama (saved)", AMA.picture_id, Address(AMA.lid), AMA_PHONE)


async def test_a_lid_is_resolved(start: Start, http: AiohttpHttp) -> None:
    asking = client(http, await start())
    await asking.info()
    assert (await asking.user_info(Address(AMA.lid))).phone == AMA_PHONE


@pytest.mark.parametrize("how", [FLAT, {"version": "8.2.1"}])
async def test_a_gateway_that_knows_no_lids_is_not_asked_about_one(
    start: Start, http: AiohttpHttp, how: dict[str, object]
) -> None:
    """It would say for ever that nobody of that address is on WhatsApp, and every such contact would leave a dead letter."""
    asking = client(http, await start(**how))
    await asking.info()
    assert await asking.user_info(Address(AMA.lid)) == UserInfo("", "", Address(AMA.lid), None)


async def test_a_picture_shown_can_be_fetched(start: Start, http: AiohttpHttp) -> None:
    asking = client(http, await start())
    url = await asking.avatar(AMA_PHONE)
    assert url is not None
    kind, picture = await asking.fetch(url, 1_000_000)
    assert (kind, picture[:4]) == ("image/png", b"\x89PNG")


@pytest.mark.parametrize("how", [{}, FLAT])
async def test_a_hidden_picture_is_none(start: Start, http: AiohttpHttp, how: dict[str, object]) -> None:
    assert await client(http, await start(**how)).avatar(BIA_PHONE) is None


async def test_pictures_switched_off_in_the_gateway_are_none(start: Start, http: AiohttpHttp) -> None:
    assert await client(http, await start(avatars=False)).avatar(AMA_PHONE) is None


async def test_a_contained_panic_is_no_fact(start: Start, http: AiohttpHttp) -> None:
    running = await start()
    running.gateway.faults.set(panics=1)
    with pytest.raises(TryLater) as later:
        await client(http, running).avatar(AMA_PHONE)
    assert (later.value.cause, later.value.away) == ("engine_crashed", False)


async def test_a_connection_that_breaks_during_a_look_up_is_named(start: Start, http: AiohttpHttp) -> None:
    running = await start()
    asking = client(http, running)
    await asking.status()
    running.gateway.faults.set(break_lookups=1)
    with pytest.raises(TryLater) as later:
        await asking.user_info(AMA_PHONE)
    assert (later.value.cause, later.value.away) == ("broken", False)


async def test_a_group_has_its_name(start: Start, http: AiohttpHttp) -> None:
    assert await client(http, await start()).group_info(Address(TEAM.jid)) == "Team"


async def test_a_logged_out_gateway_is_away(start: Start, http: AiohttpHttp) -> None:
    running = await start()
    running.gateway.faults.set(disconnected=True)
    with pytest.raises(TryLater) as later:
        await client(http, running).user_info(AMA_PHONE)
    assert later.value.away


async def test_a_gateway_that_does_not_listen_is_away(start: Start, http: AiohttpHttp) -> None:
    running = await start()
    asking = client(http, running)
    await running.stop()
    with pytest.raises(TryLater) as later:
        await asking.status()
    assert (later.value.cause, later.value.away) == ("connection_refused", True)


async def test_wrong_credentials_block(start: Start, http: AiohttpHttp) -> None:
    with pytest.raises(Blocked):
        await client(http, await start(), password="wrong").status()
