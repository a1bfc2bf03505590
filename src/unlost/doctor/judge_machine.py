"""Where the journal lies, and how the running bridge stands."""

from collections.abc import Iterator

from unlost.doctor.findings import Finding, Grade, counted, note, ok, warning, wrong
from unlost.doctor.judge_reach import judge_reach
from unlost.doctor.sights import BridgeSight, ChannelState, MachineSight, Trouble
from unlost.settings.judging import Finding as Oddity
from unlost.settings.judging import Weight
from unlost.settings.values import Notify

GIB = 1024**3
FREE_MIN_BYTES = GIB
"""As the alert UnlostDiskLow."""
FREE_LOW_BYTES = 5 * GIB
SYNC_SLOW_S = 0.5
"""A batch is committed with one sync; Chatwoot waits 5 s for its answer."""
NETWORKED = (
    "nfs",
    "cifs",
    "smb",
    "afs",
    "9p",
    "glusterfs",
    "ceph",
    "fuse.sshfs",
    "fuse.glusterfs",
    "fuse.s3fs",
    "virtiofs",
    "davfs",
)
"""Where locks or syncs may be promised and not kept: SQLite's own advice is against all of them."""
IN_MEMORY = ("tmpfs", "ramfs")


def judge_machine(sight: MachineSight, *, may_be_lost: bool = False) -> Iterator[Finding]:
    """Disk and file system of the journal. *may_be_lost*: the settings say that it may go with the next restart."""
    yield from _disk(sight.free_bytes)
    yield from _file_system(sight.file_system, may_be_lost=may_be_lost)
    code = "machine.sync"
    if sight.sync_s is None:
        yield wrong(
            code,
            f"nothing can be made durable in the journal's folder ({sight.sync_error})",
            "name another folder in [journal] url",
        )
    elif sight.sync_s > SYNC_SLOW_S:
        text = f"a small write takes {sight.sync_s:.1f} s to reach the disk: webhooks may be answered too late"
        yield warning(code, text, "a faster disk, or one that is less busy")
    else:
        yield ok(code, f"a small write reaches the disk in {sight.sync_s * 1000:.0f} ms")


def _disk(free_bytes: int) -> Iterator[Finding]:
    code, said = "machine.disk", f"{free_bytes / GIB:.1f} GiB are free for the journal"
    cure = "make room, or move the journal (stop, copy the file, name it in [journal] url, start)"
    if free_bytes < FREE_MIN_BYTES:
        yield wrong(code, said, cure)
    elif free_bytes < FREE_LOW_BYTES:
        yield warning(code, said, cure)
    else:
        yield ok(code, said)


def _file_system(kind: str, *, may_be_lost: bool) -> Iterator[Finding]:
    """Whether the journal would outlive its container is said by the settings' own judgement."""
    code = "machine.file_system"
    if kind.startswith(NETWORKED):
        yield wrong(
            code,
            f"the journal lies on a network file system ({kind}): what is promised there may not be kept",
            "a local disk",
        )
    elif kind in IN_MEMORY:
        said = f"the journal lies in memory ({kind}): it is gone with the next restart"
        yield note(code, said) if may_be_lost else wrong(code, said, "a local disk")
    elif not kind:
        yield note(code, "which file system the journal lies on cannot be seen", "keep it on a local disk")
    else:
        yield ok(code, f"the journal lies on {kind}")


def judge_settings(oddities: list[Oddity], *, is_running: bool) -> Iterator[Finding]:
    """What `check` finds, in the doctor's words. *is_running*: then it is no wonder that the port is in use."""
    said = [one for one in oddities if not (is_running and one.weight is Weight.ODD and one.key.endswith(".listen"))]
    for oddity in said:
        grade = Grade.WRONG if oddity.weight is Weight.WRONG else Grade.WARNING
        yield Finding(grade, f"settings.{_last(oddity.key)}", f"{oddity.key}: {oddity.text}")
    if not said:
        yield ok("settings.sane", "the settings are sane")


def judge_notices(notify: Notify) -> Iterator[Finding]:
    """Whether a person hears of a trouble. Prometheus may tell it, too: that cannot be seen from here."""
    code = "machine.notices"
    if not notify.urls:
        cure = "urls under [notify] (mail, Telegram, ntfy …), then `unlost notify-test`; unneeded where Prometheus has the alert rules"
        yield note(code, "the bridge tells nobody when something is stuck", cure)
    elif not notify.heartbeat_url:
        cure = "heartbeat_url under [notify], at a service that alarms you when the calls stop"
        yield note(code, "nobody would hear that this machine is gone", cure)
    else:
        yield ok(code, "a person is told when something is stuck, and when this machine is gone")


def _last(key: str) -> str:
    return key.rpartition(".")[2]


def judge_bridge(sight: BridgeSight, url: str, public_url: str, version: str) -> Iterator[Finding]:
    """The running bridge as a whole; *version* is the doctor's own."""
    code = "bridge.running"
    if sight.can_commit is None:
        cure = "`unlost serve`, then ask again: what only a running bridge can tell was left out"
        yield warning(code, f"no bridge answers at {url}", cure)
        return
    if not sight.can_commit:
        yield wrong(
            "bridge.journal",
            "the bridge runs, and cannot write its journal: webhooks are answered 503",
            "the disk first",
        )
    else:
        yield ok(code, f"the bridge answers at {url}, and can write its journal")
    yield from _public(sight.public, public_url)
    if isinstance(sight.channels, Trouble):
        cure = "is [console] password the one it was started with? From elsewhere it answers only with one"
        yield warning("bridge.api", f"the bridge does not let us ask (status {sight.channels.status})", cure)
        return
    if sight.version and sight.version != version:
        yield warning("bridge.version", f"the bridge runs {sight.version}, and this is {version}", "restart it")
    yield from _counters(sight)


def _public(public: bool | Trouble | None, public_url: str) -> Iterator[Finding]:
    code = "bridge.public_url"
    if public is True:
        yield ok(code, f"{public_url} leads to this bridge")
    elif isinstance(public, Trouble):
        found = judge_reach("bridge", "the public address", public_url, public)
        yield warning(
            code,
            f"{found.text}, seen from here",
            f"{found.cure}; or the network lets this machine not call itself from outside",
        )
    elif public is False:
        yield warning(
            code, f"what answers at {public_url} is not this bridge", "look at public_url, and at the proxy's rule"
        )


def _counters(sight: BridgeSight) -> Iterator[Finding]:
    for side, count in (("gateway", sight.unsigned_gateway), ("helpdesk", sight.unsigned_helpdesk)):
        if count:
            text = (
                f"{counted(count, 'webhook')} with a wrong signature at the {side}'s door since the bridge was started"
            )
            cure = "the secret is not the same on both sides, the helpdesk's clock is off, or a stranger is at the door"
            yield warning(f"bridge.unsigned_{side}", text, cure)
    if sight.forwarded:
        text = f"{counted(sight.forwarded, 'message')} of another program met in the inbox since the bridge was started"
        yield warning(
            "bridge.second_forwarder", text, "CHATWOOT_ENABLED=false in GOWA, or whatever else is joined to this inbox"
        )


def judge_state(state: ChannelState) -> Iterator[Finding]:
    """One channel of the running bridge."""
    for why in state.blocked:
        yield wrong(
            "bridge.blocked",
            f"the channel stands still: {why}",
            "mend that; wrong credentials end by themselves, else `unlost resume`",
        )
    if state.paused:
        yield warning("bridge.paused", "the channel was paused by a person", "`unlost resume` goes on")
    if state.dead:
        yield warning("bridge.dead_letters", f"{counted(state.dead, 'dead letter')} kept", "`unlost dead list`")
    if state.gaps:
        yield warning(
            "bridge.gaps",
            f"{counted(state.gaps, 'gap')} not yet compared with the gateway's storage",
            "`unlost reconcile` says why",
        )
    if state.waiting:
        yield note(
            "bridge.waiting",
            f"{counted(state.waiting, 'message')} waiting, the oldest for {state.oldest_waiting_s:.0f} s",
        )
    if not (state.blocked or state.paused or state.dead or state.gaps or state.waiting):
        yield ok("bridge.channel", "nothing is stuck")
