"""What the road is compared with: the bare rate of the HTTP client. `python -m bench.client PORT CONCURRENCY SECONDS`.

aiohttp was measured fastest of the maintained asynchronous clients. The same double, the same concurrency, a body of the same
size; prints calls per second.
"""

import asyncio
import json
import sys
import time

import aiohttp
import uvloop

BODY = json.dumps(
    {
        "content": "Hello 1234",
        "message_type": "incoming",
        "private": False,
        "source_id": "WAID:3EB0AB0000001234",
        "content_attributes": {"unlost_key": "0123456789abcdef0123456789abcdef"},
    }
).encode()
HEADERS = {"api-access-token": "bench", "content-type": "application/json", "accept": "application/json"}


async def rate(port: int, concurrency: int, seconds: float) -> float:
    """Posts per second, each answer read to its end."""
    connector = aiohttp.TCPConnector(limit=concurrency)
    async with aiohttp.ClientSession(connector=connector) as session:
        began = time.monotonic()
        done = await asyncio.gather(*(_ask(session, port, place, began + seconds) for place in range(concurrency)))
        return sum(done) / (time.monotonic() - began)


async def _ask(session: aiohttp.ClientSession, port: int, place: int, until: float) -> int:
    url, number = f"http://127.0.0.1:{port}/api/v1/accounts/1/conversations/{place + 1}/messages", 0
    while time.monotonic() < until:
        async with session.post(url, data=BODY, headers=HEADERS) as answer:
            await answer.read()
        number += 1
    return number


if __name__ == "__main__":
    print(uvloop.run(rate(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))))
