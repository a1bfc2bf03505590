"""WhatsApp's protobuf messages, as the library `pyaileys` carries them; generated code without types.

Only the names used here are let through, so that a typing error is found in this file.
"""

from __future__ import annotations

import importlib
from typing import Any, Protocol

_library: Any = importlib.import_module("pyaileys.proto.WAProto_pb2")


class Protobuf(Protocol):
    """What every protobuf message can."""

    def SerializeToString(self) -> bytes: ...


def new(kind: str, /, **fields: Any) -> Any:
    """An empty message of type *kind*, inner types with dots (`CertChain.NoiseCertificate`), with *fields* set."""
    return _type(kind)(**fields)


def parse(name: str, raw: bytes) -> Any:
    """The message of type *name* in *raw*. Raises protobuf's DecodeError."""
    message = _type(name)()
    message.ParseFromString(raw)
    return message


def _type(name: str) -> Any:
    found = _library
    for part in name.split("."):
        found = getattr(found, part)
    return found
