"""Clean names."""

import pytest

from unlost.spool.naming import NAME_MAX_BYTES, file_name

PDF, JPEG, UNKNOWN = "application/pdf", "image/jpeg", "application/octet-stream"

CLEANED = [
    ("report.pdf", PDF, "report.pdf"),
    ("../../etc/passwd", UNKNOWN, "passwd"),
    ("C:\\Users\\ana\\plan.pdf", PDF, "plan.pdf"),
    ("invoice\u202efdp.exe", UNKNOWN, "invoicefdp.exe"),
    ("a\0b\r\nc.pdf", PDF, "ab c.pdf"),
    ('say "hi"; rm *.pdf', PDF, "say _hi__ rm _.pdf"),
    ("photo.exe", JPEG, "photo.exe.jpg"),
    ("photo.JPG", JPEG, "photo.JPG"),
    ("CON", UNKNOWN, "_CON"),
    ("nul.txt", UNKNOWN, "_nul.txt"),
    ("LPT1", PDF, "_LPT1.pdf"),
    ("console.txt", UNKNOWN, "console.txt"),
    ("100%2e%2E%2Fx.pdf", PDF, "100_2e_2E_2Fx.pdf"),
    ("50% off.pdf", PDF, "50% off.pdf"),
    ("...", UNKNOWN, "document-A1"),
    (".htaccess", UNKNOWN, "htaccess"),
    ("", JPEG, "document-A1.jpg"),
    ("/", PDF, "document-A1.pdf"),
    ("Bestellung März 🌻.pdf", PDF, "Bestellung März 🌻.pdf"),
    ("lone \ud800 surrogate.pdf", PDF, "lone ? surrogate.pdf".replace("?", "_")),
    ("table", "text/csv", "table.csv"),
    ("archive.tar.gz", UNKNOWN, "archive.tar.gz"),
    ("-rf.pdf", PDF, "rf.pdf"),
    ("Cafe\0\u0301.pdf", PDF, "Caf\u00e9.pdf"),
    ("what\u037e.pdf", PDF, "what_.pdf"),
]


@pytest.mark.parametrize(("told", "mime_type", "name"), CLEANED, ids=[ascii(row[0]) for row in CLEANED])
def test_a_name_is_handed_on_clean(told: str, mime_type: str, name: str) -> None:
    assert file_name(told, "document-A1", mime_type) == name


def test_a_long_name_keeps_its_end() -> None:
    name = file_name("ä" * 5_000 + ".pdf", "x", PDF)
    assert name.endswith("ä.pdf")
    assert len(name.encode()) <= NAME_MAX_BYTES
