"""Every key of the settings file: its shape, its default, its reason. Nothing else in the program declares one."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from unlost.settings.keys import key
from unlost.settings.programs import Desk, Gateway
from unlost.settings.secret import Secret
from unlost.settings.shapes import Hidden, HostAndPort, Jid, Listen, Many, Number, OneOf, Text, WebAddress, YesNo
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.ids import ChannelName
from unlost.vocabulary.policy import Language

MEBIBYTE = 1024 * 1024
DAY_S = 86400

CHANNEL_NAME = "[a-z0-9][a-z0-9_-]{0,62}"  # stands in URLs, metrics and variable names


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The bridge's own door, pages and clock."""

    listen: Listen = key(HostAndPort(), "127.0.0.1:8080", why="where gateway and helpdesk reach the bridge")
    public_url: str = key(
        WebAddress(may_be_empty=True),
        "",
        why="the same door as others see it, a path included; empty: only this machine uses it",
        example="https://bridge.example.com",
    )
    timezone: str = key(
        Text("the name of a time zone, such as America/Sao_Paulo", may_be_empty=False),
        "UTC",
        why="for times written into conversations",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """Operator pages and API."""

    password: Secret = key(
        Hidden(may_be_empty=True),
        "",
        why="for pages, operator API and metrics; empty: they answer only to this very machine",
        example="env:UNLOST_PASSWORD",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """What we remember, and for how long."""

    url: str = key(
        Text(
            '"sqlite:///path" (three slashes: seen from this file\'s folder; four: from the root)', may_be_empty=False
        ),
        "sqlite:///data/unlost.db",
        why="the journal; keep it on a local disk, never on a network file system",
    )
    throwaway: bool = key(
        YesNo(),
        False,
        why="true: in a container the journal may lie where it goes with the container, and every waiting message with it",
    )
    keep_days: int = key(
        Number("days", 1, 3650, whole=True), 30, why="bodies and attempts of settled entries, for `trace`"
    )
    keep_links_days: int = key(
        Number("days", 30, 36500, whole=True),
        400,
        why="which message became which; must outlive the oldest replay, else it is posted twice",
    )
    lease_s: int = key(
        Number("seconds", 30, 3600, whole=True),
        60,
        why="how long a silent bridge keeps its work; must outlast the longest single call by 5 s",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Every bound on what comes from outside and on what is done at once."""

    body_max_bytes: int = key(
        Number("bytes", 65536, 256 * MEBIBYTE, whole=True),
        16 * MEBIBYTE,
        why="one webhook; GOWA puts vCards and previews inside, far below this; larger ones are answered 413",
    )
    body_wait_s: float = key(
        Number("seconds", 1, 60), 10, why="for a body to arrive in full; GOWA ends its try after 10 s"
    )
    door_concurrency: int = key(
        Number("webhooks", 8, 100_000, whole=True),
        512,
        why="at the door at once; the next is answered 503 and comes back; GOWA sends a whole backlog in parallel",
    )
    door_held_max_bytes: int = key(
        Number("bytes", MEBIBYTE, 4096 * MEBIBYTE, whole=True),
        64 * MEBIBYTE,
        why="bodies held in memory at the door together; the next is answered 503",
    )
    commit_wait_s: float = key(
        Number("seconds", 0.5, 30), 4, why="for the journal to make a body durable, else 503; Chatwoot waits 5 s"
    )
    batch_max: int = key(
        Number("bodies", 1, 10_000, whole=True), 256, why="written with one sync of the disk; bounds a commit's length"
    )
    slots: int = key(
        Number("entries", 2, 1000, whole=True), 32, why="worked at once over all channels; no channel holds over half"
    )
    background_slots: int = key(
        Number("entries", 1, 1000, whole=True), 4, why="of the slots for look-ups, sweeps and other background work"
    )
    media_slots: int = key(
        Number("entries", 1, 1000, whole=True),
        4,
        why="of the slots for files fetched from gateways, at most a quarter: a gateway that hangs holds no more",
    )
    media_spool_max_bytes: int = key(
        Number("bytes", 16 * MEBIBYTE, 1024 * 1024 * MEBIBYTE, whole=True),
        1024 * MEBIBYTE,
        why="files that wait beside the journal for the helpdesk; room for each channel's largest is its own; the next wait",
    )
    connections_per_host: int = key(
        Number("connections", 1, 1000, whole=True), 16, why="to one gateway or helpdesk; Puma serves few at once"
    )
    helpdesk_calls_per_min: int = key(
        Number("calls per minute", 10, 100_000, whole=True),
        2400,
        why="to one helpdesk; Chatwoot answers 429 above 3000 per address, and others may share yours",
    )
    gateway_calls_per_min: int = key(
        Number("calls per minute", 10, 100_000, whole=True),
        600,
        why="to one gateway's storage and status; each is a read of its local SQLite file",
    )
    answer_max_bytes: int = key(
        Number("bytes", 65536, 256 * MEBIBYTE, whole=True),
        16 * MEBIBYTE,
        why="one answer of gateway or helpdesk, unpacked; a page of 100 messages is far below",
    )
    media_max_bytes: int = key(
        Number("bytes", 65536, 1024 * MEBIBYTE, whole=True),
        40 * MEBIBYTE,
        why="one picture or file of any channel; Chatwoot's own pages stop at 40 MB (its avatars at 15 MB)",
    )
    read_max_s: float = key(
        Number("seconds", 0.05, 10), 1, why="one reading of the journal; a longer one would let its log file grow"
    )
    bulk_max: int = key(
        Number("rows", 1, 10_000, whole=True),
        500,
        why="changed in one transaction by an operator's verb: the door waits behind it",
    )
    wal_max_bytes: int = key(
        Number("bytes", 4 * MEBIBYTE, 16384 * MEBIBYTE, whole=True),
        256 * MEBIBYTE,
        why="the journal's log file; above it readers are cut so that it can shrink",
    )
    watch_every_s: float = key(
        Number("seconds", 1, 600), 30, why="between looks at gateway and helpdesk; no webhook tells that they are away"
    )
    stop_wait_s: float = key(
        Number("seconds", 0.1, 30), 3, why="for work under way at a stop; GOWA gives a webhook up after 15 s away"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """Whom to tell when something needs a person."""

    urls: tuple[Secret, ...] = key(
        Many(Hidden()),
        (),
        why="Apprise addresses, such as mailto:// or tgram://; told when a trouble begins and ends, each at most once an hour",
        example=["env:UNLOST_NOTIFY"],
    )
    heartbeat_url: str = key(
        WebAddress(may_be_empty=True, may_ask=True),
        "",
        why="called while the door can commit; a service that misses it raises the alarm when we cannot",
        example="https://heartbeat.example.com/a-long-word",
    )
    heartbeat_every_s: float = key(Number("seconds", 5, DAY_S), 60, why="between two calls of it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How often, and how far apart."""

    lookup_tries: int = key(Number("tries", 1, 20, whole=True), 3, why="of a question about a contact or group")
    lookup_base_s: float = key(Number("seconds", 0.1, 3600), 1, why="before the second try; doubles from then on")
    media_tries: int = key(
        Number("tries", 1, 100, whole=True),
        12,
        why="of fetching a file; with a minute before the second and up to four hours between, half a day",
    )
    lookup_timeout_s: float = key(
        Number("seconds", 1, 45), 10, why="for one answer; longer ones have died in the gateway"
    )
    attempts_max: int = key(
        Number("attempts", 1, 100, whole=True),
        5,
        why="before an entry becomes a dead letter; a side that is away costs none",
    )
    schedule: Literal["exponential", "linear"] = key(
        OneOf(("exponential", "linear")), "exponential", why="base_s doubled each time, or base_s × attempt"
    )
    base_s: float = key(Number("seconds", 0.1, 3600), 10, why="the first wait after a failed attempt")
    ceiling_s: float = key(Number("seconds", 1, DAY_S), 600, why="no wait between attempts is longer")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelGateway:
    """The WhatsApp side of a channel."""

    kind: Literal["gowa", "unlost"] = key(
        OneOf(("gowa", "unlost")), why="ours in GOWA's temper is gowa too", example="gowa"
    )
    url: str = key(WebAddress(), why="its REST API", example="http://127.0.0.1:3000")
    username: str = key(Text(), "", why="of its basic auth; empty: it asks for none")
    password: Secret = key(
        Hidden(may_be_empty=True), "", why="of its basic auth", example="env:UNLOST_GATEWAY_PASSWORD"
    )
    device: Address | None = key(
        Jid(phones_only=True),
        "",
        why="the firm's own number there; without it own messages of GOWA before 8 look like a customer's",
        example="628123456789@s.whatsapp.net",
    )
    webhook_secret: Secret | None = key(
        Hidden(may_be_off=True),
        why='GOWA\'s WHATSAPP_WEBHOOK_SECRET (its default is the word secret: change it); "off" accepts unsigned bodies',
        example="env:UNLOST_GATEWAY_WEBHOOK_SECRET",
    )
    reorder_wait_s: float = key(
        Number("seconds", 0, 60),
        by_kind=(("gowa", 0.5), ("unlost", 0)),
        why="GOWA sends webhooks in any order; what comes inside this wait is sorted by WhatsApp's time",
    )
    gap_wait_s: float = key(
        Number("seconds", 0, 120),
        by_kind=(("gowa", 16), ("unlost", 0)),
        why="the same for 20 s after a start or a 503: GOWA's retries come back up to 15 s later",
    )
    twin_wait_s: float = key(
        Number("seconds", 1, 3600), 60, why="an empty event waits for its content; GOWA gives a webhook up after 42 s"
    )
    target_wait_s: float = key(
        Number("seconds", 1, 3600), 60, why="an edit, reaction or deletion waits for its message"
    )
    media_wait_s: float = key(
        Number("seconds", 0, 600), 20, why="a message waits for its file before a placeholder goes first"
    )
    unsure_wait_s: float = key(
        Number("seconds", 1, 3600), 60, why="for evidence of a send whose answer was lost, before a person is asked"
    )
    avatars: Literal["on", "off", "always"] = key(
        OneOf(("on", "off", "always"), yes="on", no="off"),
        True,
        why='true: from GOWA 8.1.0 on, older ones can die of the question; "always": those too',
    )
    lookup_every_s: float = key(
        Number("seconds", 0, 3600), 10, why="between two look-ups of a device: WhatsApp bans accounts that ask a lot"
    )
    lookup_after_s: float = key(
        Number("seconds", 0, 3600), 60, why="a gateway must have been logged in so long before it is asked"
    )
    reconcile_every_s: float = key(
        Number("seconds", 5, DAY_S), 300, why="between two comparisons of the gateway's storage with the journal"
    )
    send_within_s: float = key(
        Number("seconds", 60, 7 * DAY_S),
        14400,
        why="an agent's message not sent by then is marked failed: it may no longer fit",
    )
    sends_per_min: float = key(
        Number("messages per minute", 0.1, 600), 20, why="from one number: WhatsApp bans accounts that send like robots"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelHelpdesk:
    """The helpdesk's side of a channel."""

    kind: Literal["chatwoot"] = key(OneOf(("chatwoot",)), "chatwoot", why="Chatwoot from 4.2 on, or `unlost desk`")
    url: str = key(WebAddress(), why="as agents open it", example="http://127.0.0.1:8090")
    account_id: int = key(Number("", 1, 2**53, whole=True), why="the number in /app/accounts/…", example=1)
    inbox_id: int = key(
        Number("", 1, 2**53, whole=True), why="the number in …/inbox/…; an inbox of the kind API", example=1
    )
    token: Secret = key(
        Hidden(),
        why="an administrator's access token (profile settings); a bot's token may too little",
        example="env:UNLOST_HELPDESK_TOKEN",
    )
    webhook_secret: Secret | None = key(
        Hidden(may_be_off=True),
        why='the API inbox\'s secret; "off" for Chatwoot before 4.13, which signs nothing',
        example="env:UNLOST_HELPDESK_WEBHOOK_SECRET",
    )
    call_timeout_s: float = key(Number("seconds", 1, 45), 20, why="for one answer; Chatwoot cuts a request after 15 s")
    upload_timeout_s: float = key(
        Number("seconds", 1, 45),
        35,
        why="for a post with a file, upload included; never longer than what journal.lease_s covers",
    )
    doubt_wait_s: float = key(
        Number("seconds", 0.1, 120),
        20,
        why="before the search after a lost answer; must outlast the helpdesk's own limit",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One WhatsApp number joined to one helpdesk inbox."""

    name: ChannelName = key(
        Text("a short name of a-z, 0-9, - and _", CHANNEL_NAME, may_be_empty=False),
        why="stands in webhook URLs, metrics and variable names; do not change it later",
        example="support",
    )
    language: Language = key(
        OneOf(("pt-BR", "en", "es", "id")), "en", why="of the words the program writes into conversations"
    )
    conversation: Literal["reopen", "new"] = key(
        OneOf(("reopen", "new")), "reopen", why="after a conversation was resolved: go on in it, or begin another"
    )
    new_status: Literal["open", "pending"] = key(
        OneOf(("open", "pending")), "open", why="of a new conversation; pending hands it to a bot first"
    )
    groups: bool = key(YesNo(), True, why="carry group messages, one conversation per group")
    newsletters: bool = key(YesNo(), False, why="carry posts of followed WhatsApp channels")
    typing: bool = key(
        YesNo(), False, why="show agents that a customer types; each change of it costs the helpdesk a call"
    )
    reactions: Literal["reply", "note", "off"] = key(
        OneOf(("reply", "note", "off")),
        "reply",
        why="a reaction becomes a short reply to its message, a private note, or nothing",
    )
    ignore: tuple[Address, ...] = key(Many(Jid()), (), why="chats that are not carried", example=["+62 811 0000 000"])
    late_after_s: float = key(
        Number("seconds", 1, 7 * DAY_S),
        300,
        why="a message that comes so long after WhatsApp's time says when it was written",
    )
    media_max_bytes: int = key(
        Number("bytes", 1024, 1024 * MEBIBYTE, whole=True),
        40 * MEBIBYTE,
        why="a larger file stays on the phone, and one line says so; limits.media_max_bytes holds for all channels",
    )
    mirror_deletes: bool = key(YesNo(), False, why="delete in the helpdesk too what a customer deletes for everyone")
    gateway: ChannelGateway
    helpdesk: ChannelHelpdesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All of it. *file* is where it was read; relative paths are seen from its folder."""

    file: Path
    server: Server = field(default_factory=Server)
    console: Console = field(default_factory=Console)
    journal: Journal = field(default_factory=Journal)
    limits: Limits = field(default_factory=Limits)
    notify: Notify = field(default_factory=Notify)
    retry: Retry = field(default_factory=Retry)
    channels: tuple[Channel, ...] = ()
    desk: Desk | None = None
    gateway: Gateway | None = None

    @property
    def journal_path(self) -> Path:
        """The SQLite file."""
        return self.path(self.journal.url.removeprefix("sqlite:///"))

    def path(self, written: str) -> Path:
        """A path of the file, seen from the file's folder, so that no start from elsewhere begins an empty journal."""
        return (self.file.parent / written).absolute()
