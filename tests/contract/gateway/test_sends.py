"""`/send/…` and `/message/{id}/…`: what is said through the API stands in WhatsApp as typed by the account."""

import io
from typing import Any

import aiohttp
import pytest

from tests.contract.gateway.asking import MP4, OGG, PNG, get, post, upload
from tests.contract.gateway.conftest import Start
from tests.contract.gateway.receiver import Receiver
from tests.contract.gateway.world import AMA, BIA, TEAM, population_of
from unlost.gateway.population import Sent
from unlost.gateway.server import RunningGateway
from unlost.gateway.settings import Dialect, Temper

NOWHERE = "5521999999999"
TEXT: dict[str, Any] = {"phone": BIA.phone, "message": "Olá"}
SAID: list[tuple[str, dict[str, Any], tuple[str, str]]] = [
    ("message", {"message": "Olá"}, ("text", "Olá")),
    ("link", {"link": "https://example.com/a", "caption": "Veja"}, ("text", "Veja\nhttps://example.com/a")),
    ("location", {"latitude": "-25.43", "longitude": "-49.27"}, ("place", "-25.43, -49.27")),
    ("location", {"latitude": -25.43, "longitude": -49.27}, ("place", "-25.43, -49.27")),
    ("contact", {"contact_name": "Loja", "contact_phone": "5541988887777"}, ("cards", "Loja")),
    ("poll", {"question": "Quando?", "options": ["Hoje", "Amanhã"], "max_answer": 1}, ("poll", "Quando?")),
]


def said(running: RunningGateway) -> list[Sent]:
    return list(population_of(running).sent())


@pytest.mark.parametrize(("path", "told", "stands"), SAID)
async def test_what_is_sent_stands_in_whatsapp_under_the_id_that_is_told(
    start: Start, http: aiohttp.ClientSession, path: str, told: dict[str, Any], stands: tuple[str, str]
) -> None:
    running = await start()
    status, answer = await post(http, running, f"/send/{path}", phone=BIA.phone, **told)
    (sent,) = said(running)
    assert (status, answer["results"]["message_id"], sent.from_me) == (200, sent.id, True)
    assert (sent.chat, sent.kind, sent.text) == (BIA.key, *stands)


@pytest.mark.parametrize(
    ("field", "file", "name"),
    [
        ("image", PNG, "a.png"),
        ("video", MP4, "a.mp4"),
        ("audio", OGG, "a.ogg"),
        ("file", b"%PDF-1.4", "Plano.pdf"),
        ("sticker", PNG, "s.png"),
    ],
)
async def test_a_file_that_is_sent_can_be_had_from_its_row(
    start: Start, http: aiohttp.ClientSession, field: str, file: bytes, name: str
) -> None:
    running = await start()
    status, answer = await upload(http, running, field, file, name)
    assert status == 200, answer
    message_id = answer["results"]["message_id"]
    kept = list((running.gateway.settings.media_folder).iterdir())
    _, page = await get(http, running, f"/chat/{BIA.key}/messages")
    assert [(row["id"], row["is_from_me"], row["file_length"]) for row in page["results"]["data"]] == [
        (message_id, True, len(file))
    ]
    async with http.get(f"{running.url}/statics/media/{kept[0].name}") as got:
        assert await got.read() == file


async def test_a_reply_quotes_the_stored_message(start: Start, http: aiohttp.ClientSession, receiver: Receiver) -> None:
    running = await start()
    asked = population_of(running).send_text(BIA.key, "Abre hoje?")
    await receiver.wait_for(1)
    await post(http, running, "/send/message", **TEXT, reply_message_id=asked.id)
    assert (said(running)[-1].kind, said(running)[-1].target) == ("reply", asked.id)


async def test_a_group_and_a_lid_are_sent_to_as_they_are(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    for chat in (TEAM.jid, AMA.lid):
        assert (await post(http, running, "/send/message", phone=chat, message="x"))[0] == 200
    assert [sent.chat for sent in said(running)] == [TEAM.jid, AMA.key]


async def test_a_send_comes_in_no_webhook_and_its_receipt_does(
    start: Start, http: aiohttp.ClientSession, receiver: Receiver
) -> None:
    """GOWA page 1.4: `Never emitted: … messages sent through this GOWA's own REST API`; acks `carry it in ids`."""
    running = await start()
    _, answer = await post(http, running, "/send/message", **TEXT)
    (call,) = await receiver.wait_for(1)
    assert (call.json["event"], call.payload["ids"]) == ("message.ack", [answer["results"]["message_id"]])


async def test_reaction_edit_and_revoke_stand_on_their_message(
    start: Start, http: aiohttp.ClientSession, receiver: Receiver
) -> None:
    running = await start()
    theirs = population_of(running).send_text(BIA.key, "Obrigada")
    await receiver.wait_for(1)
    _, own = await post(http, running, "/send/message", **TEXT)
    mine = own["results"]["message_id"]
    for path, told in (
        (f"{theirs.id}/reaction", {"emoji": "👍"}),
        (f"{mine}/update", {"message": "Bom dia"}),
        (f"{mine}/revoke", {}),
    ):
        assert (await post(http, running, f"/message/{path}", phone=BIA.phone, **told))[0] == 200
    assert [(one.kind, one.target) for one in said(running)[2:]] == [
        ("reaction", theirs.id),
        ("edit", mine),
        ("revoke", mine),
    ]
    _, page = await get(http, running, f"/chat/{BIA.key}/messages", search="Bom dia")
    assert [row["id"] for row in page["results"]["data"]] == [mine]


async def test_somebody_else_s_message_is_not_edited(
    start: Start, http: aiohttp.ClientSession, receiver: Receiver
) -> None:
    running = await start()
    theirs = population_of(running).send_text(BIA.key, "x")
    await receiver.wait_for(1)
    status, answer = await post(http, running, f"/message/{theirs.id}/update", phone=BIA.phone, message="y")
    assert (status, answer["code"]) == (400, "VALIDATION_ERROR")


async def test_a_reaction_in_a_group_needs_its_message_s_author(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    status, answer = await post(http, running, "/message/3EB0AA/reaction", phone=TEAM.jid, emoji="👍")
    assert (status, answer["code"]) == (404, "NOT_FOUND")


async def test_what_the_account_reads_is_told_as_read_self(
    start: Start, http: aiohttp.ClientSession, receiver: Receiver
) -> None:
    running = await start()
    theirs = population_of(running).send_text(BIA.key, "x")
    await receiver.wait_for(1)
    assert (await post(http, running, f"/message/{theirs.id}/read", phone=BIA.phone))[0] == 200
    calls = await receiver.wait_for(2)
    assert (calls[1].payload["receipt_type"], calls[1].payload["ids"]) == ("read-self", [theirs.id])


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/message/3EB0AA/star", {"phone": BIA.phone}),
        ("/message/3EB0AA/unstar", {"phone": BIA.phone}),
        ("/message/3EB0AA/delete", {"phone": BIA.phone}),
        ("/send/presence", {"type": "available"}),
        ("/send/chat-presence", {"phone": BIA.phone, "action": "start"}),
    ],
)
async def test_what_leaves_no_message_is_done(
    start: Start, http: aiohttp.ClientSession, path: str, told: dict[str, Any]
) -> None:
    running = await start()
    status, answer = await post(http, running, path, **told)
    assert (status, answer["code"], said(running)) == (200, "SUCCESS", [])


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("message", {"phone": "0551199", "message": "x"}),
    ("message", {"phone": "five", "message": "x"}),
    ("message", {"phone": "5511987654321@example.com", "message": "x"}),
    ("message", {"phone": "55119\n87654321", "message": "x"}),
    ("message", {"phone": 5, "message": "x"}),
    ("message", {"phone": BIA.phone}),
    ("message", {"phone": BIA.phone, "message": "   "}),
    ("message", {"phone": BIA.phone, "message": ["x"]}),
    ("message", {"phone": BIA.phone, "message": "x" * 70_000}),
    ("message", {"phone": BIA.phone, "message": "\ud800"}),
    ("message", {"phone": BIA.phone, "message": "a\0b"}),
    ("message", {"phone": BIA.phone, "message": "x", "duration": 5}),
    ("message", {"phone": BIA.phone, "message": "x", "duration": True}),
    ("message", {"phone": BIA.phone, "message": "x", "mentions": [5]}),
    ("message", {"phone": BIA.phone, "message": "x", "mentions": ["nobody"]}),
    ("message", {"phone": BIA.phone, "message": "x", "is_forwarded": "maybe"}),
    ("location", {"phone": BIA.phone, "latitude": "91", "longitude": "0"}),
    ("location", {"phone": BIA.phone, "latitude": "nan", "longitude": "0"}),
    ("location", {"phone": BIA.phone, "latitude": "north", "longitude": "0"}),
    ("poll", {"phone": BIA.phone, "question": "?", "options": ["one"], "max_answer": 1}),
    ("poll", {"phone": BIA.phone, "question": "?", "options": ["one", "one"], "max_answer": 1}),
    ("poll", {"phone": BIA.phone, "question": "?", "options": ["a", "b"], "max_answer": 3}),
    ("link", {"phone": BIA.phone, "link": "javascript:alert(1)"}),
    ("contact", {"phone": BIA.phone, "contact_name": "x", "contact_phone": "x"}),
    ("presence", {"type": "away"}),
    ("chat-presence", {"phone": BIA.phone, "action": "sing"}),
    ("image", {"phone": BIA.phone}),
    ("image", {"phone": BIA.phone, "image_url": "file:///etc/passwd"}),
    ("image", {"phone": BIA.phone, "image_url": "http://[::"}),
    ("image", {"phone": BIA.phone, "image_url": "http://127.0.0.1:1/a.png"}),
]


@pytest.mark.parametrize(("path", "told"), WRONG)
async def test_bad_input_is_refused_and_nothing_is_sent(
    start: Start, http: aiohttp.ClientSession, path: str, told: dict[str, Any]
) -> None:
    running = await start()
    status, answer = await post(http, running, f"/send/{path}", **told)
    assert (status, answer["code"], said(running)) == (400, "VALIDATION_ERROR", [])


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000, b"{}" + b" " * 1_048_576])
async def test_a_body_that_is_no_object_is_refused(start: Start, http: aiohttp.ClientSession, body: bytes) -> None:
    running = await start()
    headers = {"Content-Type": "application/json"}
    async with http.post(f"{running.url}/send/message", data=io.BytesIO(body), headers=headers) as got:
        assert got.status in (400, 413)
        assert (await got.json())["code"] in ("VALIDATION_ERROR", "REQUEST_TOO_LARGE")


@pytest.mark.parametrize(
    "body", [b"", b"--x", b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\ny\r\n--x--"]
)
async def test_a_form_that_cannot_be_read_is_refused(start: Start, http: aiohttp.ClientSession, body: bytes) -> None:
    running = await start()
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    async with http.post(f"{running.url}/send/image", data=body, headers=headers) as got:
        assert (got.status, (await got.json())["code"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    ("field", "file", "name"),
    [
        ("image", b"", "a.png"),
        ("image", b"<html>", "a.png"),
        ("video", PNG, "a.mp4"),
        ("audio", PNG, "a.ogg"),
        ("sticker", MP4, "a.webp"),
    ],
)
async def test_a_file_of_another_type_is_refused_whatever_its_name(
    start: Start, http: aiohttp.ClientSession, field: str, file: bytes, name: str
) -> None:
    running = await start()
    status, answer = await upload(http, running, field, file, name)
    assert (status, answer["code"], said(running)) == (400, "VALIDATION_ERROR", [])


@pytest.mark.parametrize("name", ["../../x.pdf", "/etc/passwd", "..", "a\u202eb.pdf", "n" * 1500 + ".pdf"])
async def test_a_file_s_name_leads_nowhere(start: Start, http: aiohttp.ClientSession, name: str) -> None:
    running = await start()
    assert (await upload(http, running, "file", b"%PDF-1.4", name))[0] == 200
    folder = running.gateway.settings.media_folder
    assert [path.parent for path in folder.rglob("*") if path.is_file()] == [folder]


@pytest.mark.parametrize(
    "path", ["../gateway.lock", "%2e%2e/gateway.lock", "..%2fgateway.lock", "/etc/passwd", "a%00b", "x" * 3000]
)
async def test_no_path_leads_out_of_the_media_folder(start: Start, http: aiohttp.ClientSession, path: str) -> None:
    running = await start()
    async with http.get(f"{running.url}/statics/media/{path}") as got:
        assert got.status == 404


async def test_a_number_without_whatsapp_is_refused(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 3.1: `400 INVALID_JID "Phone X is not on whatsapp"`."""
    status, answer = await post(http, await start(), "/send/message", phone=NOWHERE, message="x")
    assert (status, answer["code"]) == (400, "INVALID_JID")


async def test_a_group_the_account_is_not_in_refuses(start: Start, http: aiohttp.ClientSession) -> None:
    status, answer = await post(http, await start(), "/send/message", phone="120363402106009999@g.us", message="x")
    assert (status, answer["code"]) == (400, "REFUSED")


async def test_without_a_connection_nothing_is_sent(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    running.gateway.faults.set(disconnected=True)
    status, answer = await post(http, running, "/send/message", **TEXT)
    assert (status, answer["code"], said(running)) == (401, "AUTHENTICATION_ERROR", [])


async def test_a_send_that_hangs_is_answered_504(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start(call_wait_s=0.1, send_wait_s=0.1)
    running.gateway.faults.set(hanging_engine=True)
    status, answer = await post(http, running, "/send/message", phone=TEAM.jid, message="x")
    assert (status, answer["code"]) == (504, "GATEWAY_TIMEOUT")


async def test_what_ends_before_the_send_is_said_to_be_nothing(start: Start, http: aiohttp.ClientSession) -> None:
    """The number is looked for first; a caller may repeat what failed there."""
    running = await start(call_wait_s=0.1)
    running.gateway.faults.set(hanging_engine=True)
    status, answer = await post(http, running, "/send/message", **TEXT)
    assert (status, answer["code"]) == (503, "not_started")


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
async def test_a_page_of_another_site_sends_nothing(
    start: Start, http: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    """A browser adds the password it remembers to a form that another site made."""
    running = await start()
    async with http.post(f"{running.url}/send/message", data=TEXT, headers=headers) as got:
        assert got.status == 403
    async with http.get(f"{running.url}/app/logout", headers=headers) as got:
        assert got.status == 403
    assert said(running) == []


@pytest.mark.parametrize("temper", list(Temper))
@pytest.mark.parametrize("dialect", list(Dialect))
async def test_it_sends_in_every_dialect_and_temper(
    start: Start, http: aiohttp.ClientSession, receiver: Receiver, dialect: Dialect, temper: Temper
) -> None:
    running = await start(dialect=dialect, temper=temper)
    status, told = await post(http, running, "/send/message", **TEXT)
    (call,) = await receiver.wait_for(1)
    assert (status, call.json["event"], call.payload["ids"]) == (200, "message.ack", [told["results"]["message_id"]])
