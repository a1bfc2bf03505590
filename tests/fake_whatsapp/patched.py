"""Run a program whose engine talks to the fake: `python -m tests.fake_whatsapp.patched ENDPOINT_FILE MODULE ARGS…`.

Runs MODULE as `python -m` would. When MODULE imports the engine, and not before, so that it may prepare its own
environment, the engine's root is patched and every way out but the fake's proxy is closed.
"""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.fake_whatsapp.endpoint import Endpoint
from tests.fake_whatsapp.root_patch import patch_root

ENGINE = "neonize.client"


class _AtImport(MetaPathFinder, Loader):
    """Loads ENGINE as always, then makes it one that knows only *endpoint*."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._usual: Any = None

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        found = PathFinder.find_spec(name, path, target) if name == ENGINE else None
        if found is not None:
            self._usual, found.loader = found.loader, self
        return found

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        created: ModuleType | None = self._usual.create_module(spec)
        return created

    def exec_module(self, module: ModuleType) -> None:
        self._usual.exec_module(module)
        patch_root(self._endpoint)
        _confine(module, self._endpoint)


def _confine(neonize: Any, endpoint: Endpoint) -> None:
    """Let every client connect through the fake's proxy, whatever it was told, with all its traffic.

    The engine asks no environment for a proxy (0.5.2), and would look up WhatsApp's own names without one.
    """
    unconfined = neonize.NewClient.connect_with_proxy
    settings = neonize.ProxySettings(endpoint.proxy_url)
    neonize.NewClient.connect_with_proxy = lambda client, _=None: unconfined(client, settings)


def _begin_with(environment: dict[str, str]) -> None:
    """The Go in the engine reads the environment that its process was started with: where that says another thing, start anew."""
    if any(os.environ.get(name) != value for name, value in environment.items()):
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, **environment})


if __name__ == "__main__":
    told = Endpoint.read(Path(sys.argv[1]))
    _begin_with(told.environment())
    sys.meta_path.insert(0, _AtImport(told))
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
