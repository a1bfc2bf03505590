"""From bytes to a shape: fast where the body is as the gateway writes it, field by field where it is not.

Whatever the bytes, the only thing raised is `Refused(cause="unreadable")`, and the time is linear in their number. Raised texts
are our own words: nothing of the body is in them.
"""

import json
import math
import re
from typing import Generic, TypeVar

import msgspec

from unlost.errors import Refused

T = TypeVar("T", bound=msgspec.Struct)

MEND_MAX_BYTES = 256 * 1024
"""Mending costs up to 0.1 s per 256 KiB of hostile brackets, and it runs at the door."""

DEPTH_MAX = 32
"""What readers look at lies four levels deep; raw protobuf JSON nests as deep as its sender likes."""

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
UNDECODABLE = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])


def unreadable(why: str) -> Refused:
    """The one error of readers; *why* in our own words."""
    return Refused(why, cause="unreadable")


class Shape(Generic[T]):
    """A struct and how to read it from JSON.

    A field of another type than expected is dropped, as if it had not been told; one of *essential* makes the body unreadable,
    because an address, an id or a direction must not be guessed.
    """

    def __init__(self, struct: type[T], *, essential: frozenset[str] = frozenset()) -> None:
        self._struct = struct
        self._essential = essential
        self._whole = msgspec.json.Decoder(struct)
        self._fields = [
            (field.encode_name, field.name, msgspec.json.Decoder(field.type))
            for field in msgspec.structs.fields(struct)
        ]

    def decode(self, body: bytes | msgspec.Raw) -> T:
        """The struct. Raises Refused."""
        try:
            return self._whole.decode(body)
        except UNDECODABLE:
            return self._by_field(_members(bytes(body)))

    def _by_field(self, members: dict[str, msgspec.Raw]) -> T:
        values: dict[str, object] = {}
        for told_name, name, decoder in self._fields:
            raw = members.get(told_name)
            if raw is None or bytes(raw) == b"null":
                continue
            try:
                values[name] = decoder.decode(raw)
            except UNDECODABLE:
                if told_name in self._essential:
                    raise unreadable(f"{told_name} is not of its type") from None
        return self._struct(**values)


def members_of(body: bytes | msgspec.Raw) -> dict[str, msgspec.Raw]:
    """The members of a JSON object, each as it came; mended where it cannot be read as it is. Raises Refused."""
    try:
        return _MEMBERS.decode(body)
    except UNDECODABLE:
        return _members(bytes(body))


def _members(body: bytes) -> dict[str, msgspec.Raw]:
    try:
        return _MEMBERS.decode(mended(body))
    except UNDECODABLE:
        raise unreadable("not a JSON object") from None


def mended(body: bytes) -> bytes:
    """The same JSON, such that the strict decoder reads it; raises Refused where it is no JSON at all.

    Lone surrogates and bytes that are no UTF-8 become U+FFFD; numbers beyond 64 bits and what nests below *DEPTH_MAX* become
    null.
    """
    if len(body) > MEND_MAX_BYTES:
        raise unreadable("too large to be mended")
    try:
        value = json.loads(
            _shallow(body.decode("utf-8", "replace")),
            parse_int=_small_int,
            parse_float=_finite,
            parse_constant=lambda _: None,
        )
    except (ValueError, RecursionError):
        raise unreadable("not JSON") from None
    text = json.dumps(value, ensure_ascii=False)
    return _LONE_SURROGATE.sub("\ufffd", text).encode()


def _shallow(text: str) -> str:
    """*text* with every array and object below *DEPTH_MAX* levels replaced by null."""
    kept: list[str] = []
    depth, seen = 0, 0
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "[{":
            depth += 1
            if depth == DEPTH_MAX + 1:
                kept.append(text[seen : token.start()])
        elif mark in "]}":
            depth -= 1
            if depth == DEPTH_MAX:
                kept.append("null")
                seen = token.end()
    return "".join(kept) + text[seen:] if depth <= DEPTH_MAX else "".join(kept)


def _small_int(digits: str) -> int | None:
    return int(digits) if len(digits) <= 18 else None


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


def text_in(raw: msgspec.Raw) -> str:
    """The string that *raw* is, or nothing where it is something else."""
    try:
        return _TEXT.decode(raw)
    except UNDECODABLE:
        return ""


_TEXT = msgspec.json.Decoder(str)
