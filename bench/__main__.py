"""`python -m bench [--only door,road,…] [--quick]`: progress on stderr, one JSON document on stdout."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop

from bench.figures import Finding, Raw
from bench.measures import calls, claim, door, resume, road, standing
from bench.plan import Plan, full, quick
from bench.programs import machine

MEASURES: dict[str, Callable[[Plan], Awaitable[list[Finding]]]] = {
    "door": door.measure,
    "road": road.measure,
    "calls": calls.measure,
    "claim": claim.measure,
    "resume": resume.measure,
    "standing": standing.measure,
}


def main() -> int:
    """0 whatever the figures are: a budget missed stands in the document."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", default=",".join(MEASURES), help=f"of {', '.join(MEASURES)}")
    parser.add_argument("--quick", action="store_true", help="small: whether it runs, not how fast")
    parser.add_argument(
        "--folder", type=Path, default=None, help="on the file system to be measured (default: temporary)"
    )
    given = parser.parse_args()
    names = given.only.split(",")
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        parser.error(f"no such measurement: {', '.join(unknown)}")
    with tempfile.TemporaryDirectory(prefix="unlost-bench-", dir=given.folder) as made:
        plan = quick(Path(made)) if given.quick else full(Path(made))
        print(json.dumps(uvloop.run(document(plan, names)), indent=2))
    return 0


async def document(plan: Plan, names: list[str]) -> Raw:
    """Every budget that was asked for."""
    budgets: Raw = {}
    before = machine()
    for name in names:
        began = time.monotonic()
        print(f"bench: {name} …", file=sys.stderr, flush=True)
        for finding in await MEASURES[name](plan):
            budgets[finding.name] = finding.as_json()
            mark = "ok" if finding.is_met else "MISSED"
            line = f"  {finding.name}: {finding.value:.4g} ({finding.sense} {finding.budget:g} {finding.unit}) {mark}"
            print(line, file=sys.stderr, flush=True)
        print(f"  took {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return {"machine": before, "load_average_after": machine()["load_average"], "budgets": budgets}


if __name__ == "__main__":
    sys.exit(main())
