"""`/statics/…`: files of messages and profile pictures, outside basic auth as in GOWA (its page, 3.1)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from weakref import WeakValueDictionary

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse

from unlost.gateway.devices import LiveDevice
from unlost.gateway.engines.outgoing import Target
from unlost.gateway.engines.port import EngineError, EngineRefused
from unlost.gateway.media_files import ENDINGS, File, file_of, type_of
from unlost.gateway.png import picture
from unlost.gateway.population import storage_reading
from unlost.gateway.population.storage_reading import StoredMessage
from unlost.gateway.rest.asking import TOO_LATE, bounded, refusal_of
from unlost.gateway.rest.breaking import break_if_told, fail_if_told
from unlost.gateway.rest.counter import Counter

NOT_FOUND = PlainTextResponse("Not Found", 404)
NAME_MAX = 255


class Statics:
    """Files on this machine's disk; what a message told of and nobody fetched yet is fetched when it is asked for.

    A simulated engine's files are made, from names that are known.
    """

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def media(self, request: Request) -> Response:
        """A message's file, under the webhook's path or under that of a later download."""
        await self._counter.faults.while_files_hang()
        fail_if_told(self._counter.faults)
        path = request.path_params["path"]
        kept = self._kept(path)
        if kept is not None:
            break_if_told(self._counter.faults, "break_files")
            return FileResponse(kept, media_type=type_of(kept.name))
        name = path.rpartition("/")[2]
        found = await self._counter.clerk.do(self._owner, name)
        if found is None:
            return NOT_FOUND
        live, stored = found
        if self._counter.simulated is None:
            return await self._fetched(live, stored, path)
        return self._made(file_of(name, stored.file_length))

    def _made(self, file: File) -> Response:
        break_if_told(self._counter.faults, "break_files")
        length = {"Content-Length": str(file.size_bytes)}
        return StreamingResponse(_pieces(file), media_type=file.media_type, headers=length)

    async def _fetched(self, live: LiveDevice, stored: StoredMessage, path: str) -> Response:
        """The file of *stored*, from WhatsApp; who asks for it meanwhile waits for the same one."""
        target = Target(stored.id, stored.chat_jid, stored.sender_jid, stored.is_from_me)
        into = self._counter.settings.media_folder / path
        async with self._turns.setdefault(path, asyncio.Lock()):
            if self._kept(path) is None:
                try:
                    await bounded(live.engine.download(target, into), self._counter.settings.send_wait_s)
                except EngineRefused:
                    return NOT_FOUND  # it is gone from WhatsApp's servers
                except TimeoutError as error:
                    raise TOO_LATE from error
                except EngineError as error:
                    raise refusal_of(error) from error
        return FileResponse(into, media_type=type_of(into.name))

    async def avatar(self, request: Request) -> Response:
        """A profile picture; GOWA hands out WhatsApp's own link here."""
        name = request.path_params["name"]
        if (simulated := self._counter.simulated) is None:
            return NOT_FOUND  # the real engine's pictures lie with WhatsApp
        everyone = await self._counter.clerk.do(simulated.people.customers)
        known = any(one.picture_id and f"{one.picture_id}.png" == name for one in everyone)
        return Response(picture(name), media_type="image/png") if known else NOT_FOUND

    def _kept(self, path: str) -> Path | None:
        """The file of this path in the media folder, if it lies there and nowhere above."""
        parts = path.split("/")
        if any(part in ("", ".", "..") or "\0" in part or len(part.encode()) > NAME_MAX for part in parts):
            return None
        kept = self._counter.settings.media_folder.joinpath(*parts)
        return kept if kept.is_file() else None

    def _owner(self, name: str) -> tuple[LiveDevice, StoredMessage] | None:
        """Whose file it is: told under its webhook's path, or fetched later and then named after its message."""
        connection = self._counter.connection
        for live in self._counter.devices:
            if live.account is None:
                continue
            at_path = storage_reading.message_at(connection, live.account.jid, f"statics/media/{name}")
            found = at_path or storage_reading.message(connection, live.account.jid, name.partition(".")[0])
            if found is not None:
                return live, found
        return None


def downloaded_name(stored: StoredMessage) -> str:
    """The name under which a message's file lies once it was fetched again."""
    return stored.path.rpartition("/")[2] or stored.id + ENDINGS.get(stored.media_type, "")


async def _pieces(file: File) -> AsyncIterator[bytes]:
    for piece in file.pieces():
        yield piece
