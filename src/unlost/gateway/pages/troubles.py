"""An engine's no as a page says it: a status, and a sentence of the catalogue."""

from __future__ import annotations

from unlost.gateway.engines.port import EngineAway, EngineCrashed, EngineError, EngineRefused, NotStarted
from unlost.gateway.pages.formats import quiet
from unlost.gateway.pages.words import Words

Trouble = EngineError | TimeoutError
PASSING = (EngineAway, NotStarted, TimeoutError)
"""What may be over in a moment."""


def status_of(error: Trouble) -> int:
    """Never 401: a browser would ask for the password anew."""
    if isinstance(error, TimeoutError):
        return 504
    return 409 if isinstance(error, EngineRefused) else 503


def sentence_of(error: Trouble, words: Words) -> str:
    """What went wrong and what helps."""
    match error:
        case TimeoutError():
            return words.no_answer
        case EngineAway():
            return words.not_connected
        case NotStarted():
            return words.not_started
        case EngineCrashed():
            return words.engine_crashed
        case EngineRefused() if str(error):
            return words.refused.format(why=quiet(str(error)))
        case _:
            return words.cannot
