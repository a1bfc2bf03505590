"""What reconcile makes of a gateway's storage as it is told over HTTP."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.unit.chores.worlds import DAY_S, FixedClock, SmallJournal
from tests.unit.gowa.fake_http import FakeHttp, ok
from tests.unit.settings import files
from unlost.assemble.bridge import Outside
from unlost.assemble.channels import build_channel
from unlost.chatwoot.turns import HostPace
from unlost.chores.reconcile import Outcome
from unlost.settings.reading import read_settings
from unlost.spool import Spool
from unlost.telemetry.log import telemetry_on
from unlost.transport import Answer, Call
from unlost.vocabulary.envelopes import Kind

NOW = 1_760_000_000.0
"""In WhatsApp's years."""
HELPDESK = "http://127.0.0.1:8090"
PEER, OTHER = "628111111111@s.whatsapp.net", "628222222222@s.whatsapp.net"
Row = dict[str, Any]


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def row(id: str, chat: str = PEER, *, at: float = NOW - 60, **fields: object) -> Row:
    stored = {"created_at": stamp(at), "updated_at": stamp(at)}
    told = {"id": id, "chat_jid": chat, "sender_jid": chat, "content": "hello", "timestamp": stamp(at)}
    return {**told, **stored, **fields}


def chat_row(jid: object, at: float = NOW - 60) -> Row:
    return {"jid": jid, "last_message_time": stamp(at), "updated_at": stamp(at)}


@dataclass
class Gateway:
    """Rows of each chat, newest first. *between* runs after each page of rows. *nameless*: chats without an address."""

    http: FakeHttp = field(default_factory=FakeHttp)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    between: Callable[[], None] = lambda: None
    nameless: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.http.on("/chats", lambda _: ok({"data": self.nameless + [chat_row(jid) for jid in self.rows]}))

    def hold(self, chat: str, *rows: Row) -> None:
        self.rows[chat] = list(rows)
        self.http.on(f"/chat/{chat}/messages", self._page)

    def _page(self, call: Call) -> Answer:
        url = urlsplit(call.url)
        offset = int(parse_qs(url.query)["offset"][0])
        page = self.rows[url.path.split("/")[2]][offset : offset + 100]
        answer = Answer(200, {}, json.dumps({"results": {"data": page}}).encode())
        self.between()
        return answer


@dataclass
class World:
    """One channel whose journal is new."""

    folder: Path
    gateway: Gateway = field(default_factory=Gateway)
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    journal: SmallJournal = field(init=False)
    log: StringIO = field(default_factory=StringIO)

    def __post_init__(self) -> None:
        self.journal = SmallJournal(self.clock, mark=NOW - 10 * DAY_S)

    async def run(self, runs: int = 1) -> Outcome:
        """The last outcome of so many, by one process."""
        settings = read_settings(files.written(self.folder, files.channel()), {})
        outside = cast(Any, Outside)(
            journal=self.journal,
            journal_path=self.folder,
            journal_is_used=False,
            http=self.gateway.http,
            spool=Spool(self.folder / "files", 1_000_000),
            clock=self.clock,
            locks=None,
            host="host",
            telemetry=telemetry_on(self.log, as_json=True),
            spread=lambda: 0.0,
            name=lambda: "name",
            backup_to=None,
            forget_addresses=None,
            prune=None,
        )
        paces = {HELPDESK: HostPace(self.clock, per_min=None)}
        looking = build_channel(settings, settings.channels[0], outside, paces).reconcile(lambda: 0.0)
        for _ in range(runs - 1):
            await looking.run([])
        return await looking.run([])

    @property
    def told(self) -> list[str]:
        """The names of the log's lines."""
        return [json.loads(line)["event"] for line in self.log.getvalue().splitlines()]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def test_a_row_that_is_deleted_between_two_pages_hides_no_other(world: World) -> None:
    world.gateway.hold(PEER, *(row(f"M{number:03}", at=NOW - 60 - number) for number in range(150)))
    world.gateway.between = lambda: world.gateway.rows.__setitem__(
        PEER, [one for one in world.gateway.rows[PEER] if one["id"] != "M005"]
    )
    await world.run()
    assert set(world.journal.kept) >= {f"M{number:03}" for number in range(150)} - {"M005"}


async def test_a_chat_that_a_proxy_does_not_find_is_not_taken_for_empty(world: World) -> None:
    world.gateway.hold(PEER, row("A"))
    world.gateway.hold(OTHER, row("B", OTHER))
    world.gateway.http.on(f"/chat/{PEER}/messages", Answer(404, {}, b"404 page not found"))
    outcome = await world.run()
    assert (world.journal.kept, world.journal.looked) == (["B"], None)
    assert outcome.error is not None


@pytest.mark.parametrize("id", ["a b", "A" * 200, "", 5])
async def test_a_row_that_nobody_can_read_comes_in_once_and_hides_no_other(world: World, id: Any) -> None:
    world.gateway.hold(PEER, row(id), row("A"))
    for reaction in range(3):
        world.gateway.rows[PEER][0]["reactions"] = [{"emoji": str(reaction)}]
        await world.run()
    unread, readable = sorted(world.journal.kept, reverse=True)
    assert (unread.startswith("unread-"), readable, world.journal.kinds[unread]) == (True, "A", Kind.UNREADABLE)


async def test_a_row_that_nobody_can_read_comes_in_from_no_further_back_than_any_other(world: World) -> None:
    world.gateway.hold(PEER, row("a b", at=world.journal.mark - 60))
    await world.run()
    assert world.journal.kept == []


@pytest.mark.parametrize("nameless", [chat_row(""), chat_row(5), {}, 7, None])
async def test_a_chat_without_an_address_is_told_once_and_hides_no_other(world: World, nameless: object) -> None:
    world.gateway.hold(PEER, row("A"))
    world.gateway.nameless = [nameless]
    outcome = await world.run(runs=2)
    assert (world.journal.kept, outcome.error) == (["A"], None)
    assert world.told == ["reconcile.chat_without_address"]


async def test_a_chat_without_an_address_does_not_make_a_page_short(world: World) -> None:
    for number in range(100):
        chat = f"62811000{number:04}@s.whatsapp.net"
        world.gateway.hold(chat, row(f"M{number:03}", chat))
    world.gateway.nameless = [chat_row("")]
    world.gateway.http.on("/chats", lambda call: _paged(world.gateway, call))
    await world.run()
    assert len(world.journal.kept) == 100


def _paged(gateway: Gateway, call: Call) -> Answer:
    offset = int(parse_qs(urlsplit(call.url).query)["offset"][0])
    return ok({"data": [*gateway.nameless, *map(chat_row, gateway.rows)][offset : offset + 100]})


async def test_chats_of_which_none_has_an_address_are_no_whole_look(world: World) -> None:
    """It writes them in another way than we know: nothing was compared."""
    world.gateway.nameless = [{"chat_jid": PEER}, {"chat_jid": OTHER}]
    outcome = await world.run()
    assert (outcome.error is not None, world.journal.looked) == (True, None)
