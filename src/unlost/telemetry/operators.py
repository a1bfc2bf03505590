"""What persons do at the pages."""

from dataclasses import dataclass
from typing import ClassVar

from unlost.telemetry.happenings import Level
from unlost.telemetry.metrics import Metrics


@dataclass(frozen=True, slots=True)
class LoginRefused:
    """A wrong password."""

    name: ClassVar[str] = "console.login_refused"
    level: ClassVar[Level] = Level.WARNING

    def count(self, metrics: Metrics) -> None:
        """Told, not counted."""


@dataclass(frozen=True, slots=True)
class OperatorDid:
    """A verb that changed something. *who*: the name told at login; *touched*: how many entries, pools or channels."""

    name: ClassVar[str] = "console.operator_did"
    level: ClassVar[Level] = Level.INFO
    verb: str
    who: str
    touched: int
    channel: str = ""

    def count(self, metrics: Metrics) -> None:
        """Told, not counted."""
