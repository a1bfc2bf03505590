"""What each address was told, in a small file beside the journal: a restart tells nothing twice, and leaves no begin without its end.

A convenience, not a record: a file that is lost, broken or cannot be written costs a repeated notice at most.
"""

import hashlib
import os
from pathlib import Path

import msgspec

from unlost.notices.ledger import Ledger, Line
from unlost.notices.watching import Key

FILE_MAX_BYTES = 4 * 1024 * 1024

Kept = dict[str, dict[str, Line]]
_decoder = msgspec.json.Decoder(Kept)
SEPARATOR = "|"


def file_beside(journal: Path) -> Path:
    """Its place."""
    return journal.with_name(f"{journal.name}.notices")


def remembered(path: Path, address: str) -> Ledger:
    """The ledger of an address; an empty one where nothing is known of it."""
    kept = _read(path).get(_name_of(address), {})
    return Ledger({_key(name): line for name, line in kept.items()})


def remember(path: Path, ledgers: dict[str, Ledger]) -> None:
    """Write all of them, by address, in place of what stood there. Blocks; does nothing where the disk says no."""
    kept: Kept = {
        _name_of(address): {f"{key.name}{SEPARATOR}{key.subject}": line for key, line in ledger.lines.items()}
        for address, ledger in ledgers.items()
    }
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.write_bytes(msgspec.json.encode(kept))
        os.replace(fresh, path)
    except OSError:
        pass  # the ledgers themselves stand in memory


def _read(path: Path) -> Kept:
    try:
        with path.open("rb") as file:
            return _decoder.decode(file.read(FILE_MAX_BYTES))
    except (OSError, msgspec.DecodeError):
        return {}


def _key(name: str) -> Key:
    trouble, _, subject = name.partition(SEPARATOR)
    return Key(trouble, subject)


def _name_of(address: str) -> str:
    """An address is a secret; this tells one from the other and no more."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]
