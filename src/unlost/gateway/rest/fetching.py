"""A file fetched from the URL a caller gave, bounded in time, length and hops."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

import aiohttp

from unlost.gateway.rest.answers import Refusal, invalid

FETCH_S = 30.0  # GOWA's own (its page, 3.2)
HOPS_MOST = 5
IN_MEMORY_BYTES = 1024 * 1024
PIECE_BYTES = 64 * 1024


@dataclass(frozen=True)
class FetchedFile:
    """What came, in a nameless file that is gone when it is closed."""

    file: BinaryIO
    name: str
    mime_type: str


async def fetch(url: str, most_bytes: int, field: str) -> FetchedFile:
    """The file at *url*. Raises Refusal (400): the caller's URL did not give one, and nothing was sent."""
    path = _path_of(url, field)
    # Kept open for the caller, who closes it.
    file: BinaryIO = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # type: ignore[assignment]  # noqa: SIM115
    try:
        async with asyncio.timeout(FETCH_S), aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            mime_type = await _into(file, session, url, most_bytes, field)
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
        file.close()
        raise invalid(f"{field}_url: no file could be fetched from there ({type(error).__name__}).") from error
    except Refusal:
        file.close()
        raise
    return FetchedFile(file, unquote(path.rpartition("/")[2]), mime_type)


async def _into(file: BinaryIO, session: aiohttp.ClientSession, url: str, most_bytes: int, field: str) -> str:
    async with session.get(url, max_redirects=HOPS_MOST) as got:
        if got.status != 200:
            raise invalid(f"{field}_url: answered {got.status}.")
        async for piece in got.content.iter_chunked(PIECE_BYTES):
            file.write(piece)
            if file.tell() > most_bytes:
                raise invalid(f"{field}_url: the file may have at most {most_bytes} bytes.")
        return got.content_type


def _path_of(url: str, field: str) -> str:
    try:
        parts = urlsplit(url)
        if url.isprintable() and parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts.path
    except ValueError:
        pass
    raise invalid(f"{field}_url: must be an http or https address.")
