"""Run a program whose engine talks to the fake: `python -m tests.fake_whatsapp.patched ENDPOINT_FILE MODULE ARGS…`.

Sets the environment before the engine is loaded, since Go reads it once; loads it, patches its root, closes every
way out but the fake's proxy, then runs MODULE as `python -m` would.
"""

from __future__ import annotations

import importlib
import os
import runpy
import sys
from pathlib import Path
from typing import Any

from tests.fake_whatsapp.endpoint import Endpoint
from tests.fake_whatsapp.root_patch import patch_root


def prepare(endpoint: Endpoint) -> None:
    """Make this process's engine, which must not be loaded yet, one that knows only *endpoint*."""
    os.environ.update(endpoint.environment())
    client: Any = importlib.import_module("neonize.client")
    patch_root(endpoint)
    _confine(client, endpoint)


def _confine(neonize: Any, endpoint: Endpoint) -> None:
    """Let every client connect through the fake's proxy, whatever it was told, with all its traffic.

    The engine asks no environment for a proxy (0.5.2), and would look up WhatsApp's own names without one.
    """
    unconfined = neonize.NewClient.connect_with_proxy
    neonize.NewClient.connect_with_proxy = lambda client, _=None: unconfined(
        client, neonize.ProxySettings(endpoint.proxy_url)
    )


if __name__ == "__main__":
    prepare(Endpoint.read(Path(sys.argv[1])))
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
