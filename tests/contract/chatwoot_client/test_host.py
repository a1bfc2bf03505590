"""Contract 1.0 and 4: the host, the token, the limits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.chatwoot_client.conftest import Helpdesk
from unlost.deliver.to_helpdesk import ToHelpdesk
from unlost.errors import Blocked, TryLater
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.steps import FindPerson

FIND = FindPerson("nobody", ())


def with_client(desk: Helpdesk, **changed: object) -> ToHelpdesk:
    return replace(desk.delivery, client=desk.other_client(**changed))


async def test_the_host_answers_without_a_token(desk: Helpdesk) -> None:
    assert (await desk.other_client(token="wrong").probe_host()).version


async def test_the_right_token_opens_the_inbox(desk: Helpdesk) -> None:
    assert await desk.client.probe_token()


@pytest.mark.parametrize("wrong", [{"token": "wrong"}, {"token": ""}, {"inbox_id": 9}, {"account_id": 9}])
async def test_another_token_inbox_or_account_does_not(desk: Helpdesk, wrong: dict[str, object]) -> None:
    assert not await desk.other_client(**wrong).probe_token()


@pytest.mark.parametrize("wrong", [{"token": "wrong"}, {"account_id": 9}])
async def test_a_step_under_wrong_settings_blocks_the_channel(desk: Helpdesk, wrong: dict[str, object]) -> None:
    with pytest.raises(Blocked):
        await with_client(desk, **wrong).perform(FIND, Facts())


async def test_the_profile_says_that_we_may_do_everything(desk: Helpdesk) -> None:
    assert (await desk.client.profile()).role == "administrator"


async def test_the_inbox_is_an_api_inbox(desk: Helpdesk) -> None:
    inbox = await desk.client.inbox()
    assert (inbox.id, inbox.channel_type) == (1, "Channel::Api")


async def test_a_429_waits_for_the_host_and_slows_it_down(desk: Helpdesk) -> None:
    await desk.befall("answer", "/contacts/filter", status=429)
    with pytest.raises(TryLater) as caught:
        await desk.client.contacts.by_person("nobody", ())
    assert caught.value.away


async def test_a_helpdesk_that_is_not_there_is_away(desk: Helpdesk) -> None:
    with pytest.raises(TryLater) as caught:
        await desk.other_client(url="http://127.0.0.1:1").probe_host()
    assert (caught.value.cause, caught.value.away) == ("connection_refused", True)


async def test_a_look_up_that_broke_is_tried_later(desk: Helpdesk) -> None:
    await desk.befall("lose", "/contacts/filter")
    with pytest.raises(TryLater) as caught:
        await desk.client.contacts.by_person("nobody", ())
    assert (caught.value.cause, caught.value.away) == ("broken", False)
