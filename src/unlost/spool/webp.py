"""How many pixels a WebP claims (RFC 9649): its canvas, its picture, or the largest of its frames."""

import struct
from typing import BinaryIO

CHUNKS_MAX = 10_000
"""A frame has two at most, and a sticker some dozens of frames."""
CHUNK_HEAD_BYTES = 8
SHAPE_BYTES = 12


def pixels_of(file: BinaryIO) -> int:
    """The largest that any chunk tells; 0 where none does, and where there are too many to see all. *file* stands at its start."""
    at, largest = 12, 0
    for _ in range(CHUNKS_MAX):
        file.seek(at)
        chunk = file.read(CHUNK_HEAD_BYTES + SHAPE_BYTES)
        if len(chunk) < CHUNK_HEAD_BYTES:
            return largest
        largest = max(largest, _told(chunk[:4], chunk[CHUNK_HEAD_BYTES:]))
        size_bytes = int(struct.unpack_from("<I", chunk, 4)[0])
        at += CHUNK_HEAD_BYTES + size_bytes + size_bytes % 2
    return 0


def _told(kind: bytes, body: bytes) -> int:
    if kind == b"VP8X":
        return _wide(body, 4)
    if kind == b"ANMF":
        return _wide(body, 6)
    if kind == b"VP8 " and len(body) >= 10:
        width, height = struct.unpack_from("<HH", body, 6)
        return int(width & 0x3FFF) * int(height & 0x3FFF)
    if kind == b"VP8L" and len(body) >= 5:
        bits = int(struct.unpack_from("<I", body, 1)[0])
        return ((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1)
    return 0


def _wide(body: bytes, at: int) -> int:
    """Width and height of three bytes each, both less one."""
    if len(body) < at + 6:
        return 0
    return (int.from_bytes(body[at : at + 3], "little") + 1) * (int.from_bytes(body[at + 3 : at + 6], "little") + 1)
