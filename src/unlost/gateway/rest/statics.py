"""`/statics/…`: files of messages and profile pictures, outside basic auth as in GOWA (its page, 3.1)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse

from unlost.gateway.media_files import ENDINGS, File, file_of, type_of
from unlost.gateway.png import picture
from unlost.gateway.population import storage_reading
from unlost.gateway.population.storage_reading import StoredMessage
from unlost.gateway.rest.breaking import break_if_told, fail_if_told
from unlost.gateway.rest.counter import Counter

NOT_FOUND = PlainTextResponse("Not Found", 404)
NAME_MAX = 255


class Statics:
    """Files on this machine's disk; and those of the simulated engine, made from names that are known."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

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
        stored = await self._counter.clerk.do(self._owner, name)
        if stored is None:
            return NOT_FOUND
        file = file_of(name, stored.file_length)
        break_if_told(self._counter.faults, "break_files")
        length = {"Content-Length": str(file.size_bytes)}
        return StreamingResponse(_pieces(file), media_type=file.media_type, headers=length)

    async def avatar(self, request: Request) -> Response:
        """A profile picture; GOWA hands out WhatsApp's own link here."""
        name = request.path_params["name"]
        everyone = await self._counter.clerk.do(self._counter.population.people.customers)
        known = any(one.picture_id and f"{one.picture_id}.png" == name for one in everyone)
        return Response(picture(name), media_type="image/png") if known else NOT_FOUND

    def _kept(self, path: str) -> Path | None:
        """The file of this path in the media folder, if it lies there and nowhere above."""
        parts = path.split("/")
        if any(part in ("", ".", "..") or "\0" in part or len(part.encode()) > NAME_MAX for part in parts):
            return None
        kept = self._counter.settings.media_folder.joinpath(*parts)
        return kept if kept.is_file() else None

    def _owner(self, name: str) -> StoredMessage | None:
        """Whose file it is: told under its webhook's path, or fetched later and then named after its message."""
        connection = self._counter.population.connection
        for device in [live.account.jid for live in self._counter.devices if live.account]:
            at_path = storage_reading.message_at(connection, device, f"statics/media/{name}")
            found = at_path or storage_reading.message(connection, device, name.partition(".")[0])
            if found is not None:
                return found
        return None


def downloaded_name(stored: StoredMessage) -> str:
    """The name under which a message's file lies once it was fetched again."""
    return stored.path.rpartition("/")[2] or stored.id + ENDINGS.get(stored.media_type, "")


async def _pieces(file: File) -> AsyncIterator[bytes]:
    for piece in file.pieces():
        yield piece
