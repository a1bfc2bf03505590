"""What a catalogue of the pages holds. A field that a language lacks does not compile; a test compares the places in braces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec


class Said(NamedTuple):
    """Of a state: *what* it is, and *cure*: what it means and what helps."""

    what: str
    cure: str


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """One language. Mappings hold a word for every member of the closed list they are named for; {…} are filled in."""

    name: str
    """The language's own name."""

    # everywhere
    skip_to_content: str
    live: str
    away: str
    no_script: str
    language: str
    times_in: str
    units: Mapping[str, str]
    ago: str
    """{age}"""
    group: str
    """{digits}"""
    hidden_number: str
    """{digits}"""
    other_chat: str
    """{digits}"""
    back: str
    all_devices: str

    # trouble with a request
    not_found: str
    not_meant: str
    stale_page: str
    not_writable: str
    went_wrong: str
    no_name: str
    name_taken: str
    too_many: str
    """{count}"""
    no_phone: str
    no_answer: str
    not_connected: str
    not_started: str
    engine_crashed: str
    linked_already: str
    refused: str
    """{why}"""
    cannot: str

    # devices
    devices: str
    all_well: str
    all_well_more: str
    one_ill: str
    """{name}, {what}"""
    many_ill: str
    """{count}"""
    ill_more: str
    none_linked: str
    none_linked_more: str
    no_devices: str
    no_devices_more: str
    states: Mapping[str, Said]
    """By the engine's name of a state, and `unlinked`."""
    engines_words: str
    account: str
    no_account: str
    since: str
    engine: str
    restarts: str
    link_it: str
    reconnect: str
    log_out: str
    remove: str
    details: str
    add: str
    add_name: str
    add_name_why: str
    add_it: str
    done: Mapping[str, str]
    ask: Mapping[str, Said]
    """By deed: what is asked ({name} filled in), and what it means."""
    do: Mapping[str, str]

    # linking
    link_heading: str
    scan_heading: str
    scan_steps: tuple[str, str, str]
    qr_label: str
    qr_renews: str
    qr_coming: str
    qr_show: str
    code_heading: str
    code_steps: str
    phone: str
    phone_why: str
    get_code: str
    code_is: str
    code_next: str
    linked: str
    linked_more: str
    on_its_way: str

    # what was told
    events: str
    no_events: str
    forgetful: str
    number: str
    time: str
    kind: str
    chat: str
    webhooks: str
    fates: Mapping[str, str]
    """{count}"""
    told: str
    receivers: str
    no_receivers: str
    receiver_gone: str
    waiting: str
    oldest: str
    dead: str
    see_dead: str

    # how engines ended
    endings: str
    endings_count: str
    """{restarts}, {panics}"""
    no_endings: str
    endings_more: str
    reasons: Mapping[str, str]
    in_calls: str
    """{calls}"""
    resting: str
    resting_more: str
    rests_for: str
    """{age}"""
