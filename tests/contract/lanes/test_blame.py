"""A failure belongs to the circuit of the host that failed, not of the one that the step was meant for."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.lanes.grounds import ScriptedRoad, ground
from unlost.errors import Cause, TryLater
from unlost.lanes.circuit import Circuit
from unlost.vocabulary.verdicts import Postponed


@pytest.mark.parametrize(
    ("host", "blamed"), [(None, ["helpdesk"]), ("gateway", ["gateway"]), ("https://files.test", [])]
)
async def test_only_the_circuit_of_the_host_that_failed_hears_of_it(
    tmp_path: Path, host: str | None, blamed: list[str]
) -> None:
    error = TryLater("no answer", cause="timeout", away=False)
    error.host = host
    stands = await ground(tmp_path, ScriptedRoad([error]))

    async def probe() -> bool:
        return False

    circuits = {name: Circuit(name, probe, stands.clock) for name in ("gateway", "helpdesk")}
    stands.walker = replace(stands.walker, circuit_of=circuits.get)
    await stands.walk()
    assert [name for name, circuit in circuits.items() if circuit.is_open] == blamed
    await stands.journal.close()


@pytest.mark.parametrize("cause", ["timeout", "rate_limited"])
async def test_where_no_circuit_is_a_failure_costs_an_attempt_whatever_it_is(tmp_path: Path, cause: Cause) -> None:
    """Else a host that asks for less for ever would be asked every second."""
    error = TryLater("no answer", cause=cause, away=False, status=429 if cause == "rate_limited" else None)
    error.host = "https://files.test"
    stands = await ground(tmp_path, ScriptedRoad([error]))
    stands.walker = replace(stands.walker, circuit_of=lambda host: None if host == error.host else circuit)
    circuit = Circuit("helpdesk", _never_asked, stands.clock)
    await stands.walk()
    (verdict,) = stands.ends
    assert isinstance(verdict, Postponed)
    assert verdict.costs_attempt
    await stands.journal.close()


async def _never_asked() -> bool:
    raise AssertionError
