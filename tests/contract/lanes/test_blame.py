"""A failure belongs to the circuit of the host that failed, not of the one that the step was meant for."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.lanes.grounds import ScriptedRoad, ground
from unlost.errors import TryLater
from unlost.lanes.circuit import Circuit


@pytest.mark.parametrize(("host", "blamed"), [(None, "helpdesk"), ("gateway", "gateway")])
async def test_only_the_circuit_of_the_host_that_failed_hears_of_it(
    tmp_path: Path, host: str | None, blamed: str
) -> None:
    error = TryLater("no answer", cause="timeout", away=False)
    error.host = host
    stands = await ground(tmp_path, ScriptedRoad([error]))

    async def probe() -> bool:
        return False

    circuits = {name: Circuit(name, probe, stands.clock) for name in ("gateway", "helpdesk")}
    stands.walker = replace(stands.walker, circuit_of=circuits.__getitem__)
    await stands.walk()
    assert [name for name, circuit in circuits.items() if circuit.is_open] == [blamed]
    await stands.journal.close()
