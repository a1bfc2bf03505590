"""One life of the engine: made, connected, told apart from its states, and ended with the process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from unlost.gateway.engines.calls import EngineFailure
from unlost.gateway.engines.frames import FailureKind, State, StateName
from unlost.gateway.engines.neonize_worker import states, translate
from unlost.gateway.engines.neonize_worker.failures import said_by
from unlost.gateway.engines.neonize_worker.jids import text_of
from unlost.gateway.engines.neonize_worker.library import Library
from unlost.gateway.engines.neonize_worker.recording import Recording

DEBUG = 10
OWN_NAME = "unlost"


class Session:
    """*turned* is told each state, *shown* each QR code; both are called on the engine's threads."""

    def __init__(
        self,
        library: Library,
        store: Path,
        *,
        turned: Callable[[State], None],
        shown: Callable[[str], None],
    ) -> None:
        self._library = library
        self._turned = turned
        self._shown = shown
        self._lock = threading.Lock()
        self.state = State(StateName.STARTING)
        self.spoke = threading.Event()
        self.client: Any = library.client.NewClient(str(store), uuid="device", props=self._props())

    def connect(self, recording: Recording, proxy: str) -> State:
        """Blocks until the engine is through; returns the state to end in, for the process must end then.

        goneonize asks for callbacks by the codes in `list_func`, and takes the callback and the log hook as they are at this call.
        """
        client, library = self.client, self._library
        client.event.list_func.update(dict.fromkeys((*states.TOLD, *translate.RECORDED), _nothing))
        client.event.execute = recording.callback
        library.client.log_whatsmeow = recording.hook
        library.client.log.setLevel(DEBUG)
        client.qr(self._scan)
        self.turn_to(State(StateName.CONNECTING))
        try:
            client.connect(library.client.ProxySettings(proxy) if proxy else None)
        except library.failure as error:
            return states.dial_failed(said_by(error))
        return self.state

    def told(self, code: int, raw: bytes) -> None:
        """An event about the link itself."""
        self.spoke.set()
        if code == states.CONNECTED or code == states.KEEP_ALIVE_RESTORED:
            threading.Thread(target=self._greet, name="greet", daemon=True).start()
            return
        if code not in states.TOLD:
            return
        state = states.state_of(code, self._library.events.INT_TO_EVENT[code].FromString(raw))
        if state is not None:
            self.turn_to(state)

    def turn_to(self, state: State) -> None:
        """The link stands so from now on."""
        with self._lock:
            if self.state.name in states.FINAL:
                return
            self.state = state
        self._turned(state)

    def need_login(self) -> None:
        """Raises EngineFailure unless logged in: before that, many of the engine's calls end the process."""
        if self.state.name is not StateName.LOGGED_IN:
            raise EngineFailure(FailureKind.NOT_CONNECTED, f"the device is {self.state.name.value}: {self.state.cause}")

    def is_down(self) -> bool:
        """True if the engine has no link now. An engine that hangs does not come back from being asked, so no pulse follows."""
        return self.spoke.is_set() and not self.client.is_connected

    def _scan(self, _: object, code: bytes) -> None:
        self.spoke.set()
        if self.state.name is not StateName.PAIRING:
            self.turn_to(State(StateName.PAIRING, "no phone is linked yet", states.SCAN))
        self._shown(code.decode(errors="replace"))

    def _greet(self) -> None:
        """Who we are, asked outside the callback: the engine answers from its store."""
        try:
            me = self.client.get_me()
        except self._library.failure:
            self.turn_to(State(StateName.LOGGED_IN))
            return
        self.turn_to(State(StateName.LOGGED_IN, jid=text_of(me.JID), lid=text_of(me.LID)))

    def _props(self) -> Any:
        props = self._library.companion.DeviceProps
        return props(os=OWN_NAME, platformType=props.DESKTOP)


def _nothing(*_: object) -> None:
    """goneonize wants a handler for each code it is to tell; `Recording.callback` stands before them all."""
