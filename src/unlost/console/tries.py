"""Wrong passwords, counted: who guesses has to wait."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field

WINDOW_S = 60.0
OF_ONE_PEER = 5  # wrong ones a minute; who mistypes needs two or three
OF_ALL = 50  # behind a proxy all peers are one; across many, this bounds what is tried in a day to 72,000
PEERS_MAX = 1000


@dataclass(slots=True)
class Tries:
    """Times are monotonic seconds."""

    _of: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)
    _all: deque[float] = field(default_factory=lambda: deque(maxlen=OF_ALL))

    def wait_s(self, peer: str, now: float) -> float:
        """Seconds until *peer* may try again; 0.0 where it may now."""
        own = self._of.get(peer, deque())
        oldest = [
            tries[0] for tries, most in ((own, OF_ONE_PEER), (self._all, OF_ALL)) if len(tries) >= most
        ]  # of the newest *most* tries
        return max((at + WINDOW_S - now for at in oldest if at + WINDOW_S > now), default=0.0)

    def wrong(self, peer: str, now: float) -> None:
        """One more."""
        self._of.setdefault(peer, deque(maxlen=OF_ONE_PEER)).append(now)
        self._of.move_to_end(peer)
        self._all.append(now)
        while len(self._of) > PEERS_MAX:
            self._of.popitem(last=False)
