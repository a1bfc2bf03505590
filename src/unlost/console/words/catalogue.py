"""What a catalogue of the pages holds. A field that a language lacks does not compile; a test compares the places in braces."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec


class Said(NamedTuple):
    """Of a trouble: *what* it is, and *cure*: what it means and what helps."""

    what: str
    cure: str


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """One language. Mappings hold a word for every member of the closed list they are named for; {…} are filled in."""

    name: str
    """The language's own name."""

    # everywhere
    skip_to_content: str
    overview: str
    dead_letters: str
    search: str
    search_hint: str
    live: str
    away: str
    no_script: str
    language: str
    times_in: str
    """{zone}"""
    logged_in_as: str
    log_out: str
    units: Mapping[str, str]
    since: str
    ago: str
    """{age}"""
    group: str
    """{digits}"""
    hidden_number: str
    """{digits}"""
    conversation: str
    entry: str

    # login
    log_in: str
    your_name: str
    your_name_why: str
    key_label: str
    wrong_key: str
    too_many_tries: str
    """{wait}"""
    logged_out: str

    # trouble with a request
    not_found: str
    not_meant: str
    stale_page: str
    not_writable: str
    went_wrong: str
    back: str

    # overview
    all_flows: str
    all_flows_more: str
    one_trouble: str
    many_troubles: str
    """{count}"""
    nothing_lost: str
    only_warnings: str
    troubles: Mapping[str, Said]
    """By kind; {count}, {detail}."""
    gap_causes: Mapping[str, str]
    channels: str
    no_channels: str
    gateway: str
    helpdesk: str
    up: str
    side_away: str
    side_logged_out: str
    side_not_connected: str
    not_looked: str
    waiting: str
    oldest: str
    gaps: str
    flow: str
    per_minute: str
    """{count}"""
    last_day: str
    delivered: str
    skipped: str
    late: str
    late_why: str
    parked: str
    background: str
    direction: str
    directions: Mapping[str, str]
    running: str
    paused: str
    blocked: str
    pause: str
    resume: str
    compare_now: str
    show_oldest: str
    show_dead: str

    # deeds
    done: Mapping[str, str]
    """{count}"""
    reconcile_failed: str
    """{channel}, {error}"""

    # search and story
    results: str
    """{count}"""
    cut_results: str
    """{count}"""
    echoes_left_out: str
    """{count}; webhooks by which the helpdesk tells us of what we posted ourselves."""
    list_echoes: str
    nothing_received: str
    door_open_since: str
    """{at}"""
    gap_line: str
    """{channel}, {cause}, {begins}, {ends}"""
    no_gaps: str
    still_open: str
    compared: str
    not_compared: str
    what_to_type: str
    time: str
    kind: str
    chat: str
    channel: str
    ending: str
    reason: str
    story: str
    kinds: Mapping[str, str]
    sources: Mapping[str, str]
    states: Mapping[str, str]
    verdicts: Mapping[str, str]
    skip_reasons: Mapping[str, str]
    causes: Mapping[str, str]
    dead_reasons: Mapping[str, str]
    """By the sentence that the interpreter or a lane wrote down."""
    steps: Mapping[str, str]
    """By the step's name: what was being done."""
    parts: Mapping[str, str]
    """Of one message of WhatsApp's."""
    written: str
    received: str
    received_by: str
    """{source}"""
    attempt_failed: str
    """{step}"""
    retried_by: str
    """{who}"""
    discarded_by: str
    """{who}"""
    next_try: str
    """{within}"""
    waits_until: str
    """{within}"""
    waits_for_pause: str
    waits_for_helpdesk: str
    being_worked: str
    stands_as: str
    """{message}, {conversation}"""
    attempts: str
    crashes: str
    message_id: str
    from_whom: str
    same_message: str
    whole_chat: str
    what_it_says: str
    what_was_received: str
    size: str
    """{size}"""
    cut: str
    no_body: str
    only_you: str

    # dead letters
    none_dead: str
    every_channel: str
    every_reason: str
    any_time: str
    last_hours: str
    """{hours}"""
    last_days: str
    """{days}"""
    filter: str
    select_all: str
    select_one: str
    """{id}"""
    retry: str
    discard: str
    retry_selected: str
    discard_selected: str
    retry_matching: str
    """{count}"""
    discard_matching: str
    """{count}"""
    none_selected: str
    shown_of: str
    """{shown}, {count}"""
    list_changed: str
    show_them: str
    preview_retry: str
    """{count}"""
    preview_discard: str
    """{count}"""
    retry_means: str
    discard_means: str
    do_retry: str
    do_discard: str
    signed_as: str
    """{who}"""
