"""Webhooks of the helpdesk on their way to a bridge: sent once each, in no order; a failed one marks its message `failed`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.outside import History, later, spawn
from tests.simulation.weather import Weather
from unlost.desk.values import WebhookDue

HOOK_TIMEOUT_S = 5.0
"""As Chatwoot's (contract page 3.4)."""
DOOR = "/webhooks/helpdesk/support"


@dataclass(slots=True)
class HelpdeskHooks:
    """*side* is the helpdesk, set once it is built; *post* reaches a bridge's door and says the status, None for no answer."""

    weather: Weather
    history: History
    now: Callable[[], float]
    post: Any
    side: Any = None
    hints_lost: set[int] = field(default_factory=set)
    taken: set[int] = field(default_factory=set)

    def send(self, due: WebhookDue) -> None:
        """Later, perhaps twice, perhaps never."""
        if self.weather.strikes("helpdesk_hook_lost"):
            self.history.tell("helpdesk", f"hook {due.event} of {due.subject} lost for good")
            self.hints_lost.add(due.subject)
            return
        times = 2 if self.weather.strikes("helpdesk_hook_twice") else 1
        for _ in range(times):
            slow_s = self.weather.rng.uniform(0.0, 4.0) if self.weather.strikes("helpdesk_hook_slow") else 0.0
            wait_s = max(0.0, due.due_at - self.now()) + self.weather.rng.uniform(0.01, 0.3) + slow_s
            later(wait_s, lambda: spawn(self._deliver(due)))

    async def _deliver(self, due: WebhookDue) -> None:
        world = self.side.world
        body = world.payload(due, self.now())
        if body is None:
            return
        if self.side.is_away:  # its queue outlives it
            later(3.0, lambda: spawn(self._deliver(due)))
            return
        headers = world.webhook_headers(due, body, self.now())
        status = await self.post(DOOR, body, headers, HOOK_TIMEOUT_S)
        if status is not None and 200 <= status < 300:
            self.taken.add(due.subject)
        if status is None or not 200 <= status < 300:
            self.history.tell("helpdesk", f"hook {due.event} of {due.subject} -> {status}: marks it failed")
            self.side.send_hooks(world.webhook_failed(due, "no answer", self.now()))
