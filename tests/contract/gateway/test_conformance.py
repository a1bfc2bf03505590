"""Every path and method of GOWA's OpenAPI file against a running gateway: done and fitting its schema, or a plain 501."""

import runpy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import jsonschema  # type: ignore[import-untyped]  # it ships no types
import pytest

from tests.contract.gateway.asking import MP4, OGG, PNG, get, post
from tests.contract.gateway.conftest import Start
from tests.contract.gateway.test_rest import accepted
from tests.contract.gateway.world import AMA, BIA, OWN, TEAM, population_of
from unlost.gateway.events import Media, MediaKind
from unlost.gateway.server import RunningGateway

ROOT = Path(__file__).parents[3]
DRAWN: dict[str, Any] = runpy.run_path(str(ROOT / "docs" / "conformance.py"))
DESCRIBED: dict[str, Any] = DRAWN["described"]()
OPERATIONS: list[tuple[str, str, bool]] = list(DRAWN["operations"]())
PERSON = {"phone": BIA.phone}
GROUP = {"group_id": TEAM.jid}
QUERIES: dict[str, dict[str, str]] = {
    "/user/info": PERSON,
    "/user/avatar": {"phone": AMA.phone},
    "/user/check": PERSON,
    "/user/business-profile": PERSON,
    "/group/info": GROUP,
    "/group/participants": GROUP,
    "/group/participants/export": GROUP,
    "/message/{message_id}/download": PERSON,
    "/app/login-with-code": {"phone": OWN},
    "/devices/{device_id}/login/code": {"phone": OWN},
}
BODIES: dict[str, dict[str, Any]] = {
    "/devices": {"device_id": "two"},
    "/send/message": PERSON | {"message": "Olá"},
    "/send/contact": PERSON | {"contact_name": "Loja", "contact_phone": "5541988887777"},
    "/send/link": PERSON | {"link": "https://example.com"},
    "/send/location": PERSON | {"latitude": "-25.4", "longitude": "-49.2"},
    "/send/poll": PERSON | {"question": "?", "options": ["a", "b"], "max_answer": 1},
    "/send/presence": {"type": "available"},
    "/send/chat-presence": PERSON | {"action": "start"},
    "/message/{message_id}/reaction": PERSON | {"emoji": "👍"},
    "/message/{message_id}/update": PERSON | {"message": "x"},
}
FILES = {"image": PNG, "video": MP4, "audio": OGG, "file": b"%PDF-1.4", "sticker": PNG}
UNLINKED = ("/app/login", "/app/login-with-code", "/devices/{device_id}/login", "/devices/{device_id}/login/code")
REFUSED = {("GET", "/devices/{device_id}/chatwoot/config"): (404, "CONFIG_NOT_FOUND")}


def schema_of(method: str, path: str, status: str) -> dict[str, Any] | None:
    """What the file says of the answer's JSON, if it says anything."""
    content = DESCRIBED["paths"][path][method.lower()]["responses"].get(status, {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    return schema and {**_read(schema), "components": _read(DESCRIBED["components"])}


def _read(schema: Any) -> Any:
    """OpenAPI 3.0's `nullable` in JSON Schema's own words; examples left out, some of which look like schemas."""
    match schema:
        case dict():
            read = {name: _read(value) for name, value in schema.items() if name != "example"}
            if read.pop("nullable", False) is True and isinstance(read.get("type"), str):
                read["type"] = [read["type"], "null"]
            return read
        case list():
            return [_read(one) for one in schema]
        case _:
            return schema


async def stage(http: aiohttp.ClientSession, running: RunningGateway, path: str) -> dict[str, str]:
    """The names for what a path has in braces: a message of the right kind, our device, unlinked where that is needed."""
    people = population_of(running)
    theirs = people.send_text(BIA.key, "Olá")
    image = people.send(BIA.key, Media(MediaKind.IMAGE, "image/png", path="statics/media/1-a.png"))
    await accepted(running)
    message = image.id if path.endswith("/download") else theirs.id
    if path.endswith(("/update", "/revoke")):
        _, told = await post(http, running, "/send/message", **BODIES["/send/message"])
        message = told["results"]["message_id"]
    if path in UNLINKED:
        await get(http, running, "/app/logout")
    return {"message_id": message, "device_id": OWN, "chat_jid": BIA.key}


@contextmanager
def request(path: str) -> Iterator[dict[str, Any]]:
    """The body of a call that is right in every way."""
    field = path.removeprefix("/send/")
    if field in FILES and path.startswith("/send/"):
        form = aiohttp.FormData(PERSON)
        form.add_field(field, FILES[field], filename=f"a.{field}")
        yield {"data": form}
    else:
        yield {"json": BODIES.get(path, PERSON)}


async def drive(http: aiohttp.ClientSession, running: RunningGateway, method: str, path: str) -> tuple[int, Any]:
    """Status and answer of the operation, asked for as the file says."""
    url = running.url + path.format(**await stage(http, running, path))
    with request(path) as body:
        told = {} if method in ("GET", "DELETE") else body
        async with http.request(method, url, params=QUERIES.get(path, {}), **told) as got:
            return got.status, await (got.json() if got.content_type == "application/json" else got.text())


@pytest.mark.parametrize(("method", "path", "done"), OPERATIONS)
async def test_an_operation_is_done_and_fits_its_schema_or_is_a_plain_501(
    start: Start, http: aiohttp.ClientSession, method: str, path: str, done: bool
) -> None:
    running = await start()
    status, answer = await drive(http, running, method, path)
    if not done:
        assert (status, answer["code"]) == (501, "NOT_IMPLEMENTED")
        return
    if (method, path) in REFUSED:
        assert (status, answer["code"]) == REFUSED[method, path]
        return
    assert status == 200, answer
    schema = schema_of(method, path, "200")
    if schema is not None:
        jsonschema.validate(answer, schema)


def test_the_page_is_what_the_file_and_the_routes_say() -> None:
    drawn: str = DRAWN["page"]()
    assert DRAWN["PAGE"].read_text(encoding="utf-8") == drawn, "python docs/conformance.py draws it anew"


@pytest.mark.parametrize(("method", "path", "done"), [one for one in OPERATIONS if not one[2]])
async def test_a_501_comes_before_any_look_at_what_was_sent(
    start: Start, http: aiohttp.ClientSession, method: str, path: str, done: bool
) -> None:
    running = await start()
    names = {"message_id": "x", "device_id": OWN, "chat_jid": "x"}
    async with http.request(method, running.url + path.format(**names), data=b"\xff" * 10) as got:
        assert (got.status, (await got.json())["code"]) == (501, "NOT_IMPLEMENTED")
