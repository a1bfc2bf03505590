"""The order of writing, without a death: outbox, then storage and WhatsApp's receipt, then webhooks."""

from pathlib import Path

import apsw
import pytest

from tests.contract.gateway.world import BIA, OWN
from unlost.gateway.clerk import Clerk
from unlost.gateway.counts import Counts
from unlost.gateway.deliveries import Voice
from unlost.gateway.events import Device
from unlost.gateway.faults import Faults
from unlost.gateway.intake import Intake, Told
from unlost.gateway.population import Population
from unlost.gateway.settings import Dialect, Temper
from unlost.gateway.source import PopulationSource

VOICE = Voice(Dialect.ENVELOPE, (9, 2, 0), Temper.DURABLE, Device(OWN), seed=1, shuffle_s=0.0)


@pytest.fixture
def population(tmp_path: Path) -> Population:
    opened = Population.open(tmp_path / "population.db", OWN)
    opened.people.add(BIA)
    opened.send_text(BIA.key, "#1")
    return opened


def intake_of(population: Population) -> Intake:
    return Intake(PopulationSource(population, lambda: True), Clerk(), VOICE, Faults(), Counts())


async def no_outbox(identity: str, told: Told) -> None:
    return None


async def test_an_event_leaves_whatsapp_s_queue_only_after_it_is_kept(population: Population) -> None:
    waiting: list[int] = []

    async def keep(identity: str, told: Told) -> None:
        waiting.append(population.queue.length())

    await intake_of(population).once(lambda told: None, keep, 10)
    assert (waiting, population.queue.length()) == ([1], 0)


async def test_what_could_not_be_kept_stays_in_whatsapp_s_queue_and_is_not_told(population: Population) -> None:
    async def full(identity: str, told: Told) -> None:
        raise apsw.FullError

    told: list[Told] = []
    with pytest.raises(apsw.FullError):
        await intake_of(population).once(told.append, full, 10)
    assert (population.queue.length(), told) == (1, [])


async def test_a_webhook_starts_only_after_whatsapp_s_receipt(population: Population) -> None:
    """GOWA page 2.3: the receipt leaves `after the storage write but before/independently of the webhook`."""
    waiting: list[int] = []
    await intake_of(population).once(lambda told: waiting.append(population.queue.length()), no_outbox, 10)
    assert waiting == [0]


def test_the_same_place_in_another_population_is_another_event(tmp_path: Path) -> None:
    names = set()
    for name in ("a.db", "b.db"):
        opened = Population.open(tmp_path / name, OWN)
        opened.send_text(BIA.key, "#1")
        names.add(opened.queue.name_of(opened.queue.head(1)[0]))
    assert len(names) == 2
