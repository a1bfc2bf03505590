"""A stanza: one element of WhatsApp's binary XML, as a frozen value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

Content = Sequence["Stanza"] | bytes | str | None


@dataclass(frozen=True)
class Stanza:
    """A tag, its attributes, and children, bytes, a string or nothing."""

    tag: str
    attrs: Mapping[str, str] = field(default_factory=dict)
    content: Content = None

    @property
    def id(self) -> str:
        return self.attrs.get("id", "")

    @property
    def children(self) -> tuple[Stanza, ...]:
        """The elements in it; none where it holds bytes or a string."""
        if self.content is None or isinstance(self.content, bytes | str):
            return ()
        return tuple(self.content)

    @property
    def data(self) -> bytes:
        """Its bytes; a string as UTF-8; empty where it holds neither.

        The codec reads short contents that happen to be tokens back as strings, so callers ask here.
        """
        if isinstance(self.content, bytes):
            return self.content
        return self.content.encode() if isinstance(self.content, str) else b""

    def child(self, tag: str) -> Stanza | None:
        return next((child for child in self.children if child.tag == tag), None)

    def need(self, *tags: str) -> Stanza:
        """The element at the path *tags*. Raises LookupError where there is none."""
        found: Stanza = self
        for tag in tags:
            child = found.child(tag)
            if child is None:
                raise LookupError(f"<{found.tag}> has no <{tag}>")
            found = child
        return found

    def walk(self) -> Iterator[Stanza]:
        """Itself and every element below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def with_attrs(self, **attrs: str) -> Stanza:
        return replace(self, attrs={**self.attrs, **attrs})

    def __str__(self) -> str:
        """Readable, with bytes shown by their number alone."""
        head = " ".join([self.tag, *(f'{name}="{value}"' for name, value in self.attrs.items())])
        if self.content is None:
            return f"<{head}/>"
        inside = "".join(map(str, self.children)) if self.children else f"[{len(self.data)} bytes]"
        return f"<{head}>{inside}</{self.tag}>"


def stanza(tag: str, *content: Stanza | bytes, **attrs: str) -> Stanza:
    """Build one: children or a single run of bytes, and attributes.

    An underscore at the end of a name is dropped, so that `from_`, `class_` and `type_` can be written.
    """
    named = {name.rstrip("_"): value for name, value in attrs.items()}
    if len(content) == 1 and isinstance(content[0], bytes):
        return Stanza(tag, named, content[0])
    children = tuple(child for child in content if isinstance(child, Stanza))
    assert len(children) == len(content), "either one run of bytes or elements"
    return Stanza(tag, named, children or None)
