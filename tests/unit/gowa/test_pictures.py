"""A picture is fetched from the gateway or from the open internet, and from nowhere else."""

from collections.abc import Sequence

import pytest

from tests.unit.gowa.fake_http import URL, FakeHttp, client
from unlost.errors import Refused, TryLater
from unlost.gowa.places import is_public
from unlost.transport import Answer, TransportFailed

PUBLIC = "https://pps.whatsapp.net/v/t61/x.jpg?oe=1"
PICTURE = Answer(200, {"content-type": "Image/JPEG; charset=binary"}, b"\xff\xd8")


def resolving(*addresses: str) -> object:
    """A resolver that knows these addresses for every name."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return resolve


async def no_address(host: str, port: int) -> Sequence[str]:
    raise OSError("no such name")


async def test_a_public_picture_is_fetched_without_our_credentials() -> None:
    http = FakeHttp().on("/v/t61/x.jpg", PICTURE)
    assert await client(http, resolve=resolving("157.240.1.1")).fetch(PUBLIC, 1000) == ("image/jpeg", b"\xff\xd8")
    assert (http.calls[0].url, dict(http.calls[0].headers), http.calls[0].answer_max_bytes) == (PUBLIC, {}, 1000)


@pytest.mark.parametrize("told", [f"{URL}/statics/a.png", "/statics/a.png", "statics/a.png"])
async def test_the_gateways_own_picture_is_fetched_with_them(told: str) -> None:
    http = FakeHttp().on("/statics/a.png", PICTURE)
    await client(http, resolve=no_address).fetch(told, 1000)
    assert (http.calls[0].url, "authorization" in http.calls[0].headers) == (f"{URL}/statics/a.png", True)


@pytest.mark.parametrize(
    "told",
    [
        "http://pps.whatsapp.net/x.jpg",
        "https://pps.whatsapp.net:8443/x.jpg",
        "https://user@pps.whatsapp.net/x.jpg",
        "http://gateway.test:3001/x.jpg",
        "https://gateway.test:3000/x.jpg",
        "http://gateway.test:3000@evil.test/x.jpg",
        "ftp://pps.whatsapp.net/x.jpg",
        "file:///etc/passwd",
        "//pps.whatsapp.net/x.jpg",
        "https://",
        "https://[::1/x",
        "https://pps.whatsapp.net:99999/x",
        "https://pps.whatsapp.net:0/x",
    ],
)
async def test_any_other_address_is_refused_unasked(told: str) -> None:
    http = FakeHttp()
    with pytest.raises(Refused):
        await client(http, resolve=resolving("157.240.1.1")).fetch(told, 1000)
    assert http.calls == []


@pytest.mark.parametrize(
    "addresses",
    [("127.0.0.1",), ("157.240.1.1", "10.0.0.1"), ("::1",), ("169.254.169.254",), ("nonsense",), ()],
)
async def test_a_host_with_any_address_inside_is_refused(addresses: tuple[str, ...]) -> None:
    http = FakeHttp()
    with pytest.raises(Refused):
        await client(http, resolve=resolving(*addresses)).fetch(PUBLIC, 1000)
    assert http.calls == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("157.240.1.1", True),
        ("2a03:2880:f10d::1", True),
        ("64:ff9b::9df0:101", True),
        ("64:ff9b::7f00:1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:f5ff:fffe", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("100.64.0.1", False),
        ("192.168.1.1", False),
        ("172.16.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("ff0e::1", False),
    ],
)
def test_an_address_is_public_or_not(address: str, public: bool) -> None:
    assert is_public(address) is public


async def test_a_name_without_address_may_have_one_later() -> None:
    with pytest.raises(TryLater) as later:
        await client(FakeHttp(), resolve=no_address).fetch(PUBLIC, 1000)
    assert (later.value.cause, later.value.away, later.value.host) == ("dns", False, "https://pps.whatsapp.net")


@pytest.mark.parametrize("status", [301, 302, 403, 404, 410])
async def test_what_is_not_there_is_refused_and_no_redirect_followed(status: int) -> None:
    http = FakeHttp().on("/v/t61/x.jpg", Answer(status, {"location": "http://127.0.0.1/"}, b""))
    with pytest.raises(Refused):
        await client(http, resolve=resolving("157.240.1.1")).fetch(PUBLIC, 1000)
    assert len(http.calls) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Answer(429, {}, b""),
        Answer(503, {}, b""),
        Answer(503, {}, b'{"code":"not_started"}'),
        TransportFailed("connection_refused", nothing_sent=True),
    ],
)
async def test_another_hosts_trouble_says_nothing_about_the_gateway(reply: Answer | TransportFailed) -> None:
    with pytest.raises(TryLater) as later:
        await client(FakeHttp().on("/v/t61/x.jpg", reply), resolve=resolving("157.240.1.1")).fetch(PUBLIC, 1000)
    assert (later.value.away, later.value.host) == (False, "https://pps.whatsapp.net")


@pytest.mark.parametrize("address", ["157.240.1.1", "10.0.0.1"], ids=["its no", "ours to ask it"])
async def test_nor_does_a_no(address: str) -> None:
    http = FakeHttp().on("/v/t61/x.jpg", Answer(404, {}, b""))
    with pytest.raises(Refused) as refused:
        await client(http, resolve=resolving(address)).fetch(PUBLIC, 1000)
    assert refused.value.host == "https://pps.whatsapp.net"


@pytest.mark.parametrize(("told", "wait_s"), [("120", 120.0), ("", 20.0)])
async def test_a_gateway_that_asks_for_less_is_asked_when_it_says(told: str, wait_s: float) -> None:
    http = FakeHttp().on("/statics/a.png", Answer(429, {"retry-after": told}, b""))
    with pytest.raises(TryLater) as later:
        await client(http).fetch("/statics/a.png", 1000)
    assert (later.value.wait_s, later.value.status, later.value.host) == (wait_s, 429, None)


async def test_the_gateways_own_absence_does() -> None:
    http = FakeHttp().on("/statics/a.png", TransportFailed("connection_refused", nothing_sent=True))
    with pytest.raises(TryLater) as later:
        await client(http).fetch("/statics/a.png", 1000)
    assert (later.value.away, later.value.host) == (True, None)


@pytest.mark.parametrize(("body", "away"), [(b'{"code":"not_started"}', True), (b'{"code":"engine_crashed"}', False)])
async def test_a_file_waits_at_no_cost_while_the_gateways_engine_is_started_again(body: bytes, away: bool) -> None:
    with pytest.raises(TryLater) as later:
        await client(FakeHttp().on("/statics/a.png", Answer(503, {}, body))).fetch("/statics/a.png", 1000)
    assert later.value.away is away
