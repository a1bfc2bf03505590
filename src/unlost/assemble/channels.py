"""One channel's two sides: clients, deliveries, doors, watch, and where reconcile reads."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from unlost.chatwoot import reader as chatwoot_reader
from unlost.chatwoot import signature
from unlost.chatwoot.client import ChatwootClient
from unlost.chatwoot.pace import Rank
from unlost.chatwoot.turns import HostPace
from unlost.chatwoot.wire import Turns
from unlost.chores.connection import Connection
from unlost.chores.feed import Feed, FeedEvent, FeedPage
from unlost.chores.reconcile import PAGE, Reconcile, StoragePage, StorageRow
from unlost.chores.rescue import Rescue
from unlost.chores.storage_chats import StorageChat
from unlost.chores.watch import GatewayLook, Watch
from unlost.deliver.helpdesk_conversations import ConversationPolicy
from unlost.deliver.helpdesk_messages import Hearing
from unlost.deliver.to_gateway import ToGateway
from unlost.deliver.to_helpdesk import ToHelpdesk
from unlost.errors import Refused, TryLater, UnlostError
from unlost.gowa import readers as gowa_readers
from unlost.gowa.client import GowaClient
from unlost.gowa.look_ups import LookUps
from unlost.gowa.steady_pages import steady_pages
from unlost.gowa.versions import Version, avatar_is_safe
from unlost.ingress.doors import Door, GatewayDoor, HelpdeskDoor
from unlost.road import ChannelRoad
from unlost.settings.agreement import longest_call_s
from unlost.settings.policies import policies_of
from unlost.settings.values import Channel, Settings
from unlost.telemetry.happenings import CallMade, FileFetched, SecondForwarderMet
from unlost.telemetry.log import Telemetry
from unlost.telemetry.sides import ChatWithoutAddress, GatewayRestarted, GatewaySeen, HelpdeskSeen
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction, Envelope, Source
from unlost.vocabulary.ids import ChannelName, ConversationId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.policy import Policy

if TYPE_CHECKING:
    from unlost.assemble.bridge import Outside

AVATAR_MAX_BYTES = 15 * 1024 * 1024
"""Chatwoot's own bound (avatarable.rb)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelParts:
    """What the bridge needs of one channel."""

    name: ChannelName
    device: Address | None
    helpdesk: str
    road: ChannelRoad
    gateway_door: GatewayDoor
    doors: tuple[Door, ...]
    watch: Watch
    rescue: Rescue
    feed: Feed | None
    connection: Connection | None
    reconcile_every_s: float
    reconcile: Callable[[Callable[[], float]], Reconcile]
    probe_helpdesk: Callable[[], Awaitable[bool]]
    probe_gateway: Callable[[], Awaitable[bool]]
    may_look_up: Callable[[], bool]
    set_status: Callable[[ConversationId, HelpdeskMessageId, str], Awaitable[str]]


@dataclass(slots=True)
class _Gateway:
    """What a look at the gateway taught: whether it may be asked for pictures hangs on its version."""

    client: GowaClient
    look_ups: LookUps
    version: Version | None = None

    async def look(self) -> GatewayLook:
        """Bounded by the client's time-out; never raises. The version is asked for until it is told."""
        try:
            status = await self.client.status()
            if self.version is None:
                self.version = await self.client.info()
        except UnlostError:
            self.version = None  # whoever comes back may be another
            self.look_ups.status_seen(logged_in=False)
            return GatewayLook(is_up=False)
        self.look_ups.status_seen(logged_in=status.logged_in)
        return GatewayLook(is_up=True, is_connected=status.connected, is_logged_in=status.logged_in)

    async def answers(self) -> bool:
        """For its circuit: any answer will do, whatever it says of this channel's account."""
        try:
            await self.client.status()
        except TryLater as error:
            return error.status is not None or error.cause == "unreadable"
        except UnlostError:
            return True
        return True


@dataclass(slots=True)
class _Storage:
    """Reconcile's eyes: pages of the gateway's storage, as envelopes. *nameless* hears, once, that a chat has no address."""

    client: GowaClient
    device: Address | None
    nameless: Callable[[], None]
    _full: bool = False
    _told: bool = False

    async def chats(self, offset: int) -> Sequence[StorageChat]:
        """Raises TryLater also where the first page names no chat at all: then nothing would be looked at."""
        page = await self.client.chats(offset)
        self._full = len(page) >= PAGE
        chats = [StorageChat(chat.jid, chat.touched_at, chat.told_at) for chat in page if chat.jid]
        if page and not chats and not offset:
            raise TryLater("chats: none has an address", cause="unreadable", away=False)
        if len(chats) < len(page) and not self._told:
            self._told = True
            self.nameless()
        return chats

    def was_full(self) -> bool:
        return self._full

    async def messages(self, jid: str, since: float) -> AsyncIterator[StoragePage]:
        async for page in steady_pages(lambda offset: self.client.messages(jid, since, offset)):
            yield StoragePage([self._row(raw, Address(jid)) for raw in page.rows], page.begins)

    def _row(self, raw: bytes, chat: Address) -> StorageRow:
        """What no reader understands is a row all the same, and is kept as such a webhook is."""
        try:
            envelope = gowa_readers.envelope_of_row(raw, chat, self.device)
        except Refused:
            envelope = gowa_readers.envelope_of_unread_row(raw, chat, self.device)
        return StorageRow(envelope, raw, gowa_readers.stored_at_of_row(raw))


@dataclass(frozen=True, slots=True)
class _Feed:
    """The feed chore's eyes: pages of what our own gateway tells."""

    client: GowaClient

    async def after(self, number: int) -> FeedPage | None:
        page = await self.client.events(number)
        if page is None:
            return None
        events = tuple(FeedEvent(each.number, each.time.timestamp(), each.body.encode()) for each in page.data)
        return FeedPage(page.feed, page.oldest, page.newest, events)


@dataclass(frozen=True, slots=True)
class _Probing:
    """A probe's turns: it waits for nobody, since it is one request and says whether all others may go."""

    turns: Turns

    async def wait_turn(self) -> None:
        return None

    async def wait_room(self, conversation: int) -> None:
        return None

    def check_open(self, conversation: int) -> None:
        return None

    def told_too_many(self) -> None:
        self.turns.told_too_many()

    def told_flooded(self, conversation: int) -> None:
        self.turns.told_flooded(conversation)


@dataclass(frozen=True, slots=True)
class _Ears:
    """What the watch sees, told."""

    telemetry: Telemetry

    def gateway(self, channel: ChannelName, look: GatewayLook, *, restarted: bool) -> None:
        self.telemetry.tell(GatewaySeen(channel, look.is_up, look.is_logged_in))
        if restarted:
            self.telemetry.tell(GatewayRestarted(channel))

    def helpdesk(self, channel: ChannelName, *, is_up: bool) -> None:
        self.telemetry.tell(HelpdeskSeen(channel, is_up))


def build_channel(
    settings: Settings, channel: Channel, outside: "Outside", paces: Mapping[str, HostPace]
) -> ChannelParts:
    """Every object of one channel. No I/O."""
    gateway = _gateway(settings, channel, outside)
    pace = paces[channel.helpdesk.url]
    chatwoot = _chatwoot(channel, outside, pace.turns(channel.name, Rank.MESSAGE), settings.journal.lease_s)
    chores = _chatwoot(channel, outside, pace.turns(channel.name, Rank.CHORE), settings.journal.lease_s)
    receipts = _chatwoot(channel, outside, pace.turns(channel.name, Rank.RECEIPT), settings.journal.lease_s)
    probes = _chatwoot(channel, outside, _Probing(pace.turns(channel.name, Rank.MESSAGE)), settings.journal.lease_s)
    door = _gateway_door(channel, outside)
    storage = _Storage(
        gateway.client, channel.gateway.device, lambda: outside.telemetry.tell(ChatWithoutAddress(channel.name))
    )
    journal, clock = outside.journal, outside.clock

    def reconcile(hold_s: Callable[[], float]) -> Reconcile:
        kept_s = settings.journal.keep_links_days * 86_400
        return Reconcile(channel.name, journal, storage, clock, hold_s, channel.gateway.twin_wait_s, kept_s)

    async def set_status(conversation: ConversationId, message: HelpdeskMessageId, status: str) -> str:
        return await receipts.messages.set_status(conversation, message, status, "")

    return ChannelParts(
        name=channel.name,
        device=channel.gateway.device,
        helpdesk=f"{channel.helpdesk.url.rstrip('/')}#{channel.helpdesk.account_id}",
        road=_road(settings, channel, outside, gateway, chatwoot, chores),
        gateway_door=door,
        doors=(door, _helpdesk_door(channel, outside)),
        watch=Watch(
            channel.name,
            journal,
            gateway.look,
            lambda: _helpdesk_answers(probes),
            lambda: _token_works(probes),
            _Ears(outside.telemetry),
            clock.now,
        ),
        rescue=Rescue(channel.name, journal),
        feed=_Feed(gateway.client) if channel.gateway.kind == "unlost" else None,
        connection=_connection(channel, outside) if channel.gateway.kind == "unlost" else None,
        reconcile_every_s=channel.gateway.reconcile_every_s,
        reconcile=reconcile,
        probe_helpdesk=lambda: _helpdesk_answers(probes),
        probe_gateway=gateway.answers,
        may_look_up=lambda: gateway.look_ups.wait_s() == 0.0,
        set_status=set_status,
    )


def _gateway(settings: Settings, channel: Channel, outside: "Outside") -> _Gateway:
    client = GowaClient(
        outside.http,
        fetching=outside.http,
        url=channel.gateway.url,
        username=channel.gateway.username,
        password=channel.gateway.password.reveal(),
        device=channel.gateway.device,
        timeout_s=settings.retry.lookup_timeout_s,
        observe=_observe("gateway", outside.telemetry),
    )
    every_s, after_s = channel.gateway.lookup_every_s, channel.gateway.lookup_after_s
    return _Gateway(client, LookUps(client, every_s=every_s, after_s=after_s, now=outside.clock.monotonic))


def _upload_timeout_s(channel: Channel, lease_s: float) -> float:
    """A once-only call that outlasts its lease could never be begun."""
    return min(channel.helpdesk.upload_timeout_s, longest_call_s(lease_s))


def _chatwoot(channel: Channel, outside: "Outside", turns: Turns, lease_s: float) -> ChatwootClient:
    return ChatwootClient(
        outside.http,
        url=channel.helpdesk.url.rstrip("/"),
        account_id=channel.helpdesk.account_id,
        inbox_id=channel.helpdesk.inbox_id,
        token=channel.helpdesk.token.reveal(),
        call_timeout_s=channel.helpdesk.call_timeout_s,
        upload_timeout_s=_upload_timeout_s(channel, lease_s),
        pace=turns,
        observe=_observe("helpdesk", outside.telemetry),
    )


def _road(
    settings: Settings,
    channel: Channel,
    outside: "Outside",
    gateway: _Gateway,
    chatwoot: ChatwootClient,
    chores: ChatwootClient,
) -> ChannelRoad:
    async def fetch(told: str) -> tuple[str, bytes]:
        try:
            return await gateway.client.fetch(told, min(AVATAR_MAX_BYTES, settings.limits.media_max_bytes))
        except UnlostError as error:
            error.host = error.host or channel.gateway.url
            raise

    policy_at = policies_of(settings, channel)

    def policy(at: float, direction: Direction) -> Policy:
        """An old gateway can die of the question for a picture; whether it is old is known only when it is asked."""
        made = policy_at(at)
        if direction is Direction.LOOK_UP and made.avatars == "on" and not avatar_is_safe(gateway.version):
            return replace(made, avatars="off")
        return made

    def tell_copy() -> None:
        outside.telemetry.tell(SecondForwarderMet(channel.name))

    def fetched(status: str) -> None:
        outside.telemetry.tell(FileFetched(channel.name, status))

    shelf = outside.spool.of(channel.name)
    conversations = ConversationPolicy(channel.new_status, reopen=channel.conversation == "reopen")
    hearing = Hearing(tell_copy, lambda: None)
    return ChannelRoad(
        policy=policy,
        device=channel.gateway.device,
        turns=chatwoot.turns,
        to_helpdesk=ToHelpdesk(chatwoot, conversations, fetch, hearing, shelf),
        chores_to_helpdesk=ToHelpdesk(chores, conversations, fetch, hearing, shelf),
        to_gateway=ToGateway(gateway.look_ups, gateway.client, gateway.client, shelf, fetched),
        helpdesk_host=channel.helpdesk.url,
        gateway_host=channel.gateway.url,
        helpdesk_timeout_s=channel.helpdesk.call_timeout_s,
        helpdesk_upload_timeout_s=_upload_timeout_s(channel, settings.journal.lease_s),
        gateway_timeout_s=settings.retry.lookup_timeout_s,
        doubt_wait_s=channel.helpdesk.doubt_wait_s,
    )


def _connection(channel: Channel, outside: "Outside") -> Connection:
    def read(body: bytes) -> object:
        return gowa_readers.read_event(Source.ENVELOPE, body, channel.gateway.device)

    return Connection(channel.name, outside.journal, outside.clock, read)


def _gateway_door(channel: Channel, outside: "Outside") -> GatewayDoor:
    gateway = channel.gateway

    def read(body: bytes) -> Envelope:
        return gowa_readers.read_envelope(body, device=gateway.device)

    def name_of_unread(body: bytes) -> WhatsAppId | None:
        return gowa_readers.name_of_unread(body, device=gateway.device)

    return GatewayDoor(
        channel=channel.name,
        device=gateway.device,
        secret=None if gateway.webhook_secret is None else gateway.webhook_secret.reveal().encode(),
        read=read,
        name_of_unread=name_of_unread,
        reorder_wait_s=gateway.reorder_wait_s,
        gap_wait_s=gateway.gap_wait_s,
        twin_wait_s=gateway.twin_wait_s,
        stamped_now=outside.clock.now if gateway.kind == "unlost" else None,
    )


def _helpdesk_door(channel: Channel, outside: "Outside") -> HelpdeskDoor:
    secret = channel.helpdesk.webhook_secret

    def verify(body: bytes, headers: Mapping[str, str]) -> bool:
        assert secret is not None
        return signature.is_signed(body, headers, secret=secret.reveal(), now=outside.clock.now())

    return HelpdeskDoor(
        channel=channel.name, verify=None if secret is None else verify, read=chatwoot_reader.read_envelope
    )


def _observe(side: Literal["gateway", "helpdesk"], telemetry: Telemetry) -> Callable[[str, str], None]:
    def observe(name: str, outcome: str) -> None:
        telemetry.tell(CallMade(side, name, outcome))

    return observe


async def _helpdesk_answers(client: ChatwootClient) -> bool:
    """For circuit and watch: whether the host as a whole answers. That we ask too much is an answer."""
    try:
        await client.probe_host()
    except Refused:
        return True
    except UnlostError as error:
        return error.cause == "rate_limited"
    return True


async def _token_works(client: ChatwootClient) -> bool:
    try:
        return await client.probe_token()
    except UnlostError:
        return False
