"""Every word of the gateway's pages: one catalogue per language."""

from __future__ import annotations

from unlost.gateway.pages.words.catalogue import Said, Words
from unlost.gateway.pages.words.en import EN
from unlost.gateway.pages.words.es import ES
from unlost.gateway.pages.words.id import ID
from unlost.gateway.pages.words.pt_BR import PT_BR
from unlost.vocabulary.policy import Language

__all__ = ["CATALOGUES", "Said", "Words", "language_of"]

CATALOGUES: dict[Language, Words] = {"en": EN, "pt-BR": PT_BR, "es": ES, "id": ID}
RANGES_MAX = 20


def language_of(chosen: str, accepted: str) -> Language:
    """The language a person *chose*, else the first of their browser's (an Accept-Language header) that we speak, else English."""
    for name in (chosen, *(part.partition(";")[0].strip() for part in accepted[:500].split(",")[:RANGES_MAX])):
        for language in CATALOGUES:
            if name.lower() == language.lower() or name.lower().partition("-")[0] == language.lower().partition("-")[0]:
                return language
    return "en"
