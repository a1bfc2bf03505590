"""The recorded webhooks, and the tables of what each of them means."""

from dataclasses import dataclass
from pathlib import Path

from unlost.vocabulary.addresses import Address

RECORDED = Path(__file__).parents[2] / "recorded" / "gowa"
TABLES = Path(__file__).parent

OWN = Address("628987654321@s.whatsapp.net")
PEER = Address("628123456789@s.whatsapp.net")
LID = Address("251556368777322@lid")
GROUP = Address("120363402106000001@g.us")
NEWS = Address("120363123456789@newsletter")
MEMBER = Address("6289685000001@s.whatsapp.net")

NAMES = {"own": OWN, "peer": PEER, "lid": LID, "group": GROUP, "news": NEWS, "member": MEMBER}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, as text; `-` is nothing. Addresses may be named as in *NAMES*."""

    dialect: str
    sample: str
    kind: str
    chat: str
    sender: str
    device: str
    id: str
    target: str
    told_at: str
    attachment: str
    flags: str
    pairing: str
    words: str


def body(sample: str) -> bytes:
    """A recorded webhook, byte for byte."""
    return (RECORDED / f"{sample}.json").read_bytes()


def rows() -> list[Row]:
    """Both tables' lines."""
    return [row for dialect in ("flat", "envelope") for row in _rows(dialect)]


def _rows(dialect: str) -> list[Row]:
    lines = (TABLES / f"expected_{dialect}.txt").read_text().splitlines()[1:]
    return [Row(dialect, *(cell.strip() for cell in line.split("|"))) for line in lines]


def addressed(cell: str) -> Address | None:
    """The address a cell names."""
    return None if cell == "-" else NAMES.get(cell, Address(cell))
