"""One attempt at one entry, over a real journal: whatever happens, a begun step is looked for before it is done again."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.contract.journal.building import ANA, INBOUND
from tests.contract.lanes.grounds import FIND, POST, Deed, Ground, ScriptedRoad, absent, ground, posted
from unlost.errors import Blocked, Cause, Refused, TryLater, UnlostError, Unsure
from unlost.journal.rows import Claim, Learned
from unlost.lanes.walk import Hand, LeaseLost
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.ids import ContactId, WhatsAppId
from unlost.vocabulary.steps import AskFileName, CreateConversation, FindConversation, Step
from unlost.vocabulary.verdicts import Dead, Delivered, Postponed, Verdict


async def again_after(made: Ground, wait_s: float) -> None:
    made.clock.go(wait_s)
    await made.lease.renew()
    await made.walk()


async def test_a_post_that_is_answered_is_one_call_and_one_verdict(tmp_path: Path) -> None:
    made = await ground(tmp_path, ScriptedRoad([posted]))
    await made.walk()
    assert made.road.calls == [POST]
    assert made.ends == [Delivered()]


@pytest.mark.parametrize("error", [Unsure("no answer", cause="timeout"), Unsure("cut", cause="broken"), Unsure("502")])
async def test_after_an_unknown_outcome_the_helpdesk_is_searched_and_what_is_found_is_adopted(
    tmp_path: Path, error: UnlostError
) -> None:
    made = await ground(tmp_path, ScriptedRoad([error, posted]))
    await made.walk()
    assert made.ends == [Postponed(20.0, error.cause, costs_attempt=False)]
    await again_after(made, 20.0)
    assert made.road.calls == [POST, FIND]
    assert made.ends[-1] == Delivered()


async def test_nothing_is_searched_before_the_doubt_wait_is_over(tmp_path: Path) -> None:
    made = await ground(tmp_path, ScriptedRoad([Unsure("no answer", cause="timeout")]))
    await made.walk()
    made.clock.go(19.9)
    assert await made.journal.claim(made.lease.holder, INBOUND, limit=9) == []


async def test_what_is_not_found_costs_an_attempt_and_is_posted_again(tmp_path: Path) -> None:
    made = await ground(tmp_path, ScriptedRoad([Unsure("no answer", cause="timeout"), absent, posted]))
    await made.walk()
    await again_after(made, 20.0)
    assert made.ends[-1] == Postponed(0.0, "absent", costs_attempt=True)
    await again_after(made, 0.0)
    assert made.road.calls == [POST, FIND, POST]


async def test_what_is_never_found_ends_dead(tmp_path: Path) -> None:
    deeds: list[Deed | Exception] = [Unsure("no answer", cause="timeout"), absent] * 3
    made = await ground(tmp_path, ScriptedRoad(deeds))
    for _ in range(3):
        await again_after(made, 60.0)
        await again_after(made, 60.0)
    assert isinstance(made.ends[-1], Dead)


async def test_a_422_is_looked_up_at_once_and_counts_as_a_refusal_where_nothing_is_found(tmp_path: Path) -> None:
    made = await ground(tmp_path, ScriptedRoad([Unsure("422", status=422), absent], decide=post_find_give_up))
    await made.walk()
    assert made.road.calls == [POST, FIND]
    assert made.ends == [Dead("refused")]


def post_find_give_up(facts: Facts) -> Step | Verdict:
    if facts.refusals:
        return Dead("refused")
    return FIND if facts.begun is not None else POST


async def test_after_a_refused_conversation_who_has_the_source_id_is_looked_for_anew(tmp_path: Path) -> None:
    """It was searched before the conversation was begun; another lane may have made the contact that has it since."""
    seen: list[Facts] = []

    def decide(facts: Facts) -> Step | Verdict:
        if facts.refusals:
            seen.append(facts)
            return Dead("seen")
        return CREATE if facts.begun is None else FindConversation(ContactId(7), "marker")

    def searched(claim: Claim, step: Step) -> tuple[Facts, Learned]:
        facts, learned = absent(claim, step)
        return replace(facts, contact_by_source_searched=True), learned

    made = await ground(tmp_path, ScriptedRoad([Unsure("422", status=422), searched], decide=decide))
    await made.walk()
    assert [(facts.refusals[0].status, facts.contact_by_source_searched) for facts in seen[-1:]] == [(422, False)]


CREATE = CreateConversation(ContactId(7), ANA, "marker")


@pytest.mark.parametrize("cause", ["connection_refused", "dns", "tls"])
async def test_a_side_that_is_away_costs_no_attempt_for_days(tmp_path: Path, cause: str) -> None:
    away = [TryLater("away", cause=cause, away=True) for _ in range(50)]  # type: ignore[arg-type]  # one of the causes
    made = await ground(tmp_path, ScriptedRoad(list(away)))
    made.host_answers = False
    for _ in range(50):
        await again_after(made, 3600.0)
    assert {type(end) for end in made.ends} == {Postponed}
    assert not any(end.costs_attempt for end in made.ends if isinstance(end, Postponed))


async def test_a_5xx_costs_an_attempt_only_while_the_host_itself_answers(tmp_path: Path) -> None:
    made = await ground(tmp_path, ScriptedRoad([failing(), failing(), failing()], decide=lambda facts: FIND))
    made.host_answers = False
    await made.walk()
    made.host_answers = True
    await again_after(made, 60.0)
    costs = [end.costs_attempt for end in made.ends if isinstance(end, Postponed)]
    assert costs[0] is False


def failing() -> TryLater:
    return TryLater("500", cause="http_5xx", away=False, status=500)


NAME = AskFileName(ANA, WhatsAppId("3EB0A1"), None)


def name_first(facts: Facts) -> Step | Verdict:
    if facts.posted is not None:
        return Delivered()
    return POST if facts.file_name_asked or facts.refusals else NAME


@pytest.mark.parametrize("cause", ["http_5xx", "timeout", "broken", "unreadable"])
async def test_a_file_s_name_that_cannot_be_asked_for_costs_the_file_nothing(tmp_path: Path, cause: Cause) -> None:
    made = await ground(tmp_path, ScriptedRoad([TryLater("no name", cause=cause, away=False), posted], name_first))
    await made.walk()
    assert made.road.calls == [NAME, POST]
    assert made.ends == [Delivered()]


async def test_while_who_knows_the_name_is_away_the_file_waits_and_it_is_asked_again(tmp_path: Path) -> None:
    made = await ground(
        tmp_path, ScriptedRoad([failing(), TryLater("away", cause="dns", away=True), posted], name_first)
    )
    made.host_answers = False
    await made.walk()
    await again_after(made, 60.0)
    assert made.road.calls == [NAME, NAME]
    assert [end.costs_attempt for end in made.ends if isinstance(end, Postponed)] == [False, False]


async def test_a_bug_behind_a_begun_post_does_not_erase_that_it_was_begun(tmp_path: Path) -> None:
    """Audit: the claim as it was before the walk was settled, and the next walk posted without a search."""
    road = ScriptedRoad([posted, posted], link_fails=True)
    made = await ground(tmp_path, road)
    hand = await made.take()
    with pytest.raises(KeyError):
        await made.walker.walk(hand)
    await made.walker.bug(hand.claim, KeyError("a bug"))
    await again_after(made, 60.0)  # the doubt wait begins
    await again_after(made, 60.0)
    assert made.road.calls == [POST, FIND]


async def test_what_raises_whenever_it_is_read_ends_dead_without_being_read_again(tmp_path: Path) -> None:
    """Reading it for its ending raised out of the last attempt: the lease stayed, and nobody buries a living holder."""
    made = await ground(tmp_path, ScriptedRoad([], is_unreadable=True))
    for _ in range(3):
        hand = await made.take()
        with pytest.raises(KeyError):
            await made.walker.walk(hand)
        await made.walker.bug(hand.claim, KeyError("a bug"))
        made.clock.go(3600.0)
    assert made.ends[-1] == Dead("our bug: KeyError")


async def test_a_refused_search_leaves_the_doubt_as_it_was(tmp_path: Path) -> None:
    """Audit: `dead retry` forgets refusals, and nothing remembered the post."""
    refused = Refused("403", status=403)
    made = await ground(tmp_path, ScriptedRoad([Unsure("cut", cause="broken"), refused], decide=post_find_give_up))
    await made.walk()
    await again_after(made, 20.0)
    assert made.ends[-1] == Dead("refused")
    (view,) = await made.journal.dead()
    await made.journal.retry([view.id], "me")
    hand = await made.take()
    assert hand.claim.facts.begun is not None


async def test_a_block_costs_nothing_and_stops_the_pool(tmp_path: Path) -> None:
    made = await ground(tmp_path, ScriptedRoad([Blocked("401", status=401)]))
    await made.walk()
    (pause,) = await made.journal.pauses()
    assert pause.blocked
    (end,) = made.ends
    assert isinstance(end, Postponed)
    assert not end.costs_attempt
    assert end.wait_s > 0


async def test_no_call_starts_that_the_lease_does_not_cover(tmp_path: Path) -> None:
    made = await ground(tmp_path, ScriptedRoad([]))
    made.clock.go(60.0 - 24.9)  # 20 s of time-out and 5 s of margin are not left any more
    await made.walk()
    assert made.road.calls == []


async def test_whoever_lost_the_lease_writes_nothing(tmp_path: Path) -> None:
    made = await ground(tmp_path, ScriptedRoad([posted]))
    hand = await made.take()
    (row,) = await made.journal.holders()
    await made.journal.bury(row.id, beat=row.beat)
    with pytest.raises(LeaseLost):
        await made.walker.walk(hand)
    assert made.road.calls == []


async def told_again(made: Ground, restored_s_ago: float) -> Hand:
    """In hand, as the journal doubts what one that is gone may have posted."""
    hand = await made.take()
    begun = Begun("PostMessage", made.clock.now() - restored_s_ago, by_gone_journal=True)
    hand.claim = replace(hand.claim, facts=replace(hand.claim.facts, begun=begun))
    return hand


async def test_what_a_gone_journal_may_have_posted_is_posted_at_once_where_it_is_absent(tmp_path: Path) -> None:
    """The search is a precaution: nothing failed, so it costs no attempt, and no wait once the doubt wait is over."""
    made = await ground(tmp_path, ScriptedRoad([absent, posted]))
    await made.walker.walk(await told_again(made, 20.0))
    assert (made.road.calls, made.ends) == ([FIND, POST], [Delivered()])


async def test_just_after_a_restore_the_search_waits_until_no_post_can_be_under_way(tmp_path: Path) -> None:
    made = await ground(tmp_path, ScriptedRoad([posted]))
    await made.walker.walk(await told_again(made, 19.0))
    assert (made.road.calls, made.ends) == ([], [Postponed(20.0, "interrupted", costs_attempt=False)])
