"""Files to be sent: how long and of which type each may be (GOWA page, 3.2), and where they lie meanwhile."""

from __future__ import annotations

import asyncio
import mimetypes
import re
import time
import uuid
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from unlost.gateway.events import MediaKind
from unlost.gateway.rest.answers import invalid
from unlost.gateway.rest.bodies import Fields
from unlost.gateway.rest.fetching import fetch
from unlost.gateway.wire_rest import FILE_MAX_BYTES, IMAGE_MAX_BYTES, VIDEO_MAX_BYTES

HEAD_BYTES = 16
NAME_MAX = 200
# First bytes by type: what a file is follows from them and not from what its sender says
SIGNS: tuple[tuple[re.Pattern[bytes], str, str], ...] = (
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg", ".jpg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png", ".png"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp", ".webp"),
    (re.compile(rb"GIF8[79]a"), "image/gif", ".gif"),
    (re.compile(rb"....ftypM4A", re.DOTALL), "audio/mp4", ".m4a"),
    (re.compile(rb"....ftyp", re.DOTALL), "video/mp4", ".mp4"),
    (re.compile(rb"\x1aE\xdf\xa3"), "video/x-matroska", ".mkv"),
    (re.compile(rb"RIFF....AVI ", re.DOTALL), "video/x-msvideo", ".avi"),
    (re.compile(rb"OggS"), "audio/ogg", ".ogg"),
    (re.compile(rb"ID3|\xff[\xfb\xf3\xf2]"), "audio/mpeg", ".mp3"),
    (re.compile(rb"\xff[\xf1\xf9]"), "audio/aac", ".aac"),
    (re.compile(rb"#!AMR"), "audio/amr", ".amr"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav", ".wav"),
    (re.compile(rb"fLaC"), "audio/flac", ".flac"),
)
AUDIO = frozenset({"audio/mp4", "audio/ogg", "audio/mpeg", "audio/aac", "audio/amr", "audio/wav", "audio/flac"})


@dataclass(frozen=True)
class Rule:
    """One kind's field, its types (none: any) and its longest file."""

    field: str
    types: frozenset[str]
    most_bytes: int


RULES = {
    MediaKind.IMAGE: Rule("image", frozenset({"image/jpeg", "image/png", "image/webp"}), IMAGE_MAX_BYTES),
    MediaKind.VIDEO: Rule("video", frozenset({"video/mp4", "video/x-matroska", "video/x-msvideo"}), VIDEO_MAX_BYTES),
    MediaKind.AUDIO: Rule("audio", AUDIO, FILE_MAX_BYTES),
    MediaKind.DOCUMENT: Rule("file", frozenset(), FILE_MAX_BYTES),
    MediaKind.STICKER: Rule(
        "sticker", frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"}), IMAGE_MAX_BYTES
    ),
}


@dataclass(frozen=True)
class Taken:
    """A file on this machine's disk, judged."""

    path: Path
    mime_type: str
    size_bytes: int
    filename: str


async def take(fields: Fields, kind: MediaKind, folder: Path) -> Taken:
    """The file of *fields*, uploaded or fetched from its URL, kept in *folder*. Raises Refusal."""
    rule = RULES[kind]
    url, upload = fields.text(f"{rule.field}_url", most=4096), fields.files.get(rule.field)
    if upload is None and not url:
        raise invalid(f"{rule.field}: a file or {rule.field}_url is needed.")
    if upload is None:
        fetched = await fetch(url, rule.most_bytes, rule.field)
        try:
            return await asyncio.to_thread(_keep, fetched.file, fetched.name, fetched.mime_type, rule, folder)
        finally:
            fetched.file.close()
    told = (upload.content_type or "").partition(";")[0].strip().lower()
    return await asyncio.to_thread(_keep, upload.file, upload.filename or "", told, rule, folder)


def _keep(file: BinaryIO, name: str, told: str, rule: Rule, folder: Path) -> Taken:
    """Judged by its length and, where not every type will do, by its head alone; then copied."""
    file.seek(0, 2)
    size_bytes = file.tell()
    file.seek(0)
    mime_type, ending = _kind_of(file.read(HEAD_BYTES), "" if rule.types else told, name)
    if size_bytes == 0:
        raise invalid(f"{rule.field}: the file is empty.")
    if size_bytes > rule.most_bytes:
        raise invalid(f"{rule.field}: the file may have at most {rule.most_bytes} bytes.")
    if rule.types and mime_type not in rule.types:
        raise invalid(f"{rule.field}: must be one of {', '.join(sorted(rule.types))}.")
    file.seek(0)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{int(time.time())}-{uuid.uuid4()}{ending}"
    with path.open("xb") as kept:
        while piece := file.read(1024 * 1024):
            kept.write(piece)
    return Taken(path, mime_type, size_bytes, clean_name(name))


def _kind_of(head: bytes, told: str, name: str) -> tuple[str, str]:
    for sign, mime_type, ending in SIGNS:
        if sign.match(head):
            return mime_type, ending
    ending = PurePosixPath(clean_name(name)).suffix.lower()
    return told or "application/octet-stream", ending if re.fullmatch(r"\.[a-z0-9]{1,8}", ending) else _ending(told)


def _ending(mime_type: str) -> str:
    return mimetypes.guess_extension(mime_type) or ".bin"


def clean_name(name: str) -> str:
    """The last part of a file's name, without what would move a cursor or a path."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:NAME_MAX].strip(". ")
