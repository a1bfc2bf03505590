"""Reads imports, those inside functions too, without running anything."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "unlost"

# House style section 1; a room may import from the lines above its own, never from a neighbour. `errors` and `clock` are words that
# every room below the vocabulary speaks, the second line's own rooms too, so they stand on a line between.
LINES: tuple[frozenset[str], ...] = (
    frozenset({"vocabulary"}),
    frozenset({"errors", "clock"}),
    frozenset({"settings", "telemetry", "transport", "spool"}),
    frozenset({"interpret", "gowa", "chatwoot", "journal"}),
    frozenset({"deliver", "lanes"}),
    frozenset({"road", "ingress", "chores", "console", "desk", "doctor", "gateway", "notices"}),
    frozenset({"assemble"}),
    frozenset({"cli"}),
)
ALONE: dict[str, frozenset[str]] = {
    "interpret": frozenset({"vocabulary"}),
    "desk": frozenset(),  # programs of their own: the bridge reaches them over HTTP, as it does the real ones
    # … and the gateway keeps what it has promised to tell as the bridge does, in a journal with lanes
    "gateway": frozenset({"vocabulary", "errors", "clock", "journal", "lanes"}),
}
EVERYONES = "__version__"


@dataclass(frozen=True, slots=True)
class Climb:
    """An import that goes the wrong way."""

    file: str
    line: int
    room: str
    wants: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.room} may not import {self.wants}"


def climbs(package: Path) -> Iterator[Climb]:
    """All of them, file by file."""
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).parts
        if parts == ("__init__.py",):
            continue
        room = parts[0].removesuffix(".py")
        for line, wants in wanted(ast.parse(path.read_text(encoding="utf-8")), (PACKAGE, *parts[:-1])):
            if not may_import(room, wants):
                yield Climb("/".join(parts), line, room, wants)


def may_import(room: str, wants: str) -> bool:
    """True within a room, for the version, and upwards; False for a room that stands on no line."""
    if wants in (room, EVERYONES):
        return True
    if room in ALONE:
        return wants in ALONE[room]
    return _line_of(wants) < _line_of(room) < len(LINES)


def _line_of(room: str) -> int:
    return next((number for number, line in enumerate(LINES) if room in line), len(LINES))


def wanted(tree: ast.Module, folder: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Line and room of every import of our own, in a file of *folder*."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for name in names:
                    yield from _room(node.lineno, name.name.split("."))
            case ast.ImportFrom(module=module, names=names, level=level):
                base = list(folder[: len(folder) + 1 - level]) if level else []
                base += module.split(".") if module else []
                for name in names:
                    yield from _room(node.lineno, [*base, name.name])
            case ast.Attribute(value=ast.Name(id="unlost"), attr=attribute):
                yield node.lineno, attribute
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(named)), *_]):
                yield from _room(node.lineno, named.split("."))
            case _:
                pass


def _room(line: int, names: list[str]) -> Iterator[tuple[int, str]]:
    if names[0] == PACKAGE and len(names) > 1:
        yield line, names[1]
