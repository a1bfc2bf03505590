"""Which doors a path leads to."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from unlost.ingress.doors import Door, GatewayDoor
from unlost.vocabulary.addresses import Address, is_phone, user_of

BY_PHONE = "/webhooks/whatsapp/"


@dataclass(frozen=True, slots=True)
class Doors:
    """All doors by path. *public_url* may end in a path that a proxy leaves in front of ours."""

    doors: tuple[Door, ...]
    public_url: str = ""
    _prefix: str = field(init=False)
    _by_path: dict[str, tuple[Door, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_prefix", urlsplit(self.public_url).path.rstrip("/"))
        for door in self.doors:
            self._by_path[f"/webhooks/{door.side}/{door.channel}"] = (door,)
            if door.device is not None and is_phone(door.device):
                path = BY_PHONE + user_of(door.device)
                self._by_path[path] = (*self._by_path.get(path, ()), door)

    def own_path(self, path: str) -> str:
        """*path* without the prefix of the public address, whether or not the proxy has taken it off."""
        if self._prefix and path == self._prefix:
            return "/"
        if self._prefix and path.startswith(self._prefix + "/"):
            return path[len(self._prefix) :]
        return path

    def at(self, path: str) -> tuple[Door, ...]:
        """The doors behind a path; several where one number has several channels. A phone number may be in any spelling."""
        found = self._by_path.get(path)
        if found is None and path.startswith(BY_PHONE):
            phone = re.sub(r"[^0-9]", "", path[len(BY_PHONE) :].partition("@")[0].partition(":")[0])
            found = self._by_path.get(BY_PHONE + phone)
        return found or self._by_path.get(path.rstrip("/"), ())

    def of_device(self, device: Address) -> Iterable[GatewayDoor]:
        """The gateway doors of the channels whose own number *device* is."""
        return (door for door in self.doors if isinstance(door, GatewayDoor) and door.device == device)
