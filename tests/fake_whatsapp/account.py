"""The linked device under test, as its server and its correspondents know it."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from tests.fake_whatsapp.jids import LIDS, NUMBERS, of_device, user_of
from tests.fake_whatsapp.keys import KeyPair
from tests.fake_whatsapp.stanza import Stanza


@dataclass(frozen=True)
class PreKey:
    """A public key that a session may begin with; only the signed one has a *signature*."""

    id: int
    public: bytes
    signature: bytes = b""


@dataclass(frozen=True)
class DeviceKeys:
    """What a device told at registration: 32-byte public keys."""

    registration_id: int
    identity: bytes
    signed_prekey: PreKey
    noise: bytes


@dataclass(eq=False)
class Account:
    """One linked device of one user."""

    user: str
    lid: str
    keys: DeviceKeys
    device: int = 1
    prekeys: deque[PreKey] = field(default_factory=deque)
    """One-time keys that the device uploaded and nobody used yet."""
    phone_identity: KeyPair = field(default_factory=KeyPair.generate)
    """The identity of the user's phone, with which it vouches for the device."""
    refusal: Stanza | None = None
    """Given instead of `success` while it is set."""
    order: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while one stanza is encrypted and handed out, so that two pushes never change places."""

    @property
    def jid(self) -> str:
        return of_device(self.user, NUMBERS, self.device)

    @property
    def lid_jid(self) -> str:
        return of_device(user_of(self.lid), LIDS, self.device)

    @property
    def address(self) -> str:
        """The name under which every correspondent keeps its Signal session with this device."""
        return self.jid

    def is_meant_by(self, jid: str) -> bool:
        return user_of(jid) in (self.user, user_of(self.lid))
