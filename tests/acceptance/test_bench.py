"""`make bench` in small: that every budget is measured and written down. How fast anything is, no test asks."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUDGETS = {
    "door": {"door_rate", "door_p99"},
    "road": {"road"},
    "calls": {
        "calls_known_text",
        "calls_new_contact",
        "calls_new_brazilian_mobile",
        "calls_receipts_per_answer",
    },
    "claim": {"claim"},
    "resume": {"resume_not_begun", "resume_begun"},
    "standing": {"memory_idle", "memory_million_waiting", "start", "start_million_waiting"},
}


@pytest.mark.parametrize("measurement", BUDGETS)
def test_the_bench_prints_a_number_for_every_budget(measurement: str, tmp_path: Path) -> None:
    words = ["-m", "bench", "--quick", "--only", measurement, "--folder", str(tmp_path)]
    ended = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert ended.returncode == 0, ended.stderr[-3000:]
    budgets = json.loads(ended.stdout)["budgets"]
    assert set(budgets) == BUDGETS[measurement]
    assert all(isinstance(found["value"], float) and isinstance(found["ok"], bool) for found in budgets.values())
