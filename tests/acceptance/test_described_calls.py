"""Every call an API describes, with what it allows and what it does not: none is answered with a 5xx, and the program lives on."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.acceptance.conftest import Opened
from tests.acceptance.office import Office

RECORDED = Path(__file__).parents[1] / "recorded" / "chatwoot" / "openapi-4.16.2.json"
EXAMPLES = os.environ.get("UNLOST_TEST_EXAMPLES", "5")
SHELL_PATHS = "backup|restore"
"""They write a file where they are told to: not for strangers, and not for a test that makes names up."""


@pytest.fixture(scope="module")
def office(open_office: Opened) -> Office:
    return open_office()


def called(schema: str, url: str, *more: str) -> None:
    """Fails with what was found."""
    words = [sys.executable, "-m", "schemathesis.cli", "run", schema, "--url", url, "--checks", "not_a_server_error"]
    words += ["--max-examples", EXAMPLES, "--seed", "7", "--phases", "examples,fuzzing", "--workers", "1", *more]
    ended = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600)
    assert ended.returncode == 0, ended.stdout[-6000:] + ended.stderr[-2000:]


@pytest.mark.timeout(700)
def test_no_call_of_the_operators_api_is_answered_with_a_5xx(office: Office) -> None:
    bearer = f"Authorization: Bearer {office.password}"
    called(f"{office.door}/api/v1/openapi.json", office.door, "--header", bearer, "--exclude-path-regex", SHELL_PATHS)
    assert office.json("status")["channels"]


@pytest.mark.timeout(700)
def test_no_call_of_chatwoots_description_is_answered_by_the_desk_with_a_5xx(office: Office) -> None:
    token = f"api-access-token: {office.password}"
    called(
        str(RECORDED),
        office.desk_url,
        "--header",
        token,
        "--include-path-regex",
        "contacts|conversations|inboxes|profile",
    )
    assert office.helpdesk is not None


@pytest.mark.parametrize("digits", [20, 5_000])
def test_an_entry_number_no_journal_can_hold_is_none(office: Office, digits: int) -> None:
    path = f"/api/v1/dead/{'9' * digits}"
    request = urllib.request.Request(office.door + path, headers={"Authorization": f"Bearer {office.password}"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    with refused.value as answer:
        assert answer.code == 400
