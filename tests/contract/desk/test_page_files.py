"""Files on the page: shown, played, or only saved; never run, whatever their sender calls them."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from tests.contract.desk.serving import Caller, served
from unlost.desk.server import file_response

SCRIPT = b"<html><script>document.title = 'owned'</script></html>"


async def sent(desk: Caller, name: str, content_type: str, content: bytes = SCRIPT) -> aiohttp.ClientResponse:
    """The answer for a customer's file at the address that the page links."""
    path = await desk.conversation()
    form = aiohttp.FormData({"message_type": "incoming"})
    form.add_field("attachments[]", content, filename=name, content_type=content_type)
    async with desk.client.post(f"{desk.base}/api/v1/accounts/1/{path}", data=form) as answer:
        (file,) = (await answer.json())["attachments"]
    async with desk.client.get(file["data_url"]) as served_file:
        await served_file.read()
        return served_file


@pytest.mark.parametrize(
    "content_type",
    [
        "text/html",
        "TEXT/HTML; charset=utf-8",
        "application/xhtml+xml",
        "image/svg+xml",
        "text/xml",
        "text/javascript",
        "application/pdf",
        "multipart/related",
        "audio/ogg, text/html",
        "image/png,text/html",
        "video/mp4;x=,text/html",
        "nonsense",
        "",
    ],
)
async def test_a_file_that_could_run_is_only_saved(tmp_path: Path, content_type: str) -> None:
    async with served(tmp_path) as desk:
        answer = await sent(desk, "a.html", content_type)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert not any(word in answer.headers["Content-Type"] for word in ("html", "xml", "script", "multipart"))


@pytest.mark.parametrize(
    "content_type",
    ["image/png", "image/webp", "audio/ogg; codecs=opus", "video/mp4", 'video/mp4; codecs="avc1.4, mp4a"'],
)
async def test_a_picture_or_a_recording_is_shown(tmp_path: Path, content_type: str) -> None:
    async with served(tmp_path) as desk:
        answer = await sent(desk, "a", content_type)
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert answer.headers["Content-Type"] == content_type
        assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_an_office_file_keeps_its_type(tmp_path: Path) -> None:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    async with served(tmp_path) as desk:
        assert (await sent(desk, "a.docx", kind)).headers["Content-Type"] == kind


def test_a_files_name_cannot_add_a_second_name_or_a_header(tmp_path: Path) -> None:
    answer = file_response(tmp_path / f"{'0' * 32}.YQ", 'a"; filename=b.html\r\nSet-Cookie: a=b')
    told = "attachment; filename*=utf-8''a%22%3B%20filename%3Db.html%0D%0ASet-Cookie%3A%20a%3Db"
    assert answer.headers["Content-Disposition"] == told


async def test_a_part_of_a_recording_can_be_asked_for(tmp_path: Path) -> None:
    """Players seek so."""
    async with served(tmp_path) as desk:
        url = (await sent(desk, "a.ogg", "audio/ogg", b"0123456789")).url
        async with desk.client.get(url, headers={"Range": "bytes=2-4"}) as answer:
            assert (answer.status, await answer.read()) == (206, b"234")
