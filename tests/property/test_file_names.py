"""Whatever a sender calls his file, what an agent saves is one harmless name."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from unlost.spool.naming import EXTENSIONS, NAME_MAX_BYTES, file_name

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)
TYPES = st.sampled_from([*EXTENSIONS, "application/octet-stream", "text/plain", "text/csv"])
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


@given(ANY_TEXT, ANY_TEXT, TYPES)
def test_any_name_becomes_one_that_is_harmless_wherever_it_is_saved(told: str, called: str, mime_type: str) -> None:
    name = file_name(told, called, mime_type)
    assert 0 < len(name.encode()) <= NAME_MAX_BYTES
    assert not set(name) & set('/\\"<>:|?*;\0')
    assert not {unicodedata.category(c) for c in name} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert name.partition(".")[0].lower() not in RESERVED
    assert name.strip(". ") == name


@given(ANY_TEXT, TYPES)
def test_a_name_ends_as_its_type_s_files_do(told: str, mime_type: str) -> None:
    endings = EXTENSIONS.get(mime_type)
    assert endings is None or file_name(told, "x", mime_type).lower().endswith(endings)


@given(ANY_TEXT, TYPES)
def test_a_clean_name_stays_as_it_is(told: str, mime_type: str) -> None:
    name = file_name(told, "x", mime_type)
    assert file_name(name, "x", mime_type) == name
