"""The ad that brought a customer (GOWA page, 1.4: `referral`, from 8.4.0 on; every member optional)."""

import re

import msgspec

from unlost.gowa.readers.decoding import UNDECODABLE, text_in
from unlost.gowa.readers.parts import clean
from unlost.vocabulary.contents import Referral

FIELDS_MAX = 30
"""GOWA tells 17."""
FIELD_MAX_CHARS = 1_500
"""Chatwoot's bound of one attribute's text (its app/models/jsonb_attributes_length_validator.rb)."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])


def referral_of(raw: msgspec.Raw) -> Referral | None:
    """The texts of a referral; None where there is none, or none that can be read."""
    if len(raw) <= 4:
        return None
    try:
        members = _MEMBERS.decode(raw)
    except UNDECODABLE:
        return None
    told = ((name, text_in(value)) for name, value in members.items() if _NAME.fullmatch(name))
    fields = tuple((name, clean(text[:FIELD_MAX_CHARS])) for name, text in told if text)[:FIELDS_MAX]
    return Referral(dict(fields).get("ad_title", ""), tuple(sorted(fields))) if fields else None
