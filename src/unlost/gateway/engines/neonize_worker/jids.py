"""neonize's JID protobuf and the address as text."""

from __future__ import annotations

from unlost.gateway.addresses import LID_SERVER, PHONE_SERVER, server_of, without_device
from unlost.gateway.engines.neonize_worker.library import Library, Proto


def text_of(jid: Proto) -> str:
    """`user[:device]@server`; nothing for an empty one. whatsmeow's agent number is left out, as WhatsApp shows it nowhere."""
    if not jid.Server:
        return ""
    device = f":{jid.Device}" if jid.Device else ""
    return f"{jid.User}{device}@{jid.Server}"


def jid_of(library: Library, address: str) -> Proto:
    """The protobuf of *address*; a device in it is kept."""
    user, _, server = address.partition("@")
    name, _, device = user.partition(":")
    number = int(device) if device.isdecimal() else 0
    return library.protobufs.JID(User=name, Device=number, Integrator=0, RawAgent=0, Server=server, IsEmpty=False)


def pairing_of(first: str, second: str) -> tuple[str, str] | None:
    """(LID, phone address) if the two are one of each; without devices."""
    by_server = {server_of(one): without_device(one) for one in (first, second) if one}
    if LID_SERVER in by_server and PHONE_SERVER in by_server:
        return by_server[LID_SERVER], by_server[PHONE_SERVER]
    return None
