"""WhatsApp's addresses, as strings: user[:device]@server."""

NUMBERS, LIDS, GROUPS = "s.whatsapp.net", "lid", "g.us"
SERVER = "@s.whatsapp.net"
"""WhatsApp itself, as a sender or receiver of queries."""


def user_of(jid: str) -> str:
    return jid.partition("@")[0].partition(":")[0]


def server_of(jid: str) -> str:
    return jid.partition("@")[2]


def bare(jid: str) -> str:
    """Without its device."""
    return f"{user_of(jid)}@{server_of(jid)}"


def of_device(user: str, server: str, device: int) -> str:
    return f"{user}:{device}@{server}" if device else f"{user}@{server}"
