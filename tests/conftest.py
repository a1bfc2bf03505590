"""The order of the test run. Whole files are handed out to workers; the longest go first, so that none is left alone at the end."""

import pytest

LONGEST = (  # measured, each half a minute or more
    "tests/simulation/test_schedules_beyond.py",
    "tests/simulation/test_schedules.py",
    "tests/kills/test_kills.py",
    "tests/simulation/test_mutants.py",
    "tests/browser/test_console.py",
    "tests/contract/gateway/engines/test_killed_worker.py",
    "tests/contract/gateway/engines/test_neonize_bad_days.py",
    "tests/acceptance/test_files.py",
    "tests/browser/test_gateway.py",
    "tests/contract/gateway/engines/test_neonize_verbs.py",
    "tests/acceptance/test_hostile.py",
    "tests/acceptance/test_bench.py",
    "tests/browser/test_desk.py",
    "tests/acceptance/test_operator.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The same in each worker, as xdist asks."""
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.nodeid.partition("::")[0], len(LONGEST)))
