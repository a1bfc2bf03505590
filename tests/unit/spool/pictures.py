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


def gif(*frames: tuple[int, int], screen: tuple[int, int] = (8, 8), before: bytes = b"") -> bytes:
    """Its frames without pixels, one after the other, with *before* in front of them."""
    shapes = (b"," + struct.pack("<HHHHB", 0, 0, *frame, 0) + b"\x02\x01\x00\x00" for frame in frames)
    return b"GIF89a" + struct.pack("<HHBBB", *screen, 0, 0, 0) + before + b"".join(shapes) + b";"


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    """Made of *chunks*, each with its name."""
    whole = b"".join(name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2) for name, body in chunks)
    return b"RIFF" + struct.pack("<I", 4 + len(whole)) + b"WEBP" + whole


def canvas(width: int, height: int) -> tuple[bytes, bytes]:
    """The chunk that tells of a WebP's whole."""
    return b"VP8X", b"\0" * 4 + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def frame(width: int, height: int) -> tuple[bytes, bytes]:
    """The chunk that tells of one picture of a WebP that moves."""
    return b"ANMF", b"\0" * 6 + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little") + b"\0" * 4


def box(name: bytes, body: bytes) -> bytes:
    """One of HEIC's or AVIF's."""
    return struct.pack(">I", 8 + len(body)) + name + body


def track(width: int, height: int, *, version: int = 0) -> bytes:
    """What an AVIF that moves tells of its film."""
    times = b"\0" * (32 if version else 20)
    return box(b"tkhd", bytes([version, 0, 0, 0]) + times + b"\0" * 52 + struct.pack(">HHHH", width, 0, height, 0))


def heif(brand: bytes, *extents: tuple[int, int]) -> bytes:
    """HEIC or AVIF: what is told of a picture cut into tiles, each with its size."""
    told = b"".join(b"\0\0\0\x14ispe\0\0\0\0" + struct.pack(">II", *extent) for extent in extents)
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1" + brand + b"\0\0\0\0meta" + told + b"\0\0\0\x08mdat"


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
