"""An upgrade and the way back between two versions, under load: nothing is lost, and nothing waits for the migration.

The version to come is this program with one more step of the schema, as any later one may have; yesterday's program is this one.
"""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

import unlost
from tests.acceptance.conftest import Opened
from tests.acceptance.office import Office
from tests.acceptance.waiting import eventually
from tests.kills.customers import Customers
from unlost.cli.demo.audit import sent_by, shown_by
from unlost.cli.demo.ledger import judge
from unlost.cli.demo.world import DEVICE
from unlost.journal.migrating import migrations

RATE = 25.0
LOAD_S = 2.0
TO_COME = "0.9.0"
MIGRATION = """-- oldest program: 0.1.0
CREATE TABLE hologram (entry_id INTEGER PRIMARY KEY, at REAL NOT NULL);
ALTER TABLE entry ADD COLUMN hologram INTEGER NOT NULL DEFAULT 0;
CREATE INDEX entry_hologram ON entry (hologram) WHERE hologram = 1;
"""


@pytest.fixture(scope="module")
def office(open_office: Opened) -> Office:
    return open_office()


@pytest.fixture(scope="module")
def to_come(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the program of a later version stands."""
    folder = tmp_path_factory.mktemp("later")
    package = folder / "unlost"
    shutil.copytree(Path(unlost.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    init = package / "__init__.py"
    init.write_text(init.read_text().replace(f'"{unlost.__version__}"', f'"{TO_COME}"'))
    (package / "journal" / "migrations" / "0999_hologram.sql").write_text(MIGRATION)
    return folder


@contextmanager
def version(folder: Path | None) -> Iterator[None]:
    """Whatever is started inside is the program in *folder*; None: this one."""
    before = os.environ.get("PYTHONPATH")
    if folder is not None:
        os.environ["PYTHONPATH"] = f"{folder}{os.pathsep}{before or ''}"
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("PYTHONPATH", None)
        else:
            os.environ["PYTHONPATH"] = before


def running(office: Office) -> str:
    """The version that answers."""
    return str(office.ask().get("status")["version"])


def schema(office: Office) -> int:
    """The journal's."""
    with closing(sqlite3.connect(office.folder / "unlost.db")) as journal:
        return int(journal.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()[0])


def test_to_the_version_to_come_and_back_under_load_nothing_is_lost(office: Office, to_come: Path) -> None:
    customers = Customers(office.population_path, seed=6)
    customers.rate = RATE
    customers.start()
    try:
        for folder, wanted in ((to_come, TO_COME), (None, unlost.__version__), (to_come, TO_COME)):
            time.sleep(LOAD_S)  # the load itself, not a wait for something
            office.bridge.stop()
            with version(folder):
                office.start_bridge()
            assert (running(office), schema(office)) == (wanted, 999)
        time.sleep(LOAD_S)
    finally:
        customers.stop()

    def ledger_is_clean() -> bool:
        office.ask().post("reconcile", {}, wait_s=60.0)
        office.ask().post("drain", {"timeout_s": 5.0})
        ledger = judge(sent_by(office.population_path, DEVICE), shown_by(office.desk_url, office.password))
        print(ledger)
        return ledger.is_clean

    eventually(ledger_is_clean, "a clean ledger", within_s=60)
    assert office.json("dead", "list") == []
    kept = office.folder / f"unlost.db.schema-{migrations()[-1].number}"
    assert kept.exists(), "the journal as it stood before the upgrade"
