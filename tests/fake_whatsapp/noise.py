"""Noise_XX_25519_AESGCM_SHA256, the responder's half and, for tests of the responder, the initiator's."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.fake_whatsapp.keys import expand

PATTERN = b"Noise_XX_25519_AESGCM_SHA256\0\0\0\0"
PROLOGUE = b"WA"
"""Begins the four bytes that a client sends first: WA, 6, and the version of its token tables."""


class Symmetric:
    """Noise's symmetric state: the hash of all that was said, the chaining key and the key in force."""

    def __init__(self, prologue: bytes) -> None:
        self._hash = self._chaining = self._key = PATTERN
        self._count = 0
        self.note(prologue)

    def note(self, said: bytes) -> None:
        self._hash = hashlib.sha256(self._hash + said).digest()

    def mix(self, secret: bytes) -> None:
        self._chaining, self._key = self._expanded(secret)
        self._count = 0

    def seal(self, plain: bytes) -> bytes:
        sealed = AESGCM(self._key).encrypt(self._nonce(), plain, self._hash)
        self.note(sealed)
        return sealed

    def open(self, sealed: bytes) -> bytes:
        """Raises cryptography's InvalidTag where the other side holds other keys."""
        plain = AESGCM(self._key).decrypt(self._nonce(), sealed, self._hash)
        self.note(sealed)
        return plain

    def split(self) -> tuple[FrameCipher, FrameCipher]:
        """Ciphers for what the initiator sends, and for what the responder sends."""
        first, second = self._expanded(b"")
        return FrameCipher(first), FrameCipher(second)

    def _expanded(self, secret: bytes) -> tuple[bytes, bytes]:
        keys = expand(secret, 64, salt=self._chaining)
        return keys[:32], keys[32:]

    def _nonce(self) -> bytes:
        self._count += 1
        return (self._count - 1).to_bytes(12, "big")


class FrameCipher:
    """One direction after the handshake: every frame has the next number as its nonce."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._count = 0

    def seal(self, plain: bytes) -> bytes:
        return self._cipher.encrypt(self._nonce(), plain, b"")

    def open(self, sealed: bytes) -> bytes:
        """Raises cryptography's InvalidTag for a frame that is not the next one."""
        return self._cipher.decrypt(self._nonce(), sealed, b"")

    def _nonce(self) -> bytes:
        self._count += 1
        return (self._count - 1).to_bytes(12, "big")
