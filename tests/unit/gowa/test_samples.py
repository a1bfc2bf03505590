"""Every recorded webhook means what the tables beside this file say; each line was checked against the GOWA page."""

from datetime import UTC, datetime

import pytest

from tests.unit.gowa.beside import BESIDE, FIELDS, NAMELESS, PUSH_NAMES
from tests.unit.gowa.samples import OWN, RECORDED, Row, addressed, body, rows
from unlost.gowa.readers import read_envelope, read_event
from unlost.vocabulary.events import (
    GatewayEvent,
    MessageArrived,
    MessageEdited,
    MessageRevoked,
    Noticed,
    ReactionArrived,
    ReceiptArrived,
)

ROWS = rows()


def words_of(event: GatewayEvent) -> str:
    """The one text an event of its kind carries, as the tables show it."""
    match event:
        case MessageArrived():
            return event.text.replace("\n", "\\n")
        case MessageEdited():
            return "(none)" if event.text is None else event.text
        case ReactionArrived():
            return event.emoji
        case ReceiptArrived():
            return event.status
        case Noticed():
            return event.detail
        case _:
            return ""


def flags_of(event: GatewayEvent) -> set[str]:
    """What is true of an event beyond its fields."""
    truths = {"me": event.from_me}
    if isinstance(event, MessageArrived):
        truths |= {"empty": event.is_empty, "once": event.view_once, "fwd": event.forwarded}
    return {name for name, is_true in truths.items() if is_true}


def test_every_recorded_webhook_has_its_line() -> None:
    assert {row.sample for row in ROWS} == {path.stem for path in RECORDED.glob("*.json")}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.sample)
def test_the_envelope_names_what_the_table_says(row: Row) -> None:
    envelope = read_envelope(body(row.sample), device=OWN)
    stamp = None if envelope.told_at is None else datetime.fromtimestamp(envelope.told_at, UTC)
    assert (
        envelope.source.value,
        envelope.kind.value,
        envelope.chat,
        envelope.sender,
        envelope.device,
        envelope.id or "-",
        envelope.target or "-",
        "-" if stamp is None else f"{stamp:%Y-%m-%dT%H:%M:%SZ}",
    ) == (
        row.dialect,
        row.kind,
        addressed(row.chat),
        addressed(row.sender),
        addressed(row.device),
        row.id,
        row.target,
        row.told_at,
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.sample)
def test_the_envelope_teaches_the_pairing_the_body_proves(row: Row) -> None:
    pairings = read_envelope(body(row.sample), device=OWN).pairings
    told = [] if row.pairing == "-" else [tuple(addressed(part) for part in row.pairing.split("="))]
    assert [(pairing.lid, pairing.phone) for pairing in pairings] == told


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.sample)
def test_the_event_says_what_the_table_says(row: Row) -> None:
    envelope = read_envelope(body(row.sample), device=OWN)
    event = read_event(envelope.source, body(row.sample), OWN)
    attachment = event.attachment if isinstance(event, MessageArrived) else None
    flags = flags_of(event) | ({"self"} if envelope.from_self_to_self else set())
    assert (attachment or "-", flags, words_of(event) or "-") == (
        row.attachment,
        set() if row.flags == "-" else set(row.flags.split()),
        row.words,
    )


@pytest.mark.parametrize("dialect", ["v7-flat", "v9"])
def test_a_twin_differs_from_its_message_in_nothing_but_content(dialect: str) -> None:
    full = read_envelope(body(f"{dialect}-group-text"), device=OWN)
    twin = read_envelope(body(f"{dialect}-group-skdm-empty"), device=OWN)
    assert (twin.is_empty, full.is_empty) == (True, False)
    assert (twin.device, twin.chat, twin.sender, twin.kind, twin.id) == (
        full.device,
        full.chat,
        full.sender,
        full.kind,
        full.id,
    )


def test_a_poll_and_a_removed_reaction_look_like_a_twin() -> None:
    """Hard case 7: the bytes do not tell them apart, so the reader does not pretend to."""
    empty = [
        read_envelope(body(name), device=OWN).is_empty for name in ("v7-flat-unsupported", "v7-flat-reaction-removed")
    ]
    assert empty == [True, True]


SPOKEN = (MessageArrived, MessageEdited, MessageRevoked, ReactionArrived)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.sample)
def test_beside_its_columns_the_event_tells_what_was_read_off_the_payload(row: Row) -> None:
    event = read_event(read_envelope(body(row.sample), device=OWN).source, body(row.sample), OWN)
    spoken = isinstance(event, SPOKEN) and row.sample not in NAMELESS
    name = {"push_name": PUSH_NAMES.get(row.sample, "John Doe")} if spoken else {}
    told = {field: getattr(event, field) for field in FIELDS if getattr(event, field, None)}
    assert told == {**name, **BESIDE.get(row.sample, {})}


def test_a_receipt_is_split_by_message() -> None:
    receipts = read_envelope(body("v7-flat-ack-read-direct-multi"), device=OWN).receipts
    assert [(receipt.id, receipt.status) for receipt in receipts] == [
        ("3EB00106E8BE0F407E88EC", "read"),
        ("3EB00106E8BE0F407E88ED", "read"),
    ]


def test_the_production_reaction_is_read_without_id_and_time() -> None:
    """The incident's own line, trimmed by its logger."""
    envelope = read_envelope(body("v7-flat-reaction-group-production"), device=OWN)
    assert (envelope.kind, envelope.id, envelope.told_at, envelope.target) == (
        "reaction",
        None,
        None,
        "3FAAB0E5F16480E454D7",
    )
