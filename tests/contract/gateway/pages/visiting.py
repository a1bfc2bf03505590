"""A person before the gateway's pages: keeps its cookie, reads the token off each page, presses its buttons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

import aiohttp

from tests.contract.gateway.world import LOGIN, OWN
from unlost.gateway.engines.answers import About, Link
from unlost.gateway.engines.history import Chronicle, History
from unlost.gateway.pages.snapshot import key_of
from unlost.gateway.server import RunningGateway

TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


@dataclass(frozen=True)
class Page:
    """What came back."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def token(self) -> str:
        """That of its forms."""
        found = TOKEN.search(self.text)
        assert found is not None, "no form on this page"
        return found[1]

    @property
    def words(self) -> str:
        """What a person reads."""
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", self.text)).split())


class Visitor:
    """One browser. Redirects are followed, as browsers do."""

    def __init__(self, running: RunningGateway) -> None:
        self.running = running
        self.http = aiohttp.ClientSession(headers=LOGIN, cookie_jar=aiohttp.CookieJar(unsafe=True))

    def device(self, slot: str) -> str:
        """The path of a device's page."""
        return f"/ui/devices/{key_of(self.running.gateway.devices.named(slot))}"

    async def read(self, path: str, **headers: str) -> Page:
        async with self.http.get(self.running.url + path, headers=headers) as got:
            return Page(got.status, await got.text(), got.headers)

    async def press(self, path: str, *, token: str | None = None, by_script: bool = False, **fields: str) -> Page:
        """Send a form with the token of the front page, or with *token*."""
        given = (await self.read("/")).token if token is None else token
        headers = {"HX-Request": "true"} if by_script else {}
        told = {"token": given} | fields
        async with self.http.post(self.running.url + path, data=told, headers=headers) as got:
            return Page(got.status, await got.text(), got.headers)

    async def close(self) -> None:
        await self.http.close()


class Told:
    """An engine that stands and has ended as it is told; nothing else is asked of it here."""

    def __init__(self, link: Link, resting: list[tuple[str, float]]) -> None:
        self._link = link
        self._resting = resting
        self.chronicle = Chronicle()

    def link(self) -> Link:
        return self._link

    def about(self) -> About:
        return About("neonize", "0.5.2")

    def history(self) -> History:
        return self.chronicle.history(self._resting)

    async def close(self) -> None:
        """It has nothing."""


def stand(visitor: Visitor, link: Link, resting: list[tuple[str, float]] | None = None) -> Told:
    """Let the first device be one that stands so."""
    told: Any = Told(link, resting or [])
    visitor.running.gateway.devices.named(OWN).engine = told
    return told  # type: ignore[no-any-return]  # it is as much of an engine as these pages need
