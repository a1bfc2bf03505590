"""Heads of files, as small as they can be."""

import struct
import zlib


def png(width: int = 8, height: int = 8) -> bytes:
    """Its header tells the size; the pixels are those of a small one."""
    shape = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", shape)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 25))
        + _chunk(b"IEND", b"")
    )


def jpeg(width: int, height: int, *, before: bytes = b"") -> bytes:
    """With *before* between its start and its frame."""
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" + b"\0" * 9
    return b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 10 + before + frame + b"\xff\xda"


def heif(brand: bytes, *extents: tuple[int, int]) -> bytes:
    """HEIC or AVIF: what is told of a picture cut into tiles, each with its size."""
    told = b"".join(b"\0\0\0\x14ispe\0\0\0\0" + struct.pack(">II", *extent) for extent in extents)
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1" + brand + b"\0\0\0\0meta" + told + b"\0\0\0\x08mdat"


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
