"""When an entry that crashed its worker twice is tried alone, and when downloads give way to that. Pure: times in, answers out."""

from dataclasses import dataclass

SUSPECTS_EVERY_S = 5.0
"""How often such entries are tried; they are worked with nothing else in flight."""
DOWNLOAD_ALONE_S = 20.0
"""As long a suspect download is watched alone, while every chat stands still. A fetch may take 600 s, and what a file can do to its
worker it mostly does at its first bytes."""
DOWNLOADS_AWAY_S = 30.0
"""Once downloads gave way none begins for so long: other suspects have their turns meanwhile."""
DOWNLOADS_WHOLE_S = 660.0
"""Then they give way no more for so long: more than a whole fetch may take, else a suspect that comes again and again (its host asks for
patience) would let no film end."""


@dataclass(slots=True)
class SuspectTurns:
    """All times are monotonic."""

    _next_at: float = 0.0
    _downloads_at: float = 0.0
    _give_way_at: float = 0.0

    def is_due(self, now: float) -> bool:
        """Whether a look for suspects is due."""
        return now >= self._next_at

    def taken(self, now: float) -> None:
        """The look was made, whatever it found."""
        self._next_at = now + SUSPECTS_EVERY_S

    def may_interrupt(self, now: float) -> bool:
        """Whether downloads in hand may be given back for a suspect."""
        return now >= self._give_way_at

    def interrupted(self, now: float) -> None:
        """They were."""
        self._downloads_at = now + DOWNLOADS_AWAY_S
        self._give_way_at = self._downloads_at + DOWNLOADS_WHOLE_S

    def may_download(self, now: float) -> bool:
        """Whether downloads may begin."""
        return now >= self._downloads_at
