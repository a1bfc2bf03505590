"""A look at a journal whose log somebody holds."""

import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from tests.kills.looking import Unreadable, held_by

STANDS_STILL = """
import fcntl, sys
log_index = open(sys.argv[1], "r+b")
fcntl.lockf(log_index, fcntl.LOCK_EX, 5, 123)  # SQLite's WAL_READ_LOCKs: offset 120 + 3, and five of them
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="as the kills")
def test_where_somebody_stands_still_with_the_log_s_locks_nobody_can_look(tmp_path: Path) -> None:
    """SQLite gives up by itself, after ten seconds."""
    journal = tmp_path / "unlost.db"
    owner = apsw.Connection(str(journal))
    owner.pragma("journal_mode", "wal")
    owner.execute("CREATE TABLE entry (id)")
    words = [sys.executable, "-c", STANDS_STILL, f"{journal}-shm"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(Unreadable):
            held_by(journal, "anybody", tries=1)
        other.communicate()
    owner.close()
