"""A word that must not be seen."""

import hmac


class Secret:
    """Holds a password, token or key. Printing, logging or formatting it shows `…`; only `reveal` gives the word."""

    __slots__ = ("_word",)

    def __init__(self, word: str) -> None:
        self._word = word

    def reveal(self) -> str:
        """The word itself, for the one line that needs it."""
        return self._word

    def is_word(self, offered: str) -> bool:
        """True where *offered* is the word; takes the same time wherever they differ."""
        return hmac.compare_digest(
            self._word.encode("utf-8", "surrogatepass"), offered.encode("utf-8", "surrogatepass")
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.is_word(other._word)

    def __hash__(self) -> int:
        return hash((Secret, self._word))

    def __bool__(self) -> bool:
        return bool(self._word)

    def __repr__(self) -> str:
        return "…"
