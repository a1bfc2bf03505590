"""What GOWA's OpenAPI file allows, and what it does not: no call is answered outside GOWA's error shape, and the gateway lives on."""

import asyncio
import os
import sys

import aiohttp
import pytest

from tests.contract.gateway.asking import post
from tests.contract.gateway.conftest import Start
from tests.contract.gateway.test_conformance import DRAWN
from tests.contract.gateway.world import BIA, OWN

EXAMPLES = os.environ.get("UNLOST_TEST_EXAMPLES", "5")
ENDS_THE_LINK = "logout|/devices/{device_id}$"
"""Left out: after these every other call is 401 or 404, and nothing behind it is reached."""


@pytest.mark.timeout(400)
async def test_no_call_of_gowa_s_description_finds_a_bug(
    start: Start, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    """GOWA answers 500 for much that is not found; a bug of ours is what the server logs with its trace."""
    running = await start(enable_faults=False, username="", password="")
    words = [sys.executable, "-m", "schemathesis.cli", "run", str(DRAWN["OPENAPI"]), "--url", running.url]
    words += ["--header", f"X-Device-Id: {OWN}"]
    words += ["--checks", "content_type_conformance", "--exclude-path-regex", ENDS_THE_LINK]
    words += ["--max-examples", EXAMPLES, "--seed", "7", "--phases", "examples,coverage,fuzzing", "--workers", "1"]
    process = await asyncio.create_subprocess_exec(
        *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    told, _ = await process.communicate()
    assert process.returncode == 0, told.decode()[-6000:]
    assert "Exception in ASGI application" not in caplog.text
    http.headers["X-Device-Id"] = OWN  # devices were added
    assert (await post(http, running, "/send/message", phone=BIA.phone, message="alive"))[0] == 200
