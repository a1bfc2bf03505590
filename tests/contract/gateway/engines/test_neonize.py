"""The real engine in its worker, under the supervisor, against the fake WhatsApp."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.contract.gateway.engines.real import WAIT_S, Device, device, needs_engine
from unlost.gateway.engines import verbs
from unlost.gateway.engines.answers import Picture
from unlost.gateway.engines.calls import EngineFailure
from unlost.gateway.engines.frames import FailureKind, StateName
from unlost.gateway.engines.verbs import Verb
from unlost.gateway.events import Text

if TYPE_CHECKING:
    from tests.fake_whatsapp.account import Account
    from tests.fake_whatsapp.peer import Peer
    from tests.fake_whatsapp.server import FakeWhatsApp

pytestmark = needs_engine
USER = "628111222333"
BOB = "628999888777@s.whatsapp.net"


@pytest.fixture
def bob() -> Peer:
    from tests.fake_whatsapp.peer import Peer

    return Peer(BOB)


async def linked(server: FakeWhatsApp, made: Device, user: str = USER) -> Account:
    account = await server.pair(await made.code(), user)
    await made.logged_in()
    return account


async def test_a_device_is_linked_by_its_qr_code_and_receives_a_message(
    server: FakeWhatsApp, disk: Path, bob: Peer
) -> None:
    async with device(server.endpoint_file, disk / "support") as made:
        account = await linked(server, made)
        id_ = await server.push_text(bob, account, "hello é")
        message = await made.text(id_)
        assert message.content == Text("hello é")
        assert (message.chat, message.from_me) == (BOB, False)
        await server.acknowledged(id_, WAIT_S)
        assert made.supervisor.state.jid == f"{USER}:1@s.whatsapp.net"


async def test_a_message_that_whatsapp_brings_a_second_time_is_told_once(
    server: FakeWhatsApp, disk: Path, bob: Peer
) -> None:
    """Encrypted anew, as its sender does when asked, so that the engine takes it for a new one; another's same id is another message."""
    from tests.fake_whatsapp.peer import Peer
    from tests.fake_whatsapp.record import sent

    async with device(server.endpoint_file, disk / "support") as made:
        account = await linked(server, made)
        for _ in range(2):
            before = len(server.record)
            await server.push_text(bob, account, "once", id="SAME")
            await server.wait_for(sent("receipt", id="SAME"), WAIT_S, after=before)
        await server.push_text(Peer("628000000666@s.whatsapp.net"), account, "another's", id="SAME")
        await server.push_text(bob, account, "last")
        await made.told.until(lambda: "last" in made.texts())
        assert made.texts() == ["once", "another's", "last"]
        await made.pulses(lambda pulse: pulse.replayed == 1, 1)


async def test_a_panic_in_the_avatar_fetch_fails_that_call_alone(server: FakeWhatsApp, disk: Path, bob: Peer) -> None:
    """The engine's real panic, by a real stanza; the second device is another account of the same fake."""
    from tests.fake_whatsapp.avatars import Avatar, Kind

    server.avatars[BOB] = Avatar(Kind.PANICS)
    async with (
        device(server.endpoint_file, disk / "support") as made,
        device(server.endpoint_file, disk / "sales") as other,
    ):
        account, others = await linked(server, made), await linked(server, other, "628111222444")
        pid = other.supervisor.pid
        sent = [await server.push_text(bob, others, f"before {number}") for number in range(20)]
        with pytest.raises(EngineFailure) as caught:
            await made.supervisor.call(Verb.AVATAR, verbs.PictureAsked(BOB), Picture, wait_s=WAIT_S)
        assert caught.value.kind is FailureKind.ENGINE_CRASHED
        assert "panic" in caught.value.text
        sent += [await server.push_text(bob, others, f"after {number}") for number in range(20)]
        missed = [await server.push_text(bob, account, f"down {number}") for number in range(5)]
        await made.logged_in(2)
        for id_ in missed:
            await made.text(id_)
            await server.acknowledged(id_, WAIT_S)
        assert [(await other.text(id_)).id for id_ in sent] == sent
        assert other.supervisor.pid == pid
        assert StateName.PAIRING not in made.states()[made.states().index(StateName.CRASHED) :]
        assert made.registry.get_sample_value("whatsapp_web_avatar_fetch_panics_total") == 1


async def test_no_message_of_500_is_acknowledged_before_it_is_written(
    server: FakeWhatsApp, disk: Path, bob: Peer
) -> None:
    from tests.contract.gateway.engines.watching import Watch

    async with device(server.endpoint_file, disk / "support") as made:
        account = await linked(server, made)
        watch = Watch(made, most=500)
        watching = asyncio.create_task(server.wait_for(watch, WAIT_S, after=len(server.record)))
        for number in range(500):
            await server.push_text(bob, account, f"number {number}")
        await watching
        assert watch.early == []
        assert made.texts() == [f"number {number}" for number in range(500)]
        assert made.supervisor.pulse.released == 0
