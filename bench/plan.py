"""How large each measurement is: as the budgets ask, or small enough for a smoke test."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes and times. *folder* decides the file system, and with it what a sync costs."""

    folder: Path
    rounds: int = 5
    door_s: float = 3.0
    connections: int = 256
    latency_s: float = 4.0
    road_rounds: int = 3
    road_s: float = 8.0
    road_lanes: int = 1_000
    road_entries: int = 28_000
    concurrency: int = 64
    calls: int = 200
    group: int = 256
    claim_few: int = 1_000
    claim_many: int = 1_000_000
    claim_samples: int = 500
    leased_waiting: int = 100_000
    resume_rounds: int = 3
    waiting_many: int = 1_000_000
    starts: int = 3
    settle_s: float = 6.0


def full(folder: Path) -> Plan:
    """As design section 11 asks."""
    return Plan(folder)


def quick(folder: Path) -> Plan:
    """Everything once, small: whether it runs, not how fast."""
    return Plan(
        folder,
        rounds=1,
        door_s=0.3,
        connections=8,
        latency_s=0.4,
        road_rounds=1,
        road_s=1.0,
        road_lanes=50,
        road_entries=600,
        concurrency=8,
        calls=5,
        group=8,
        claim_few=50,
        claim_many=500,
        claim_samples=20,
        leased_waiting=200,
        resume_rounds=1,
        waiting_many=500,
        starts=1,
        settle_s=0.5,
    )
