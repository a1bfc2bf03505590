"""Pairing with a code of eight characters, typed on the phone, instead of a QR code.

Both sides derive a key from the code and hide an ephemeral public key under it; whoever does not know the code
ends with another secret. Facts: whatsmeow pair-code.go (PairPhone, handleCodePairNotification).
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from tests.fake_whatsapp.connection import Connection
from tests.fake_whatsapp.jids import SERVER
from tests.fake_whatsapp.keys import KeyPair, expand
from tests.fake_whatsapp.stanza import Stanza, stanza

ROUNDS = 2 << 16
REFERENCE = b"fake-link-code-reference"
REG = "link_code_companion_reg"


class WrongCode(Exception):
    """The code that was typed is not the one that the client showed."""


@dataclass
class LinkCode:
    """A client that asked for a code, and how far it is."""

    connection: Connection
    wrapped: bytes
    """The client's ephemeral public key, hidden under the code: salt, iv and key."""
    finish: asyncio.Future[Stanza] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class LinkCodes:
    """By the user part of the number that the client named."""

    def __init__(self) -> None:
        self._asked: dict[str, LinkCode] = {}

    def __getitem__(self, user: str) -> LinkCode:
        """Raises LookupError where no client asked to be linked to *user*."""
        return self._asked[user]

    async def heard(self, connection: Connection, asked: Stanza) -> None:
        """Answer either of the client's two queries."""
        told = asked.need(REG)
        user = told.attrs["jid"].partition("@")[0]
        if told.attrs["stage"] == "companion_hello":
            hidden = told.need("link_code_pairing_wrapped_companion_ephemeral_pub").data
            self._asked[user] = LinkCode(connection, hidden)
            return await connection.answer(asked, stanza(REG, stanza("link_code_pairing_ref", REFERENCE)))
        self._asked[user].finish.set_result(told)
        return await connection.answer(asked)


async def exchange(asked: LinkCode, code: str, phone: KeyPair, within_s: float) -> bytes:
    """Type *code* on the phone; the secret with which it then vouches. Raises WrongCode, TimeoutError."""
    plain = code.replace("-", "").encode()
    mine, theirs = KeyPair.generate(), _unhidden(asked.wrapped, plain)
    reg = stanza(
        REG,
        stanza("link_code_pairing_wrapped_primary_ephemeral_pub", _hidden(mine.public, plain)),
        stanza("primary_identity_pub", phone.public),
        stanza("link_code_pairing_ref", REFERENCE),
        stage="primary_hello",
    )
    await asked.connection.send(stanza("notification", reg, from_=SERVER, type=REG, id="link-code", t="1700000000"))
    finish = await asyncio.wait_for(asyncio.shield(asked.finish), within_s)
    shared = mine.agree(theirs)
    identity, random = _opened(finish.need("link_code_pairing_wrapped_key_bundle").data, shared)
    return expand(shared + phone.agree(identity) + random, 32, info=b"adv_secret")


def _opened(bundle: bytes, shared: bytes) -> tuple[bytes, bytes]:
    """The client's identity and its share of the secret."""
    salt, nonce, sealed = bundle[:32], bundle[32:44], bundle[44:]
    key = expand(shared, 32, salt=salt, info=b"link_code_pairing_key_bundle_encryption_key")
    try:
        opened = AESGCM(key).decrypt(nonce, sealed, None)
    except InvalidTag:
        raise WrongCode("the client's keys cannot be read with this code") from None
    return opened[:32], opened[64:]


def _hidden(public: bytes, code: bytes) -> bytes:
    salt, iv = secrets.token_bytes(32), secrets.token_bytes(16)
    return salt + iv + _under(code, salt, iv, public)


def _unhidden(wrapped: bytes, code: bytes) -> bytes:
    return _under(code, wrapped[:32], wrapped[32:48], wrapped[48:80])


def _under(code: bytes, salt: bytes, iv: bytes, key: bytes) -> bytes:
    """*key* with the stream that the code makes laid over it; twice is nothing."""
    cipher = Cipher(AES(hashlib.pbkdf2_hmac("sha256", code, salt, ROUNDS)), CTR(iv)).encryptor()
    return cipher.update(key) + cipher.finalize()
