"""Calls of the REST API as these tests make them."""

from typing import Any

import aiohttp

from tests.contract.gateway.world import BIA
from unlost.gateway.png import picture
from unlost.gateway.server import RunningGateway

Answer = tuple[int, Any]
PNG = picture("sent")
MP4 = b"\0\0\0\x18ftypisom\0\0\2\0isomavc1"
OGG = b"OggS\0\x02" + bytes(40)


async def get(http: aiohttp.ClientSession, running: RunningGateway, path: str, **params: str) -> Answer:
    """Status and JSON of one GET."""
    async with http.get(running.url + path, params=params) as got:
        return got.status, await got.json()


async def post(http: aiohttp.ClientSession, running: RunningGateway, path: str, key: str = "", **told: Any) -> Answer:
    """Status and JSON of one POST with a JSON body; *key* is its Idempotency-Key."""
    headers = {"Idempotency-Key": key} if key else {}
    async with http.post(running.url + path, json=told, headers=headers) as got:
        return got.status, await got.json()


async def upload(
    http: aiohttp.ClientSession, running: RunningGateway, field: str, file: bytes, name: str, key: str = "", **told: str
) -> Answer:
    """Status and JSON of sending *file* to BIA as *field*."""
    form = aiohttp.FormData({"phone": BIA.phone} | told)
    form.add_field(field, file, filename=name)
    headers = {"Idempotency-Key": key} if key else {}
    async with http.post(f"{running.url}/send/{field}", data=form, headers=headers) as got:
        return got.status, await got.json()


async def faults(running: RunningGateway, **wanted: bool | int) -> None:
    """Put faults in force."""
    running.gateway.faults.set(**wanted)
