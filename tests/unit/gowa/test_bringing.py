"""A message's file is brought from what the gateway hands out, under its raw path, and from nowhere else."""

import pytest

from tests.unit.gowa.fake_http import URL, FakeHttp, client, fault, ok
from unlost.errors import Refused, TryLater
from unlost.gowa.answers import Downloaded
from unlost.transport import Answer, TransportFailed
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.ids import WhatsAppId

ANA = Address("628123456789@s.whatsapp.net")
ID = WhatsAppId("3EB0A1")
PATH = "statics/media/1752404905-b9393cd1.ogg"
DOWNLOAD = "/message/3EB0A1/download"


async def test_its_bytes_are_handed_on_piece_by_piece() -> None:
    pieces: list[bytes] = []
    http = FakeHttp().on(f"/{PATH}", Answer(200, {}, b"a file of some length"))
    assert await client(http).bring(PATH, 1000, pieces.append)
    assert (b"".join(pieces), len(pieces)) == (b"a file of some length", 3)


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (f"{PATH}; codecs=opus", f"/{PATH};%20codecs=opus"),
        ("/statics/media/a b%.ogg", "/statics/media/a%20b%25.ogg"),
        ("statics/media/ä?#.ogg", "/statics/media/%C3%A4%3F%23.ogg"),
        (f"{URL}/{PATH}", f"/{PATH}"),
    ],
)
async def test_the_raw_path_is_asked_for(told: str, asked: str) -> None:
    http = FakeHttp().on(asked, Answer(200, {}, b"x"))
    await client(http).bring(told, 1000, lambda piece: None)
    assert http.calls[0].url == URL + asked


@pytest.mark.parametrize(
    "told",
    [
        "app/logout",
        "/app/logout",
        f"{URL}/app/logout",
        "statics/../app/logout",
        "statics/%2e%2e/app/logout",
        f"{URL}/statics/%2e%2e/app/logout",
        f"{URL}/statics/%252e%252e/app/logout",
        "statics\\..\\app/logout",
        "staticsx/a.png",
        "file:///etc/passwd",
        "http://127.0.0.1:8080/statics/a.png",
        "http://169.254.169.254/latest/meta-data",
        "//evil.test/statics/a.png",
        "",
    ],
)
async def test_nothing_else_of_the_gateway_or_inside_is_asked(told: str) -> None:
    http = FakeHttp()
    with pytest.raises(Refused):
        await client(http).bring(told, 1000, lambda piece: None)
    assert http.calls == []


async def test_below_a_base_path_only_its_own_statics_are_asked() -> None:
    http = FakeHttp().on("/wa/statics/a.png", Answer(200, {}, b"x"))
    await client(http, url=f"{URL}/wa").bring("statics/a.png", 1000, lambda piece: None)
    with pytest.raises(Refused):
        await client(http, url=f"{URL}/wa").bring(f"{URL}/statics/a.png", 1000, lambda piece: None)


async def test_a_file_that_is_too_large_is_a_fact_and_no_failure() -> None:
    http = FakeHttp().on(f"/{PATH}", Answer(200, {}, b"x" * 1001))
    assert not await client(http).bring(PATH, 1000, lambda piece: None)


async def test_a_file_that_is_gone_is_refused() -> None:
    with pytest.raises(Refused):
        await client(FakeHttp()).bring(PATH, 1000, lambda piece: None)


async def test_a_gateway_that_is_away_is_said_to_be_away() -> None:
    http = FakeHttp().on(f"/{PATH}", TransportFailed("connection_refused", nothing_sent=True))
    with pytest.raises(TryLater) as later:
        await client(http).bring(PATH, 1000, lambda piece: None)
    assert later.value.away


@pytest.mark.parametrize(
    ("results", "told"),
    [
        ({"file_path": PATH, "filename": "Rechnung.pdf"}, Downloaded(PATH, "Rechnung.pdf")),
        ({"file_path": PATH, "filename": "1752404905-b9393cd1.ogg"}, Downloaded(PATH, "")),
        ({"file_path": PATH}, Downloaded(PATH, "")),
    ],
)
async def test_a_download_says_where_the_file_lies_now(results: dict[str, str], told: Downloaded) -> None:
    http = FakeHttp().on(DOWNLOAD, ok(results))
    assert await client(http).download(ANA, ID) == told
    assert http.queries(DOWNLOAD) == [{"phone": ANA}]
    assert http.calls[0].timeout_s > 45  # GOWA answers once it has the whole file


async def test_a_download_that_fails_may_work_later() -> None:
    http = FakeHttp().on(DOWNLOAD, fault(500, "INTERNAL_SERVER_ERROR", "failed to download"))
    with pytest.raises(TryLater) as later:
        await client(http).download(ANA, ID)
    assert not later.value.away


async def test_an_id_leads_to_no_other_call() -> None:
    http = FakeHttp()
    with pytest.raises(Refused):
        await client(http).download(ANA, WhatsAppId("../app/logout?x="))
    assert http.calls[0].url.startswith(f"{URL}/message/..%2Fapp%2Flogout%3Fx%3D/download?")
