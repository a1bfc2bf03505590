"""Through real Apprise, in a process of its own, to a service on loopback."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.contract.notices.service import service
from tests.unit.settings.files import channel, written
from unlost.cli.main import main
from unlost.cli.processes import free_port
from unlost.notices.post import post
from unlost.notices.wording import Notice

GIVEN_UP_S = 30.0
"""Far above what ending a process takes, on a busy machine too."""
NOTICE = Notice("unlost on bridge-1: trouble", "[critical] UnlostDiskLow, since now: é 📷", "failure")


async def test_a_notice_arrives_as_it_was_written() -> None:
    with service() as there:
        assert await post(there.url, NOTICE) is None
    (told,) = there.told
    assert (told["title"], told["message"], told["type"]) == (NOTICE.title, NOTICE.body, "failure")


async def test_a_service_that_says_no_is_why_without_its_password() -> None:
    with service() as there:
        there.status = 403
        why = await post(there.url, NOTICE)
    assert why is not None
    assert "403" in why
    assert "hidden" not in why


async def test_a_service_that_is_away_is_why() -> None:
    assert await post(f"json://user:hidden-word@127.0.0.1:{free_port()}/", NOTICE)


async def test_a_service_that_hangs_is_given_up_in_time() -> None:
    with service() as there:
        there.may_answer.clear()
        async with asyncio.timeout(GIVEN_UP_S):
            assert await post(there.url, NOTICE, within_s=3) == "no answer within 3 s"


async def test_a_posting_that_is_called_off_leaves_no_process_behind() -> None:
    with service() as there:
        there.may_answer.clear()
        posting = asyncio.ensure_future(post(there.url, NOTICE))
        await asyncio.to_thread(there.heard.wait, 30)
        posting.cancel()
        async with asyncio.timeout(GIVEN_UP_S):
            with pytest.raises(asyncio.CancelledError):
                await posting


async def test_an_address_of_no_service_is_why() -> None:
    assert await post("nosuch://hidden-word", NOTICE) == "Apprise does not understand this address"


def notify_test(folder: Path, notify: str, *words: str) -> Result:
    config = written(folder, f"[notify]\n{notify}\n" + channel())
    return CliRunner().invoke(main, ["--config", str(config), "notify-test", *words])


def test_notify_test_tells_every_address_and_calls_the_heartbeat(tmp_path: Path) -> None:
    with service() as there:
        result = notify_test(tmp_path, f'urls = ["{there.url}"]\nheartbeat_url = "{there.beat_url}"')
    assert result.exit_code == 0, result.output
    assert result.output == "notify.urls[1] (json): sent\nnotify.heartbeat_url (http): sent\n"
    assert (len(there.told), there.beats) == (1, ["/beat"])


def test_notify_test_ends_with_1_where_one_of_them_is_away_and_names_it(tmp_path: Path) -> None:
    with service() as there:
        urls = f'urls = ["{there.url}", "json://127.0.0.1:{free_port()}"]'
        result = notify_test(tmp_path, urls, "--json")
    assert result.exit_code == 1
    assert [(each["key"], each["sent"]) for each in json.loads(result.output)] == [
        ("notify.urls[1]", True),
        ("notify.urls[2]", False),
    ]


def test_notify_test_ends_with_2_where_there_is_nobody_to_tell(tmp_path: Path) -> None:
    result = notify_test(tmp_path, "")
    assert result.exit_code == 2
    assert "urls or heartbeat_url" in result.output


def test_check_says_which_address_apprise_does_not_understand(tmp_path: Path) -> None:
    config = written(tmp_path, '[notify]\nurls = ["nosuch://hidden-word"]\n' + channel())
    result = CliRunner().invoke(main, ["--config", str(config), "check"])
    assert result.exit_code == 1
    assert "wrong: notify.urls[1]" in result.output
    assert "hidden" not in result.output
