"""Keys of sends: their states, whatever order calls come in."""

from datetime import UTC, datetime, timedelta

import apsw
import pytest

from unlost.gateway.clerk import Clerk
from unlost.gateway.engines.port import EngineAway, EngineCrashed, EngineError, NotStarted, Quarantined, Throttled
from unlost.gateway.sends import Keys, Once, Said
from unlost.gateway.sends.keys import KeyState
from unlost.gateway.sends.once import Keyed, KeyTaken, OutcomeUnknown, new_message_id

KEYED = Keyed("device", "key", b"request", takes_ids=True)
WITHOUT_IDS = Keyed("device", "key", b"request", takes_ids=False)


@pytest.fixture
def connection() -> apsw.Connection:
    return apsw.Connection(":memory:")


@pytest.fixture
def keys(connection: apsw.Connection) -> Keys:
    return Keys(connection)


class Performed:
    """Says each thing once, or fails as told; keeps the ids it was handed."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.ids: list[str] = []

    async def __call__(self, message_id: str) -> Said:
        self.ids.append(message_id)
        if self.errors:
            raise self.errors.pop(0)
        return Said(message_id.encode(), lambda: None)


async def test_a_second_call_gives_the_first_one_s_answer(keys: Keys) -> None:
    once, performed = Once(keys, Clerk()), Performed()
    answers = [await once.send(KEYED, performed) for _ in range(3)]
    assert (set(answers), len(performed.ids)) == ({performed.ids[0].encode()}, 1)


@pytest.mark.parametrize("error", [EngineCrashed(), TimeoutError()])
async def test_in_doubt_it_goes_again_under_the_same_id(keys: Keys, error: Exception) -> None:
    once, performed = Once(keys, Clerk()), Performed(error)
    with pytest.raises(type(error)):
        await once.send(KEYED, performed)
    await once.send(KEYED, performed)
    assert performed.ids[0] == performed.ids[1]


@pytest.mark.parametrize("error", [EngineCrashed(), TimeoutError()])
async def test_in_doubt_without_ids_it_never_goes_again(keys: Keys, error: Exception) -> None:
    once, performed = Once(keys, Clerk()), Performed(error)
    for keyed in (WITHOUT_IDS, WITHOUT_IDS, KEYED):
        with pytest.raises(OutcomeUnknown):
            await once.send(keyed, performed)
    assert len(performed.ids) == 1


@pytest.mark.parametrize("keyed", [KEYED, WITHOUT_IDS])
@pytest.mark.parametrize("error", [EngineAway(), NotStarted(), Throttled(), Quarantined()])
async def test_proof_that_nothing_was_done_leaves_it_free(keys: Keys, error: EngineError, keyed: Keyed) -> None:
    once, performed = Once(keys, Clerk()), Performed(error)
    with pytest.raises(type(error)):
        await once.send(keyed, performed)
    await once.send(keyed, performed)
    assert performed.ids[0] == performed.ids[1]


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        (True, True, KeyState.BEGUN),
        (True, False, KeyState.UNKNOWN),
        (False, True, KeyState.UNKNOWN),
        (False, False, KeyState.UNKNOWN),
    ],
)
def test_what_a_dead_process_began_goes_again_only_if_both_engines_take_the_id(
    keys: Keys, first: bool, second: bool, state: KeyState
) -> None:
    keys.begin("device", "key", b"request", "A", takes_ids=first)
    again = keys.begin("device", "key", b"request", "B", takes_ids=second)
    assert (again.state, again.message_id) == (state, "A")


async def test_another_request_is_refused_and_changes_nothing(keys: Keys) -> None:
    once, performed = Once(keys, Clerk()), Performed()
    answer = await once.send(KEYED, performed)
    with pytest.raises(KeyTaken):
        await once.send(Keyed("device", "key", b"other", takes_ids=True), performed)
    assert await once.send(KEYED, performed) == answer


async def test_another_device_has_keys_of_its_own(keys: Keys) -> None:
    once, performed = Once(keys, Clerk()), Performed()
    await once.send(KEYED, performed)
    await once.send(Keyed("other", "key", b"request", takes_ids=True), performed)
    assert len(performed.ids) == 2


def test_an_answer_and_its_row_are_one_commit(keys: Keys, connection: apsw.Connection) -> None:
    keys.begin("device", "key", b"request", "A", takes_ids=True)

    def fails() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        keys.finish("device", "key", b"answer", fails)
    kept = keys.find("device", "key")
    assert kept is not None
    assert kept.state is KeyState.BEGUN


@pytest.mark.parametrize(("days", "left"), [(399, 2), (401, 1)])
def test_old_answers_are_forgotten_and_doubts_never(
    keys: Keys, connection: apsw.Connection, days: int, left: int
) -> None:
    for key in ("done", "unknown"):
        keys.begin("device", key, b"request", "A", takes_ids=True)
    keys.finish("device", "done", b"answer", lambda: None)
    keys.doubt("device", "unknown")
    keys.prune(datetime.now(UTC) + timedelta(days=days))
    assert connection.execute("SELECT count(*) FROM send_key").fetchall() == [(left,)]


def test_ids_have_the_form_of_whatsapp_s_own() -> None:
    ids = {new_message_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(len(one) == 22 and one.startswith("3EB0") and int(one, 16) for one in ids)
