"""How a mutant is made: one behaviour of the program replaced for as long as a schedule runs, and put back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from unlost.journal import turn
from unlost.journal.statements import statement

Apply = Callable[[], Any]


def replaced(owner: Any, name: str, new: Any) -> Apply:
    """*owner*'s attribute *name* is *new*."""

    @contextmanager
    def apply() -> Iterator[None]:
        old = owner.__dict__[name]
        setattr(owner, name, new)
        try:
            yield
        finally:
            setattr(owner, name, old)

    return apply


def wrapped(owner: Any, name: str, wrap: Callable[[Any], Any]) -> Apply:
    """*owner*'s attribute *name* is what *wrap* makes of it."""

    @contextmanager
    def apply() -> Iterator[None]:
        old = owner.__dict__[name]
        setattr(owner, name, wrap(old))
        try:
            yield
        finally:
            setattr(owner, name, old)

    return apply


def reworded(query: str, old: str, new: str) -> Apply:
    """The SQL of *query* says *new* where it says *old*."""
    assert old in statement(query), f"{query} does not say {old!r}"

    def wrap(real: Callable[[str], str]) -> Callable[[str], str]:
        def other(name: str) -> str:
            text = real(name)
            return text.replace(old, new) if name == query else text

        return other

    return wrapped(turn, "statement", wrap)


def both(*parts: Apply) -> Apply:
    """All of them: one behaviour that stands in several places."""

    @contextmanager
    def apply() -> Iterator[None]:
        open_ones = [part() for part in parts]
        for one in open_ones:
            one.__enter__()
        try:
            yield
        finally:
            for one in reversed(open_ones):
                one.__exit__(None, None, None)

    return apply


def constant(value: Any) -> Callable[..., Any]:
    """A function that answers *value*, whatever it is asked."""

    def answer(*_: Any, **__: Any) -> Any:
        return value

    return answer


def async_constant(value: Any) -> Callable[..., Any]:
    """The same, to be awaited."""

    async def answer(*_: Any, **__: Any) -> Any:
        return value

    return answer
