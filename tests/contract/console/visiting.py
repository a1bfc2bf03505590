"""A visitor with cookies, before the real door, the real pages and a real journal."""

import html
import json
import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any, cast
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from starlette.types import Message, Scope

from tests.contract.journal.building import ANA, CHANNEL, NOTHING, SetClock, message, put, take_one
from unlost.console.answers import Found
from unlost.console.app import build_console
from unlost.console.bodies import Bodies
from unlost.console.operator import Operator
from unlost.console.pulse import Pulse
from unlost.console.sessions import Sessions
from unlost.console.site import Site
from unlost.ingress.door import DoorApp, DoorLimits
from unlost.ingress.gaps import GapKeeper
from unlost.ingress.keeping import Keeping
from unlost.ingress.paths import Doors
from unlost.journal.rows import Failure
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.telemetry.log import Telemetry, silent_telemetry
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ChannelName, EntryId
from unlost.vocabulary.verdicts import Dead

PASSWORD = "correct horse"
WELL: dict[str, bool | None] = {
    "gateway_up": True,
    "gateway_logged_in": True,
    "gateway_connected": True,
    "helpdesk_up": True,
}


@dataclass
class World:
    """A bridge as its pages see it. *sides* is what the watch says."""

    journal: SqliteJournal
    clock: SetClock
    password: str = PASSWORD
    public_url: str = ""
    sides: dict[str, bool | None] = field(default_factory=lambda: dict(WELL))
    circuits: list[str] = field(default_factory=list)
    found: Found = field(default_factory=lambda: Found(CHANNEL, 10, 2))
    is_writable: bool = True
    region: str = "ID"
    telemetry: Telemetry = field(default_factory=silent_telemetry)
    pulse: Pulse = field(init=False)
    app: DoorApp = field(init=False)

    def __post_init__(self) -> None:
        async def reconcile_channel(_name: ChannelName, _since: float | None) -> Found:
            return self.found

        async def unasked(*_: object) -> int:
            raise AssertionError("not asked here")

        operator = Operator(
            journal=self.journal,
            clock=self.clock,
            channels=[CHANNEL],
            sides=lambda _: self.sides,
            open_circuits=lambda: self.circuits,
            reconcile_channel=reconcile_channel,
            backup_to=cast(Any, unasked),
            forget_addresses=cast(Any, unasked),
            door_open_since=lambda: 1_699_999_000.0,
            sides_since=lambda _: {"gateway": 1_699_999_940.0, "helpdesk": 1_699_999_940.0},
            region=self.region,
        )
        self.pulse = Pulse(operator)
        site = Site(
            operator=operator,
            bodies=Bodies(self.journal, lambda _channel, _source, raw: raw.decode(errors="replace")),
            pulse=self.pulse,
            sessions=Sessions(self.password),
            telemetry=self.telemetry,
            is_writable=lambda: self.is_writable,
            public_url=self.public_url,
            zone=ZoneInfo("America/Sao_Paulo"),
            zone_name="America/Sao_Paulo",
        )
        self.app = self._door()
        self.app.inner = build_console(site)

    def _door(self) -> DoorApp:
        doors = Doors((), self.public_url)
        gaps = GapKeeper(self.journal, self.clock, self.telemetry)
        keeping = Keeping(
            journal=self.journal,
            doors=doors,
            gaps=gaps,
            clock=self.clock,
            telemetry=self.telemetry,
            commit_wait_s=5.0,
            journal_is_used=False,
        )

        async def can_commit() -> bool:
            return True

        return DoorApp(
            doors=doors,
            keeping=keeping,
            gaps=gaps,
            limits=DoorLimits(
                body_max_bytes=1000, body_wait_s=5.0, commit_wait_s=5.0, concurrency=8, held_max_bytes=4000
            ),
            clock=self.clock,
            telemetry=self.telemetry,
            can_commit=can_commit,
            inner=cast(Any, None),
            password=self.password,
            public_url=self.public_url,
        )

    async def die(self, id: str, chat: Address = ANA, *, reason: str = "refused", text: str = "") -> EntryId:
        """A message becomes a dead letter."""
        arrival = message(id, chat)
        if text:
            arrival = type(arrival)(arrival.envelope, text.encode())
        await put(self.journal, arrival)
        claim = await take_one(self.journal)
        await self.journal.settle(claim, Dead(reason), Facts(), NOTHING, Failure("PostMessage", "http_4xx", "422"))
        self.pulse.stir()
        return claim.entry

    def visitor(self, **headers: str) -> "Visitor":
        """Somebody nobody knows yet."""
        return Visitor(self, dict(headers))

    async def known(self, who: str = "Ana") -> "Visitor":
        """Somebody who has logged in."""
        visitor = self.visitor()
        assert (await visitor.log_in(who=who)).status == 303
        return visitor


@dataclass
class Page:
    """An answer."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def __getitem__(self, name: str) -> str:
        """A header, empty where it is missing."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def html(self) -> str:
        return self.body.decode()

    @property
    def text(self) -> str:
        """What stands on it, without its tags."""
        main = self.html.partition('<main id="content" tabindex="-1">')[2].partition("</main>")[0] or self.html
        return html.unescape(re.sub(r"\s+", " ", re.sub(r'<(?:"[^"]*"|[^>"])*>', " ", main))).strip()

    def forms(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each form's target, with the hidden fields it would send."""
        found = re.findall(r'<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>', self.html, re.DOTALL)
        hidden = r'<input type="hidden" name="([^"]*)" value="([^"]*)"'
        return [
            (html.unescape(action), [(name, html.unescape(value)) for name, value in re.findall(hidden, inside)])
            for action, inside in found
        ]

    def fields(self, action: str, nth: int = 0) -> list[tuple[str, str]]:
        """The hidden fields of the *nth* form with that target."""
        return [fields for target, fields in self.forms() if target == action][nth]


@dataclass
class Visitor:
    """Keeps cookies and follows nothing by itself."""

    world: World
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    set_cookies: list[str] = field(default_factory=list)
    peer: str = "127.0.0.1"
    host: str = "127.0.0.1:8080"

    async def get(self, path: str, **headers: str) -> Page:
        return await self._ask("GET", path, b"", headers)

    async def post(self, path: str, told: list[tuple[str, str]] | dict[str, str], **headers: str) -> Page:
        body = urlencode(told).encode()
        return await self._ask("POST", path, body, {"content-type": "application/x-www-form-urlencoded"} | headers)

    async def call(self, path: str, told: object) -> tuple[int, Any]:
        """A verb of the operator's API: status and answer."""
        bearer = {"authorization": f"Bearer {self.world.password}", "content-type": "application/json"}
        page = await self._ask("POST", path, json.dumps(told).encode(), bearer)
        return page.status, json.loads(page.body)

    async def log_in(self, password: str = PASSWORD, who: str = "Ana", then: str = "/") -> Page:
        prefix = urlsplit(self.world.public_url).path.rstrip("/")
        form = dict((await self.get("/login")).fields(f"{prefix}/login"))
        return await self.post("/login", form | {"who": who, "password": password, "then": then})

    async def press(self, page: str, action: str, nth: int = 0, **more: str) -> Page:
        """Send the form of *page* that leads to *action*."""
        return await self.post(action, [*(await self.get(page)).fields(action, nth), *more.items()])

    async def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Page:
        named = {"host": self.host, **self.headers} | {name.replace("_", "-"): told for name, told in headers.items()}
        if self.cookies:
            named["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        page = await _asked(self.world.app, method, path, body, named, self.peer)
        self.set_cookies = [value for name, value in page.headers if name == "set-cookie"]
        for told in self.set_cookies:
            for name, morsel in SimpleCookie(told).items():
                self.cookies[name] = morsel.value
        return page


async def _asked(app: DoorApp, method: str, path: str, body: bytes, headers: dict[str, str], peer: str) -> Page:
    split = urlsplit(path)
    scope: Scope = {
        "type": "http",
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 8080),
        "method": method,
        "path": split.path,
        "raw_path": split.path.encode(),
        "root_path": "",
        "query_string": split.query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": (peer, 5000),
    }
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    answered: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(told: Message) -> None:
        answered.append(told)

    await app(scope, receive, send)
    head = [(name.decode(), value.decode()) for name, value in answered[0]["headers"]]
    return Page(answered[0]["status"], head, b"".join(each.get("body", b"") for each in answered[1:]))
