"""Whatever the bytes, a reader answers or refuses, and its two halves agree."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from unlost.errors import Refused
from unlost.gowa.readers import envelope_of_unread_row, name_of_unread, read_envelope, read_event
from unlost.gowa.readers.jids import address_of
from unlost.gowa.readers.stamps import EARLIEST_S, LATEST_S
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Envelope, Source

OWN = Address("628987654321@s.whatsapp.net")
SAMPLES = sorted((Path(__file__).parents[1] / "recorded" / "gowa").glob("*.json"))

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.text(st.characters(), max_size=40)
    | st.sampled_from(
        ["628123456789@s.whatsapp.net", "1:2@lid in 3@g.us", "message", "message.ack", "2023-10-15T10:30:00Z"]
    )
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def bodies_with_known_keys() -> st.SearchStrategy[Any]:
    """Objects that use the wire's own names, with any values."""
    names = {key for path in SAMPLES for key in _keys(json.loads(path.read_bytes()))}
    inner = st.dictionaries(st.sampled_from(sorted(names)), ANYTHING, max_size=8)
    return st.dictionaries(st.sampled_from(sorted(names)), ANYTHING | inner, max_size=10)


def _keys(value: Any) -> set[str]:
    if not isinstance(value, dict):
        return set()
    return set(value).union(*(_keys(inner) for inner in value.values()))


def read(raw: bytes) -> Envelope | None:
    """The envelope, or None where it was refused as unreadable; anything else raised fails the test."""
    try:
        envelope = read_envelope(raw, device=OWN)
        event = read_event(envelope.source, raw, OWN)
    except Refused as refusal:
        cause = refusal.cause
    else:
        assert (event.chat or None, event.id) == (envelope.chat, envelope.id)
        return envelope
    assert cause == "unreadable"
    return None


def check(envelope: Envelope | None) -> None:
    """What holds of every envelope: bounded, well-formed, encodable."""
    if envelope is None:
        return
    for address in (envelope.chat, envelope.sender, envelope.device):
        assert address is None or address_of(address) == address
    assert envelope.id is None or (0 < len(envelope.id) <= 128 and envelope.id.isascii())
    assert envelope.told_at is None or EARLIEST_S <= envelope.told_at < LATEST_S
    assert all(receipt.chat == envelope.chat for receipt in envelope.receipts)
    repr(envelope).encode()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    check(read(raw))


@settings(max_examples=300, deadline=None)
@given(bodies_with_known_keys())
def test_any_object_with_the_wires_own_names_is_read_or_refused(value: Any) -> None:
    check(read(json.dumps(value).encode()))


@settings(max_examples=300, deadline=None)
@given(bodies_with_known_keys(), st.sampled_from([Source.FLAT, Source.ENVELOPE, Source.STORAGE]))
def test_any_reader_given_any_body_answers_or_refuses(value: Any, source: Source) -> None:
    cause = "unreadable"
    try:
        read_event(source, json.dumps(value).encode(), OWN)
    except Refused as refusal:
        cause = refusal.cause
    assert cause == "unreadable"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300) | bodies_with_known_keys().map(lambda value: json.dumps(value).encode()))
def test_whatever_is_refused_has_a_name_or_none(raw: bytes) -> None:
    name_of_unread(raw, device=OWN)
    envelope = envelope_of_unread_row(raw, OWN, OWN)
    check(envelope)
    assert envelope.id == envelope_of_unread_row(raw, OWN, OWN).id is not None


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_recorded_webhook_with_a_key_dropped_or_retyped_is_read_or_refused(data: st.DataObject) -> None:
    value = json.loads(data.draw(st.sampled_from(SAMPLES)).read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        _mutate(value, data)
    check(read(json.dumps(value).encode()))


def _mutate(value: Any, data: st.DataObject) -> None:
    inner = [member for member in value.values() if isinstance(member, dict) and member]
    place = data.draw(st.sampled_from([value, *inner])) if value else None
    if not place:
        return
    key = data.draw(st.sampled_from(sorted(place)))
    if data.draw(st.booleans()):
        del place[key]
    else:
        place[key] = data.draw(ANYTHING)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.integers(0, 2_000), st.binary(max_size=3))
def test_a_recorded_webhook_cut_or_spliced_is_read_or_refused(sample: Path, at: int, splice: bytes) -> None:
    raw = sample.read_bytes()
    check(read(raw[:at]))
    check(read(raw[:at] + splice + raw[at + len(splice) :]))
