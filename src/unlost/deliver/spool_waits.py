"""Files that found no room in the spool: how much each needs, as far as it came in, and when it is tried again. Pure."""

from dataclasses import dataclass, field

FIRST_WAIT_S = 15.0
"""Files leave the spool as messages are posted; until then nothing is asked, and no host is to blame."""
LONGEST_WAIT_S = 300.0
"""A helpdesk may be away for days: many files that wait shall not look every few seconds."""
FILES_MAX = 1000
"""Of that many it is remembered; one that is forgotten is fetched up to the room there is, as at first."""


@dataclass(slots=True)
class SpoolWaits:
    """By the names under which the files are to be spooled. After a start nothing is known."""

    _needs: dict[str, tuple[int, int]] = field(default_factory=dict)

    def has_room(self, name: str, room_bytes: int) -> bool:
        """False where that much came in before, and was not all of it."""
        needed_bytes, _ = self._needs.get(name, (0, 0))
        return needed_bytes <= room_bytes

    def found_none(self, name: str, came_bytes: int) -> float:
        """There was no room behind *came_bytes*, the first that did not fit included; seconds until the next try."""
        needed_bytes, times = self._needs.pop(name, (0, 0))
        self._needs[name] = (max(needed_bytes, came_bytes), times + 1)
        if len(self._needs) > FILES_MAX:
            del self._needs[next(iter(self._needs))]
        return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(times, 10))

    def ended(self, name: str) -> None:
        """It came in, or never will."""
        self._needs.pop(name, None)
