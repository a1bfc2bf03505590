"""`/chats`, `/chat/{jid}/messages`, `/message/{id}/download`: chat storage, with the habits of GOWA's queries."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from unlost.gateway import wire_rest
from unlost.gateway.addresses import user_of
from unlost.gateway.media_files import ENDINGS, file_of
from unlost.gateway.population import storage_reading
from unlost.gateway.population.storage_reading import StoredMessage, Wanted
from unlost.gateway.rest import query
from unlost.gateway.rest.answers import answer, plain_error
from unlost.gateway.rest.breaking import fail_if_told
from unlost.gateway.rest.counter import Counter
from unlost.gateway.rest.statics import downloaded_name
from unlost.gateway.versions import ABSENT_CHAT_EMPTY_SINCE, ESCAPED_JID_SINCE

PAGE_MOST, OFFSET_MOST = 100, 10_000_000


class Chats:
    """The calls that read chat storage."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def chats(self, request: Request) -> Response:
        limit = query.number(request, "limit", default=25, least=1, most=PAGE_MOST)
        offset = query.number(request, "offset", default=0, least=0, most=OFFSET_MOST)
        search = request.query_params.get("search", "")
        page = await self._counter.clerk.do(self._read_chats, limit, offset, search)
        return answer("Success get chat list", page)

    async def messages(self, request: Request) -> Response:
        wanted = Wanted(
            limit=query.number(request, "limit", default=50, least=1, most=PAGE_MOST),
            offset=query.number(request, "offset", default=0, least=0, most=OFFSET_MOST),
            start=query.time(request, "start_time"),
            end=query.time(request, "end_time"),
            media_only=bool(query.flag(request, "media_only")),
            from_me=query.flag(request, "is_from_me"),
            search=request.query_params.get("search", ""),
        )
        page = await self._counter.clerk.do(self._read_messages, self._asked_chat(request), wanted)
        return answer("Success get chat messages", page)

    async def download(self, request: Request) -> Response:
        message_id = request.path_params["message_id"]
        await self._counter.faults.while_files_hang()
        fail_if_told(self._counter.faults)
        chat = query.address(request, "phone")
        connection, device = self._counter.population.connection, self._counter.device.jid
        stored = await self._counter.clerk.do(storage_reading.message, connection, device, message_id)
        if stored is None or stored.media_type not in ENDINGS:
            raise plain_error(f"message with ID {message_id} not found")
        base_url = f"{request.url.scheme}://{request.url.netloc}"
        return answer("Success download media", self._downloaded(stored, chat, base_url))

    def _asked_chat(self, request: Request) -> str:
        """The address in the path; `%40` is decoded from v9.0.0 on only, so before that it names no chat."""
        if self._counter.version >= ESCAPED_JID_SINCE:
            return str(request.path_params["jid"])
        raw: bytes = request.scope["raw_path"]
        return raw.decode("latin-1").split("/")[2]

    def _read_chats(self, limit: int, offset: int, search: str) -> dict[str, Any]:
        connection, device = self._counter.population.connection, self._counter.device.jid
        found = storage_reading.chats(connection, device, limit, offset, search)
        return wire_rest.chats(found, limit, offset, storage_reading.chat_count(connection, device))

    def _read_messages(self, jid: str, wanted: Wanted) -> dict[str, Any]:
        connection, device = self._counter.population.connection, self._counter.device
        info = storage_reading.chat(connection, device.jid, jid)
        if info is None and self._counter.version < ABSENT_CHAT_EMPTY_SINCE:
            raise plain_error(f"chat with JID {jid} not found")
        found = storage_reading.messages(connection, device.jid, jid, wanted)
        total = storage_reading.message_count(connection, device.jid, jid)
        return wire_rest.messages(self._shown(jid, found), info, wanted.limit, wanted.offset, total)

    def _shown(self, jid: str, found: list[StoredMessage]) -> list[dict[str, Any]]:
        connection, device = self._counter.population.connection, self._counter.device
        reactions = storage_reading.reactions(connection, device.jid, jid, [one.id for one in found])
        book, version = self._counter.population.people.book(), self._counter.version
        return [wire_rest.message(one, reactions.get(one.id, []), device, book, version) for one in found]

    def _downloaded(self, stored: StoredMessage, chat: str, base_url: str) -> dict[str, Any]:
        name = downloaded_name(stored)
        path = f"statics/media/{user_of(chat)}/{stored.timestamp[:10]}/{name}"
        return {
            "message_id": stored.id,
            "status": "Media downloaded successfully",
            "media_type": stored.media_type,
            "filename": stored.filename or name,
            "file_path": path,
            "file_url": f"{base_url}/{path}",
            "file_size": file_of(name, stored.file_length).size_bytes,
        }
