"""What the phone and the server do when a QR code is scanned."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass

from tests.fake_whatsapp import protobufs
from tests.fake_whatsapp.account import Account
from tests.fake_whatsapp.connection import Connection
from tests.fake_whatsapp.jids import SERVER
from tests.fake_whatsapp.keys import KeyPair
from tests.fake_whatsapp.stanza import Stanza, stanza

REFERENCES = 6
"""As many QR codes as WhatsApp gives for one connection."""
VOUCHED = b"\x06\x00"
"""Stands before what the phone signs for a device (whatsmeow pair.go, AdvAccountSignaturePrefix)."""


@dataclass(frozen=True)
class Scanned:
    """A QR code's text: `…#ref,noise,identity,adv[,platform]`, the keys in base64."""

    noise: bytes
    identity: bytes
    adv_secret: bytes

    @classmethod
    def read(cls, text: str) -> Scanned:
        """Raises ValueError for what is no such code."""
        _, noise, identity, adv, *_ = text.rpartition("#")[2].split(",")
        return cls(base64.b64decode(noise), base64.b64decode(identity), base64.b64decode(adv))


async def offer(connection: Connection) -> None:
    """Give the references of which the client makes QR codes."""
    references = (stanza("ref", f"2@fake-reference-{number}".encode()) for number in range(REFERENCES))
    await connection.send(
        stanza("iq", stanza("pair-device", *references), from_=SERVER, type="set", id="pair-device", xmlns="md")
    )


async def accept(connection: Connection, account: Account, adv_secret: bytes) -> None:
    """Tell the client that it was scanned, vouched for by the phone."""
    identity = _vouched(account, adv_secret)
    device = stanza("device", jid=account.jid, lid=account.lid_jid)
    success = stanza(
        "pair-success",
        stanza("device-identity", identity),
        stanza("platform", name="android"),
        device,
        stanza("biz", name=""),
    )
    now = str(int(time.time()))
    await connection.send(stanza("iq", success, from_=SERVER, type="set", id="pair-success", xmlns="md", t=now))


def pair_success_without_id() -> Stanza:
    """What makes whatsmeow of 2026-09-21 panic (pair.go, handlePairSuccess: no id, no device)."""
    return stanza("iq", stanza("pair-success"), from_=SERVER, type="set")


def _vouched(account: Account, adv_secret: bytes) -> bytes:
    """The phone's word for the device: signed with its identity, then sealed with the secret of the QR code."""
    phone: KeyPair = account.phone_identity
    details = protobufs.new("ADVDeviceIdentity", rawId=1, timestamp=int(time.time()), keyIndex=1).SerializeToString()
    signed = protobufs.new(
        "ADVSignedDeviceIdentity",
        details=details,
        accountSignatureKey=phone.public,
        accountSignature=phone.sign(VOUCHED + details + account.keys.identity),
    ).SerializeToString()
    code = hmac.new(adv_secret, signed, hashlib.sha256).digest()
    raw: bytes = protobufs.new("ADVSignedDeviceIdentityHMAC", details=signed, hmac=code).SerializeToString()
    return raw
