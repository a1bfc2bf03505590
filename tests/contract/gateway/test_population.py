"""The population's file: what was sent, WhatsApp's offline queue and chat storage, over processes and deaths."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from unlost.gateway.events import Card, Cards, Empty, Media, MediaKind, Quote, Text
from unlost.gateway.population import Avatar, Customer, Fate, Group, Population, storage_reading
from unlost.gateway.population.chat_storage import Rules
from unlost.gateway.population.storage_reading import Wanted

OWN = "5511900000000@s.whatsapp.net"
ANA = Customer("Ana", "554130898206@s.whatsapp.net", "251556368777322@lid", speaks_as_lid=True, paired=False)
BO = Customer("Bo", "5511987654321@s.whatsapp.net", avatar=Avatar.PRIVATE)
TEAM = Group("120363402106000001@g.us", "Team", (BO.key, ANA.key))
AT = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
NEWEST = Rules(version=(9, 2, 0), now=AT)

WRITER = """
import sys
from unlost.gateway.population import Customer, Population
population = Population.open(sys.argv[1], {own!r})
population.people.add(Customer("Bo", {bo!r}))
for number in range(1, 10**6):
    population.send_text({bo!r}, f"#{{number}}")
    print(number, flush=True)
"""


@pytest.fixture
def population(tmp_path: Path) -> Population:
    opened = Population.open(tmp_path / "population.db", OWN, seed=7)
    opened.people.add(ANA)
    opened.people.add(BO)
    opened.people.add_group(TEAM)
    return opened


def accept_all(population: Population, rules: Rules = NEWEST) -> None:
    population.queue.accept(population.queue.head(100), population.people.book(), rules)


def stored(population: Population, chat: str, **wanted: object) -> list[storage_reading.StoredMessage]:
    page = Wanted(limit=100, **wanted)  # type: ignore[arg-type]  # each test names valid options
    return storage_reading.messages(population.connection, OWN, chat, page)


def test_what_was_sent_stands_in_the_truth_and_in_the_queue_at_once(population: Population) -> None:
    sent = population.send_text(BO.key, "hello #1", at=AT)
    assert list(population.sent()) == [sent]
    assert [one.event.id for one in population.queue.head(9)] == [sent.id]  # type: ignore[union-attr]  # a message


def test_the_same_seed_gives_the_same_ids(tmp_path: Path) -> None:
    both = [Population.open(tmp_path / name, OWN, seed=3).send_text(BO.key, "x") for name in ("a.db", "b.db")]
    assert both[0].id == both[1].id


def test_an_unrecoverable_message_is_sent_and_never_queued(population: Population) -> None:
    population.send_text(BO.key, "#1", fate=Fate(unrecoverable=True))
    assert ([one.unrecoverable for one in population.sent()], population.queue.length()) == ([True], 0)


def test_the_truth_names_a_person_by_phone_although_whatsapp_speaks_of_a_lid(population: Population) -> None:
    sent = population.send_text(ANA.key, "#1")
    event = population.queue.head(1)[0].event
    assert (sent.chat, event.chat) == (ANA.phone, ANA.lid)  # type: ignore[union-attr]  # a message


def test_an_event_stays_in_whatsapp_s_queue_until_it_is_accepted(population: Population) -> None:
    population.send_text(BO.key, "#1")
    assert population.queue.head(9) == population.queue.head(9)
    accept_all(population)
    assert population.queue.length() == 0


def test_an_accepted_text_has_its_storage_row(population: Population) -> None:
    """GOWA page, four facts: `the chat storage row is written synchronously before the webhook goroutine starts`."""
    sent = population.send_text(BO.key, "#1", at=AT)
    accept_all(population)
    row = stored(population, BO.key)[0]
    assert (row.id, row.sender_jid, row.content, row.timestamp) == (sent.id, BO.key, "#1", "2026-11-23 12:00:00+00:00")


def test_an_unknown_pairing_makes_one_contact_two_chats(population: Population) -> None:
    """GOWA page 4: `Unknown mapping -> row under @lid; later messages under the phone: one contact, two chats`."""
    population.send_text(ANA.key, "#1")
    accept_all(population)
    population.people.pair(ANA.key)
    population.send_text(ANA.key, "#2")
    accept_all(population)
    assert [len(stored(population, jid)) for jid in (ANA.lid, ANA.phone)] == [1, 1]


def test_storage_may_keep_a_lid_that_webhooks_resolve(population: Population) -> None:
    """GOWA page 2.3: `storage then holds raw @lid chats while webhooks show phones`."""
    population.people.pair(ANA.key)
    population.send_text(ANA.key, "#1", fate=Fate(stored_as_lid=True))
    accept_all(population)
    assert [len(stored(population, jid)) for jid in (ANA.lid, ANA.phone)] == [1, 0]


def test_an_empty_event_leaves_no_row_but_moves_the_chat_s_last_time(population: Population) -> None:
    """GOWA page 2.2: `Storage skips the empty one (no content) but moves last_message_time`."""
    population.send(BO.key, Empty("poll"), at=AT)
    accept_all(population)
    chat = storage_reading.chat(population.connection, OWN, BO.key)
    assert chat is not None
    assert (stored(population, BO.key), chat.last_message_time) == ([], "2026-11-23 12:00:00+00:00")


def test_an_older_event_moves_the_chat_s_last_time_backwards(population: Population) -> None:
    """GOWA page 4: `so a late/retried older message or history batch moves it backwards`."""
    for at in (AT, AT - timedelta(hours=1)):
        population.send_text(BO.key, "x", at=at)
    accept_all(population)
    chat = storage_reading.chat(population.connection, OWN, BO.key)
    assert chat is not None
    assert chat.last_message_time == "2026-11-23 11:00:00+00:00"


def test_an_edit_overwrites_the_content_and_leaves_the_time(population: Population) -> None:
    """GOWA page 4: `edits: content overwritten, timestamp unchanged (v8.6.0+; earlier edits were not stored)`."""
    sent = population.send_text(BO.key, "old", at=AT)
    population.edit(sent, "new", at=AT + timedelta(minutes=1))
    accept_all(population)
    assert [(row.content, row.timestamp) for row in stored(population, BO.key)] == [
        ("new", "2026-11-23 12:00:00+00:00")
    ]


def test_before_8_6_an_edit_is_not_stored(population: Population) -> None:
    population.edit(population.send_text(BO.key, "old", at=AT), "new", at=AT)
    accept_all(population, Rules(version=(7, 11, 4), now=AT))
    assert [row.content for row in stored(population, BO.key)] == ["old"]


def test_a_revoke_leaves_the_row(population: Population) -> None:
    """GOWA page 4: `revoke leaves it`."""
    population.revoke(population.send_text(BO.key, "#1"))
    accept_all(population)
    assert [row.content for row in stored(population, BO.key)] == ["#1"]


def test_storage_knows_the_current_reaction_and_no_removal(population: Population) -> None:
    """GOWA page 4: `reactions in a side table (v8.6.0+) ... current state only`."""
    sent = population.send_text(BO.key, "#1")
    seen = []
    for emoji in ("👍", "❤️", ""):
        population.react(sent, emoji)
        accept_all(population)
        found = storage_reading.reactions(population.connection, OWN, BO.key, [sent.id])
        seen.append([one.emoji for one in found.get(sent.id, [])])
    assert seen == [["👍"], ["❤️"], []]


def test_two_members_who_use_one_id_overwrite_each_other(population: Population) -> None:
    """GOWA page 6.25: `storage PK (id, chat_jid, device_id) lacks the sender`."""
    for one in (ANA, BO):
        population.send(TEAM.jid, Text(one.name), sender=one.key, message_id="SAME")
    accept_all(population)
    assert [row.content for row in stored(population, TEAM.jid)] == ["Bo"]


def test_start_time_is_compared_as_text_in_the_zone_it_came_in(population: Population) -> None:
    """GOWA page 4: `exact only if gateway and query use the same offset`."""
    population.send_text(BO.key, "#1", at=AT)
    accept_all(population)
    local = (AT - timedelta(minutes=1)).astimezone(timezone(timedelta(hours=3)))
    found = [len(stored(population, BO.key, start=start)) for start in (local.astimezone(UTC), local)]
    assert found == [1, 0]


def test_messages_come_newest_first_in_pages(population: Population) -> None:
    for number in range(5):
        population.send_text(BO.key, str(number), at=AT + timedelta(seconds=number))
    accept_all(population)
    pages = []
    for offset in (0, 2, 4):
        page = storage_reading.messages(population.connection, OWN, BO.key, Wanted(limit=2, offset=offset))
        pages.append([row.content for row in page])
    assert pages == [["4", "3"], ["2", "1"], ["0"]]


def test_media_and_cards_are_stored_and_a_reply_s_target_is_not(population: Population) -> None:
    """GOWA page 4: recorded `text, caption, image/…`, `contact(s) as one summary line`; not recorded: `reply target`."""
    population.send(BO.key, Media(MediaKind.IMAGE, "image/png", path="statics/media/1-a.png", caption="look"), at=AT)
    population.send(BO.key, Cards((Card("Eva", "…", "+55 11"),)), at=AT + timedelta(seconds=1))
    population.send_text(BO.key, "yes", quote=Quote("X", "?"), at=AT + timedelta(seconds=2))
    accept_all(population)
    assert [(row.media_type, row.content) for row in stored(population, BO.key)] == [
        ("", "yes"),
        ("", "👤 Eva +55 11"),
        ("image", "look"),
    ]


def test_all_a_killed_writer_was_told_is_sent_stands_and_waits(tmp_path: Path) -> None:
    """The population is written by a process of its own, which dies by `kill -9` between two commits or within one."""
    path = tmp_path / "population.db"
    command = [sys.executable, "-c", WRITER.format(own=OWN, bo=BO.key), os.fspath(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        told = [int(next(writer.stdout)) for _ in range(25)][-1]
        writer.send_signal(signal.SIGKILL)
        told = max([told, *map(int, writer.stdout.read().split())])
    population = Population.open(path, OWN)
    markers = [int(one.marker) for one in population.sent()]
    assert markers == list(range(1, len(markers) + 1))
    assert len(markers) >= told
    assert population.queue.length() == len(markers)
