"""Nothing reaches beyond this machine, however it is asked."""

import asyncio
from urllib.parse import urlsplit

import pytest

pytest.importorskip("pyaileys", reason="the library that has WhatsApp's token tables is not installed")

from tests.fake_whatsapp.endpoint import Endpoint
from tests.fake_whatsapp.loopback import NotLoopback, require_loopback
from tests.fake_whatsapp.root_patch import NotPatched, patch_root
from tests.fake_whatsapp.server import FakeWhatsApp


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://[::1]:1", "http://127.3.2.1"])
def test_this_machine_is_allowed(url: str) -> None:
    require_loopback(url)


@pytest.mark.parametrize(
    "url",
    ["http://192.0.2.1:1", "http://localhost:1", "http://web.whatsapp.com", "", "127.0.0.1:1", "http://0.0.0.0:1"],
)
def test_an_endpoint_elsewhere_cannot_even_be_written_down(url: str) -> None:
    """Names are refused too: what they mean is another's to say."""
    with pytest.raises(NotLoopback):
        Endpoint(url, "ca.pem", "00" * 32)


def test_the_patch_refuses_where_no_engine_is_loaded() -> None:
    with pytest.raises(NotPatched):
        patch_root(Endpoint("http://127.0.0.1:1", "ca.pem", "00" * 32))


@pytest.mark.parametrize(
    "request_line",
    [
        "CONNECT example.com:443",
        "CONNECT 127.0.0.1:22",
        "CONNECT web.whatsapp.com.example.com:443",
        "GET http://web.whatsapp.com/",
    ],
)
async def test_the_proxy_leads_to_the_fake_or_nowhere(server: FakeWhatsApp, request_line: str) -> None:
    port = urlsplit(server.endpoint.proxy_url).port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{request_line} HTTP/1.1\r\n\r\n".encode())
    assert (await reader.readline()).split()[1] == b"403"
    writer.close()
