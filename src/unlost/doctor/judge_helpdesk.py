"""What was seen of the helpdesk: who we are there, and how our inbox is joined to this bridge."""

from collections.abc import Iterator

from unlost.chatwoot.inboxes import API, InboxSettings
from unlost.doctor.addresses import path_of, shown
from unlost.doctor.findings import Finding, note, ok, warning, wrong
from unlost.doctor.judge_inbox import judge_inbox_habits
from unlost.doctor.judge_reach import judge_clock, judge_reach
from unlost.doctor.sights import HelpdeskSight, Trouble
from unlost.doctor.versions import (
    HELPDESK_ALLOWS_PRIVATE,
    HELPDESK_BLOCKS_PRIVATE,
    HELPDESK_SIGNS,
    Version,
    judge_helpdesk_version,
    read_version,
)
from unlost.settings.doors import is_known
from unlost.settings.values import Channel

ADMINISTRATOR = "use the access token of an administrator (profile settings), then `unlost serve` anew"


def judge_helpdesk(
    sight: HelpdeskSight, channel: Channel, door_url: str, *, webhooks_came: bool = False
) -> Iterator[Finding]:
    """All findings. *door_url*: where the inbox is to call us. *webhooks_came*: the running bridge has taken some of its."""
    if isinstance(sight.health, Trouble):
        yield judge_reach("helpdesk", "the helpdesk", channel.helpdesk.url, sight.health)
        return
    yield ok("helpdesk.reachable", f"the helpdesk answers at {channel.helpdesk.url}")
    if not sight.health.is_whole:
        yield wrong(
            "helpdesk.services",
            "Chatwoot says that its own database or queue fails",
            "look at its PostgreSQL and Redis",
        )
    version = read_version(sight.health.version)
    yield from judge_helpdesk_version(version)
    yield from judge_clock("helpdesk", "the helpdesk", sight.clock_off_s, signs=True)
    yield from _token(sight, channel)
    if isinstance(sight.inbox, Trouble):
        yield from _no_inbox(sight, sight.inbox, channel)
        return
    yield from _inbox(sight, sight.inbox, channel, door_url, version, webhooks_came=webhooks_came)


def _token(sight: HelpdeskSight, channel: Channel) -> Iterator[Finding]:
    code, profile = "helpdesk.token", sight.profile
    if isinstance(profile, Trouble):
        if profile.status == 403:
            yield wrong(
                code, "the helpdesk gives this account no API access", "on Chatwoot's cloud it needs a paid plan"
            )
        elif profile.status == 401:
            yield wrong(
                code, "the helpdesk does not know the token", f"it was changed, or is an agent bot's: {ADMINISTRATOR}"
            )
        else:
            yield judge_reach("helpdesk", "the helpdesk", channel.helpdesk.url, profile)
    elif not profile.role:
        account = channel.helpdesk.account_id
        yield wrong(
            code, f"the token's user is no member of account {account}", "look at account_id, or take another token"
        )
    elif profile.role != "administrator":
        yield warning(
            "helpdesk.token_role",
            f"the token is of the role {profile.role}: reading and posting work in inboxes it is a member of, and each conversation "
            "it opens is assigned to it; it may not set the inbox's webhook address, nor see its secret or the account's webhooks",
            ADMINISTRATOR,
        )
    else:
        yield ok("helpdesk.token_role", "the token is an administrator's")


def _no_inbox(sight: HelpdeskSight, trouble: Trouble, channel: Channel) -> Iterator[Finding]:
    """Said once: a token that is refused everywhere has been found already."""
    number = channel.helpdesk.inbox_id
    if trouble.status in (401, 403, 404):
        if not isinstance(sight.profile, Trouble):
            cure = "look at inbox_id and account_id; an agent must be a member of the inbox"
            yield wrong("helpdesk.inbox", f"the token sees no inbox {number}", cure)
    else:
        yield judge_reach("helpdesk", "the helpdesk", channel.helpdesk.url, trouble)


def _inbox(
    sight: HelpdeskSight,
    inbox: InboxSettings,
    channel: Channel,
    door_url: str,
    version: Version | None,
    *,
    webhooks_came: bool,
) -> Iterator[Finding]:
    if inbox.channel_type != API:
        yield wrong(
            "helpdesk.inbox_kind",
            f"inbox {inbox.id} is a {inbox.channel_type.removeprefix('Channel::')} inbox: it takes no customer's messages from a program",
            "make one of the kind API (Settings → Inboxes → Add inbox → API), or let `unlost init` make it, and enter its number as inbox_id",
        )
        return
    yield ok("helpdesk.inbox_kind", f"inbox {inbox.id} is an API inbox")
    yield from _webhook_url(inbox, channel, door_url)
    yield from _secret(inbox, channel, version)
    yield from _private(sight, inbox, version, webhooks_came=webhooks_came)
    yield from _account_webhooks(sight, channel)
    yield from judge_inbox_habits(sight, inbox, channel)
    yield from _foreign(sight)


def _webhook_url(inbox: InboxSettings, channel: Channel, door_url: str) -> Iterator[Finding]:
    code, path = "helpdesk.webhook_url", f"/webhooks/helpdesk/{channel.name}"
    cure = f"enter {door_url} as the inbox's webhook URL, or let `unlost init` do it"
    told = inbox.webhook_url
    if not told:
        yield wrong(code, "the inbox calls no webhook: agents' answers and deletions are never told", cure)
    elif told.rstrip("/") == door_url.rstrip("/"):
        yield ok(code, "the inbox calls this bridge")
    elif path_of(told).endswith(path) and not is_known(door_url):
        yield ok(code, f"the inbox calls {shown(told)}, a door of this channel's name")
    elif path_of(told).endswith(path):
        yield warning(
            code,
            f"the inbox calls {shown(told)}, and this bridge is to be called at {door_url}",
            "fine if both lead here; else " + cure,
        )
    else:
        yield wrong(code, f"the inbox calls {shown(told)}, not this bridge", cure)


def _secret(inbox: InboxSettings, channel: Channel, version: Version | None) -> Iterator[Finding]:
    code, ours = "helpdesk.webhook_secret", channel.helpdesk.webhook_secret
    signs = version is None or version >= HELPDESK_SIGNS
    if not signs and ours is not None:
        yield wrong(
            code,
            "this Chatwoot signs no webhooks (4.13 and later do), and the settings ask for signatures: all are refused",
            'webhook_secret = "off", and keep that door away from the network; or update Chatwoot',
        )
    elif ours is None:
        if signs:
            text = "the helpdesk signs its webhooks, and they are taken unsigned: whoever reaches the door can tell us anything"
            yield warning(code, text, "enter the inbox's secret as webhook_secret")
    elif not inbox.secret:
        yield note(code, "the inbox's secret is not shown to this token: whether it is ours cannot be seen")
    elif ours.is_word(inbox.secret):
        yield ok(code, "the inbox's secret is ours")
    else:
        yield wrong(
            code,
            "the inbox's secret is not ours: every webhook is refused, and Chatwoot marks each message failed",
            "enter the inbox's secret as webhook_secret (the README says how it is read), or let `unlost init` do it",
        )


def _private(
    sight: HelpdeskSight, inbox: InboxSettings, version: Version | None, *, webhooks_came: bool
) -> Iterator[Finding]:
    code = "helpdesk.private_network"
    if (
        sight.door_is_public is not False
        or not inbox.webhook_url
        or version is None
        or version < HELPDESK_BLOCKS_PRIVATE
    ):
        return
    if webhooks_came:
        yield ok(code, "Chatwoot calls the private address: its webhooks come")
    elif version < HELPDESK_ALLOWS_PRIVATE:
        yield wrong(
            code,
            "Chatwoot 4.14.0 calls no private address, and has no switch for it: every webhook fails, and marks its message failed",
            "update it to 4.14.1 or later, or give the bridge a public address",
        )
    else:
        yield warning(
            code,
            "the inbox's webhook address is private, and Chatwoot 4.14 and later calls no such address unless told to; no webhook of "
            "its has come yet, and its environment cannot be seen from here",
            "SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true for Chatwoot's web and worker process; --roundtrip shows whether it works",
        )


def _account_webhooks(sight: HelpdeskSight, channel: Channel) -> Iterator[Finding]:
    """A bare refusal is an agent's token, which has its finding."""
    if isinstance(sight.account_webhooks, Trouble):
        return
    path = f"/webhooks/helpdesk/{channel.name}"
    if any(path_of(url).endswith(path) for url in sight.account_webhooks):
        yield warning(
            "helpdesk.account_webhook",
            "a webhook of the account calls this bridge beside the inbox's own: each event comes twice, signed with another secret",
            "take it away (Settings → Integrations → Webhooks); the inbox's own is enough",
        )


def _foreign(sight: HelpdeskSight) -> Iterator[Finding]:
    code = "helpdesk.second_forwarder"
    if isinstance(sight.foreign, Trouble):
        return
    if sight.foreign == 1:
        yield warning(
            code,
            "a message that stands lately in the inbox came from WhatsApp and not through this bridge: another program posts there, or "
            "somebody pressed Retry on one of ours, which takes its mark away",
            "look whether CHATWOOT_ENABLED=false in GOWA, and what else is joined to this inbox",
        )
    elif sight.foreign:
        yield wrong(
            code,
            f"{sight.foreign} messages that stand lately in the inbox came from WhatsApp and not through this bridge: another program posts there",
            "switch it off: CHATWOOT_ENABLED=false in GOWA, or whatever else is joined to this inbox",
        )
    else:
        yield ok(code, "nobody else posts WhatsApp messages into the inbox")
