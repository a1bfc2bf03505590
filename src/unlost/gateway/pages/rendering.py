"""From a page's facts to its HTML: templates escape whatever they are given."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from unlost.gateway.pages.formats import plain

FOLDER = Path(__file__).parent / "html"


def link(path: str, **query: object) -> str:
    """An address on this site; empty values are left out. The gateway has no path prefix, as its REST API has none."""
    given = {name: value for name, value in query.items() if value not in (None, "")}
    return path + (f"?{urlencode(given, errors='replace')}" if given else "")


def render(name: str, facts: Mapping[str, object]) -> str:
    """The page `<name>.html`. A fact that a template names and is not there is our bug: it raises."""
    return _environment().get_template(f"{name}.html").render({"link": link, **facts})


@cache
def _environment() -> Environment:
    """Compiled once a process, whatever is built of it."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = plain
    return environment
