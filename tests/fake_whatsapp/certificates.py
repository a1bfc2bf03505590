"""The two chains a client checks: TLS for the hosts, and Noise's own for the server's static key."""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.fake_whatsapp import protobufs
from tests.fake_whatsapp.keys import KeyPair

VALID_DAYS = 30
NAMES = ("web.whatsapp.com", "*.whatsapp.net", "*.cdn.whatsapp.net")


@dataclass(frozen=True)
class Tls:
    """A server's context, and the file with the authority that signed it."""

    context: ssl.SSLContext
    ca_file: Path


def make_tls(folder: Path) -> Tls:
    """Make an authority and a certificate for WhatsApp's names, written into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    authority, leaf = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    issuer = _named("a test's own authority")
    root = _builder(issuer, issuer, authority).add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
    names = x509.SubjectAlternativeName([x509.DNSName(name) for name in NAMES])
    served = _builder(_named(NAMES[0]), issuer, leaf).add_extension(names, False)
    ca_file, chain = folder / "ca.pem", folder / "leaf.pem"
    ca_file.write_bytes(root.sign(authority, SHA256()).public_bytes(Encoding.PEM))
    key = leaf.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain.write_bytes(served.sign(authority, SHA256()).public_bytes(Encoding.PEM) + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return Tls(context, ca_file)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=VALID_DAYS))
    )


class NoiseAuthority:
    """A root, an intermediate and the server's static key, each signed by the one before.

    A client holds the root's public half built in (WhatsApp's own is 142375574d0a5871…); whatsmeow checks both
    signatures, and that the leaf's key is the one the handshake brought (handshake.go, 2026-09-21).
    """

    def __init__(self) -> None:
        self.root, self.static = KeyPair.generate(), KeyPair.generate()
        intermediate = KeyPair.generate()
        middle = _details(serial=1, issuer=0, key=intermediate.public)
        leaf = _details(serial=2, issuer=1, key=self.static.public)
        chain = protobufs.new("CertChain")
        chain.intermediate.details, chain.intermediate.signature = middle, self.root.sign(middle)
        chain.leaf.details, chain.leaf.signature = leaf, intermediate.sign(leaf)
        self.chain: bytes = chain.SerializeToString()


def _details(*, serial: int, issuer: int, key: bytes) -> bytes:
    now_s, days_s = int(time.time()), 86_400
    details = protobufs.new(
        "CertChain.NoiseCertificate.Details",
        serial=serial,
        issuerSerial=issuer,
        key=key,
        notBefore=now_s - days_s,
        notAfter=now_s + VALID_DAYS * days_s,
    )
    raw: bytes = details.SerializeToString()
    return raw
