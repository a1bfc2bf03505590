"""`python -m tests.kills N [--seed S]`: N kills under load; JSON at the end, exit code 1 unless all is clean."""

import argparse
import json
import sys
import time
from dataclasses import asdict

from tests.kills.run import run


def main() -> int:
    """From the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=10, help="kills of a bridge, over both dialects")
    parser.add_argument("--seed", type=int, default=None, help="another seed, other kills (default: the clock)")
    given = parser.parse_args()
    if given.kills < 1:
        parser.error("at least one kill")
    seed = int(time.time()) % 100_000 if given.seed is None else given.seed
    summary = run(given.kills, seed, lambda line: print(line, file=sys.stderr, flush=True))
    print(json.dumps(asdict(summary)))
    return 0 if summary.clean else 1


if __name__ == "__main__":
    sys.exit(main())
