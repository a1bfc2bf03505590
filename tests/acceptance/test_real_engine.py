"""The incident of October 2025 end to end, with the real protocol engine: its panic while a picture is fetched, amid messages.

A fake WhatsApp on loopback, and our gateway, bridge and desk as processes of their own (`tests.demo_real_engine`).
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from tests.acceptance.helpdesk import Helpdesk
from tests.acceptance.waiting import eventually
from tests.demo_real_engine.__main__ import CANNOT, command
from tests.fake_whatsapp.wheel import why_not_both
from unlost.cli.demo.audit import shown_by
from unlost.cli.demo.ledger import Ledger, judge

if TYPE_CHECKING:
    from tests.demo_real_engine.world import RealWorld

WHY_NOT = why_not_both()
needs_engine = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)
WITHIN_S = 60.0
AMID = 80
"""Messages written until the panic, if it is not there before; far from the 200 a minute that one conversation may take."""


@dataclass(frozen=True)
class Incident:
    """What was seen. *…_then*: of the newcomer's contact after the panic, while WhatsApp leaves the next question unanswered."""

    world: RealWorld
    helpdesk: Helpdesk
    ledger: Ledger
    worker_before: int
    worker_after: int
    gateway_before: int | None
    name_then: str
    picture_then: str
    picture_later: str


@pytest.fixture(scope="module")
def incident() -> Iterator[Incident]:
    """Played once. In memory where the system has a place for it: at a pairing the engine syncs 812 times."""
    if WHY_NOT:
        pytest.skip(WHY_NOT)
    from tests.demo_real_engine.world import RealWorld

    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        world = RealWorld(Path(folder))
        try:
            world.start()
            yield play(world)
        finally:
            world.stop()


def play(world: RealWorld) -> Incident:
    """Customers write, a newcomer's picture ends the engine when the bridge asks for it, and they write on."""
    from tests.demo_real_engine.customers import Customers
    from tests.fake_whatsapp.avatars import Avatar, Kind

    customers, helpdesk = Customers(world.whatsapp, world.account, seed=1), Helpdesk(world.desk_url, world.password)
    avatars, gateway, (worker,) = world.whatsapp.server.avatars, world.gateway.pid, world.workers()
    nina = customers.newcomer()
    avatars.answer_next(nina.peer.jid, Avatar(Kind.PANICS), Avatar(Kind.SILENT))
    named = customers.text(nina)

    def panics() -> float:
        if len(customers.sent) < AMID:
            customers.write()
        return world.gateway_counted("whatsapp_web_avatar_fetch_panics_total")

    eventually(panics, "the panic", within_s=WITHIN_S)
    number = helpdesk.standing(named, within_s=WITHIN_S)["conversation_id"]
    then = helpdesk.contact_of(number)
    for _ in range(15):
        customers.write()

    def ledger() -> Ledger:
        return judge(customers.sent, shown_by(world.desk_url, world.password), exact_order=True)

    eventually(lambda: ledger().lost == 0, "all of it in the helpdesk", within_s=WITHIN_S)
    picture = eventually(lambda: helpdesk.contact_of(number)["thumbnail"], "the picture", within_s=WITHIN_S)
    eventually(world.workers, "another worker")
    return Incident(
        world, helpdesk, ledger(), worker, world.workers()[0], gateway, then["name"], then["thumbnail"], picture
    )


@needs_engine
def test_every_message_stands_once_and_in_the_order_in_which_it_was_written(incident: Incident) -> None:
    assert incident.ledger.is_clean, incident.ledger.in_words()
    assert incident.ledger.late == 0
    assert incident.ledger.sent == incident.ledger.shown > 30


@needs_engine
def test_the_contact_stands_without_a_picture_which_comes_later(incident: Incident) -> None:
    assert (incident.name_then, incident.picture_then) == ("Newcomer 1", "")
    assert incident.picture_later


@needs_engine
def test_one_panic_is_counted_and_told_with_its_head(incident: Incident) -> None:
    assert incident.world.gateway_counted("whatsapp_web_avatar_fetch_panics_total") == 1
    (died,) = incident.world.log_of("gateway", "engine.died")
    assert died["reason"] == "panic"
    assert died["head"].startswith("panic: interface conversion")


@needs_engine
def test_only_the_worker_died_and_nobody_paired_anew(incident: Incident) -> None:
    assert incident.worker_after != incident.worker_before
    assert incident.world.gateway.pid == incident.gateway_before
    assert incident.world.gateway.is_running
    assert len(incident.world.whatsapp.server.world.accounts) == 1


@needs_engine
def test_to_the_bridge_it_was_a_look_up_that_failed_and_no_message_s_business(incident: Incident) -> None:
    metrics = incident.world.metrics()
    assert sum(map(float, re.findall(r"^unlost_dead_letters{[^}]*} (\S+)$", metrics, re.MULTILINE))) == 0
    assert 'whatsapp_web_message_processing_failures_total{reason="connection_refused"} 0.0' in metrics
    (failed,) = [line for line in incident.world.log_of("bridge", "avatar.failed") if line["panic_recovered"]]
    assert failed["jid"].startswith("…")


@needs_engine
def test_files_and_quotes_come_through_the_real_engine(incident: Incident) -> None:
    everything = incident.helpdesk.everything()
    assert [one for one in everything if one.get("attachments")]
    assert [one for one in everything if one["content_attributes"].get("in_reply_to")]


def test_where_the_engine_is_not_installed_the_demo_says_so_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "neonize", None)
    said = CliRunner().invoke(command, ["--for", "1"])
    assert said.exit_code == CANNOT
    assert said.output == "the real engine cannot run here: the engine's wheel (neonize) is not installed\n"
