"""A notice service and a heartbeat's listener on loopback."""

import contextlib
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Service(http.server.ThreadingHTTPServer):
    """Remembers what it is told; answers *status*, or hangs for ever while *may_answer* is unset."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Turn)
        self.status = 200
        self.told: list[dict[str, Any]] = []
        self.beats: list[str] = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.heard = threading.Event()

    @property
    def url(self) -> str:
        """Its Apprise address."""
        return f"json://user:hidden-word@127.0.0.1:{self.server_address[1]}/"

    @property
    def beat_url(self) -> str:
        """Its address for heartbeats."""
        return f"http://127.0.0.1:{self.server_address[1]}/beat"


class _Turn(http.server.BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        self.server.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer()

    def do_GET(self) -> None:
        self.server.beats.append(self.path)
        self._answer()

    def _answer(self) -> None:
        """After interim answers without end while it may not: so no time-out of a read ends the call."""
        self.server.heard.set()
        with contextlib.suppress(OSError):  # whoever called may be gone
            while not self.server.may_answer.wait(0.5):
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.send_response(self.server.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def service() -> Iterator[Service]:
    """One, for the time of the block."""
    with Service() as made:
        serving = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        serving.start()
        try:
            yield made
        finally:
            made.may_answer.set()
            made.shutdown()
            serving.join()
