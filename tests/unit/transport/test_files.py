"""Files on the wire: neither comes nor goes as a whole."""

import asyncio
from pathlib import Path

import pytest

from tests.unit.transport.servers import Served, answering, head_of, serving
from unlost.transport import AnswerTooLarge, Call, TransportFailed, Upload
from unlost.transport.over_aiohttp import AiohttpHttp

LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000
CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + b"x" * 2000 + b"\r\n0\r\n\r\n"


def get(url: str, **more: object) -> Call:
    return Call("GET", url, 5.0, **more)  # type: ignore[arg-type]  # passed on as they are


@pytest.mark.parametrize("answer", [LENGTH, CHUNKS], ids=["with a length", "in chunks"])
async def test_a_file_comes_piece_by_piece_and_leaves_no_body(http: AiohttpHttp, answer: bytes) -> None:
    pieces: list[bytes] = []
    async with serving(answering(answer)) as served:
        received = await http.receive(get(served.base, answer_max_bytes=2000), pieces.append)
    assert (received.status, received.body, b"".join(pieces)) == (200, b"", b"x" * 2000)


@pytest.mark.parametrize("answer", [LENGTH, CHUNKS], ids=["with a length", "in chunks"])
async def test_a_file_beyond_its_bound_is_given_up(http: AiohttpHttp, answer: bytes) -> None:
    pieces: list[bytes] = []
    async with serving(answering(answer)) as served:
        with pytest.raises(AnswerTooLarge):
            await http.receive(get(served.base, answer_max_bytes=1999), pieces.append)
    assert sum(map(len, pieces)) <= 1999


async def test_any_other_answer_is_no_file(http: AiohttpHttp) -> None:
    pieces: list[bytes] = []
    async with serving(answering(b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone")) as served:
        received = await http.receive(get(served.base), pieces.append)
    assert (received.status, received.body, pieces) == (404, b"gone", [])


async def test_a_redirect_is_not_followed(http: AiohttpHttp) -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: /secret\r\nContent-Length: 0\r\n\r\n"
    async with serving(answering(answer)) as served:
        received = await http.receive(get(served.base), lambda piece: None)
    assert (received.status, len(served.requests)) == (302, 1)


async def test_a_file_that_stops_coming_is_given_up_long_before_the_whole_time_out(http: AiohttpHttp) -> None:
    async def behave(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head_of(served, reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\nx")
        await reader.read()

    async with serving(behave) as served:
        with pytest.raises(TransportFailed) as failed:
            await http.receive(get(served.base, stall_s=0.05), lambda piece: None)
    assert failed.value.cause == "timeout"


async def test_a_file_goes_out_with_its_fields_and_its_name_as_it_is_written(http: AiohttpHttp, tmp_path: Path) -> None:
    bodies: list[bytes] = []

    async def behave(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await head_of(served, reader)
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        bodies.append(await reader.readexactly(int(length.partition(b":")[2])))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    path = tmp_path / "spooled"
    path.write_bytes(b"x" * 300_000)
    upload = Upload("attachments[]", "März.pdf", "application/pdf", path)
    async with serving(behave) as served:
        await http.send(Call("POST", served.base, 5.0, fields={"content": "olá"}, uploads=(upload,)))
    (body,) = bodies
    assert 'name="attachments[]"; filename="März.pdf"'.encode() in body
    assert "olá".encode() in body
    assert b"x" * 300_000 in body


async def test_a_file_that_is_not_there_is_not_sent(http: AiohttpHttp, tmp_path: Path) -> None:
    upload = Upload("attachments[]", "a.pdf", "application/pdf", tmp_path / "gone")
    async with serving(answering(LENGTH)) as served:
        with pytest.raises(TransportFailed) as failed:
            await http.send(Call("POST", served.base, 5.0, uploads=(upload,)))
    assert failed.value.nothing_sent
