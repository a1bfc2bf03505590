"""The fake on a thread of its own, for whoever has no event loop: the stories of the whole program."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from tests.fake_whatsapp.server import FakeWhatsApp

T = TypeVar("T")
WITHIN_S = 60.0


class Aside:
    """`start` and `stop` it once; in between, `do` what the server can."""

    def __init__(self, folder: Path) -> None:
        self.server = FakeWhatsApp(folder)
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="fake WhatsApp", daemon=True)

    def start(self) -> None:
        """Returns when it listens."""
        self._thread.start()
        self.do(self.server.__aenter__())

    def do(self, what: Coroutine[Any, Any, T], within_s: float = WITHIN_S) -> T:
        """Its result, or what it raised; TimeoutError where it takes longer."""
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(within_s)

    def stop(self) -> None:
        """Nobody is served any more. Raises what went wrong in the server itself."""
        if not self._thread.is_alive():
            return
        try:
            self.do(self.server.__aexit__(None, None, None))
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(WITHIN_S)
            self._loop.close()
