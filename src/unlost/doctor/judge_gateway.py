"""What was seen of the gateway: is it ours, does it tell us everything, and nobody else twice (GOWA page)."""

from collections.abc import Iterator

from unlost.doctor.addresses import host_of, is_near, path_of
from unlost.doctor.findings import Finding, counted, note, ok, warning, wrong
from unlost.doctor.judge_reach import judge_clock, judge_reach
from unlost.doctor.sights import Arrivals, GatewaySight, Trouble
from unlost.doctor.versions import judge_gateway_version
from unlost.gowa.set_up import DeviceWebhook
from unlost.gowa.versions import AVATAR_CONTAINED_SINCE
from unlost.settings.values import Channel

FORWARDER_SINCE = (8, 2, 0)
EVENTS = (
    "message",
    "message.reaction",
    "message.revoked",
    "message.edited",
    "message.deleted",
    "message.ack",
    "group.participants",
    "call.offer",
)
"""What a list of events must name, or be empty: each becomes something in the helpdesk."""
UNSEEN = (
    "WHATSAPP_WEBHOOK_EVENTS (unset: all), WHATSAPP_AUTO_DOWNLOAD_MEDIA (true: files wait at GOWA; false: they are fetched from "
    "WhatsApp when they are needed, while it has them), and restart: always"
)


def judge_gateway(
    sight: GatewaySight, channel: Channel, door_url: str, arrivals: Arrivals | None = None
) -> Iterator[Finding]:
    """All findings. *door_url*: where the gateway is to call us. *arrivals* None: no bridge runs that could have told."""
    if isinstance(sight.status, Trouble):
        yield _unreached(sight, sight.status, channel)
        return
    yield ok("gateway.reachable", f"the gateway answers at {channel.gateway.url}")
    yield from _link(sight, channel)
    yield from judge_gateway_version(sight.version)
    yield from _avatars(sight, channel)
    yield from judge_clock("gateway", "the gateway", sight.clock_off_s, signs=False)
    yield from _password(sight, channel)
    yield from _webhook(sight, channel, door_url)
    yield from _arrivals(arrivals, door_url)
    yield from _forwarder(sight, channel)
    yield from _storage(sight)
    yield note("gateway.environment", f"not to be seen from outside, so look at GOWA's environment yourself: {UNSEEN}")


def _unreached(sight: GatewaySight, trouble: Trouble, channel: Channel) -> Finding:
    url = channel.gateway.url
    if trouble.status in (401, 403):
        cure = "username and password must be a pair of APP_BASIC_AUTH"
        return wrong("gateway.password", f"the gateway at {url} refuses our credentials", cure)
    if isinstance(sight.devices, tuple):
        said = f"the gateway at {url} has {counted(len(sight.devices), 'account')}, and none is the channel's device"
        return wrong("gateway.device", said, "link the firm's number there, or enter the one that is linked as device")
    if trouble.status == 404:
        cure = "look at url and its path; /app/status exists since GOWA 7.1.0, so an older one must be updated"
        return wrong("gateway.unreadable", f"what answers at {url} knows no /app/status", cure)
    return judge_reach("gateway", "the gateway", url, trouble)


def _link(sight: GatewaySight, channel: Channel) -> Iterator[Finding]:
    assert not isinstance(sight.status, Trouble)
    if not sight.status.logged_in:
        yield wrong(
            "gateway.logged_in",
            "the number is not linked at the gateway: nothing comes in",
            "link it there (QR or pairing code), then restart GOWA once",
        )
    elif not sight.status.connected:
        yield wrong(
            "gateway.connected", "the gateway is not connected to WhatsApp", "GET /app/reconnect there, or restart it"
        )
    else:
        yield ok("gateway.logged_in", "the number is linked and connected")
    told, ours = sight.status.device, channel.gateway.device
    if told is not None and ours is not None and told != ours:
        cure = "enter the number that is linked there as device, or the other gateway's address as url"
        yield wrong("gateway.device", "the gateway's number is another than the channel's device", cure)
    elif ours is None and isinstance(sight.devices, tuple) and len(sight.devices) > 1:
        cure = "enter the firm's number as device"
        yield wrong(
            "gateway.device", f"the gateway has {len(sight.devices)} accounts, and the channel names none", cure
        )


def _avatars(sight: GatewaySight, channel: Channel) -> Iterator[Finding]:
    if channel.gateway.avatars != "off" and (sight.version is None or sight.version < AVATAR_CONTAINED_SINCE):
        code = "gateway.avatars"
        if channel.gateway.avatars == "always":
            yield warning(
                code,
                'pictures are asked for ("always"), and GOWA before 8.1.0 can die of the question, with every account',
                "avatars = true, which asks from 8.1.0 on only; or update GOWA",
            )
        else:
            yield note(code, "no pictures are asked for: GOWA before 8.1.0 can die of the question")


def _password(sight: GatewaySight, channel: Channel) -> Iterator[Finding]:
    code = "gateway.open"
    if sight.asks_for_password is True:
        yield ok(code, "the gateway asks for a password")
    elif sight.asks_for_password is False:
        text = "the gateway asks for no password: whoever reaches its port can read and write your WhatsApp"
        cure = "APP_BASIC_AUTH=unlost:PASSWORD in GOWA, and the same as username and password here"
        yield note(code, text, cure) if is_near(channel.gateway.url) else warning(code, text, cure)


def _webhook(sight: GatewaySight, channel: Channel, door_url: str) -> Iterator[Finding]:
    """A device's own webhook replaces the global one, which no call tells."""
    code, webhook = "gateway.device_webhook", sight.webhook
    if webhook is None or isinstance(webhook, Trouble):
        return
    if _names_our_door(webhook.url, channel):
        yield ok(code, "the device has a webhook of its own, and it calls this bridge")
        yield from _device_secret(webhook, channel)
    else:
        yield wrong(
            code,
            "the device has a webhook of its own, which replaces the global one, and it does not call this bridge: no event comes",
            f"PATCH /devices/…/webhook there with webhook_url {door_url} and our secret, or with an empty one",
        )
    missing = [event for event in EVENTS if webhook.events and event not in webhook.events]
    if missing:
        yield warning(
            "gateway.events",
            f"the device's list of events leaves out {', '.join(missing)}: these never come, and storage has no edits, deletions or receipts of its own",
            "empty webhook_events of the device",
        )


def _names_our_door(url: str, channel: Channel) -> bool:
    path = path_of(url)
    return path.endswith(f"/webhooks/gateway/{channel.name}") or "/webhooks/whatsapp/" in path


def _device_secret(webhook: DeviceWebhook, channel: Channel) -> Iterator[Finding]:
    ours = channel.gateway.webhook_secret
    if ours is not None and webhook.secret and not ours.is_word(webhook.secret):
        yield wrong(
            "gateway.webhook_secret",
            "the device's webhook secret is not ours: every webhook is refused, and given up after 15 s",
            "enter the same word on both sides",
        )


def _arrivals(arrivals: Arrivals | None, door_url: str) -> Iterator[Finding]:
    code = "gateway.webhooks_come"
    if arrivals is None:
        return
    came, fetched = arrivals.by_webhook, arrivals.by_storage
    if came and not fetched:
        yield ok(
            code, f"the newest messages in the gateway's storage came by webhook ({came} of {came + arrivals.unknown})"
        )
    elif came:
        text = f"of the newest messages {came} came by webhook, and {fetched} were fetched from storage, up to five minutes late"
        yield warning(
            code, text, "was the bridge away, or a second webhook address slow? Only ours should be in WHATSAPP_WEBHOOK"
        )
    elif fetched:
        yield wrong(
            code,
            f"no webhook comes: the newest {fetched} messages were fetched from the gateway's storage",
            f"WHATSAPP_WEBHOOK={door_url} and WHATSAPP_WEBHOOK_SECRET in GOWA, `message` in WHATSAPP_WEBHOOK_EVENTS if that is set; then restart it",
        )
    else:
        yield note(
            code,
            "no message came lately, so whether webhooks come cannot be seen: write to the number, or use --roundtrip",
        )


def _forwarder(sight: GatewaySight, channel: Channel) -> Iterator[Finding]:
    code = "gateway.second_forwarder"
    cure = "CHATWOOT_ENABLED=false in GOWA, or DELETE /devices/…/chatwoot/config there"
    theirs, ours = sight.forwarder, channel.helpdesk
    if theirs is not None and not isinstance(theirs, Trouble):
        is_ours = (theirs.account_id, theirs.inbox_id) == (ours.account_id, ours.inbox_id)
        if is_ours and host_of(theirs.url) == host_of(ours.url):
            yield wrong(
                code,
                "GOWA's own Chatwoot forwarder posts this number into the same inbox: everything stands twice",
                cure,
            )
        else:
            yield warning(
                code,
                "GOWA's own Chatwoot forwarder posts this number into another inbox",
                cure + ", unless you want that",
            )
    elif sight.forwards:
        yield wrong(code, "GOWA's own Chatwoot forwarder is switched on: what it posts too stands twice", cure)
    elif sight.version is not None and sight.version < FORWARDER_SINCE:
        yield ok(code, "this GOWA has no Chatwoot forwarder of its own")
    elif sight.forwards is None:
        yield note(
            code,
            "whether GOWA's own Chatwoot forwarder is on is not told by this version",
            "8.2 and later have one: CHATWOOT_ENABLED=false",
        )
    else:
        yield ok(code, "GOWA's own Chatwoot forwarder is off")


def _storage(sight: GatewaySight) -> Iterator[Finding]:
    code = "gateway.storage"
    if isinstance(sight.stored_chats, Trouble):
        cure = "WHATSAPP_CHAT_STORAGE=true; look at its log"
        yield wrong(code, "the gateway's chat storage cannot be read: what a lost webhook told is then gone", cure)
    elif sight.stored_chats == 0:
        cure = "WHATSAPP_CHAT_STORAGE=true, and storages/ on a volume; fine for a number that nobody wrote to yet"
        yield warning(code, "the gateway's chat storage is empty: lost webhooks could not be fetched from it", cure)
    else:
        yield ok(code, "the gateway's chat storage holds chats")
    if sight.zone_s:
        text = f"the gateway's storage writes its times {sight.zone_s / 3600:+g} h from UTC, and compares them as text"
        yield note("gateway.zone", text, "TZ=UTC in GOWA, if its zone has summer time")
