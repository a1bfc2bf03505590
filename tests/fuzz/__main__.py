"""`python -m tests.fuzz [TARGET …] [--for SECONDS] [--replay FILE]`: each target in a process of its own."""

import argparse
import importlib.util
import subprocess
import sys
from pathlib import Path

from tests.fuzz import NAMES

FOUND = Path(".fuzz")
BODY_MAX_BYTES = 20_000
"""What is long is not more interesting; bodies past the door's limit are refused before they are read."""
INPUT_MAX_S = 5
MEMORY_MAX_MB = 2_048


def main() -> int:
    """0 where nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(NAMES)}; all of them by default")
    parser.add_argument("--for", dest="seconds", type=int, default=60, help="seconds for each target (60)")
    parser.add_argument(
        "--replay", type=Path, help="a file that was found: run one target on it and show what it raises"
    )
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    unknown = set(given.targets) - set(NAMES)
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    if given.replay is not None:
        if len(given.targets) != 1:
            parser.error("--replay wants one target")
        from tests.fuzz.targets import TARGETS

        TARGETS[given.targets[0]](given.replay.read_bytes())
        return 0
    if importlib.util.find_spec("atheris") is None:
        print("fuzz: skipped; Atheris has wheels for Linux on x86-64 only")
        return 0
    if given.here:
        _fuzz(given.targets[0], given.seconds)
    ended = [_in_a_process(name, given.seconds) for name in given.targets or NAMES]
    return max(ended)


def _in_a_process(name: str, seconds: int) -> int:
    print(f"fuzz: {name}, {seconds} s …", flush=True)
    words = [sys.executable, "-m", "tests.fuzz", name, "--for", str(seconds), "--here"]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    told = ended.stderr.splitlines()
    print(
        "\n".join(line for line in told if "DONE" in line or ("exec/s" in line and line == told[-1])) or "", flush=True
    )
    if ended.returncode != 0:
        print("\n".join([*ended.stdout.splitlines()[-20:], *told[-30:]]), flush=True)
    return 1 if ended.returncode else 0


def _fuzz(name: str, seconds: int) -> None:
    """Never returns: libFuzzer ends the process."""
    import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]  # it ships no types, and is not there for every machine

    with atheris.instrument_imports(include=["unlost"]):
        from tests.fuzz.targets import TARGETS, seeds_of

    corpus = FOUND / name
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in seeds_of(name):
        (corpus / seed.name).write_bytes(seed.read_bytes())
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={BODY_MAX_BYTES}",
        f"-timeout={INPUT_MAX_S}",
        f"-rss_limit_mb={MEMORY_MAX_MB}",
        f"-artifact_prefix={corpus}/found-",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
