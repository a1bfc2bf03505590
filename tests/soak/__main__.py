"""python -m tests.soak [--messages 20000]: prints the samples, the rate, and what grew; exit code 1 if anything did."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.contract.gateway.engines.real import WHY_NOT


async def run(count: int, samples: int, folder: Path) -> int:
    from tests.fake_whatsapp.server import FakeWhatsApp
    from tests.soak.soaking import soak

    async with FakeWhatsApp(folder / "whatsapp") as server:
        soaked = await soak(server, folder / "gateway", count, samples, print)
    grown = soaked.grown()
    lost, order = set(soaked.sent) - set(soaked.told), len(soaked.told) - len(set(soaked.told))
    print(f"{count} messages in {soaked.took_s:.0f} s, {soaked.rate:.0f} a second; lost {len(lost)}, doubled {order}")
    print("\n".join(grown) or "memory and descriptors are flat")
    return 1 if grown or lost or order else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="tests.soak")
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--samples", type=int, default=40)
    asked = parser.parse_args()
    if WHY_NOT:
        sys.exit(WHY_NOT)
    with tempfile.TemporaryDirectory() as made:
        (Path(made) / "whatsapp").mkdir()
        sys.exit(asyncio.run(run(asked.messages, asked.samples, Path(made))))
