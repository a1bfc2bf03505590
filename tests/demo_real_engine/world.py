"""The demo's world before a fake WhatsApp: the gateway runs the real engine, and is linked as a phone links it, by its QR."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.fake_whatsapp.account import Account
from tests.fake_whatsapp.aside import Aside
from tests.fake_whatsapp.avatars import Avatar, Kind
from tests.fake_whatsapp.scanning import scanned
from unlost.cli.demo.world import DEVICE, Temper, World
from unlost.cli.processes import Program
from unlost.gateway.png import picture

USER = DEVICE.partition("@")[0]
LOGIN_S = 60.0
"""A bound for what takes a second or two: at a pairing the engine syncs its file 812 times."""
CALL_S = 30.0
OURS = (
    ('kind = "gowa"', 'kind = "unlost"'),
    ("gap_wait_s = 3.0\n", ""),
    ('dialect = "envelope"', 'dialect = "envelope"\nengine = "neonize"'),
)


class RealWorld(World):
    """Desk, bridge and gateway in *folder*, and whoever writes through `whatsapp` to `account` once it is started."""

    account: Account

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.reconfigure(*OURS)
        self.whatsapp = Aside(folder)

    def start(self) -> None:
        """All of it, and the device is linked."""
        self.whatsapp.start()
        self._draw_faces()
        super().start()
        self.account = self._link()

    def stop(self) -> None:
        """The programs first, so that none finds WhatsApp gone."""
        super().stop()
        self.whatsapp.stop()

    def gateway_in(self, temper: Temper) -> Program:
        """As `unlost gateway` is begun, but that its engine knows only our WhatsApp."""
        words = [str(self.folder / "endpoint.json"), str(self.settings[temper])]
        return Program("gateway", words, self.folder / "gateway.log", module="tests.demo_real_engine.gateway")

    def ask_gateway(self, path: str) -> tuple[int, bytes]:
        """Status and body of a GET."""
        request = urllib.request.Request(self.gateway_url + path, headers={"X-Device-Id": DEVICE})
        login = base64.b64encode(f"demo:{self.password}".encode()).decode()
        request.add_header("Authorization", f"Basic {login}")
        try:
            with urllib.request.urlopen(request, timeout=CALL_S) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def gateway_counted(self, name: str) -> float:
        """A counter of the gateway that runs now, over all labels."""
        _, page = self.ask_gateway("/metrics")
        return sum(map(float, re.findall(rf"^{name}(?:{{[^}}]*}})? ([0-9.e+]+)$", page.decode(), re.MULTILINE)))

    def log_of(self, program: str, event: str) -> list[dict[str, Any]]:
        """The lines of one happening in a program's log."""
        lines = (self.folder / f"{program}.log").read_text().splitlines()
        return [line for line in map(json.loads, (one for one in lines if one[:1] == "{")) if line["event"] == event]

    def workers(self) -> list[int]:
        """The processes of the gateway's engine."""
        tasks = Path(f"/proc/{self.gateway.pid}/task").glob("*/children")
        return [int(pid) for task in tasks for pid in task.read_text().split()]

    def kill_worker(self) -> None:
        """`kill -9` of the engine's process; nothing where none is there."""
        for pid in self.workers():
            os.kill(pid, signal.SIGKILL)

    def _draw_faces(self) -> None:
        """Everybody's picture lies where the bridge can fetch it on this machine: else it would ask WhatsApp's own host."""
        face = self.folder / "gateway" / "media" / "face.png"
        face.parent.mkdir(parents=True)
        face.write_bytes(picture("a face"))
        lies_at = f"{self.gateway_url}/statics/media/{face.name}"
        self.whatsapp.server.avatars.usual = Avatar(Kind.PRESENT, url=lies_at)

    def _link(self) -> Account:
        status, told = self.ask_gateway(f"/devices/{DEVICE}/login")
        assert status == 200, told
        link = str(json.loads(told)["results"]["qr_link"])
        _, code = self.ask_gateway(link.removeprefix(self.gateway_url))
        server = self.whatsapp.server
        account = self.whatsapp.do(server.pair(scanned(code), USER))
        self.whatsapp.do(server.logged_in(account, LOGIN_S))
        return account
