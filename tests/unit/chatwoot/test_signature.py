"""Contract 3.3."""

from __future__ import annotations

import pytest

from unlost.chatwoot.signature import is_signed, signature_of

BODY, SECRET, NOW = b'{"event":"message_created"}', "s3cret", 1_764_000_000.0


def headers(stamp: str = "1764000000", **changed: str) -> dict[str, str]:
    signature = signature_of(BODY, stamp, secret=SECRET)
    return {"x-chatwoot-timestamp": stamp, "x-chatwoot-signature": signature} | changed


def test_the_signature_is_hmac_sha256_over_stamp_dot_body() -> None:
    """The expected value is OpenSSL's, over `1.body`."""
    expected = "sha256=842b24d9575dee4b6ec460b7e3af7d683501d84fe6279102340787c79d2e2bab"
    assert signature_of(b"body", "1", secret="secret") == expected


def test_what_chatwoot_signed_lately_passes() -> None:
    assert is_signed(BODY, headers(), secret=SECRET, now=NOW)


@pytest.mark.parametrize("off_s", [-300, 300])
def test_five_minutes_either_way_pass(off_s: int) -> None:
    assert is_signed(BODY, headers(), secret=SECRET, now=NOW + off_s)


@pytest.mark.parametrize("off_s", [-301, 301])
def test_more_than_five_minutes_do_not(off_s: int) -> None:
    assert not is_signed(BODY, headers(), secret=SECRET, now=NOW + off_s)


def test_another_body_does_not() -> None:
    assert not is_signed(BODY + b" ", headers(), secret=SECRET, now=NOW)


def test_another_secret_does_not() -> None:
    assert not is_signed(BODY, headers(), secret="other", now=NOW)


def test_a_fresh_stamp_cannot_be_put_before_an_old_signature() -> None:
    old = headers("1763000000") | {"x-chatwoot-timestamp": "1764000000"}
    assert not is_signed(BODY, old, secret=SECRET, now=NOW)


@pytest.mark.parametrize("stamp", ["", "-1764000000", "1764000000.0", "١٧٦٤", "9" * 400, " 1764000000", "\ud800"])
def test_a_stamp_that_is_no_plain_number_does_not(stamp: str) -> None:
    assert not is_signed(BODY, headers(stamp), secret=SECRET, now=NOW)


@pytest.mark.parametrize("signature", ["", "sha256=", "sha1=0", "ÿ" * 71, "\ud800"])
def test_a_signature_that_is_none_does_not(signature: str) -> None:
    assert not is_signed(BODY, headers() | {"x-chatwoot-signature": signature}, secret=SECRET, now=NOW)


def test_no_headers_do_not() -> None:
    assert not is_signed(BODY, {}, secret=SECRET, now=NOW)
