"""What a gateway is told at its start: read once, frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from unlost.gateway.events import Device
from unlost.gateway.versions import Version, parsed


class Temper(StrEnum):
    """How webhooks are delivered: from memory as GOWA does, or from an ordered outbox on disk."""

    GOWA = "gowa"
    DURABLE = "durable"


class EngineName(StrEnum):
    """What speaks WhatsApp's protocol: nothing, for demos and tests, or the real engine in workers of its own."""

    SIMULATED = "simulated"
    NEONIZE = "neonize"


class Dialect(StrEnum):
    """Which of GOWA's two webhook dialects is spoken."""

    ENVELOPE = "envelope"
    FLAT = "flat"


LOOK_UP_EVERY_S = 1.0  # WhatsApp closes the socket on who asks much faster for long
WEATHER_S = 86_400.0  # a day of bad weather outlasts every demo and test
NEWEST = {Dialect.ENVELOPE: "9.2.0", Dialect.FLAT: "7.11.4"}


@dataclass(frozen=True, kw_only=True)
class DeviceWebhook:
    """A webhook of one device's own, which GOWA calls in place of the global ones (v8.10.0 and later)."""

    url: str = ""
    secret: str = field(default="", repr=False)
    events: str = ""
    insecure_skip_verify: bool = False


@dataclass(frozen=True, kw_only=True)
class GatewaySettings:
    """Everything a gateway needs. Seconds throughout; *time_scale* shortens the delivery schedule in tests.

    - *device* is the account's phone address, *device_name* its own name, *session* its id under /devices (envelope).
    - *version* left empty is the newest of the dialect; "7.7.0" gives that version's faults and delivery habits too.
    - *avatars* off: no picture is fetched by the engine, `/user/avatar` answers as for someone without one.
    - *shuffle_s*: each webhook of GOWA's temper starts up to that much later, drawn from *seed*.
    - *enable_faults* opens `/_gateway/…`, from loopback only.
    - *weather_every_s* above 0: one fault in each so many seconds, drawn from *seed* (`weather`), for WEATHER_S.
    - *chatwoot_enabled*, *device_webhook*: as GOWA tells of its own forwarder and of a device's own webhook; neither is played.
    - *takes_ids* off: the simulated engine chooses the ids of messages itself, as some engines do.
    - *avatar_wait_s*, *call_wait_s*, *send_wait_s* bound a picture's look-up, any other call of the engine, and a send or a file
      (GOWA's own: 5, 10 and 45).
    - *look_up_every_s* stands between two look-ups of one device; left out it follows from the engine.
    - *contain_panics* off: an engine's panic ends the whole process with status 2, as it did in production.
    """

    data_folder: Path
    device: str
    webhook_urls: tuple[str, ...]
    listen_host: str = "127.0.0.1"
    listen_port: int = 3000
    temper: Temper = Temper.DURABLE
    dialect: Dialect = Dialect.ENVELOPE
    version: str = ""
    webhook_secret: str = field(default="secret", repr=False)  # GOWA's own default is literally this (its page, 2.1)
    username: str = ""
    password: str = field(default="", repr=False)
    device_name: str = "Support"
    session: str = ""
    engine: EngineName = EngineName.SIMULATED
    avatars: bool = True
    contain_panics: bool = True
    chatwoot_enabled: bool = False
    device_webhook: DeviceWebhook = DeviceWebhook()
    enable_faults: bool = False
    takes_ids: bool = True
    avatar_wait_s: float = 5.0
    call_wait_s: float = 10.0
    send_wait_s: float = 45.0
    look_up_every_s: float | None = None
    seed: int = 0
    weather_every_s: float = 0.0
    shuffle_s: float = 0.05
    time_scale: float = 1.0
    webhook_days: float = 7.0  # tried so long, then a dead letter: a receiver may be away over a long weekend
    events_days: float = 7.0  # the feed: a bridge that was away so long finds what it missed
    events_max_bytes: int = 256 * 1024 * 1024  # … of bodies; some 400,000 events of text
    chats_at_once: int = 64  # the outbox: one delivery per chat, this many chats; a bridge takes far more
    drain_batch: int = 200  # one synced commit for so many events of the offline queue
    drain_every_s: float = 0.03  # how often the file is looked at for what other processes wrote

    @property
    def population_path(self) -> Path:
        """The population's file."""
        return self.data_folder / "population.db"

    @property
    def storage_path(self) -> Path:
        """Chat storage of the real engine's devices; a simulated one's stands in the population's file."""
        return self.data_folder / "chats.db"

    @property
    def engines_folder(self) -> Path:
        """A folder for each device of the real engine: its login, its record, its files."""
        return self.data_folder / "engines"

    @property
    def devices_path(self) -> Path:
        """The slots of linked devices."""
        return self.data_folder / "devices.db"

    @property
    def pictures_path(self) -> Path:
        """What is remembered of profile pictures."""
        return self.data_folder / "pictures.db"

    @property
    def media_folder(self) -> Path:
        """Files that were sent or fetched."""
        return self.data_folder / "media"

    def file_folders(self) -> list[Path]:
        """All folders that files of messages lie in now: those handed out, and those a worker fetched in vain."""
        return [self.media_folder, *self.engines_folder.glob("*/media")]

    @property
    def look_ups_every_s(self) -> float:
        """The seconds between two look-ups of one device."""
        if self.look_up_every_s is not None:
            return self.look_up_every_s
        return 0.0 if self.engine is EngineName.SIMULATED else LOOK_UP_EVERY_S

    @property
    def outbox_path(self) -> Path:
        """The durable temper's journal: what it owes its receivers."""
        return self.data_folder / "webhooks.db"

    @property
    def feed_path(self) -> Path:
        """The numbered feed."""
        return self.data_folder / "events.db"

    @property
    def old_outbox_path(self) -> Path:
        """Where the outbox of 0.1 lay."""
        return self.data_folder / "outbox.db"

    @property
    def spoken_version(self) -> Version:
        """The version whose shapes and habits are followed."""
        return parsed(self.version or NEWEST[self.dialect])

    @property
    def linked_device(self) -> Device:
        """The account as webhooks name it."""
        return Device(self.device, self.device_name, self.session)
