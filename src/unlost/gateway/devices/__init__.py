"""The devices of one gateway: which slots there are (on disk), and what lives in each (an engine, a chat storage)."""

from unlost.gateway.devices.live import Devices, LiveDevice, TooManyDevices, UnknownDevice
from unlost.gateway.devices.roll import Roll, Slot

__all__ = ["Devices", "LiveDevice", "Roll", "Slot", "TooManyDevices", "UnknownDevice"]
