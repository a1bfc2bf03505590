"""Every word the program writes into a conversation or an external_error: one catalogue per language."""

from unlost.interpret.words.catalogue import Words
from unlost.interpret.words.en import EN
from unlost.interpret.words.es import ES
from unlost.interpret.words.id import ID
from unlost.interpret.words.pt_BR import PT_BR
from unlost.vocabulary.policy import Language

__all__ = ["CATALOGUES", "Words", "words_of"]

CATALOGUES: dict[Language, Words] = {"pt-BR": PT_BR, "en": EN, "es": ES, "id": ID}


def words_of(language: Language) -> Words:
    """The catalogue of a channel's language."""
    return CATALOGUES[language]
