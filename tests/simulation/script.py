"""What happens in one schedule, drawn from its seed before it begins: who writes what and when, what breaks, what agents do."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tests.simulation.population import OWN, Chat, Sort
from tests.simulation.weather import FAIR, Chances


class Scene(StrEnum):
    """What a schedule is about; each is a part of all seeds."""

    FAIR = "fair"  # nothing goes wrong: even small delays would be a fault
    HELPDESK = "helpdesk"
    GATEWAY = "gateway"
    DEATHS = "deaths"
    POWER = "power"
    STORM = "storm"  # everything at once
    KILLER = "killer"
    POISON = "poison"
    AGENTS = "agents"
    RESTORE = "restore"  # the journal goes back to a copy of itself
    CONTRADICTION = "contradiction"  # the gateway says that one person's LID is another's
    ROWS = "rows"  # single rows cannot be written
    FORWARDER = "forwarder"  # a second program writes the same messages into the same inbox
    FORGETTING = "forgetting"
    READER = "reader"  # a body ends whoever reads it
    TOKEN = "token"  # the helpdesk takes our token no more, for a while
    PRUNING = "pruning"  # entries are forgotten while copies of their webhooks are under way


class Deed(StrEnum):
    """What the director does at a time."""

    SAY = "say"
    PAIR = "pair"
    RECEIPT = "receipt"
    GARBAGE = "garbage"
    KILL = "kill"
    DIE_WRITING = "die_writing"
    POWER_LOSS = "power_loss"
    FREEZE = "freeze"
    STOP = "stop"
    CLOCK = "clock"
    DISK_FULL = "disk_full"
    DISK_ERROR = "disk_error"
    HELPDESK_AWAY = "helpdesk_away"
    GATEWAY_AWAY = "gateway_away"
    AGENT_WRITES = "agent_writes"
    AGENT_NOTES = "agent_notes"
    AGENT_DELETES = "agent_deletes"
    AGENT_RESOLVES = "agent_resolves"
    AGENT_REMOVES = "agent_removes"
    AGENT_MERGES = "agent_merges"
    COPY = "copy"
    RESTORE = "restore"
    CONTRADICT = "contradict"
    ROW_FAILS = "row_fails"
    FORWARD = "forward"
    FORGET = "forget"
    TOKEN_REVOKED = "token_revoked"
    PRUNE = "prune"
    TURN = "turn"  # WhatsApp addresses a chat by its other form from now on
    EDIT_BAD = "edit_bad"  # its sender edits what cannot be delivered
    RETRY = "retry"  # an operator retries the dead letters


FILES_FROM = 1_000_000
"""Seeds from here on have photos among their texts (`python -m tests.simulation 1000003`, `make simulate SEEDS=1000000:1002000`)."""


MORE_FROM = 4_000_000
"""Seeds from here on have, beside all else, a newcomer who is told of under both forms at once, and dead letters that are edited and
retried. Both are drawn with dice of their own: a script without them is the same as ever."""
MORE_DICE = 0x4D4F5245
LATE_FROM = 4_200_000
"""Seeds from here on have many late messages around a restore: what a gone journal posted late is met too seldom else."""
LATE_AROUND_A_RESTORE = 0.5


@dataclass(frozen=True, slots=True)
class Act:
    """*deed* at *at_s*. *chat*, *sort*, *number* and *for_s* as the deed needs them."""

    at_s: float
    deed: Deed
    chat: int = 0
    sort: Sort = Sort.TEXT
    number: int = 0
    for_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Script:
    """One schedule. *ends_at_s*: then all faults stop."""

    seed: int
    scene: Scene
    kind: str
    is_durable: bool
    is_flat: bool
    bridges: int
    hosts: tuple[str, ...]
    chances: Chances
    deaths_max: int
    chats: list[Chat]
    acts: list[Act] = field(repr=False)
    ends_at_s: float

    @property
    def has_files(self) -> bool:
        """Whether customers send photos too. Apart from all other seeds, so that those stay what they were."""
        return self.seed >= FILES_FROM

    @property
    def title(self) -> str:
        """For people."""
        gateway = f"{'durable' if self.is_durable else 'gowa'} temper, {'flat' if self.is_flat else 'envelope'}"
        return f"seed {self.seed}: {self.scene}, {gateway}, {self.bridges} bridge(s), {len(self.acts)} acts"


SCENES = (
    [Scene.FAIR, Scene.HELPDESK, Scene.GATEWAY, Scene.DEATHS, Scene.POWER]
    + [Scene.STORM] * 3
    + [Scene.KILLER, Scene.POISON, Scene.AGENTS, Scene.HELPDESK, Scene.DEATHS]
)
WIDER = [
    Scene.RESTORE,
    Scene.CONTRADICTION,
    Scene.ROWS,
    Scene.FORWARDER,
    Scene.FORGETTING,
    Scene.READER,
    Scene.TOKEN,
    Scene.PRUNING,
]
"""Every fourth round of seeds is of these."""
ALONE = (Scene.FAIR, Scene.KILLER, Scene.POISON, Scene.READER)
"""What one bridge plays: with two there is always one that lives."""
HELPDESK = Chances(
    helpdesk_lost_request=0.04,
    helpdesk_lost_answer=0.08,
    helpdesk_queued=0.05,
    helpdesk_queued_long=0.04,
    helpdesk_commit_error=0.06,
    helpdesk_slow_commit=0.06,
    helpdesk_error=0.02,
    helpdesk_429=0.02,
    helpdesk_hook_lost=0.05,
    helpdesk_hook_twice=0.05,
    helpdesk_hook_slow=0.2,
)
GATEWAY = Chances(
    hard_max=0,
    gateway_error=0.1,
    webhook_lost=0.1,
    webhook_answer_lost=0.05,
    event_unhooked=0.07,
    event_unrecoverable=0.02,
    event_twin=0.3,
    event_copy=0.1,
    event_late=0.08,
)
DEATHS = Chances(
    hard_max=2,
    killed_at_call=0.03,
    frozen_at_call=0.02,
    frozen_at_begin=0.02,
    frozen_at_answer=0.03,
    killed_at_answer=0.03,
)


def script_of(seed: int) -> Script:
    """The same for the same seed."""
    rng = random.Random(seed)
    scene = scene_of(seed)
    is_durable = rng.random() < 0.35
    bridges = 2 if scene not in ALONE and rng.random() < 0.4 else 1
    hosts = ("host-a", rng.choice(("host-a", "host-b")))
    chats = _chats(rng)
    length_s = rng.uniform(20.0, 70.0)
    acts = _talk(rng, chats, length_s, scene) + _troubles(rng, scene, length_s, bridges, len(chats))
    if seed >= MORE_FROM:
        acts += _more(random.Random(seed ^ MORE_DICE), scene, chats, acts, length_s)
    acts.sort(key=lambda act: act.at_s)
    return Script(
        seed=seed,
        scene=scene,
        kind="unlost" if is_durable else "gowa",
        is_durable=is_durable,
        is_flat=rng.random() < 0.3,
        bridges=bridges,
        hosts=hosts,
        chances=_chances_from(seed, _chances(rng, scene), scene),
        deaths_max=2 if scene in (Scene.DEATHS, Scene.STORM) else 0,
        chats=chats,
        acts=acts,
        ends_at_s=max([length_s, *(act.at_s for act in acts)]) + 2.0,
    )


def scene_of(seed: int) -> Scene:
    """Drawn by place, so that each has its share of any long range."""
    round_, place = divmod(seed, len(SCENES))
    if round_ % 4 == 3:
        return WIDER[(round_ // 4 * len(SCENES) + place) % len(WIDER)]
    return SCENES[place]


def _chats(rng: random.Random) -> list[Chat]:
    chats = []
    for number in range(rng.randint(1, 3)):
        phone = f"5511{rng.choice(('9', ''))}8{rng.randrange(10**7):07d}@s.whatsapp.net"
        if rng.random() < 0.6:
            phone = f"62812{rng.randrange(10**8):08d}@s.whatsapp.net"
        chat = Chat(f"person{number}", phone, f"9{rng.randrange(10**13):013d}@lid")
        chat.speaks_lid = rng.random() < 0.5
        chat.is_paired = rng.random() < 0.6
        chat.was_unpaired = not chat.is_paired
        chats.append(chat)
    if rng.random() < 0.6:
        members = tuple((f"Ana{n}", f"62813{rng.randrange(10**8):08d}@s.whatsapp.net") for n in range(3))
        chats.append(Chat("group", f"1203630{rng.randrange(10**10):010d}@g.us", members=members))
    return chats


SORTS = [Sort.TEXT] * 14 + [Sort.OWN] * 2 + [Sort.REACTION, Sort.REACTION, Sort.EDIT, Sort.EDIT, Sort.REVOKE, Sort.POLL]


SPECIAL = {Scene.KILLER: Sort.KILLER, Scene.POISON: Sort.POISON, Scene.READER: Sort.READ_KILLER}


def _talk(rng: random.Random, chats: list[Chat], length_s: float, scene: Scene) -> list[Act]:
    """10 to 26 things said, in bursts."""
    acts: list[Act] = []
    at_s = rng.uniform(0.0, 3.0)
    count = rng.randint(8, 22)
    for number in range(count):
        at_s += rng.choice((0.0, 0.05, 0.4, 1.0)) if rng.random() < 0.5 else rng.expovariate(count / length_s)
        if rng.random() < 0.2:  # two around a change of WhatsApp's second: the network may well turn them round
            at_s = int(at_s) + 0.95
            acts.append(Act(at_s + 0.1, Deed.SAY, at := rng.randrange(len(chats)), Sort.TEXT, rng.getrandbits(30)))
            acts.append(Act(at_s, Deed.SAY, at, Sort.TEXT, rng.getrandbits(30)))
        sort = Sort.TEXT if number < 2 else rng.choice(SORTS)
        acts.append(Act(at_s, Deed.SAY, rng.randrange(len(chats)), sort, rng.getrandbits(30)))
        if sort is Sort.OWN and rng.random() < 0.5:
            acts.append(Act(at_s + rng.uniform(0.5, 20.0), Deed.RECEIPT, number=rng.getrandbits(30)))
    if rng.random() < 0.15:
        acts.append(Act(rng.uniform(0, length_s), Deed.SAY, rng.randrange(len(chats)), Sort.NOISE))
    if rng.random() < 0.15:
        acts.append(Act(rng.uniform(0, length_s), Deed.GARBAGE, number=rng.getrandbits(30)))
    if scene in SPECIAL:
        sort = SPECIAL[scene]
        acts.append(Act(rng.uniform(1.0, length_s), Deed.SAY, rng.randrange(len(chats)), sort, rng.getrandbits(30)))
    for number, chat in enumerate(chats):
        if not chat.is_paired and rng.random() < 0.8:
            acts.append(Act(rng.uniform(0, length_s), Deed.PAIR, number))
    return acts


def _more(rng: random.Random, scene: Scene, chats: list[Chat], acts: list[Act], length_s: float) -> list[Act]:
    if scene is Scene.POISON:
        return _edits_and_retries(rng, acts)
    return [] if scene in ALONE else _newcomer(rng, chats, length_s)


def _newcomer(rng: random.Random, chats: list[Chat], length_s: float) -> list[Act]:
    """Somebody new is told of under the LID, under the number, and a moment later as one person: two lanes are at work then."""
    chat = Chat("newcomer", f"551198{rng.randrange(10**7):07d}@s.whatsapp.net", f"8{rng.randrange(10**13):013d}@lid")
    chat.speaks_lid, chat.is_paired, chat.was_unpaired = True, False, True
    chats.append(chat)
    place, at_s = len(chats) - 1, rng.uniform(0.0, length_s)
    turned_s, paired_s = at_s + rng.uniform(0.0, 0.4), at_s + rng.uniform(0.6, 1.6)
    said = [Act(time_s, Deed.SAY, place, Sort.TEXT, rng.getrandbits(30)) for time_s in (at_s, turned_s, paired_s)]
    turns = [Act(time_s, Deed.TURN, place) for time_s in (turned_s, paired_s)]
    return [said[0], turns[0], said[1], turns[1], Act(paired_s, Deed.PAIR, place), said[2]]


def _edits_and_retries(rng: random.Random, acts: list[Act]) -> list[Act]:
    """The poison is edited while it is tried and while it is dead, and retried once or twice."""
    poison = next(act for act in acts if act.sort is Sort.POISON)
    edits = [Act(poison.at_s + rng.uniform(1.0, 250.0), Deed.EDIT_BAD, number=rng.getrandbits(30)) for _ in range(2)]
    retries = [poison.at_s + rng.uniform(100.0, 280.0) for _ in range(rng.randint(1, 2))]
    return edits + [Act(at_s, Deed.RETRY) for at_s in retries]


def _chances(rng: random.Random, scene: Scene) -> Chances:
    match scene:
        case Scene.FAIR | Scene.KILLER | Scene.POISON:
            return FAIR
        case Scene.HELPDESK:
            return HELPDESK
        case Scene.GATEWAY:
            return GATEWAY
        case Scene.DEATHS:
            return DEATHS
        case Scene.POWER | Scene.CONTRADICTION | Scene.ROWS | Scene.READER | Scene.TOKEN:
            return FAIR
        case Scene.RESTORE | Scene.FORWARDER | Scene.FORGETTING | Scene.PRUNING:
            return mixed(GATEWAY, HELPDESK, rng.choice((0.0, 0.5)))
        case Scene.AGENTS:
            return mixed(HELPDESK, FAIR, 0.5 if rng.random() < 0.5 else 0.0)
        case Scene.STORM:
            return mixed(mixed(HELPDESK, GATEWAY, 1.0), DEATHS, rng.choice((0.3, 0.6, 1.0)))


def _chances_from(seed: int, chances: Chances, scene: Scene) -> Chances:
    if seed < LATE_FROM or scene is not Scene.RESTORE:
        return chances
    return replace(chances, event_late=LATE_AROUND_A_RESTORE)


def mixed(one: Chances, other: Chances, share: float) -> Chances:
    """Both, each chance times *share*; at most three hard faults."""
    names = [name for name in Chances.__dataclass_fields__ if name != "hard_max"]
    both = {name: min(1.0, (getattr(one, name) + getattr(other, name)) * share) for name in names}
    return Chances(hard_max=min(2, one.hard_max + other.hard_max), **both)


def _troubles(rng: random.Random, scene: Scene, length_s: float, bridges: int, chats: int) -> list[Act]:
    """What happens at a time, not at a call."""
    acts: list[Act] = []

    def some(deed: Deed, most: int, longest_s: float = 0.0, *, shortest_s: float = 0.0) -> None:
        for _ in range(rng.randint(0, most)):
            for_s = rng.uniform(shortest_s, longest_s)
            at_s = rng.uniform(0.0, length_s)
            acts.append(Act(at_s, deed, rng.randrange(chats), number=rng.getrandbits(20), for_s=for_s))

    if scene in (Scene.DEATHS, Scene.STORM):
        some(Deed.STOP, 1, 8.0)
        some(rng.choice((Deed.KILL, Deed.DIE_WRITING, Deed.FREEZE)), 1, 100.0, shortest_s=1.0)
    if scene in (Scene.POWER, Scene.STORM):
        some(Deed.POWER_LOSS, 1 if scene is Scene.STORM else 2, 6.0)
        some(Deed.DISK_FULL, 1, 12.0)
        some(Deed.DISK_ERROR, 2)
        some(Deed.CLOCK, 1, 180.0)
    if scene in (Scene.HELPDESK, Scene.STORM, Scene.AGENTS):
        some(Deed.HELPDESK_AWAY, 2, 40.0)
        some(Deed.AGENT_WRITES, 2)
    if scene in (Scene.GATEWAY, Scene.STORM):
        some(Deed.GATEWAY_AWAY, 2, 40.0)
    if scene is Scene.AGENTS:
        some(Deed.AGENT_WRITES, 2)
        some(Deed.AGENT_NOTES, 1)
        some(Deed.AGENT_DELETES, 2)
        some(Deed.AGENT_RESOLVES, 2)
        some(Deed.AGENT_REMOVES, 1)
        some(Deed.AGENT_MERGES, 1)
    return acts + _wider_troubles(rng, scene, length_s, chats)


def _wider_troubles(rng: random.Random, scene: Scene, length_s: float, chats: int) -> list[Act]:
    """The same for the scenes of every fourth round; each has what it is about at least once."""

    def act(deed: Deed, at_s: float, longest_s: float = 0.0) -> Act:
        return Act(at_s, deed, rng.randrange(chats), number=rng.getrandbits(20), for_s=rng.uniform(0.0, longest_s))

    def some(deed: Deed, most: int, longest_s: float = 0.0) -> list[Act]:
        return [act(deed, rng.uniform(0.0, length_s), longest_s) for _ in range(rng.randint(1, most))]

    match scene:
        case Scene.RESTORE:
            copied_s = rng.uniform(1.0, length_s * 0.7)
            return [act(Deed.COPY, copied_s), act(Deed.RESTORE, rng.uniform(copied_s + 0.5, length_s), 10.0)]
        case Scene.CONTRADICTION:
            return some(Deed.CONTRADICT, 2, 30.0)
        case Scene.ROWS:
            return some(Deed.ROW_FAILS, 8)
        case Scene.FORWARDER:
            return some(Deed.FORWARD, 6, 5.0)
        case Scene.FORGETTING:
            return some(Deed.FORGET, 3)
        case Scene.TOKEN:
            return some(Deed.TOKEN_REVOKED, 2, 60.0)
        case Scene.PRUNING:
            return some(Deed.PRUNE, 5) + some(Deed.STOP, 1, 8.0) + some(Deed.KILL, 1)
        case _:
            return []


__all__ = ["OWN", "Act", "Deed", "Scene", "Script", "scene_of", "script_of"]
