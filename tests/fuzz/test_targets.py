"""Every target bears its own seeds, cut anywhere and with any byte changed: what a fuzzer begins with."""

import random

import pytest

from tests.fuzz import NAMES
from tests.fuzz.targets import TARGETS, seeds_of

CHANGES = 20


def test_every_target_is_named() -> None:
    assert tuple(TARGETS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_recorded_bodies_whole_cut_and_changed_are_read_or_refused(name: str) -> None:
    rng = random.Random(name)
    take = TARGETS[name]
    seeds = [path.read_bytes() for path in seeds_of(name)]
    assert seeds
    for body in seeds:
        take(body)
        take(body[: rng.randrange(len(body))])
        for _ in range(CHANGES):
            changed = bytearray(body)
            changed[rng.randrange(len(changed))] = rng.randrange(256)
            take(bytes(changed))
