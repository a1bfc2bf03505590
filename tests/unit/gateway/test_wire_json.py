"""Bytes as Go's encoding/json writes them (GOWA page, 1.6)."""

from datetime import UTC, datetime, timedelta, timezone

from unlost.gateway.wire_json import encode, rfc3339, signature, sorted_map


def test_json_is_compact() -> None:
    assert encode({"a": [1, {"b": 2}]}) == b'{"a":[1,{"b":2}]}'


def test_angle_brackets_ampersand_and_line_separators_are_escaped_as_go_does() -> None:
    assert encode({"a": "<b>&\u2028\u2029"}) == rb'{"a":"\u003cb\u003e\u0026\u2028\u2029"}'


def test_other_characters_stay_raw_utf_8() -> None:
    assert encode({"a": "שלום 👍"}) == '{"a":"שלום 👍"}'.encode()


def test_nul_is_escaped() -> None:
    assert encode({"a": "\0"}) == rb'{"a":"\u0000"}'


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert encode({"a": "x\ud800y"}) == '{"a":"x\ufffdy"}'.encode()


def test_a_map_s_keys_are_sorted() -> None:
    assert list(sorted_map({"b": 1, "a": 2, "a_": 3})) == ["a", "a_", "b"]


def test_times_are_cut_to_whole_seconds_in_their_own_zone() -> None:
    local = datetime(2026, 1, 1, 7, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=-3)))
    assert (rfc3339(local), rfc3339(local.astimezone(UTC))) == ("2026-01-01T07:00:00-03:00", "2026-01-01T10:00:00Z")


def test_the_signature_is_hmac_sha256_over_the_raw_bytes() -> None:
    expected = "sha256=88aab3ede8d3adf94d26ab90d3bafd4a2083070c3bcce9c014ee04a443847c0b"
    assert signature("secret", b"hello") == expected
