"""The one thing that a test changes in the engine: the Noise root that it trusts, in memory, in this process.

whatsmeow holds WhatsApp's root key as data (WACertPubKey) and offers no way to set it. No file is changed. It
refuses unless the proxy is on this machine; and with a strange root in place the engine can reach nobody but the fake.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path

from tests.fake_whatsapp.endpoint import Endpoint
from tests.fake_whatsapp.loopback import require_loopback

WHATSAPP_ROOT = bytes.fromhex("142375574d0a587166aae71ebe516437c4a28b73e3695c6ce1f7f9545da8ee6b")
LIBRARY = "/neonize-"


class NotPatched(Exception):
    """The engine's library is not loaded, or does not hold the key exactly once: nothing was changed."""


def patch_root(endpoint: Endpoint) -> None:
    """Make the engine loaded into this process trust *endpoint*'s Noise root. Raises NotLoopback, NotPatched."""
    require_loopback(endpoint.proxy_url)
    root = bytes.fromhex(endpoint.noise_root)
    assert len(root) == len(WHATSAPP_ROOT), "32 bytes"
    found = list(_places(WHATSAPP_ROOT))
    if len(found) != 1:
        raise NotPatched(f"the engine's root key stands in {len(found)} places of writable memory, not in one")
    ctypes.memmove(found[0], root, len(root))


def _places(sought: bytes) -> Iterator[int]:
    """Addresses of *sought* in the writable parts of the engine's library."""
    for start, end in _writable_parts():
        held = ctypes.string_at(start, end - start)
        at = held.find(sought)
        while at >= 0:
            yield start + at
            at = held.find(sought, at + 1)


def _writable_parts() -> Iterator[tuple[int, int]]:
    for line in Path("/proc/self/maps").read_text().splitlines():
        if LIBRARY in line and line.split()[1].startswith("rw"):
            start, _, end = line.split()[0].partition("-")
            yield int(start, 16), int(end, 16)
