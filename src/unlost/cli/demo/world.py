"""The demo's own little world in a temporary folder: desk, gateway and bridge as processes of their own, on free ports."""

import secrets
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from unlost.cli.bridge import Bridge
from unlost.cli.processes import Program, answers, free_port, wait_until_answers

Temper = Literal["durable", "gowa"]
Dialect = Literal["envelope", "flat"]

CHANNEL = "demo"
DEVICE = "5541999990000@s.whatsapp.net"
REQUEST_LIMIT_S = 1.0
"""The desk's own limit for one request; Chatwoot's is 15 s. The doubt wait below is longer by a second, as it must be."""

SETTINGS = """\
[server]
listen = "127.0.0.1:{bridge_port}"
[console]
password = "{password}"
[journal]
url = "sqlite:///unlost.db"
throwaway = true
lease_s = 30
[limits]
watch_every_s = 1
[retry]
base_s = 1
[desk]
listen = "127.0.0.1:{desk_port}"
data = "desk"
[gateway]
listen = "127.0.0.1:{gateway_port}"
data = "gateway"
temper = "{temper}"
dialect = "{dialect}"
[[channel]]
name = "demo"
language = "en"
[channel.gateway]
kind = "gowa"
url = "http://127.0.0.1:{gateway_port}"
username = "demo"
password = "{password}"
device = "{device}"
webhook_secret = "{password}"
avatars = "always"
gap_wait_s = {gap_wait_s}
twin_wait_s = 6
target_wait_s = 6
lookup_every_s = 0.5
lookup_after_s = 1
reconcile_every_s = 5
[channel.helpdesk]
url = "http://127.0.0.1:{desk_port}"
account_id = 1
inbox_id = 1
token = "{password}"
webhook_secret = "{password}"
call_timeout_s = 3
doubt_wait_s = 2
"""


@dataclass(frozen=True, slots=True)
class Ports:
    """One free loopback port each."""

    bridge: int
    desk: int
    gateway: int


class World:
    """Three programs and the files between them. *bridges* of them may share the journal (the second listens elsewhere)."""

    def __init__(
        self, folder: Path, *, dialect: Dialect = "envelope", gap_wait_s: float = 3.0, faults: bool = False
    ) -> None:
        self.folder = folder
        self.ports = Ports(free_port(), free_port(), free_port())
        self.password = secrets.token_urlsafe(18)
        self.dialect = dialect
        self._gap_wait_s = gap_wait_s
        self._faults = ["--faults"] if faults else []
        self.settings: dict[Temper, Path] = {"durable": self._write("durable"), "gowa": self._write("gowa")}
        limit = ["--request-limit-s", str(REQUEST_LIMIT_S)]
        self.desk = self._program("desk", "durable", "desk", *limit, *self._faults)
        self.bridge = self._program("bridge", "durable", "serve")
        self.gateway = self.gateway_in("durable")

    @property
    def desk_url(self) -> str:
        """Where people look."""
        return f"http://127.0.0.1:{self.ports.desk}"

    @property
    def gateway_url(self) -> str:
        """Where the gateway's REST API is."""
        return f"http://127.0.0.1:{self.ports.gateway}"

    @property
    def console_url(self) -> str:
        """Where the operator looks; the password is this world's own."""
        return f"http://127.0.0.1:{self.ports.bridge}"

    @property
    def population_path(self) -> Path:
        """Written by whoever plays the customers."""
        return self.folder / "gateway" / "population.db"

    def reconfigure(self, *changes: tuple[str, str]) -> None:
        """Replace words of the settings files; every word must be there. Before `start`, or before a restart."""
        for path in self.settings.values():
            text = path.read_text()
            for was, now in changes:
                assert was in text, was
                text = text.replace(was, now)
            path.write_text(text)

    def start(self) -> None:
        """All three, each once the one it calls answers."""
        self.desk.start()
        wait_until_answers(self.desk, f"{self.desk_url}/health")
        self.start_bridge()
        self.start_gateway("durable")

    def start_bridge(self) -> None:
        """The bridge; returns when its door is open."""
        self.bridge.start()
        wait_until_answers(self.bridge, f"http://127.0.0.1:{self.ports.bridge}/healthz")

    def start_gateway(self, temper: Temper) -> None:
        """The gateway in a temper; returns when it answers."""
        self.gateway = self.gateway_in(temper)
        self.gateway.start()
        wait_until_answers(self.gateway, f"{self.gateway_url}/health")

    def gateway_in(self, temper: Temper) -> Program:
        """The gateway as it is begun in a temper."""
        return self._program("gateway", temper, "gateway", *self._faults)

    def ask(self) -> Bridge:
        """The operator's way in."""
        return Bridge(f"http://127.0.0.1:{self.ports.bridge}", self.password)

    def metrics(self) -> str:
        """The bridge's metrics page."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.ports.bridge}/metrics")
        request.add_header("Authorization", f"Bearer {self.password}")
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - our own loopback address
            text: str = answer.read().decode()
            return text

    def gateway_answers(self) -> bool:
        """Whether the gateway is there."""
        return answers(f"{self.gateway_url}/health")

    def stop(self) -> None:
        """All of them, side by side."""
        programs = (self.gateway, self.bridge, self.desk)
        for program in programs:
            program.ask_to_stop()
        for program in programs:
            program.stop()

    def _program(self, name: str, temper: Temper, *words: str) -> Program:
        return Program(name, ["--config", str(self.settings[temper]), *words], self.folder / f"{name}.log")

    def _write(self, temper: Temper) -> Path:
        path = self.folder / f"{temper}.toml"
        text = SETTINGS.format(
            bridge_port=self.ports.bridge,
            desk_port=self.ports.desk,
            gateway_port=self.ports.gateway,
            password=self.password,
            device=DEVICE,
            dialect=self.dialect,
            temper=temper,
            gap_wait_s=self._gap_wait_s,
        )
        path.touch(mode=0o600)
        path.write_text(text)
        return path
