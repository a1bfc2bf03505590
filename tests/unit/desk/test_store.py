"""What a helpdesk remembers after its process is gone."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from tests.contract.desk.helpdesk import JID, TOKEN, Helpdesk
from unlost.desk.store import SqliteStore
from unlost.desk.values import json_call


def test_everything_acknowledged_is_there_after_a_kill(tmp_path: Path) -> None:
    """The first helpdesk is neither closed nor told; the second opens the same file."""
    first = Helpdesk(store=SqliteStore(tmp_path / "desk.db"))
    conversation = first.conversation(custom_attributes={"a": 1})
    first.post(conversation, source_id="WAID:1", content_attributes={"unlost_key": "k"})
    first.json("POST", f"conversations/{conversation}/labels", {"labels": ["x"]})
    second = Helpdesk(store=SqliteStore(tmp_path / "desk.db"))
    for path in (f"conversations/{conversation}", f"conversations/{conversation}/messages", "contacts/1", "inboxes/1"):
        assert second.json("GET", path) == first.json("GET", path)


def test_ids_go_on_where_they_stopped_even_when_the_last_rows_are_gone(tmp_path: Path) -> None:
    first = Helpdesk(store=SqliteStore(tmp_path / "desk.db"))
    conversation = first.conversation()
    highest = first.post(conversation)["id"]
    first.json("DELETE", "contacts/1")
    second = Helpdesk(store=SqliteStore(tmp_path / "desk.db"))
    following = second.conversation()
    assert (following, second.post(following)["id"]) == (conversation + 1, highest + 1)


def test_what_a_full_disk_refused_is_kept_with_the_next_commit(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    desk = Helpdesk(store=SqliteStore(path))
    other = apsw.Connection(str(path))
    other.execute("CREATE TRIGGER full BEFORE INSERT ON desk_row BEGIN SELECT RAISE(ABORT, 'full'); END")
    with pytest.raises(apsw.ConstraintError):
        desk.world.handle(json_call("POST", "/api/v1/accounts/1/contacts", TOKEN, {"name": "first"}), desk.now)
    other.execute("DROP TRIGGER full")
    other.close()
    desk.contact(JID)
    again = Helpdesk(store=SqliteStore(path))
    names = [again.json("GET", f"contacts/{number}")["payload"]["name"] for number in (1, 2)]
    assert names == ["first", "Ana"]
