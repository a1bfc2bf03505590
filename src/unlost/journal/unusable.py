"""Why a file cannot serve as a journal; each text is one line and names the cure."""

from unlost.errors import UnlostError


class JournalUnusable(UnlostError):
    """The file cannot serve as a journal."""


class NotAJournal(JournalUnusable):
    """Something else is in that file."""


class JournalHeld(JournalUnusable):
    """Another program holds it for itself alone."""


class JournalUnwritable(JournalUnusable):
    """The folder or file cannot be written."""


class JournalFromLaterWorld(JournalUnusable):
    """It was written by a program that this one is too old to follow."""
