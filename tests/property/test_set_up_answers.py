"""Whatever the two sides say of their set-up, the doctor's readers end in a value or in an error of their own."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from unlost.chatwoot import inboxes
from unlost.doctor.look_at_arrivals import seen_in
from unlost.doctor.timed_http import read_date
from unlost.errors import Refused
from unlost.gowa import set_up

GOWA: list[Callable[[msgspec.Raw], object]] = [
    set_up.read_about,
    set_up.read_devices,
    set_up.read_webhook,
    set_up.read_forwarder,
]
CHATWOOT: list[Callable[[bytes], object]] = [
    inboxes.read_one,
    inboxes.read_all,
    inboxes.read_bot,
    inboxes.read_webhooks,
    inboxes.read_conversations,
]
WORDS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=30)
)
NAMES = st.sampled_from(
    [
        "version", "chatwoot_enabled", "id", "jid", "webhook_url", "webhook_events", "webhook_secret", "enabled", "account_id",
        "payload", "data", "webhooks", "agent_bot", "name", "channel_type", "additional_attributes", "agent_reply_time_window",
        "greeting_enabled", "greeting_message", "url", "secret", "timestamp", "is_from_me", "chat_jid",
    ]
)  # fmt: skip
JSON = st.recursive(
    WORDS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=6)),
    max_leaves=20,
)
BODIES = st.one_of(st.binary(max_size=60), JSON.map(msgspec.json.encode))


@given(st.sampled_from(GOWA), BODIES)
def test_a_gateways_answer_is_read_or_refused(read: Callable[[msgspec.Raw], object], body: bytes) -> None:
    with suppress(Refused):
        read(msgspec.Raw(body))


@given(st.sampled_from(CHATWOOT), BODIES)
def test_a_helpdesks_answer_is_read_or_is_no_answer_of_chatwoots(read: Callable[[bytes], object], body: bytes) -> None:
    """`wire` turns these three into an error that says what to do."""
    with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        read(body)


@given(BODIES)
def test_a_row_of_storage_is_seen_or_passed_over(body: bytes) -> None:
    seen: Any = seen_in(body)
    assert seen is None or (seen[0] and isinstance(seen[1], float))


@given(st.text(max_size=80))
def test_a_date_is_a_time_or_nothing(text: str) -> None:
    told = read_date(text)
    assert told is None or isinstance(told, float)
