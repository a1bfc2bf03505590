"""SQL lives in files, one query per file; a sentence on top of each says what holds."""

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> str:
    """The query `sqlite/<name>.sql` without its comments. Raises FileNotFoundError for an unknown name."""
    text = files("unlost.journal").joinpath("sqlite", f"{name}.sql").read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("--")).strip()
