"""The rarer things that the engine is told: codes, the phone's own words, the past, receipts, groups that change."""

import ipaddress
import os
from pathlib import Path

import pytest

pytest.importorskip("pyaileys", reason="the library that has WhatsApp's token tables is not installed")

from tests.fake_whatsapp import messages
from tests.fake_whatsapp.conftest import USER, Linked
from tests.fake_whatsapp.engine_process import EngineProcess
from tests.fake_whatsapp.history import Told
from tests.fake_whatsapp.link_codes import WrongCode
from tests.fake_whatsapp.peer import Peer
from tests.fake_whatsapp.people import Group
from tests.fake_whatsapp.record import sent
from tests.fake_whatsapp.server import FakeWhatsApp
from tests.fake_whatsapp.stanza import stanza

NUMBER = "628999888777"
TEAM = "120363000000000001@g.us"


def bob() -> Peer:
    return Peer(f"{NUMBER}@s.whatsapp.net")


async def code_of(engine: EngineProcess) -> str:
    await engine.wait("qr")
    return await engine.ask(f"client.PairPhone('{USER}', True)")


async def test_a_device_is_linked_with_a_code_typed_on_the_phone(server: FakeWhatsApp, engine: EngineProcess) -> None:
    account = await server.pair_by_code(await code_of(engine), USER)
    await engine.wait("ConnectedEv", within_s=60)
    await server.push_text(bob(), account, "welcome")
    assert (await engine.message())["text"] == "welcome"


async def test_a_mistyped_code_links_nothing(server: FakeWhatsApp, engine: EngineProcess) -> None:
    code = await code_of(engine)
    with pytest.raises(WrongCode):
        await server.pair_by_code(("1" if code[0] != "1" else "2") + code[1:], USER)
    assert server.world.accounts == {}


async def test_what_the_user_wrote_on_the_phone_comes_as_a_copy(server: FakeWhatsApp, linked: Linked) -> None:
    pushed = await server.push_own(linked.account, bob(), messages.text("I was here"))
    told = await linked.engine.message()
    assert (told["text"], told["chat"], told["from_me"]) == ("I was here", f"{NUMBER}@s.whatsapp.net", True)
    assert (await server.acknowledged(pushed, within_s=10)).stanza.attrs["type"] == "sender"


async def test_the_past_comes_in_a_blob(server: FakeWhatsApp, linked: Linked) -> None:
    chat = f"{NUMBER}@s.whatsapp.net"
    past = [Told(chat, "3AOLD1", "long ago", 1700000000), Told(chat, "3AOLD2", "yes", 1700000060, from_me=True)]
    await server.push_history(linked.account, past)
    told = (await linked.engine.wait("HistorySyncEv"))["value"]
    assert [word in told for word in ("3AOLD1", "3AOLD2", "long ago")] == [True] * 3
    await server.wait_for(sent("receipt", type="hist_sync"), within_s=10)


@pytest.mark.parametrize(("kind", "read_as"), [("", "DELIVERED"), ("read", "READ"), ("played", "PLAYED")])
async def test_a_receipt_says_how_far_a_message_came(
    server: FakeWhatsApp, linked: Linked, kind: str, read_as: str
) -> None:
    """And it is queued like a message until the device acknowledges it."""
    await server.push_receipt(bob(), linked.account, "3EB0AAAA", kind)
    told = (await linked.engine.wait("ReceiptEv"))["value"]
    assert "3EB0AAAA" in told
    assert f"Type: {read_as}\n" in told
    await server.wait_for(sent("ack", class_="receipt", id="3EB0AAAA"), within_s=10)
    assert server.offline[linked.account] == []


async def test_a_group_that_changes_is_told(server: FakeWhatsApp, linked: Linked) -> None:
    team = Group(TEAM, "Team", [bob()])
    await server.push_group_change(team, bob(), linked.account, stanza("subject", subject="Crew", s_t="1700000000"))
    assert "Crew" in (await linked.engine.wait("GroupInfoEv"))["value"]


async def test_typing_is_told(server: FakeWhatsApp, linked: Linked) -> None:
    await server.push_typing(bob(), linked.account, typing=True)
    await linked.engine.wait("ChatPresenceEv")


async def test_a_send_that_whatsapp_refuses_is_an_error_and_reaches_nobody(
    server: FakeWhatsApp, linked: Linked
) -> None:
    server.world.refuses_sends = "479"
    with pytest.raises(RuntimeError, match="479"):
        await linked.engine.ask(f"client.send_message(jid('{NUMBER}'), 'hello')")
    assert server.read == []


async def test_a_send_whose_acknowledgement_stays_away_has_reached_its_receiver(
    server: FakeWhatsApp, linked: Linked
) -> None:
    server.world.withholds_acks = True
    await linked.engine.tell(f"client.send_message(jid('{NUMBER}'), 'hello')")
    gone = await server.wait_for(sent("message"), within_s=20)
    assert server.record.given("ack", id=gone.stanza.id) == []
    assert [read.text for read in server.read] == ["hello"]


async def test_a_device_that_logs_itself_out_is_refused_from_then_on(server: FakeWhatsApp, linked: Linked) -> None:
    await linked.engine.ask("client.logout()")
    assert linked.account.refusal is not None


async def test_the_engine_reaches_nothing_but_the_proxy(server: FakeWhatsApp, linked: Linked) -> None:
    """By the kernel's own word: every socket that its process holds leads to this machine."""
    assert set(server.proxied) == {"web.whatsapp.com:443"}
    assert {host for host, _ in peers_of(linked.engine.process.pid)} == {"127.0.0.1"}


def peers_of(pid: int) -> list[tuple[str, int]]:
    """The far ends of a process's TCP connections, as /proc/net tells them."""
    held = {os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir()}
    lines = Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]
    lines += Path(f"/proc/{pid}/net/tcp6").read_text().splitlines()[1:]
    rows = [line.split() for line in lines]
    return [far_end(row[2]) for row in rows if f"socket:[{row[9]}]" in held]


def far_end(written: str) -> tuple[str, int]:
    """An address of /proc/net/tcp: four bytes, the last first; or sixteen, in words that are each reversed."""
    host, port = written.split(":")
    words = [bytes.fromhex(host[at : at + 8])[::-1] for at in range(0, len(host), 8)]
    address = ipaddress.ip_address(b"".join(words))
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address), int(port, 16)
