"""The way in, walked by a client in plain Python: proxy, TLS, Noise, pairing, login."""

import asyncio
import base64
import ssl
from dataclasses import replace

import pytest

pytest.importorskip("pyaileys", reason="the library that has WhatsApp's token tables is not installed")
pytest.importorskip("cryptography", reason="the library for curves and certificates is not installed")

import aiohttp

from tests.fake_whatsapp import avatars
from tests.fake_whatsapp.codec import decode, encode
from tests.fake_whatsapp.frames import FrameReader, framed
from tests.fake_whatsapp.keys import KeyPair
from tests.fake_whatsapp.noise import Symmetric
from tests.fake_whatsapp.python_device import PythonDevice, WrongServer
from tests.fake_whatsapp.server import FakeWhatsApp
from tests.fake_whatsapp.stanza import Stanza, stanza

USER = "628111222333"


def code_of(device: PythonDevice, reference: bytes) -> str:
    keys = (device.static.public, device.identity.public, device.adv_secret)
    return ",".join([reference.decode(), *(base64.b64encode(key).decode() for key in keys)])


async def paired(server: FakeWhatsApp, device: PythonDevice) -> Stanza:
    """The pair-success that the device was given."""
    offered = await device.hear()
    scanning = asyncio.create_task(server.pair(code_of(device, offered.need("pair-device", "ref").data), USER))
    success = await device.hear()
    await device.send(stanza("iq", stanza("pair-device-sign"), type="result", id="pair-success"))
    await scanning
    return success


async def test_a_client_that_registers_is_offered_codes(server: FakeWhatsApp) -> None:
    async with PythonDevice(server.endpoint) as device:
        assert [child.tag for child in (await device.hear()).need("pair-device").children] == ["ref"] * 6


async def test_a_client_that_trusts_another_root_hangs_up(server: FakeWhatsApp) -> None:
    stranger = replace(server.endpoint, noise_root=KeyPair.generate().public.hex())
    with pytest.raises(WrongServer):
        async with PythonDevice(stranger):
            pass


async def test_a_user_that_is_not_paired_is_refused(server: FakeWhatsApp) -> None:
    async with PythonDevice(server.endpoint, user=USER) as device:
        assert (await device.hear()).attrs["reason"] == "401"


async def test_after_a_scan_the_client_is_vouched_for_and_told_to_connect_again(server: FakeWhatsApp) -> None:
    async with PythonDevice(server.endpoint) as device:
        success = await paired(server, device)
        assert success.need("pair-success", "device").attrs["jid"] == f"{USER}:1@s.whatsapp.net"
        assert (await device.hear()).attrs["code"] == "515"
    async with PythonDevice(server.endpoint, user=USER, static=device.static) as again:
        assert (await again.hear()).tag == "success"
    async with PythonDevice(server.endpoint, user=USER) as stranger:
        assert (await stranger.hear()).attrs["reason"] == "401"


async def test_a_device_that_logs_in_twice_is_replaced_by_itself(server: FakeWhatsApp) -> None:
    async with PythonDevice(server.endpoint) as device:
        await paired(server, device)
    async with PythonDevice(server.endpoint, user=USER, static=device.static) as first:
        assert [(await first.hear()).tag for _ in range(3)] == ["success", "ib", "ib"]
        async with PythonDevice(server.endpoint, user=USER, static=device.static) as second:
            assert (await second.hear()).tag == "success"
            assert (await first.hear()).need("conflict").attrs["type"] == "replaced"


async def test_a_query_that_is_not_known_gets_an_empty_result(server: FakeWhatsApp) -> None:
    async with PythonDevice(server.endpoint) as device:
        await device.hear()
        await device.send(stanza("iq", xmlns="w:unheard-of", type="get", id="7", to="@s.whatsapp.net"))
        assert await device.hear() == stanza("iq", from_="@s.whatsapp.net", type="result", id="7")


def test_frames_are_found_whatever_pieces_they_come_in() -> None:
    stream = b"ED\x00\x01\x00\x00\x02rtWA\x06\x03" + framed(b"one") + framed(b"") + framed(b"three" * 99)
    for size in (1, 2, 7, len(stream)):
        reader = FrameReader()
        found = [frame for at in range(0, len(stream), size) for frame in reader.feed(stream[at : at + size])]
        assert found == [b"one", b"", b"three" * 99]
        assert reader.header == b"WA\x06\x03"


def test_both_ends_of_a_handshake_hold_the_same_keys() -> None:
    here, there = Symmetric(b"WA\x06\x03"), Symmetric(b"WA\x06\x03")
    for state in (here, there):
        state.mix(b"s" * 32)
    sealed = here.seal(b"static")
    assert there.open(sealed) == b"static"
    (out, _), (inward, _) = here.split(), there.split()
    assert decode(inward.open(out.seal(encode(stanza("presence"))))) == stanza("presence")


async def test_pictures_are_served_behind_the_same_proxy(server: FakeWhatsApp) -> None:
    trusted = ssl.create_default_context(cafile=server.endpoint.ca_file)
    url = f"https://{avatars.HOST}{avatars.FOLDER}1.jpg"
    async with aiohttp.ClientSession() as session:
        answer = await session.get(url, proxy=server.endpoint.proxy_url, ssl=trusted)
        assert (answer.status, (await answer.read())[:2]) == (200, b"\xff\xd8")
