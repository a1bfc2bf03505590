"""WhatsApp's frames: three bytes of length, most significant first, then as many bytes."""

HEADER_BYTES = 4
ROUTED = b"ED"
FRAME_BYTES_MAX = 1 << 24


class FrameReader:
    """Collects what the web socket brings, in pieces of any size, into whole frames.

    Before the first frame stands the header (`WA`, 6, version); routing information may stand before that
    (`ED`, two bytes, its length in three). *header* is empty until it was read.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.header = b""

    def feed(self, piece: bytes) -> list[bytes]:
        self._buffer += piece
        if not self.header and not self._header_came():
            return []
        frames = []
        while (frame := self._next()) is not None:
            frames.append(frame)
        return frames

    def _header_came(self) -> bool:
        if self._buffer[:2] == ROUTED:
            skipped = 7 + int.from_bytes(self._buffer[4:7], "big")
            if len(self._buffer) < max(7, skipped):
                return False
            del self._buffer[:skipped]
        if len(self._buffer) < HEADER_BYTES:
            return False
        self.header = bytes(self._buffer[:HEADER_BYTES])
        del self._buffer[:HEADER_BYTES]
        return True

    def _next(self) -> bytes | None:
        length = int.from_bytes(self._buffer[:3], "big")
        if len(self._buffer) < 3 or len(self._buffer) < 3 + length:
            return None
        frame = bytes(self._buffer[3 : 3 + length])
        del self._buffer[: 3 + length]
        return frame


def framed(content: bytes) -> bytes:
    assert len(content) < FRAME_BYTES_MAX, "three bytes tell the length"
    return len(content).to_bytes(3, "big") + content
