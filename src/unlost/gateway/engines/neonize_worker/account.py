"""The account itself: pairing by code, and unlinking."""

from __future__ import annotations

from unlost.gateway.engines import verbs
from unlost.gateway.engines.calls import EngineFailure
from unlost.gateway.engines.frames import FailureKind, State, StateName
from unlost.gateway.engines.neonize_worker import states
from unlost.gateway.engines.neonize_worker.failures import invalid
from unlost.gateway.engines.neonize_worker.session import Session


class Account:
    """Calls that change whose device this is."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def pair_code(self, asked: verbs.Phone) -> verbs.PairCode:
        """A code to type into the phone, instead of a QR code."""
        number = asked.number.lstrip("+")
        if not number.isdecimal() or not 7 <= len(number) <= 15:
            raise invalid("a phone number with its country code, digits alone")
        if self._session.state.name is not StateName.PAIRING:
            raise EngineFailure(
                FailureKind.REFUSED, f"the device is {self._session.state.name.value}, not waiting for a phone"
            )
        return verbs.PairCode(self._session.client.PairPhone(number, True))

    def logout(self, _: verbs.Nothing) -> verbs.Nothing:
        """Unlink this device. The engine tells no event of one's own doing, so the state is turned here."""
        self._session.client.logout()
        self._session.turn_to(State(StateName.LOGGED_OUT, "unlinked from here", states.SCAN))
        return verbs.Nothing()
