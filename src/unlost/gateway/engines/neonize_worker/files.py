"""Files of messages, both ways. They travel between the processes as paths, written whole before they are named."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from unlost.gateway.engines import verbs
from unlost.gateway.engines.answers import Placed
from unlost.gateway.engines.calls import EngineFailure
from unlost.gateway.engines.frames import FailureKind
from unlost.gateway.engines.neonize_worker.failures import invalid
from unlost.gateway.engines.neonize_worker.library import Library, Proto
from unlost.gateway.engines.neonize_worker.message_content import MEDIA, file_name, unwrapped
from unlost.gateway.engines.neonize_worker.sending import Sending
from unlost.gateway.engines.neonize_worker.translate import MESSAGE
from unlost.gateway.engines.record import DeviceRecord, Told
from unlost.gateway.events import MediaKind

FILE_MAX_BYTES = (
    100 * 1024 * 1024
)  # the engine holds a file in memory, twice; GOWA's own limit for a video (its page, 3.2)
FIELDS = {kind: field for field, kind in MEDIA.items()}


class Files:
    """*folder* holds what was downloaded, under names of our own."""

    def __init__(self, library: Library, client: Any, record: DeviceRecord, sending: Sending, folder: Path) -> None:
        self._library = library
        self._client = client
        self._record = record
        self._sending = sending
        self._folder = folder

    def download(self, asked: verbs.Download) -> verbs.Downloaded:
        told = self._record.at_place(asked.source) if asked.source else self._record.find(asked.id, asked.chat)
        message, part = self._part_of(told)
        mime_type = part.mimetype.partition(";")[0].strip().lower()
        assert told is not None, "a part is of something"
        path = self._folder / file_name(told.place, told.id, mime_type)
        if not path.exists():
            if part.fileLength > FILE_MAX_BYTES:
                raise EngineFailure(FailureKind.TOO_LARGE, f"the file says it has {part.fileLength} bytes")
            keep(path, self._client.download_any(message))
        name = getattr(part, "fileName", "") or getattr(part, "title", "")
        return verbs.Downloaded(str(path), path.stat().st_size, part.mimetype, name)

    def send_media(self, asked: verbs.SendMedia) -> Placed:
        """Uploads the file, then sends the message that names it."""
        data = read(Path(asked.path))
        kinds = self._library.words.MediaType
        as_what = {
            MediaKind.IMAGE: kinds.MediaImage,
            MediaKind.STICKER: kinds.MediaImage,
            MediaKind.VIDEO: kinds.MediaVideo,
            MediaKind.VIDEO_NOTE: kinds.MediaVideo,
            MediaKind.AUDIO: kinds.MediaAudio,
            MediaKind.DOCUMENT: kinds.MediaDocument,
        }
        uploaded = self._client.upload(data, as_what[asked.kind])
        field = FIELDS[asked.kind]
        message = self._library.messages.Message()
        self._fill(getattr(message, field), uploaded, asked)
        return self._sending.send(asked.to, message)

    def _fill(self, part: Proto, uploaded: Proto, asked: verbs.SendMedia) -> None:
        part.URL, part.directPath, part.mediaKey = uploaded.url, uploaded.DirectPath, uploaded.MediaKey
        part.fileEncSHA256, part.fileSHA256 = uploaded.FileEncSHA256, uploaded.FileSHA256
        part.fileLength, part.mimetype = uploaded.FileLength, asked.mime_type
        context = self._sending.context(asked.quote, expires_s=asked.expires_s)
        if context is not None:
            part.contextInfo.MergeFrom(context)
        if asked.kind in (MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.DOCUMENT) and asked.caption:
            part.caption = asked.caption
        if asked.kind in (MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.AUDIO) and asked.view_once:
            part.viewOnce = True
        if asked.kind is MediaKind.AUDIO:
            part.PTT = asked.voice
        if asked.kind is MediaKind.DOCUMENT:
            part.fileName = part.title = asked.filename or Path(asked.path).name

    def _part_of(self, told: Told | None) -> tuple[Proto, Proto]:
        if told is None or told.code != MESSAGE:
            raise EngineFailure(FailureKind.NOT_FOUND, "no such message in the record")
        message = unwrapped(self._library.events.INT_TO_EVENT[MESSAGE].FromString(told.raw).Message)
        for field in MEDIA:
            if message.HasField(field):
                return message, getattr(message, field)
        raise EngineFailure(FailureKind.NOT_FOUND, "the message has no file")


def read(path: Path) -> bytes:
    """The whole file, if it may be sent."""
    try:
        size_bytes = path.stat().st_size
        if size_bytes > FILE_MAX_BYTES:
            raise EngineFailure(FailureKind.TOO_LARGE, f"{size_bytes} bytes; at most {FILE_MAX_BYTES} are sent")
        return path.read_bytes()
    except OSError as error:
        raise invalid(f"the file cannot be read: {type(error).__name__}") from error


def keep(path: Path, data: bytes) -> None:
    """Write *data* to *path*: whole, synced, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
