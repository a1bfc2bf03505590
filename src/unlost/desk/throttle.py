"""rack-attack's fixed windows (config/initializers/rack_attack.rb, contract section 4)."""

from __future__ import annotations

from unlost.desk.turn import Rules
from unlost.desk.values import Reply, Request

WINDOW_S = 60
LOOPBACK = frozenset({"127.0.0.1", "::1"})
RETRY_LATER = Reply(429, b"Retry later\n", "text/plain")
ADDRESSES_MAX = 10_000  # counters kept in one window; beyond, new addresses share one


class Throttle:
    """Counts calls per minute. Limits that hold: all calls per client address, contacts/search per account."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._window = 0
        self._counts: dict[str, int] = {}

    def refusal(self, request: Request, now: float) -> Reply | None:
        """Count *request*; the 429 when a limit is passed. Never a Retry-After."""
        if not self._rules.throttle or (request.client_ip in LOOPBACK and not self._rules.throttle_loopback):
            return None
        window = int(now // WINDOW_S)
        if window != self._window:
            self._window = window
            self._counts.clear()
        key = request.client_ip
        if key not in self._counts and len(self._counts) >= ADDRESSES_MAX:
            key = "other"
        if self._count(key) > self._rules.requests_per_minute_max:
            return RETRY_LATER
        searched = request.path.endswith("/contacts/search")
        if searched and self._count("search") > self._rules.searches_per_minute_max:
            return RETRY_LATER
        return None

    def _count(self, key: str) -> int:
        count = self._counts.get(key, 0) + 1
        self._counts[key] = count
        return count
