"""GOWA's REST API over real HTTP: its envelope, its errors, its look-ups and its chat storage (GOWA page, 3 and 4)."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from tests.contract.gateway.conftest import Start
from tests.contract.gateway.receiver import Receiver
from tests.contract.gateway.world import AMA, BIA, OWN, PASSWORD, TEAM, population_of, until
from unlost.gateway.events import Media, MediaKind
from unlost.gateway.population import Avatar, Customer
from unlost.gateway.server import RunningGateway
from unlost.gateway.settings import DeviceWebhook, Dialect, Temper

AT = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
FLAT = {"dialect": Dialect.FLAT}
STRANGER = "5521999999999@s.whatsapp.net"
NOBODY = Customer("No", STRANGER, avatar=Avatar.NONE)


async def get(http: aiohttp.ClientSession, running: RunningGateway, path: str, **params: str) -> tuple[int, Any]:
    """Status and JSON of one call."""
    async with http.get(running.url + path, params=params) as got:
        return got.status, await got.json()


async def accepted(running: RunningGateway) -> None:
    """Return when the gateway has taken all that was sent."""
    await until(lambda: population_of(running).queue.length() == 0)


async def contents(http: aiohttp.ClientSession, running: RunningGateway, chat: str, **params: str) -> list[str]:
    """What the page of messages says."""
    _, told = await get(http, running, f"/chat/{chat}/messages", **params)
    return [row["content"] for row in told["results"]["data"]]


async def test_an_answer_is_code_message_and_results(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 3.1: `Envelope {code, message, results?}; success code SUCCESS`."""
    status, told = await get(http, await start(), "/app/status")
    assert (status, told["code"], told.keys()) == (200, "SUCCESS", {"code", "message", "results"})


async def test_the_status_tells_of_the_connection_and_the_account(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 3.2: `{is_connected,is_logged_in,device_id,jid} (v7.1.0+; jid v8.8.0+)`."""
    _, told = await get(http, await start(session="org_2"), "/app/status")
    assert told["results"] == {"is_connected": True, "is_logged_in": True, "device_id": "org_2", "jid": OWN}


async def test_a_lost_link_shows_in_the_status_alone(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 1.4: `Never emitted in any dialect: connect/disconnect/logout`."""
    running = await start()
    running.gateway.faults.set(disconnected=True)
    _, told = await get(http, running, "/app/status")
    assert (told["results"]["is_connected"], told["results"]["is_logged_in"]) == (False, False)


@pytest.mark.parametrize("version", ["9.2.0", "9.0.1", "8.0.0"])
async def test_app_info_names_the_version(start: Start, http: aiohttp.ClientSession, version: str) -> None:
    _, told = await get(http, await start(version=version), "/app/info")
    assert told["results"]["version"] == f"v{version}"


async def test_7_x_has_no_app_info(start: Start, http: aiohttp.ClientSession) -> None:
    async with http.get((await start(**FLAT)).url + "/app/info") as got:
        assert got.status == 404


async def test_app_info_tells_of_the_forwarder_of_its_own(start: Start, http: aiohttp.ClientSession) -> None:
    """OpenAPI of 9.2.0, `/app/info`: `chatwoot_enabled`."""
    _, told = await get(http, await start(chatwoot_enabled=True), "/app/info")
    assert told["results"]["chatwoot_enabled"] is True


@pytest.mark.parametrize(
    ("how", "version"), [(FLAT, "v7.11.4"), (FLAT | {"version": "7.7.0"}, "v7.7.0"), ({}, "v9.2.0")]
)
async def test_the_front_page_names_the_version_in_its_title(
    start: Start, http: aiohttp.ClientSession, how: dict[str, Any], version: str
) -> None:
    """src/views/index.html, the one place where 7.x tells it."""
    async with http.get((await start(**how)).url + "/") as got:
        assert (got.status, f"<title>WhatsApp API {version}</title>" in await got.text()) == (200, True)


async def test_a_device_s_own_webhook_is_empty_unless_one_is_set(start: Start, http: aiohttp.ClientSession) -> None:
    """OpenAPI of 9.2.0: `Returns empty values if no device-specific webhook is set`."""
    _, told = await get(http, await start(), f"/devices/{OWN}/webhook")
    assert (told["results"]["webhook_url"], told["results"]["webhook_events"]) == ("", "")


async def test_a_device_s_own_webhook_is_told_with_its_events(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 1.2: `v8.10.0 | per-device webhook URL/secret/events (replaces, does not add to, the global URLs)`."""
    webhook = DeviceWebhook(url="http://127.0.0.1:9/other", secret="s", events="message,message.ack")
    _, told = await get(http, await start(device_webhook=webhook), f"/devices/{OWN}/webhook")
    assert (told["results"]["webhook_url"], told["results"]["webhook_events"]) == (webhook.url, webhook.events)


@pytest.mark.parametrize("path", ["webhook", "chatwoot/config"])
async def test_before_8_10_no_device_has_settings_of_its_own(
    start: Start, http: aiohttp.ClientSession, path: str
) -> None:
    async with http.get((await start(version="8.9.0")).url + f"/devices/{OWN}/{path}") as got:
        assert got.status == 404


async def test_a_device_without_a_forwarder_of_its_own_says_so(start: Start, http: aiohttp.ClientSession) -> None:
    """OpenAPI of 9.2.0: `no config for this device (CONFIG_NOT_FOUND)`."""
    status, told = await get(http, await start(), f"/devices/{OWN}/chatwoot/config")
    assert (status, told["code"]) == (404, "CONFIG_NOT_FOUND")


async def test_devices_lists_the_account(start: Start, http: aiohttp.ClientSession) -> None:
    _, told = await get(http, await start(), "/devices")
    assert [(one["jid"], one["state"]) for one in told["results"]] == [(OWN, "logged_in")]


async def test_gowa_s_health_needs_no_password_and_says_nothing_of_whatsapp(start: Start) -> None:
    """GOWA page 2.3: `GET /health (root path, no auth) is 200 whenever the device store object exists`."""
    running = await start(temper=Temper.GOWA)
    running.gateway.faults.set(disconnected=True)
    async with aiohttp.ClientSession() as stranger, stranger.get(running.url + "/health") as got:
        assert got.status == 200


async def test_a_wrong_password_is_refused_in_plain_text(start: Start) -> None:
    """GOWA page 3.1: `Basic-auth 401 has a plain-text body instead`."""
    running = await start()
    wrong = {"Authorization": aiohttp.encode_basic_auth("bridge", "wrong")}
    async with aiohttp.ClientSession(headers=wrong) as stranger, stranger.get(running.url + "/app/status") as got:
        assert (got.status, got.content_type) == (401, "text/plain")


@pytest.mark.parametrize(
    ("login", "status"),
    [(None, 401), (("", "wrong"), 401), (("anyone", PASSWORD), 200), (("", PASSWORD), 200)],
)
async def test_a_password_without_a_name_is_asked_for_all_the_same(
    start: Start, login: tuple[str, str] | None, status: int
) -> None:
    running = await start(username="")
    headers = {"Authorization": aiohttp.encode_basic_auth(*login)} if login else {}
    for path in ("/app/status", "/"):
        async with aiohttp.ClientSession(headers=headers) as stranger, stranger.get(running.url + path) as got:
            assert got.status == status


@pytest.mark.parametrize("told", ["Basic", "Basic é", "Basic !!", "Bearer s3cret", "Basic YnJpZGdl"])
async def test_a_login_that_is_none_is_refused(start: Start, told: str) -> None:
    running = await start()
    async with (
        aiohttp.ClientSession(headers={"Authorization": told}) as stranger,
        stranger.get(running.url + "/app/status") as got,
    ):
        assert got.status == 401


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 200), ("localhost:1", 200), ("evil.example", 403)])
async def test_without_a_password_only_this_machine_may_ask(start: Start, host: str, status: int) -> None:
    """A page may make its own name lead to 127.0.0.1; it says that name."""
    running = await start(username="", password="")
    async with aiohttp.ClientSession() as any_one, any_one.get(running.url + "/chats", headers={"Host": host}) as got:
        assert got.status == status


async def test_an_unknown_device_is_404(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 3.1: `Errors: 404 DEVICE_NOT_FOUND`."""
    async with http.get((await start()).url + "/app/status", headers={"X-Device-Id": "other"}) as got:
        assert (got.status, (await got.json())["code"]) == (404, "DEVICE_NOT_FOUND")


async def test_the_device_may_be_named_by_its_phone_address(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 3.1: `accepts the slot id, from v8.8.0 the phone JID`."""
    async with http.get((await start(session="org_2")).url + "/chats", headers={"X-Device-Id": OWN}) as got:
        assert got.status == 200


async def test_user_info_has_the_picture_s_id_and_the_lid(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 3.2: `picture_id is a cheap avatar change test`, `resolved_phone/resolved_lid (v8.3.0+)`."""
    _, told = await get(http, await start(), "/user/info", phone=AMA.phone)
    results = told["results"]
    assert (results["data"][0]["picture_id"], results["resolved_lid"]) == (AMA.picture_id, AMA.lid)


async def test_user_info_resolves_a_lid(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 1.3: `resolve through GET /user/info?phone=<lid>@lid (resolved_phone, v8.3.0+)`."""
    _, told = await get(http, await start(), "/user/info", phone=AMA.lid)
    assert told["results"]["resolved_phone"] == AMA.phone


async def test_an_unknown_number_is_not_on_whatsapp(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 3.1: `400 INVALID_JID "Phone X is not on whatsapp"`."""
    status, told = await get(http, await start(), "/user/info", phone=STRANGER)
    assert (status, told["code"]) == (400, "INVALID_JID")


async def test_a_look_up_without_a_phone_is_bad_input(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 3.1: `400 VALIDATION_ERROR bad input`."""
    status, told = await get(http, await start(), "/user/info")
    assert (status, told["code"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize("path", ["/user/info", "/user/avatar", "/group/info"])
async def test_a_look_up_without_connection_is_a_json_401(start: Start, http: aiohttp.ClientSession, path: str) -> None:
    """GOWA page 3.1: `401 AUTHENTICATION_ERROR WhatsApp not connected / not logged in (retryable)`."""
    running = await start()
    running.gateway.faults.set(disconnected=True)
    status, told = await get(http, running, path, phone=AMA.phone, group_id=TEAM.jid)
    assert (status, told["code"]) == (401, "AUTHENTICATION_ERROR")


async def test_a_shown_avatar_is_a_link_that_gives_a_picture(start: Start, http: aiohttp.ClientSession) -> None:
    _, told = await get(http, await start(), "/user/avatar", phone=AMA.phone)
    async with aiohttp.ClientSession() as stranger, stranger.get(told["results"]["url"]) as got:
        assert (await got.read()).startswith(b"\x89PNG")
        assert (told["results"]["id"], got.content_type) == (AMA.picture_id, "image/png")


@pytest.mark.parametrize("customer", [BIA, NOBODY])
async def test_a_hidden_or_missing_avatar_is_a_500(
    start: Start, http: aiohttp.ClientSession, customer: Customer
) -> None:
    """GOWA page 3.1: `500 INTERNAL_SERVER_ERROR every plain Go error: ... "no avatar found", hidden avatar`."""
    running = await start()
    population_of(running).people.add(customer)
    status, told = await get(http, running, "/user/avatar", phone=customer.phone)
    assert (status, told["code"]) == (500, "INTERNAL_SERVER_ERROR")


async def test_avatars_can_be_switched_off(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start(avatars=False)
    running.gateway.faults.set(panics=1)
    status, _ = await get(http, running, "/user/avatar", phone=AMA.phone)
    assert (status, running.gateway.faults.panics) == (500, 1)


async def test_group_info_has_go_s_names(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 3.2: `raw whatsmeow GroupInfo (Go names: JID, Name, Topic, Participants[{JID,PhoneNumber,LID,...}])`."""
    _, told = await get(http, await start(), "/group/info", group_id=TEAM.jid)
    results = told["results"]
    assert (results["Name"], [one["PhoneNumber"] for one in results["Participants"]]) == (
        "Team",
        [AMA.phone, BIA.phone],
    )


async def test_chats_are_listed_newest_first_with_their_count(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 4: `Chats ORDER BY last_message_time DESC`."""
    running = await start()
    for minute, chat in enumerate((AMA.key, BIA.key)):
        population_of(running).send_text(chat, "hi", at=AT + timedelta(minutes=minute))
    await accepted(running)
    _, told = await get(http, running, "/chats", limit="1")
    assert [one["jid"] for one in told["results"]["data"]] == [BIA.key]
    assert told["results"]["pagination"] == {"limit": 1, "offset": 0, "total": 2}


async def test_messages_come_newest_first_in_pages(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 4: `messages ORDER BY timestamp DESC`, `LIMIT/OFFSET`."""
    running = await start()
    for second in range(5):
        population_of(running).send_text(BIA.key, f"#{second}", at=AT + timedelta(seconds=second))
    await accepted(running)
    pages = [await contents(http, running, BIA.key, limit="2", offset=offset) for offset in ("0", "2", "4")]
    assert pages == [["#4", "#3"], ["#2", "#1"], ["#0"]]


@pytest.mark.parametrize("limit", ["101", "-1"])
async def test_a_page_has_at_most_100(start: Start, http: aiohttp.ClientSession, limit: str) -> None:
    """GOWA page 4: `limit 1-100`."""
    status, told = await get(http, await start(), f"/chat/{BIA.key}/messages", limit=limit)
    assert (status, told["code"]) == (400, "VALIDATION_ERROR")


async def test_start_time_with_another_offset_misses_rows(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 4: start_time is `compared as text by SQLite in the stored zone`; `send Z times and add a margin`."""
    running = await start()
    population_of(running).send_text(BIA.key, "#1", at=AT)
    await accepted(running)
    found = [
        await contents(http, running, BIA.key, start_time=time)
        for time in ("2026-11-23T11:59:00Z", "2026-11-23T14:59:00+03:00")
    ]
    assert found == [["#1"], []]


async def test_total_counts_the_whole_chat_whatever_the_filters(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 4: `counts the whole chat, ignores time/media/search filters`."""
    running = await start()
    population_of(running).send_text(BIA.key, "#1", at=AT)
    await accepted(running)
    _, told = await get(http, running, f"/chat/{BIA.key}/messages", start_time="2027-01-01T00:00:00Z")
    assert (told["results"]["data"], told["results"]["pagination"]["total"]) == ([], 1)


async def test_from_8_9_0_an_absent_chat_is_an_empty_list(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 4: `v8.9.0+: 200 with empty list; earlier 500`."""
    status, told = await get(http, await start(), f"/chat/{STRANGER}/messages")
    assert (status, told["results"]["data"]) == (200, [])


async def test_before_8_9_0_an_absent_chat_is_a_500(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 4: as above."""
    status, _ = await get(http, await start(**FLAT), f"/chat/{STRANGER}/messages")
    assert status == 500


async def test_before_9_0_0_an_escaped_at_names_no_chat(start: Start) -> None:
    """GOWA page 3.2: `%40 decoded only from v9.0.0`. Asked with a bare socket: a client would unescape it first."""
    running = await start(version="8.11.0", username="", password="")
    population_of(running).send_text(BIA.key, "#1")
    await accepted(running)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(running.url.rpartition(":")[2]))
    path = f"/chat/{BIA.key.replace('@', '%40')}/messages"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    told = (await reader.read()).decode()
    writer.close()
    assert "200 OK" in told
    assert '"data":[]' in told


async def test_a_reaction_stands_inside_its_message(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 4: `returned inside each message as reactions[], current state only`."""
    running = await start()
    people = population_of(running)
    people.react(people.send_text(BIA.key, "#1"), "👍")
    await accepted(running)
    _, told = await get(http, running, f"/chat/{BIA.key}/messages")
    assert [one["emoji"] for one in told["results"]["data"][0]["reactions"]] == ["👍"]


async def test_a_row_has_the_recorded_fields(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 4: the API row."""
    running = await start()
    population_of(running).send_text(BIA.key, "#1", at=AT)
    await accepted(running)
    _, told = await get(http, running, f"/chat/{BIA.key}/messages")
    (row,) = told["results"]["data"]
    assert row.keys() == {
        *("id", "chat_jid", "sender_jid", "sender_display_name", "content", "timestamp", "is_from_me", "media_type"),
        *("filename", "url", "file_length", "created_at", "updated_at"),
    }
    assert row["timestamp"] == "2026-11-23T12:00:00Z"


async def test_a_file_can_be_had_under_its_webhook_path(
    start: Start, receiver: Receiver, http: aiohttp.ClientSession
) -> None:
    """GOWA page 3.2: `GET {base}/{path}` with path `statics/media/…`, `public`."""
    running = await start()
    image = Media(MediaKind.IMAGE, "image/png", path="statics/media/1-a.png", caption="look")
    population_of(running).send(BIA.key, image)
    (call,) = await receiver.wait_for(1)
    url = f"{running.url}/{call.payload['image']['path']}"
    async with aiohttp.ClientSession() as stranger, stranger.get(url) as got:
        assert (await got.read()).startswith(b"\x89PNG")


async def test_a_file_can_be_downloaded_again_by_its_message(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 3.2: `re-downloads from WhatsApp into statics/media/<digits>/<date>/`."""
    running = await start()
    image = Media(MediaKind.IMAGE, "image/png", path="statics/media/1-a.png")
    sent = population_of(running).send(BIA.key, image, at=AT)
    await accepted(running)
    _, told = await get(http, running, f"/message/{sent.id}/download", phone=BIA.phone)
    assert told["results"]["file_path"] == "statics/media/5511987654321/2026-11-23/1-a.png"
    async with http.get(f"{running.url}/{told['results']['file_path']}") as got:
        assert len(await got.read()) == told["results"]["file_size"]


async def test_a_file_of_an_unknown_message_is_a_500(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 3.1: `The 404s in the OpenAPI file for downloads and chats are not produced by the code (500...)`."""
    status, _ = await get(http, await start(), "/message/NONE/download", phone=BIA.phone)
    assert status == 500


async def test_a_file_whose_own_download_failed_can_be_fetched_later(
    start: Start, receiver: Receiver, http: aiohttp.ClientSession
) -> None:
    """GOWA page 1.4: `Missing if the download failed (v8.8.0+)`; the row in storage is there."""
    running = await start()
    sent = population_of(running).send(BIA.key, Media(MediaKind.AUDIO, "audio/ogg"))
    (call,) = await receiver.wait_for(1)
    assert "audio" not in call.payload
    _, told = await get(http, running, f"/message/{sent.id}/download", phone=BIA.phone)
    async with http.get(f"{running.url}/{told['results']['file_path']}") as got:
        assert (got.status, (await got.read())[:4]) == (200, b"OggS")


@pytest.mark.parametrize("settings", [{}, FLAT], ids=["envelope", "flat"])
async def test_with_automatic_downloads_off_a_file_is_had_by_asking_for_it(
    start: Start, receiver: Receiver, http: aiohttp.ClientSession, settings: dict[str, Any]
) -> None:
    """GOWA page 1.3: `Auto-download off (v7.9.0+): {url}`."""
    running = await start(**settings)
    offered = Media(MediaKind.DOCUMENT, "application/pdf", url="https://mmg.whatsapp.net/x", filename="Plan.pdf")
    sent = population_of(running).send(BIA.key, offered)
    (call,) = await receiver.wait_for(1)
    told_file = call.payload["document"] if not settings else call.json["document"]
    assert told_file == {"filename": "Plan.pdf", "url": "https://mmg.whatsapp.net/x"}
    _, told = await get(http, running, f"/message/{sent.id}/download", phone=BIA.phone)
    async with http.get(f"{running.url}/{told['results']['file_path']}") as got:
        assert (await got.read()).startswith(b"%PDF-")


async def test_a_path_with_the_parameters_of_its_type_is_found(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    voice = Media(MediaKind.AUDIO, "audio/ogg", path="statics/media/1-a.ogg; codecs=opus", size_bytes=200_000)
    population_of(running).send(BIA.key, voice)
    await accepted(running)
    async with http.get(f"{running.url}/statics/media/1-a.ogg;%20codecs=opus") as got:
        assert len(await got.read()) == 200_000


async def test_a_file_fails_as_often_as_it_is_told_to(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    population_of(running).send(BIA.key, Media(MediaKind.IMAGE, "image/png", path="statics/media/1-a.png"))
    await accepted(running)
    running.gateway.faults.set(fail_files=1)
    statuses = []
    for _ in range(2):
        async with http.get(f"{running.url}/statics/media/1-a.png") as got:
            statuses.append(got.status)
    assert statuses == [500, 200]


async def test_an_unknown_static_file_is_404(start: Start, http: aiohttp.ClientSession) -> None:
    async with http.get((await start()).url + "/statics/media/9-z.png") as got:
        assert got.status == 404
