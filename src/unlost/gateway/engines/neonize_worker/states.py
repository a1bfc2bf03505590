"""What the engine tells of its link, as states with a cause and a cure."""

from __future__ import annotations

from unlost.gateway.engines.frames import State, StateName
from unlost.gateway.engines.neonize_worker.library import Proto

# neonize/events.py, EVENT_TO_INT (0.5.2)
DEVICE, QR, PAIR_STATUS, CONNECTED, KEEP_ALIVE_TIMEOUT, KEEP_ALIVE_RESTORED = 0, 1, 2, 3, 4, 5
LOGGED_OUT, STREAM_REPLACED, TEMPORARY_BAN, CONNECT_FAILURE, CLIENT_OUTDATED = 6, 7, 8, 9, 10
STREAM_ERROR, DISCONNECTED = 11, 12
TOLD = (
    PAIR_STATUS, CONNECTED, KEEP_ALIVE_TIMEOUT, KEEP_ALIVE_RESTORED, LOGGED_OUT, STREAM_REPLACED, TEMPORARY_BAN,
    CONNECT_FAILURE, CLIENT_OUTDATED, STREAM_ERROR, DISCONNECTED,
)  # fmt: skip
# In these the link stays down although the process lives (engine-feasibility, 1): the worker ends, and rests
FINAL = frozenset(
    {StateName.LOGGED_OUT, StateName.REPLACED, StateName.BANNED, StateName.OUTDATED, StateName.REFUSED_LOGIN}
)
REPLACED_REST_S = 300.0  # two programs with one login throw each other out; five minutes is no war
BANNED_REST_S = 3600.0
OUTDATED_REST_S = 3600.0
REFUSED_REST_S = 60.0
NETWORK_REST_S = 1.0
SCAN = "scan the QR code with the phone again, or use a pairing code"


def state_of(code: int, event: Proto) -> State | None:
    """The state that *event* means; None where it means none, or where more must be asked first (CONNECTED)."""
    match code:
        case 2 if event.Error:
            return State(StateName.DISCONNECTED, f"the phone could not link this device: {event.Error}"[:200], SCAN)
        case 2:
            return State(StateName.PAIRED, "the phone has linked this device")
        case 4:
            return State(StateName.DISCONNECTED, "WhatsApp does not answer", "it tries again by itself")
        case 6:
            reason = (
                event.ConnectFailureReason.Name(event.Reason) if hasattr(event, "ConnectFailureReason") else "unlinked"
            )
            return State(StateName.LOGGED_OUT, f"WhatsApp ended the link: {reason.lower()}", SCAN)
        case 7:
            cure = "end the other program that uses this device's login; then reconnect"
            return State(StateName.REPLACED, "another program uses the same login", cure, rest_s=REPLACED_REST_S)
        case 8:
            kind = event.TempBanReason.Name(event.Code).lower().replace("_", " ")
            cure = "wait until it ends, then write less and to fewer strangers"
            return State(
                StateName.BANNED, f"WhatsApp blocks the account for a while: {kind}", cure, rest_s=BANNED_REST_S
            )
        case 9:
            cause = f"WhatsApp refused the login: {event.Message or 'no reason given'}"[:200]
            return State(StateName.REFUSED_LOGIN, cause, "it tries again by itself", rest_s=REFUSED_REST_S)
        case 10:
            cure = "update unlost: its engine speaks a version that WhatsApp no longer takes"
            return State(StateName.OUTDATED, "WhatsApp refuses this version", cure, rest_s=OUTDATED_REST_S)
        case 11 | 12:
            return State(StateName.DISCONNECTED, "the link to WhatsApp is down", "it connects again by itself")
        case _:
            return None


def dial_failed(text: str) -> State:
    """The state behind an engine that could not even connect."""
    lower = text.lower()
    if "certificate has expired or is not yet valid" in lower or "not yet valid" in lower:
        cure = "set this machine's clock"
        return State(
            StateName.CLOCK_WRONG, "WhatsApp's certificate is not valid by this machine's clock", cure, rest_s=30.0
        )
    if "certificate" in lower or "x509" in lower:
        cure = "see which proxy or firewall stands between this machine and WhatsApp"
        return State(StateName.REFUSED_LOGIN, "something else than WhatsApp answered", cure, rest_s=REFUSED_REST_S)
    cause = "WhatsApp cannot be reached"
    return State(StateName.NO_NETWORK, cause, "see to the network; it tries again by itself", rest_s=NETWORK_REST_S)
