"""Asks the running bridge, through its own door and API."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import msgspec

from unlost.doctor.sights import BridgeSight, ChannelState, Trouble
from unlost.settings.values import Settings
from unlost.transport import Answer, Call, Http, TransportFailed

WAIT_S = 10.0
ANSWER_MAX_BYTES = 16 * 1024 * 1024
DAY_S = 86_400
HEALTHY = b"ok\n"
"""What our door says at /healthz."""


@dataclass(frozen=True, slots=True)
class OwnBridge:
    """The bridge that these settings describe, over *http*."""

    http: Http
    url: str
    password: str = field(repr=False)
    public_url: str = ""

    @classmethod
    def of(cls, http: Http, settings: Settings) -> "OwnBridge":
        """On this machine: through its listening address, never through its public one."""
        listen = settings.server.listen
        host = "127.0.0.1" if listen.host in ("0.0.0.0", "::") else listen.host  # noqa: S104 - compared, not bound
        url = f"http://{f'[{host}]' if ':' in host else host}:{listen.port}"
        return cls(http, url, settings.console.password.reveal(), settings.server.public_url)

    async def get(self, path: str) -> Answer:
        """Raises TransportFailed."""
        return await self._send("GET", self.url + path, {"authorization": f"Bearer {self.password}"}, None)

    async def knock(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        """A webhook at our own door; its status. Raises TransportFailed."""
        return (await self._send("POST", self.url + path, headers, body)).status

    async def get_public(self, path: str) -> Answer:
        """Through the public address. Raises TransportFailed."""
        return await self._send("GET", self.public_url.rstrip("/") + path, {}, None)

    async def trace(self, what: str) -> dict[str, Any] | None:
        """What became of a message or conversation; None where the bridge does not say. Raises TransportFailed."""
        answer = await self.get(f"/api/v1/trace?q={quote(what, safe='')}")
        return _object(answer) if answer.status == 200 else None

    async def _send(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> Answer:
        if not self.password:
            headers = {name: text for name, text in headers.items() if name != "authorization"}
        call = Call(method, url, WAIT_S, headers=headers, json=body, answer_max_bytes=ANSWER_MAX_BYTES)
        return await self.http.send(call)


async def look_at_bridge(bridge: OwnBridge) -> BridgeSight:
    """Never raises for what the bridge answers or does not."""
    try:
        if (await bridge.get("/healthz")).body != HEALTHY:
            return BridgeSight(can_commit=None)  # another program listens there
        can_commit = (await bridge.get("/readyz")).status == 200
        status, metrics = await bridge.get(f"/api/v1/status?since={DAY_S}"), await bridge.get("/metrics")
    except TransportFailed:
        return BridgeSight(can_commit=None)
    told = _object(status) if status.status == 200 else None
    page = metrics.body.decode(errors="replace") if metrics.status == 200 else ""
    return BridgeSight(
        can_commit=can_commit,
        version=str((told or {}).get("version", "")),
        channels=Trouble("http_4xx", status.status) if told is None else channels_of(told),
        unsigned_gateway=metric(page, "whatsapp_web_signature_invalid_total", 'side="gateway"'),
        unsigned_helpdesk=metric(page, "whatsapp_web_signature_invalid_total", 'side="helpdesk"'),
        forwarded=metric(page, "unlost_duplicates_total", 'where="second_forwarder"'),
        taken_from_helpdesk=metric(page, "whatsapp_web_webhook_duration_seconds_count", 'side="helpdesk"'),
        public=await _public(bridge) if bridge.public_url else None,
    )


async def _public(bridge: OwnBridge) -> bool | Trouble:
    try:
        answer = await bridge.get_public("/healthz")
    except TransportFailed as failed:
        return Trouble(failed.cause)
    return answer.status == 200 and answer.body == HEALTHY


def channels_of(status: dict[str, Any]) -> tuple[ChannelState, ...]:
    """What `/api/v1/status` tells of each channel; what another version does not tell counts as nothing."""
    return tuple(_channel(row, status) for row in status.get("channels", []))


def _channel(row: dict[str, Any], status: dict[str, Any]) -> ChannelState:
    name = str(row.get("name", ""))
    pauses = [pause for pause in status.get("pauses", []) if pause.get("channel") == name]
    blocked = {str(pause.get("reason", "")) for pause in pauses if pause.get("blocked")}
    return ChannelState(
        name=name,
        waiting=row.get("waiting", 0) + row.get("leased", 0),
        dead=row.get("dead", 0),
        gaps=sum(gap.get("channel") == name for gap in status.get("gaps", [])),
        oldest_waiting_s=row.get("oldest_waiting_s") or 0.0,
        blocked=tuple(sorted(blocked)),
        paused=any(not pause.get("blocked") for pause in pauses),
    )


def metric(page: str, name: str, label: str) -> float:
    """The sum of *name* over the lines that carry *label*; 0 where there is none."""
    found = re.findall(rf"^{name}\{{[^}}]*{re.escape(label)}[^}}]*\}} ([0-9.e+]+)$", page, re.MULTILINE)
    return sum(float(value) for value in found)


def _object(answer: Answer) -> dict[str, Any] | None:
    """A JSON object; None for anything else, which is then not our bridge's word."""
    try:
        return msgspec.json.decode(answer.body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
