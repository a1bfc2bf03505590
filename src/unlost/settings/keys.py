"""How a key is declared: once, with its shape, its default and its reason."""

from dataclasses import dataclass, field, fields, replace
from typing import Any

from unlost.settings.shapes import Shape


@dataclass(frozen=True, slots=True)
class Key:
    """*default* is as TOML would hold it; None: must be given. *example* fills the template where it must be.

    *by_kind*: the default hangs on the section's `kind`; pairs of kind and default.
    """

    name: str
    shape: Shape
    default: object
    why: str
    example: object = None
    by_kind: tuple[tuple[str, object], ...] = ()

    @property
    def is_required(self) -> bool:
        """True where the program cannot guess it."""
        return self.default is None and not self.by_kind

    def default_for(self, kind: str) -> object:
        """The default in a section of this *kind*, as TOML would hold it; None: must be given."""
        return dict(self.by_kind).get(kind, self.default)


def key(
    shape: Shape,
    default: object = None,
    *,
    why: str,
    example: object = None,
    by_kind: tuple[tuple[str, object], ...] = (),
) -> Any:  # Any, as `dataclasses.field`: it stands where a default does, whatever the type
    """Declare a key of a section. A section made in code, without a file, has the same default."""
    metadata = {"key": Key("", shape, default, why, example, by_kind)}
    return field(metadata=metadata) if default is None else field(default=shape.read(default), metadata=metadata)


def keys_of(section: type) -> dict[str, Key]:
    """The keys of a section, by name, in the order of the file."""
    return {
        each.name: replace(each.metadata["key"], name=each.name) for each in fields(section) if "key" in each.metadata
    }
