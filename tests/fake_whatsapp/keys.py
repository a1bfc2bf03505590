"""Curve25519 keys as WhatsApp uses them: bare 32 bytes for agreement, XEdDSA for signatures."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyaileys.crypto.curve25519_signature import curve25519_sign, curve25519_verify

DJB = b"\x05"
"""What Signal writes before a public key where the kind of key is told."""


@dataclass(frozen=True)
class KeyPair:
    """A private key and its public half, 32 bytes each."""

    private: bytes
    public: bytes

    @classmethod
    def generate(cls) -> KeyPair:
        key = X25519PrivateKey.generate()
        return cls(key.private_bytes_raw(), key.public_key().public_bytes_raw())

    def agree(self, theirs: bytes) -> bytes:
        """The secret shared with the holder of *theirs* (32 bytes)."""
        return X25519PrivateKey.from_private_bytes(self.private).exchange(X25519PublicKey.from_public_bytes(theirs))

    def sign(self, message: bytes) -> bytes:
        """64 bytes of XEdDSA; in pure Python, some milliseconds."""
        return curve25519_sign(self.private, message)


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    return curve25519_verify(public, message, signature)


def expand(secret: bytes, length: int, *, salt: bytes | None = None, info: bytes = b"") -> bytes:
    """HKDF with SHA-256."""
    return HKDF(SHA256(), length, salt, info).derive(secret)
