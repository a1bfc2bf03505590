"""The real engine asks about groups and settings, and changes them."""

import pytest

pytest.importorskip("pyaileys", reason="the library that has WhatsApp's token tables is not installed")

from tests.fake_whatsapp.conftest import Linked
from tests.fake_whatsapp.peer import Peer
from tests.fake_whatsapp.people import Group
from tests.fake_whatsapp.server import FakeWhatsApp

NUMBER, OTHER = "628999888777", "628555444333"
TEAM = "120363000000000001@g.us"
GROUP = "jid('120363000000000001', 'g.us')"


@pytest.fixture
def team(server: FakeWhatsApp) -> Group:
    return server.people.add_group(Group(TEAM, "Team", [Peer(f"{NUMBER}@s.whatsapp.net")]))


async def test_a_group_is_described(server: FakeWhatsApp, linked: Linked, team: Group) -> None:
    told = await linked.engine.ask(
        f"[client.get_group_info({GROUP}).GroupName.Name, len(client.get_group_info({GROUP}).Participants)]"
    )
    assert told == "['Team', 2]"


async def test_all_groups_are_listed(server: FakeWhatsApp, linked: Linked, team: Group) -> None:
    assert await linked.engine.ask("[one.GroupName.Name for one in client.get_joined_groups()]") == "['Team']"


async def test_a_group_that_is_not_there_is_an_error(server: FakeWhatsApp, linked: Linked) -> None:
    with pytest.raises(RuntimeError, match="does not exist"):
        await linked.engine.ask(f"client.get_group_info({GROUP})")


async def test_a_group_is_made_renamed_and_left(server: FakeWhatsApp, linked: Linked) -> None:
    made = await linked.engine.ask(f"client.create_group('New', [jid('{NUMBER}')]).JID.User")
    group = server.people.groups[f"{made}@g.us"]
    assert [member.jid for member in group.members] == [f"{NUMBER}@s.whatsapp.net"]
    await linked.engine.ask(f"client.set_group_name(jid('{made}', 'g.us'), 'Newer')")
    assert group.subject == "Newer"
    await linked.engine.ask(f"client.leave_group(jid('{made}', 'g.us'))")
    assert server.people.groups == {}


async def test_who_may_write_and_what_a_group_is_for_are_kept(
    server: FakeWhatsApp, linked: Linked, team: Group
) -> None:
    await linked.engine.ask(f"client.set_group_announce({GROUP}, True)")
    await linked.engine.ask(f"client.set_group_locked({GROUP}, True)")
    await linked.engine.ask(f"client.set_group_topic({GROUP}, '', 'T2', 'for tests')")
    assert (team.announce, team.locked, team.topic) == (True, True, "for tests")
    told = "[one.GroupAnnounce.IsAnnounce, one.GroupLocked.isLocked, one.GroupTopic.Topic]"
    assert await linked.engine.ask(f"[{told} for one in [client.get_group_info({GROUP})]][0]") == (
        "[True, True, 'for tests']"
    )


async def test_members_come_and_go(server: FakeWhatsApp, linked: Linked, team: Group) -> None:
    change = "client.update_group_participants({group}, [jid('{number}')], neonize.utils.enum.ParticipantChange.{what})"
    for what, left in (("ADD", 2), ("REMOVE", 1)):
        told = await linked.engine.ask(f"len({change.format(group=GROUP, number=OTHER, what=what)})")
        assert (told, len(team.members)) == ("1", left)


async def test_a_link_leads_to_its_group_until_it_is_renewed(server: FakeWhatsApp, linked: Linked, team: Group) -> None:
    link = await linked.engine.ask(f"client.get_group_invite_link({GROUP})")
    assert link.endswith(team.link)
    assert await linked.engine.ask(f"client.get_group_info_from_link('{team.link}').GroupName.Name") == "Team"
    assert await linked.engine.ask(f"client.join_group_with_link('{team.link}').User") == TEAM.partition("@")[0]
    old = team.link
    await linked.engine.ask(f"client.get_group_invite_link({GROUP}, True)")
    with pytest.raises(RuntimeError):
        await linked.engine.ask(f"client.get_group_info_from_link('{old}')")


async def test_somebody_is_blocked_and_unblocked(server: FakeWhatsApp, linked: Linked) -> None:
    change = "len(client.update_blocklist(jid('{number}'), neonize.utils.enum.BlocklistAction.{what}).JIDs)"
    assert await linked.engine.ask(change.format(number=NUMBER, what="BLOCK")) == "1"
    assert await linked.engine.ask("len(client.get_blocklist().JIDs)") == "1"
    assert await linked.engine.ask(change.format(number=NUMBER, what="UNBLOCK")) == "0"


async def test_privacy_is_told(server: FakeWhatsApp, linked: Linked) -> None:
    assert "Last" in await linked.engine.ask("client.get_privacy_settings()")


async def test_user_information_is_told(server: FakeWhatsApp, linked: Linked) -> None:
    server.people.add(Peer(f"{NUMBER}@s.whatsapp.net"))
    assert "Here for tests" in await linked.engine.ask(f"client.get_user_info(jid('{NUMBER}'))")


async def test_a_number_written_another_way_is_told_as_whatsapp_writes_it(server: FakeWhatsApp, linked: Linked) -> None:
    server.people.alias("5511987654321", Peer("551187654321@s.whatsapp.net"))
    told = await linked.engine.ask("[one.JID.User for one in client.is_on_whatsapp('+5511987654321')]")
    assert told == "['551187654321']"


async def test_a_firm_is_known_by_its_verified_name(server: FakeWhatsApp, linked: Linked) -> None:
    firm = server.people.add(Peer(f"{NUMBER}@s.whatsapp.net"))
    firm.business = "Acme"
    assert "Acme" in await linked.engine.ask(f"client.is_on_whatsapp('+{NUMBER}')")
