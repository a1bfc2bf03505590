"""The helpdesk's tables in memory: rows by id, a few indexes, one transaction at a time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, Generic, TypeVar

from unlost.desk.rows import INCOMING, Contact, ContactInbox, Conversation, Inbox, Message, Row, Sequence, User

R = TypeVar("R", User, Inbox, Contact, ContactInbox, Conversation, Message, Sequence)
Change = tuple[str, int, Row | None]
NO_IDS: list[int] = []


class Table(Generic[R]):
    """Rows of one kind. `keys` names what each row is indexed under, by place; None is not indexed."""

    def __init__(self, kind: str, tables: Tables, keys: Callable[[R], tuple[Hashable | None, ...]], width: int) -> None:
        self.kind = kind
        self.rows: dict[int, R] = {}
        self.highest = 0
        self._tables = tables
        self._keys: Callable[[R], tuple[Hashable | None, ...]] = keys
        self._indexes: tuple[dict[Hashable, list[int]], ...] = tuple({} for _ in range(width))

    def next_id(self) -> int:
        """An id never given before. Like a database sequence, it is not given back when the transaction fails."""
        self.highest += 1
        return self.highest

    def put(self, row: R) -> R:
        """Insert *row* or replace the one with its id, inside the running transaction."""
        old = self._place(row)
        self._tables.undo.append((self.kind, row.id, old))
        return row

    def drop(self, row_id: int) -> None:
        """Destroy a row; its id stays given."""
        old = self._remove(row_id)
        self._tables.undo.append((self.kind, row_id, old))
        self._tables.remember_highest(self)

    def ids(self, index: int, key: Hashable) -> list[int]:
        """Ids under *key* in the order in which they came to stand there. Not to be changed by the caller."""
        return self._indexes[index].get(key, NO_IDS)

    def restore(self, row_id: int, row: Any) -> None:
        """Set a row without a transaction: when loading, and when undoing."""
        if row is None:
            self._remove(row_id)
        else:
            self._place(row)

    def _place(self, row: R) -> R | None:
        old = self.rows.get(row.id)
        new_keys = self._keys(row)
        old_keys = self._keys(old) if old is not None else (None,) * len(new_keys)
        for index, was, now in zip(self._indexes, old_keys, new_keys, strict=True):
            if was != now:
                _unlink(index, was, row.id)
                if now is not None:
                    index.setdefault(now, []).append(row.id)
        self.rows[row.id] = row
        if row.id > self.highest:
            self.highest = row.id
        return old

    def _remove(self, row_id: int) -> R | None:
        old = self.rows.pop(row_id, None)
        if old is not None:
            for index, key in zip(self._indexes, self._keys(old), strict=True):
                _unlink(index, key, row_id)
        return old


def _unlink(index: dict[Hashable, list[int]], key: Hashable | None, row_id: int) -> None:
    ids = index.get(key) if key is not None else None
    if ids is None:
        return
    if ids[-1] == row_id:
        ids.pop()
    else:
        ids.remove(row_id)
    if not ids:
        del index[key]


class Tables:
    """Every table. Changes since the last `take_changes` can be undone together or taken to the store."""

    def __init__(self) -> None:
        self.undo: list[tuple[str, int, Row | None]] = []
        self.users: Table[User] = Table("user", self, lambda row: (), 0)
        self.inboxes: Table[Inbox] = Table("inbox", self, lambda row: (row.identifier,), 1)
        self.contacts: Table[Contact] = Table(
            "contact", self, lambda row: (row.identifier, row.email, row.phone_number), 3
        )
        self.contact_inboxes: Table[ContactInbox] = Table(
            "contact_inbox", self, lambda row: ((row.inbox_id, row.source_id), row.contact_id, row.source_id), 3
        )
        self.conversations: Table[Conversation] = Table(
            "conversation", self, lambda row: (row.contact_id, row.contact_inbox_id), 2
        )
        self.messages: Table[Message] = Table("message", self, _message_keys, 3)
        self.sequences: Table[Sequence] = Table("sequence", self, lambda row: (), 0)
        self.by_kind: dict[str, Table[Any]] = {
            table.kind: table
            for table in (
                self.users,
                self.inboxes,
                self.contacts,
                self.contact_inboxes,
                self.conversations,
                self.messages,
                self.sequences,
            )
        }

    def load(self, rows: Iterable[tuple[str, Row]]) -> None:
        """Fill the tables with what a store kept, in id order per kind."""
        for kind, row in rows:
            self.by_kind[kind].restore(row.id, row)
        for number, table in enumerate(self.by_kind.values()):
            kept = self.sequences.rows.get(number)
            table.highest = max(table.highest, kept.highest if kept else 0)

    def remember_highest(self, table: Table[Any]) -> None:
        """Keep the highest id given in *table* as a row of its own, because its row may be gone at the next load."""
        number = list(self.by_kind).index(table.kind)
        self.sequences.put(Sequence(id=number, highest=table.highest))

    def roll_back(self) -> None:
        """Undo everything since the last `take_changes`; ids given stay given."""
        while self.undo:
            kind, row_id, old = self.undo.pop()
            self.by_kind[kind].restore(row_id, old)

    def take_changes(self) -> list[Change]:
        """What changed since the last call, each row once, as it stands now (None: destroyed)."""
        touched = dict.fromkeys((kind, row_id) for kind, row_id, _ in self.undo)
        self.undo.clear()
        return [(kind, row_id, self.by_kind[kind].rows.get(row_id)) for kind, row_id in touched]


def _message_keys(row: Message) -> tuple[Hashable | None, ...]:
    conversation = row.conversation_id
    return (
        conversation,
        (conversation, row.source_id) if row.source_id is not None else None,
        conversation if row.message_type == INCOMING else None,
    )
