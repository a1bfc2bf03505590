"""The demo's world with a second bridge on the same journal, a gateway that knocks at either door, and faults on command."""

import json
import os
import time
import urllib.request
from datetime import datetime
from pathlib import Path

from unlost.cli.bridge import Bridge
from unlost.cli.demo.world import Dialect, Temper, World
from unlost.cli.processes import Program, free_port, wait_until_answers

STOPPED_WAIT_S = 2.0
TARGET_WAIT_S = 60
"""The real default: a backlog after a kill makes a reaction's message come later than the demo's six seconds."""


class KillWorld(World):
    """Bridges are 0 and 1; the second is not started by itself. The gateway's webhooks go to one door at a time."""

    def __init__(self, folder: Path, *, dialect: Dialect, temper: Temper) -> None:
        super().__init__(folder, dialect=dialect, faults=True)
        self.temper: Temper = temper
        self.door = 0
        self.reconfigure(("target_wait_s = 6\n", f"target_wait_s = {TARGET_WAIT_S}\n"))
        self._bridge_ports = (self.ports.bridge, free_port())
        self._settings_of = {
            (temper, door): self._settings_at(temper, door) for temper in self.settings for door in (0, 1)
        }
        second = Program("second", ["--config", str(self._settings_of["durable", 1]), "serve"], folder / "second.log")
        self.bridges = (self.bridge, second)

    @property
    def journal(self) -> Path:
        """The file both bridges share."""
        return self.folder / "unlost.db"

    def start(self) -> None:
        """Desk, the first bridge, the gateway."""
        self.start_desk()
        self.start_one(0)
        self.start_gateway_at(self.temper, 0)

    def start_desk(self) -> None:
        """Returns when it answers."""
        self.desk.start()
        wait_until_answers(self.desk, f"{self.desk_url}/health")

    def start_one(self, number: int) -> float:
        """A bridge; the seconds until its door was open."""
        began = time.monotonic()
        self.bridges[number].start()
        wait_until_answers(self.bridges[number], f"http://127.0.0.1:{self._bridge_ports[number]}/healthz")
        return time.monotonic() - began

    def start_gateway_at(self, temper: Temper, door: int) -> None:
        """The gateway in *temper*, whose webhooks go to the door of bridge *door*."""
        self.temper, self.door = temper, door
        words = ["--config", str(self._settings_of[temper, door]), "gateway", "--faults"]
        self.gateway = Program("gateway", words, self.folder / "gateway.log")
        self.gateway.start()
        wait_until_answers(self.gateway, f"http://127.0.0.1:{self.ports.gateway}/health")

    def ask_one(self, number: int) -> Bridge:
        """An operator's way into that bridge."""
        return Bridge(f"http://127.0.0.1:{self._bridge_ports[number]}", self.password)

    def befall(self, fault: dict[str, object]) -> None:
        """One more fault for the desk."""
        self._desk_faults("POST", fault)

    def no_more_faults(self) -> None:
        """The desk forgets those that wait."""
        self._desk_faults("DELETE", None)

    def stop(self) -> None:
        """All that runs."""
        self.bridges[1].thaw()
        self.bridges[0].thaw()
        self.bridges[1].ask_to_stop()
        super().stop()
        self.bridges[1].stop()

    def _desk_faults(self, method: str, fault: dict[str, object] | None) -> None:
        body = None if fault is None else json.dumps(fault).encode()
        request = urllib.request.Request(f"{self.desk_url}/_desk/faults", data=body, method=method)
        request.add_header("api_access_token", self.password)
        with urllib.request.urlopen(request, timeout=5):
            return

    def _settings_at(self, temper: Temper, door: int) -> Path:
        if door == 0:
            return self.settings[temper]
        path = self.folder / f"{temper}-second.toml"
        path.touch(mode=0o600)
        there, here = (f'listen = "127.0.0.1:{port}"' for port in self._bridge_ports)
        path.write_text(self.settings[temper].read_text().replace(there, here))
        return path


def webhooks_given_up(world: World) -> list[float]:
    """When the gateway's log says that it gave a webhook up after its five tries, as epoch seconds."""
    lines = (world.folder / "gateway.log").read_text(errors="replace").splitlines()
    stamps = [json.loads(line)["timestamp"] for line in lines if "webhook.lost" in line]
    return [datetime.fromisoformat(stamp).timestamp() for stamp in stamps]


def freeze(program: Program) -> None:
    """SIGSTOP, and wait until every thread of it stands."""
    assert program.pid is not None
    program.freeze()
    ends_at = time.monotonic() + STOPPED_WAIT_S
    while os.waitid(os.P_PID, program.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        if time.monotonic() > ends_at:
            raise RuntimeError(f"{program.name} did not stand still within {STOPPED_WAIT_S} s")
        time.sleep(0.0005)
