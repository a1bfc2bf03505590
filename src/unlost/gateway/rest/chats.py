"""`/chats`, `/chat/{jid}/messages`: chat storage with the habits of GOWA's queries; and, with a cursor, without them.

Beyond GOWA: `cursor=` (empty at first) gives each row exactly once however much is written meanwhile, messages as they
were stored, with exact times and totals. The cursor stays good: what is stored later stands behind it.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from unlost.gateway import wire_rest
from unlost.gateway.population import storage_reading
from unlost.gateway.population.people import People
from unlost.gateway.population.storage_reading import StoredChat, StoredMessage, Wanted, WantedChats
from unlost.gateway.rest import query
from unlost.gateway.rest.answers import answer, invalid, plain_error
from unlost.gateway.rest.counter import Counter
from unlost.gateway.storage import Storage
from unlost.gateway.versions import ABSENT_CHAT_EMPTY_SINCE, ESCAPED_JID_SINCE

PAGE_MOST, OFFSET_MOST = 100, 10_000_000
PLACE_DIGITS_MOST = 18


class Chats:
    """The calls that read chat storage."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def chats(self, request: Request) -> Response:
        limit = query.number(request, "limit", default=25, least=1, most=PAGE_MOST)
        offset = query.number(request, "offset", default=0, least=0, most=OFFSET_MOST)
        wanted = WantedChats(
            limit=limit,
            search=request.query_params.get("search", ""),
            has_media=bool(query.flag(request, "has_media")),
            archived=bool(query.flag(request, "archived")),
        )
        cursor, (storage, _) = request.query_params.get("cursor"), self._counter.storage(request)
        if cursor is not None and self._counter.is_ours:
            page = await self._counter.clerk.do(_chats_after, storage, wanted, cursor)
        else:
            page = await self._counter.clerk.do(_read_chats, storage, wanted, offset)
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
        jid, cursor, (storage, _) = (
            self._asked_chat(request),
            request.query_params.get("cursor"),
            self._counter.storage(request),
        )
        if cursor is not None and self._counter.is_ours:
            page = await self._counter.clerk.do(self._messages_after, storage, jid, wanted, _place(cursor))
        else:
            page = await self._counter.clerk.do(self._read_messages, storage, jid, wanted)
        return answer("Success get chat messages", page)

    def _asked_chat(self, request: Request) -> str:
        """The address in the path; `%40` is decoded from v9.0.0 on only, so before that it names no chat."""
        if self._counter.version >= ESCAPED_JID_SINCE:
            jid = str(request.path_params["jid"])
        else:
            raw: bytes = request.scope["raw_path"]
            jid = raw.decode("latin-1").split("/")[2]
        if not jid.isprintable() or len(jid) > query.TEXT_MAX:
            raise invalid("chat_jid: no chat has such an address.")
        return jid

    def _read_messages(self, storage: Storage, jid: str, wanted: Wanted) -> dict[str, Any]:
        connection, device = storage.connection, storage.device.jid
        info = storage_reading.chat(connection, device, jid)
        if info is None and self._counter.version < ABSENT_CHAT_EMPTY_SINCE:
            raise plain_error(f"chat with JID {jid} not found")
        found = storage_reading.messages(connection, device, jid, wanted)
        total = storage_reading.message_count(connection, device, jid)
        return wire_rest.messages(self._shown(storage, jid, found), info, wanted.limit, wanted.offset, total)

    def _messages_after(self, storage: Storage, jid: str, wanted: Wanted, after: int) -> dict[str, Any]:
        connection, device = storage.connection, storage.device.jid
        info = storage_reading.chat(connection, device, jid)
        found, last, total = storage_reading.messages_after(connection, device, jid, wanted, after)
        page = wire_rest.messages(self._shown(storage, jid, found), info, wanted.limit, 0, total)
        return wire_rest.cursor_page(page, str(last), more=len(found) == wanted.limit)

    def _shown(self, storage: Storage, jid: str, found: list[StoredMessage]) -> list[dict[str, Any]]:
        connection, device = storage.connection, storage.device
        reactions = storage_reading.reactions(connection, device.jid, jid, [one.id for one in found])
        book, version = People(connection).book(), self._counter.version
        return [wire_rest.message(one, reactions.get(one.id, []), device, book, version) for one in found]


def _read_chats(storage: Storage, wanted: WantedChats, offset: int) -> dict[str, Any]:
    found = storage_reading.chats(storage.connection, storage.device.jid, wanted, offset)
    return _chat_page(storage, found, wanted.limit, offset)


def _chats_after(storage: Storage, wanted: WantedChats, after: str) -> dict[str, Any]:
    found = storage_reading.chats_after(storage.connection, storage.device.jid, wanted, after)
    page = _chat_page(storage, found, wanted.limit, 0)
    return wire_rest.cursor_page(page, found[-1].jid if found else after, more=len(found) == wanted.limit)


def _chat_page(storage: Storage, found: list[StoredChat], limit: int, offset: int) -> dict[str, Any]:
    total = storage_reading.chat_count(storage.connection, storage.device.jid)
    return wire_rest.chats(found, limit, offset, total)


def _place(cursor: str) -> int:
    if not cursor:
        return 0
    if not cursor.isascii() or not cursor.isdecimal() or len(cursor) > PLACE_DIGITS_MOST:
        raise invalid("cursor: must be a next_cursor of an earlier page, or empty.")
    return int(cursor)
