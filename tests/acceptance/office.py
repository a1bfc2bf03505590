"""A small firm: the demo's world, its customers, its helpdesk, and the operator's commands."""

import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.acceptance.helpdesk import Helpdesk
from unlost.cli.demo.world import DEVICE, Dialect, Temper, World
from unlost.cli.processes import Program, wait_until_answers
from unlost.gateway.population import Customer, Population

COMMAND_WAIT_S = 60


class Office(World):
    """Channel `demo`, device DEVICE; the gateway has GOWA's temper unless a story says otherwise."""

    def __init__(self, folder: Path, *, dialect: Dialect = "envelope", temper: Temper = "gowa") -> None:
        super().__init__(folder, dialect=dialect, faults=True)
        self.reconfigure(
            ("target_wait_s = 6\n", "target_wait_s = 60\n")
        )  # longer than all five tries of GOWA, as by default
        self.helpdesk = Helpdesk(self.desk_url, self.password)
        self.temper: Temper = temper
        self.dialect = dialect
        self._people: Population | None = None

    @property
    def people(self) -> Population:
        """Whoever writes; their file is there whether or not the gateway lives."""
        if self._people is None:
            self._people = Population.open(self.population_path, DEVICE, seed=7)
        return self._people

    @property
    def door(self) -> str:
        """The bridge's address."""
        return f"http://127.0.0.1:{self.ports.bridge}"

    def open(self) -> None:
        """Desk, bridge, gateway."""
        self.desk.start()
        wait_until_answers(self.desk, f"{self.desk_url}/health")
        self.start_bridge()
        self.start_gateway(self.temper)

    def close(self) -> None:
        """All of it."""
        if self._people is not None:
            self._people.close()
        self.stop()

    def beside(self, settings: Path, port: int) -> Program:
        """A second bridge, from settings of its own; the caller stops it."""
        second = Program("second", ["--config", str(settings), "serve"], self.folder / "second.log")
        second.start()
        wait_until_answers(second, f"http://127.0.0.1:{port}/healthz")
        return second

    def customer(self, phone: str, name: str = "", **more: Any) -> Customer:
        """Somebody with a phone number (digits)."""
        return self.people.people.add(Customer(name=name, phone=f"{phone}@s.whatsapp.net", **more))

    def gateway_fault(self, **faults: bool | int) -> None:
        """What is to go wrong in the gateway (`gateway.faults`)."""
        url = f"http://127.0.0.1:{self.ports.gateway}/_gateway/faults"
        request = urllib.request.Request(url, data=json.dumps(faults).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=5):
            return

    def knock(self, body: bytes | Mapping[str, Any], *, channel: str = "demo", secret: str | None = None) -> int:
        """A webhook as the gateway would send it; the bridge's status."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signature = hmac.new((secret or self.password).encode(), raw, hashlib.sha256).hexdigest()
        request = urllib.request.Request(f"{self.door}/webhooks/gateway/{channel}", data=raw, method="POST")
        request.add_header("X-Hub-Signature-256", f"sha256={signature}")
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def run(self, *words: str, temper: Temper = "durable", stdin: str = "") -> subprocess.CompletedProcess[str]:
        """An operator's command."""
        return subprocess.run(
            [sys.executable, "-m", "unlost.cli.main", "--config", str(self.settings[temper]), *words],
            capture_output=True,
            text=True,
            input=stdin,
            timeout=COMMAND_WAIT_S,
            check=False,
            env=os.environ | {"COLUMNS": "200"},
        )

    def says(self, *words: str) -> str:
        """What a command that works prints."""
        ended = self.run(*words)
        assert ended.returncode == 0, f"{words}: {ended.stdout}{ended.stderr}"
        return ended.stdout

    def json(self, *words: str) -> Any:
        """The same for other programs."""
        return json.loads(self.says(*words, "--json"))

    def log(self, event: str = "") -> list[dict[str, Any]]:
        """The bridge's log lines, or those of one happening."""
        lines = [json.loads(line) for line in (self.folder / "bridge.log").read_text().splitlines() if line[:1] == "{"]
        return [line for line in lines if not event or line["event"] == event]

    def metric(self, name: str) -> float:
        """The sum over all labels."""
        found = re.findall(rf"^{name}(?:{{[^}}]*}})? ([0-9.e+]+)$", self.metrics(), re.MULTILINE)
        return sum(map(float, found))

    def calls(self, endpoint: str, outcome: str) -> float:
        """How many calls of the bridge ended so."""
        wanted = {f'endpoint="{endpoint}"', f'outcome="{outcome}"'}
        lines = [line for line in self.metrics().splitlines() if line.startswith("unlost_calls_total{")]
        return sum(float(line.rpartition(" ")[2]) for line in lines if all(word in line for word in wanted))


def envelope(chat: str, text: str, *, name: str = "", id: str, sender: str = "", **fields: Any) -> dict[str, Any]:
    """A text as GOWA 9 tells it."""
    payload = {
        "id": id,
        "chat_id": chat,
        "from": sender or chat,
        "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "is_from_me": False,
        "body": text,
        **({"from_name": name} if name else {}),
        **fields,
    }
    return {"device_id": DEVICE, "event": "message", "payload": payload}
