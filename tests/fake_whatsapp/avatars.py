"""Profile pictures: present, none, hidden, or the answer that makes the engine panic."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from tests.fake_whatsapp.jids import user_of
from tests.fake_whatsapp.stanza import Stanza, stanza

FRAME = b"\xff\xc0\x00\x0b\x08\x00\x08\x00\x08\x01\x01\x11\x00"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + FRAME + b"\xff\xd9"
HOST = "pps.whatsapp.net"
FOLDER = "/v/t61.24694-24/"


class Kind(Enum):
    """What stands behind somebody's picture."""

    PRESENT = "present"
    NONE = "none"
    HIDDEN = "hidden by privacy"
    PANICS = "answered with an address inside an address"
    SILENT = "never answered"


@dataclass(frozen=True)
class Avatar:
    kind: Kind
    picture_id: str = "1234567890"
    jpeg: bytes = JPEG
    url: str = ""
    """Where WhatsApp says that it lies; its own host where nothing is said, which nobody but the engine can reach."""


PRESENT = Avatar(Kind.PRESENT)


class Avatars:
    """By the user part of an address; *usual* for whoever was not set."""

    def __init__(self) -> None:
        self.usual = PRESENT
        self._set: dict[str, Avatar] = {}
        self._next: dict[str, deque[Avatar]] = {}

    def __setitem__(self, jid: str, avatar: Avatar) -> None:
        self._set[user_of(jid)] = avatar

    def __getitem__(self, jid: str) -> Avatar:
        return self._set.get(user_of(jid), self.usual)

    def answer_next(self, jid: str, *avatars: Avatar) -> None:
        """The next questions for *jid*'s picture are answered so, one after the other, and those after them as before."""
        self._next[user_of(jid)] = deque(avatars)

    def asked(self, jid: str) -> Avatar:
        """What a question for *jid*'s picture is answered by."""
        waiting = self._next.get(user_of(jid))
        return waiting.popleft() if waiting else self[jid]

    def at(self, path: str) -> Avatar | None:
        """The picture behind a path that `answer_of` gave out; None for other paths, and where it is gone."""
        if not path.startswith(FOLDER):
            return None
        avatar = self[path.removeprefix(FOLDER).removesuffix(".jpg")]
        return avatar if avatar.kind is Kind.PRESENT else None


def answer_of(avatar: Avatar, jid: str, asked: Mapping[str, str]) -> tuple[str, Stanza] | None:
    """Type and content of the answer to `<iq xmlns="w:profile:picture" type="get"><picture …asked/>`; None for silence.

    404 says that there is none, 401 that it is hidden; one that the asker holds already (same id) is answered
    with nothing in it (whatsmeow user.go, GetProfilePictureInfo, 2026-09-21).
    """
    match avatar.kind:
        case Kind.PRESENT if asked.get("id") == avatar.picture_id:
            return "result", stanza("picture")
        case Kind.PRESENT:
            path = f"{FOLDER}{user_of(jid)}.jpg"
            told = {"id": avatar.picture_id, "type": asked.get("type", "image")}
            url = avatar.url or f"https://{HOST}{path}?x=1"
            return "result", stanza("picture", url=url, direct_path=path, **told)
        case Kind.NONE:
            return "error", stanza("error", code="404", text="item-not-found")
        case Kind.HIDDEN:
            return "error", stanza("error", code="401", text="not-authorized")
        case Kind.PANICS:
            return "result", stanza("picture", jid=f"{user_of(jid)}@c.us@s.whatsapp.net")
        case Kind.SILENT:
            return None
