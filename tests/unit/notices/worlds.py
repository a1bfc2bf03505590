"""Numbers, clocks and services for notices that no test has to wait for."""

from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

from unlost.notices.notices import Notices, build_notices
from unlost.notices.wording import Notice
from unlost.telemetry.log import Telemetry, silent_telemetry

NOW = 1_790_000_000.0
HOUR_S = 3600.0


@dataclass
class Clock:
    """Stands still until it is told."""

    at: float = NOW

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at - NOW

    def pass_by(self, seconds: float) -> None:
        self.at += seconds


@dataclass
class Service:
    """Takes notices, or says why not."""

    says: str | None = None
    taken: list[Notice] = field(default_factory=list)
    asked: int = 0

    async def post(self, address: str, notice: Notice) -> str | None:
        self.asked += 1
        if self.says is None:
            self.taken.append(notice)
        return self.says


@dataclass
class Office:
    """One bridge's notices, with one address."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    service: Service = field(default_factory=Service)
    telemetry: Telemetry = field(default_factory=silent_telemetry)
    urls: tuple[str, ...] = ("json://ops",)
    notices: Notices = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """As a process starts: with numbers of its own."""
        self.telemetry = silent_telemetry()
        self.telemetry.metrics.introduce(["support"])
        self.notices = build_notices(
            self.urls,
            telemetry=self.telemetry,
            clock=self.clock,
            post=self.service.post,
            host="bridge-1",
            zone=UTC,
            journal=self.folder / "unlost.db",
        )

    def dead_letters(self, count: int) -> None:
        """A trouble that needs no wait."""
        self.telemetry.metrics.dead_letters.labels("support").set(count)

    async def look(self, *, after_s: float = 120) -> list[Notice]:
        """Let time pass, look, and tell; what was taken now."""
        self.clock.pass_by(after_s)
        before = len(self.service.taken)
        await self.notices.look()
        for address in self.notices.addresses:
            await self.notices.post_due(address)
        return self.service.taken[before:]
