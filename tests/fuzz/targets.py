"""What is fuzzed: each takes any bytes, and raises only where the program has a fault."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from tests.fuzz.files import clean_name, contact_card, file_head
from tests.property.test_gowa_readers import OWN, check, read
from tests.property.test_interpreter import check_bounds
from unlost.chatwoot import answers as chatwoot_answers
from unlost.chatwoot import reader as chatwoot_reader
from unlost.chatwoot.wire import NotChatwoot
from unlost.errors import Refused
from unlost.gowa import answers as gowa_answers
from unlost.gowa.readers import envelope_of_row, envelope_of_unread_row, read_event, stored_at_of_row
from unlost.interpret import next_step
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction, Source
from unlost.vocabulary.events import Event
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.links import Known
from unlost.vocabulary.policy import Policy
from unlost.vocabulary.verdicts import Verdict

RECORDED = Path(__file__).parents[1] / "recorded"
SEEDS = Path(__file__).parent / "seeds"
CHAT = Address("628123456789@s.whatsapp.net")
KEY = "c4" * 32
NOT_ITS_SHAPE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, NotChatwoot)
"""What the clients expect of an answer that is none (`chatwoot/wire.py`)."""

Target = Callable[[bytes], None]


def gateway_webhook(raw: bytes) -> None:
    """The door's reader and the lane's agree, and the interpreter has a first step or a verdict for what they read."""
    envelope = read(raw)
    check(envelope)
    if envelope is not None:
        _meaning(read_event(envelope.source, raw, OWN), Direction.INBOUND)


def helpdesk_webhook(raw: bytes) -> None:
    """Read or refused, by both halves."""
    try:
        envelope = chatwoot_reader.read_envelope(raw, {"x-chatwoot-delivery": raw[:40].decode("latin-1")})
        event = chatwoot_reader.read_event(raw)
    except Refused:
        return
    assert envelope.source is Source.HELPDESK
    _meaning(event, Direction.OUTBOUND)


def storage_row(raw: bytes) -> None:
    """A row of the gateway's chat storage."""
    try:
        check(envelope_of_row(raw, CHAT, OWN))
        stored_at_of_row(raw)
        event = read_event(Source.STORAGE, raw, OWN)
    except Refused:
        check(envelope_of_unread_row(raw, CHAT, OWN))
        return
    _meaning(event, Direction.INBOUND)


def gateway_answers(raw: bytes) -> None:
    """Whatever the gateway answers to whatever was asked."""
    try:
        results = gowa_answers.results_of(raw)
    except Refused:
        return
    for read_answer in (
        gowa_answers.read_status,
        gowa_answers.read_version,
        gowa_answers.read_avatar,
        gowa_answers.read_group,
        gowa_answers.read_chats,
        gowa_answers.read_rows,
        lambda results: gowa_answers.read_user(results, CHAT),
        lambda results: gowa_answers.read_slot(results, OWN),
    ):
        _read_or(Refused, read_answer, results)


def helpdesk_answers(raw: bytes) -> None:
    """Whatever the helpdesk answers to whatever was asked."""
    for read_answer in (
        chatwoot_answers.read_contact,
        chatwoot_answers.read_created_contact,
        chatwoot_answers.read_contacts,
        chatwoot_answers.read_conversation,
        chatwoot_answers.read_conversations,
        chatwoot_answers.read_message,
        chatwoot_answers.read_messages,
        chatwoot_answers.read_inbox,
        chatwoot_answers.read_health,
        lambda body: chatwoot_answers.read_profile(body, 1),
    ):
        _read_or(NOT_ITS_SHAPE, read_answer, raw)


TARGETS: dict[str, Target] = {
    "gateway_webhook": gateway_webhook,
    "helpdesk_webhook": helpdesk_webhook,
    "storage_row": storage_row,
    "gateway_answers": gateway_answers,
    "helpdesk_answers": helpdesk_answers,
    "contact_card": contact_card,
    "clean_name": clean_name,
    "file_head": file_head,
}


def seeds_of(name: str) -> list[Path]:
    """The bodies a target begins with: recorded ones, or small ones after the contract."""
    folder = RECORDED / "gowa" if name == "gateway_webhook" else SEEDS / name
    return sorted(folder.iterdir())


def _meaning(event: Event, direction: Direction) -> None:
    """The first answer of the interpreter, within its bounds."""
    answer = next_step(event, Known(), Facts(), Policy(device=OWN), key=KEY, direction=direction)
    if not isinstance(answer, Verdict):
        check_bounds(answer)


def _read_or(expected: type[Exception] | tuple[type[Exception], ...], read_answer: Any, body: Any) -> None:
    try:
        repr(read_answer(body)).encode()
    except expected:
        return
