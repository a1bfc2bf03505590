"""The one door to neonize. It brings no types, so its protobufs are `Proto` here and go no further than this package."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import logging
from typing import Any

PACKAGE = "neonize"
Proto = Any
"""A protobuf message of neonize's; its fields are what WhatsApp's people named them."""


class EngineMissing(Exception):
    """neonize is not installed here, or cannot be loaded."""


def version() -> str:
    """The installed version. Raises EngineMissing."""
    try:
        return importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError as error:
        raise EngineMissing("neonize is not installed: pip install 'unlost[whatsapp]'") from error


class Library:
    """neonize's modules, loaded. Takes half a second and 50 MB, once per process."""

    def __init__(self) -> None:
        """Raises EngineMissing."""
        try:
            self.client: Any = importlib.import_module("neonize.client")
            self.events: Any = importlib.import_module("neonize.events")
            self.protobufs: Any = importlib.import_module("neonize.proto.Neonize_pb2")
            self.messages: Any = importlib.import_module("neonize.proto.waE2E.WAWebProtobufsE2E_pb2")
            self.keys: Any = importlib.import_module("neonize.proto.waCommon.WACommon_pb2")
            self.companion: Any = importlib.import_module("neonize.proto.waCompanionReg.WAWebProtobufsCompanionReg_pb2")
            self.words: Any = importlib.import_module("neonize.utils.enum")
            self.failure: type[Exception] = importlib.import_module("neonize.exc").NeonizeError
        except (ImportError, OSError, RuntimeError, TypeError) as error:  # protobuf says TypeError of another's gencode
            raise EngineMissing(f"neonize cannot be loaded: {error}") from error


def quiet() -> None:
    """Let no logger of the engine's write anything: its debug lines hold keys and people's words."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(logging.NullHandler())
