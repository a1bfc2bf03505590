"""Media as WhatsApp keeps it: encrypted with a key that only sender and receiver know, at a path of a host."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from tests.fake_whatsapp.keys import expand

HOST = "mmg.whatsapp.net"
MAC_BYTES = 10
PURPOSES = {
    "image": b"WhatsApp Image Keys",
    "video": b"WhatsApp Video Keys",
    "audio": b"WhatsApp Audio Keys",
    "document": b"WhatsApp Document Keys",
    "md-msg-hist": b"WhatsApp History Keys",
    "md-app-state": b"WhatsApp App State Keys",
}
"""By the name that the path of an upload bears; stickers are images."""


@dataclass(frozen=True)
class Media:
    """Encrypted media, with what a message tells of it."""

    key: bytes
    sealed: bytes
    plain_sha256: bytes
    size_bytes: int
    path: str

    @property
    def sealed_sha256(self) -> bytes:
        return hashlib.sha256(self.sealed).digest()

    @property
    def direct_path(self) -> str:
        return direct(self.path)

    @property
    def url(self) -> str:
        return f"https://{HOST}{self.direct_path}"


def direct(path: str) -> str:
    """As messages tell a path: with the beginning of a query, which a client goes on with `&hash=`."""
    return f"{path}?ccb=11-4"


def seal(plain: bytes, purpose: str) -> Media:
    """Encrypt *plain* under a new key; *purpose* is one of PURPOSES."""
    key = secrets.token_bytes(32)
    iv, cipher_key, mac_key = _expanded(key, purpose)
    padder, cipher = PKCS7(128).padder(), Cipher(AES(cipher_key), CBC(iv)).encryptor()
    encrypted = cipher.update(padder.update(plain) + padder.finalize()) + cipher.finalize()
    sealed = encrypted + hmac.digest(mac_key, iv + encrypted, "sha256")[:MAC_BYTES]
    path = f"/v/t62.7118-24/{secrets.token_hex(8)}.enc"
    return Media(key, sealed, hashlib.sha256(plain).digest(), len(plain), path)


def unseal(sealed: bytes, key: bytes, purpose: str) -> bytes:
    """What was encrypted. Raises ValueError where the code at its end does not fit."""
    iv, cipher_key, mac_key = _expanded(key, purpose)
    encrypted, code = sealed[:-MAC_BYTES], sealed[-MAC_BYTES:]
    if not hmac.compare_digest(hmac.digest(mac_key, iv + encrypted, "sha256")[:MAC_BYTES], code):
        raise ValueError("the media was changed, or the key is another's")
    cipher, unpadder = Cipher(AES(cipher_key), CBC(iv)).decryptor(), PKCS7(128).unpadder()
    return unpadder.update(cipher.update(encrypted) + cipher.finalize()) + unpadder.finalize()


def _expanded(key: bytes, purpose: str) -> tuple[bytes, bytes, bytes]:
    keys = expand(key, 112, info=PURPOSES[purpose])
    return keys[:16], keys[16:48], keys[48:80]


class MediaStore:
    """What the media host holds, by path; *uploads* are the paths that clients uploaded, in order."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}
        self.uploads: list[str] = []
        self.status = 200
        """Anything else is answered to every upload and download, with nothing done."""
        self.opened = asyncio.Event()
        """While it is not set, uploads wait."""
        self.opened.set()

    def put(self, media: Media) -> Media:
        self._held[media.path] = media.sealed
        return media

    def upload(self, purpose: str, sealed: bytes) -> str:
        """Keep what a client uploaded; its path."""
        path = f"/o1/{purpose}/{secrets.token_hex(8)}.enc"
        self._held[path] = sealed
        self.uploads.append(path)
        return path

    def get(self, path: str) -> bytes | None:
        return self._held.get(path)

    def lose(self, path: str) -> None:
        """From now on the host answers 404 for it, as for media that expired."""
        self._held.pop(path, None)
