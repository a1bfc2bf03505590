"""Bad days of the real engine: hangs, stalls, full disks, damaged files, strangers' names, messages nobody can read."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import apsw
import pytest

from tests.contract.gateway.engines.real import WAIT_S, Device, device, needs_engine
from unlost.gateway.engines.deaths import Pace, Reason
from unlost.gateway.engines.frames import StateName

pytestmark = needs_engine

if TYPE_CHECKING:
    from tests.fake_whatsapp.account import Account
    from tests.fake_whatsapp.peer import Peer
    from tests.fake_whatsapp.server import FakeWhatsApp

DYING = "tests.contract.gateway.engines.dying_worker"
BOB = "628999888777@s.whatsapp.net"


@pytest.fixture
def bob() -> Peer:
    from tests.fake_whatsapp.peer import Peer

    return Peer(BOB)


async def linked(server: FakeWhatsApp, made: Device) -> Account:
    account = await server.pair(await made.code(), "628111222333")
    await made.logged_in()
    return account


def pid_of(made: Device) -> int:
    assert made.supervisor.pid is not None
    return made.supervisor.pid


async def test_a_hung_engine_is_replaced_and_misses_nothing(server: FakeWhatsApp, disk: Path, bob: Peer) -> None:
    pace = Pace(restart_first_s=0.01, look_every_s=0.7)
    async with device(server.endpoint_file, disk / "support", pace=pace) as made:
        account = await linked(server, made)
        os.kill(pid_of(made), signal.SIGSTOP)
        id_ = await server.push_text(bob, account, "while it hung")
        await made.logged_in(2)
        await made.text(id_)
        await server.acknowledged(id_, WAIT_S)
        assert made.supervisor.last_fault is not None
        assert made.supervisor.last_fault.reason is Reason.HANG


async def test_an_aborted_engine_logs_in_again_without_a_new_pairing(
    server: FakeWhatsApp, disk: Path, bob: Peer
) -> None:
    async with device(server.endpoint_file, disk / "support") as made:
        account = await linked(server, made)
        os.kill(pid_of(made), signal.SIGABRT)
        await made.logged_in(2)
        await made.text(await server.push_text(bob, account, "after it"))
        assert made.states().count(StateName.PAIRING) == 1


async def test_however_long_the_callback_stalls_no_receipt_leaves(server: FakeWhatsApp, disk: Path, bob: Peer) -> None:
    """The write is held by a file; time passes as told by the worker's own pulses, and by other messages that come in."""
    from tests.contract.gateway.engines.watching import Watch

    async with device(server.endpoint_file, disk / "support", DYING, "stall") as made:
        account = await linked(server, made)
        watch = Watch(made, most=3)
        watching = asyncio.create_task(server.wait_for(watch, WAIT_S, after=len(server.record)))
        (made.folder / "stall").touch()
        for number in range(3):
            await server.push_text(bob, account, f"number {number}")
        pulses = await made.pulses(lambda pulse: pulse.held >= 3 and pulse.in_turn, 4)
        assert watch.heard == set()
        assert len({pulse.turn for pulse in pulses}) == 1
        (made.folder / "stall").unlink()
        await watching
        assert watch.early == []


async def test_on_a_full_disk_no_receipt_leaves_and_the_message_comes_again(
    server: FakeWhatsApp, disk: Path, bob: Peer
) -> None:
    """No file of the worker's may grow any more; the next worker is born without that limit."""
    from tests.contract.gateway.engines.watching import Watch

    async with device(server.endpoint_file, disk / "support") as made:
        account = await linked(server, made)
        await server.acknowledged(await server.push_text(bob, account, "first"), WAIT_S)
        watch = Watch(made, most=1)
        watching = asyncio.create_task(server.wait_for(watch, WAIT_S, after=len(server.record)))
        resource.prlimit(pid_of(made), resource.RLIMIT_FSIZE, (4096, 4096))
        id_ = await server.push_text(bob, account, "on a full disk")
        await made.told.until(lambda: StateName.RECORD_FAILED in made.states())
        assert watch.heard == set()
        await made.text(id_)
        await watching
        assert watch.early == []
        assert made.texts() == ["first", "on a full disk"]


async def test_a_message_that_nobody_can_read_is_told_as_such(server: FakeWhatsApp, disk: Path, bob: Peer) -> None:
    """It was decrypted and the worker died; its sender does not encrypt it again. The receipt leaves after the event."""
    from tests.fake_whatsapp.record import sent

    async with device(server.endpoint_file, disk / "support", DYING, "decrypted", unrecovered_after_s=0.5) as made:
        account = await linked(server, made)
        server.world.ignores_retries = True
        (made.folder / "die").touch()
        id_ = await server.push_text(bob, account, "gone")
        await made.told.until(lambda: made.notices("message.unrecovered") != [])
        (lost,) = made.notices("message.unrecovered")
        assert lost.fields["id"] == id_
        assert lost.fields["chat_id"] == BOB
        await server.wait_for(sent("ack", class_="message", id=id_), WAIT_S)
        assert made.reader.releases() >= 1
        assert made.texts() == []


@pytest.mark.parametrize(
    "name",
    [
        'x" id="FORGED" from="1',
        'x" participant="1" x="',
        "x><enc <enc ><enc ><enc ><enc ><enc ",
        'x" type="text"></message><message id="FORGED" from="1">',
        "\u202e\x1b[31m" + "n" * 5000,
    ],
)
async def test_no_push_name_gets_a_message_acknowledged_or_lost(server: FakeWhatsApp, disk: Path, name: str) -> None:
    from tests.contract.gateway.engines.watching import Watch
    from tests.fake_whatsapp.peer import Peer

    mallory = Peer("628000000666@s.whatsapp.net", name=name)
    async with device(server.endpoint_file, disk / "support", unrecovered_after_s=2.0) as made:
        account = await linked(server, made)
        watch = Watch(made, most=1)
        watching = asyncio.create_task(server.wait_for(watch, WAIT_S, after=len(server.record)))
        message = await made.text(await server.push_text(mallory, account, "hello"))
        await watching
        assert watch.early == []
        assert message.name == name
        assert made.notices("message.unrecovered") == []


async def test_a_stanza_that_the_engine_refuses_is_told_before_the_refusal_leaves(
    server: FakeWhatsApp, disk: Path
) -> None:
    """The name is taken for an address on the wire; whatsmeow cannot parse that, tells no event and refuses it (487)."""
    from tests.fake_whatsapp.peer import Peer
    from tests.fake_whatsapp.record import sent

    mallory = Peer("628000000666@s.whatsapp.net", name="x@s.whatsapp.net")
    async with device(server.endpoint_file, disk / "support", unrecovered_after_s=0.5) as made:
        account = await linked(server, made)
        id_ = await server.push_text(mallory, account, "hello")
        await server.wait_for(sent("ack", class_="message", id=id_, error="487"), WAIT_S)
        (lost,) = made.notices("message.unrecovered")
        assert lost.fields["id"] == id_
        assert made.reader.releases() == 1


async def test_another_program_with_the_same_login_is_a_state_with_a_cure(server: FakeWhatsApp, disk: Path) -> None:
    async with device(server.endpoint_file, disk / "support") as made:
        account = await linked(server, made)
        await server.replace_stream(account)
        await made.told.until(lambda: StateName.REPLACED in made.states())
        assert "reconnect" in made.supervisor.state.cure
        await made.told.until(lambda: made.supervisor.last_death is not None)
        assert made.supervisor.last_fault is None


async def test_an_unlinked_device_shows_a_new_code(server: FakeWhatsApp, disk: Path) -> None:
    async with device(server.endpoint_file, disk / "support") as made:
        account = await linked(server, made)
        await server.unlink(account)
        await made.told.until(lambda: made.states().count(StateName.PAIRING) == 2)
        assert StateName.LOGGED_OUT in made.states()
        assert made.supervisor.last_fault is None


@pytest.mark.parametrize("harm", ["gone", "garbage", "emptied"])
async def test_a_store_that_is_not_what_it_was_is_refused_and_never_linked_anew(
    server: FakeWhatsApp, disk: Path, harm: str
) -> None:
    async with device(server.endpoint_file, disk / "support") as made:
        await linked(server, made)
        await made.supervisor.stop()
        damage(made.folder / "engine.db", harm)
        made.supervisor.start()
        await made.told.until(lambda: StateName.STORE_DAMAGED in made.states())
        assert "backup" in made.supervisor.state.cure
        assert made.states().count(StateName.PAIRING) == 1


def damage(store: Path, harm: str) -> None:
    if harm == "emptied":
        connection = apsw.Connection(str(store))
        connection.execute("DELETE FROM whatsmeow_device")
        connection.close()
        return
    for file in store.parent.glob("engine.db*"):
        file.unlink()
    if harm == "garbage":
        store.write_bytes(os.urandom(8192))


async def test_without_a_network_the_state_says_so_and_nothing_has_crashed(server: FakeWhatsApp, disk: Path) -> None:
    async with device(server.endpoint_file, disk / "support") as made:
        await linked(server, made)
        await made.supervisor.stop()
        assert server._proxy is not None
        await server._proxy.close()
        made.supervisor.start()
        await made.told.until(lambda: StateName.NO_NETWORK in made.states())
        assert made.supervisor.last_fault is None
