"""What `unlost check` finds."""

import socket
from pathlib import Path

import pytest

from tests.unit.settings.files import channel, written
from unlost.settings.judging import Weight, judge
from unlost.settings.reading import read_settings

FINE = """
[server]
listen = "127.0.0.1:0"
public_url = "https://bridge.example.com"
[console]
password = "a-long-password-indeed"
"""
FINE_CHANNEL = (
    channel(gateway='device = "628111111111"')
    .replace("s3cret-of-the-gateway", "a-long-secret-indeed")
    .replace('webhook_secret = "off"', 'webhook_secret = "another-long-secret"')
)


def found(folder: Path, text: str) -> dict[str, tuple[Weight, str]]:
    anywhere = {"UNLOST__JOURNAL__THROWAWAY": "true"}  # these tests may run in a container
    settings = read_settings(written(folder, text), anywhere)
    return {finding.key: (finding.weight, finding.text) for finding in judge(settings)}


def test_nothing_is_found_where_nothing_is_the_matter(tmp_path: Path) -> None:
    assert found(tmp_path, FINE + FINE_CHANNEL) == {}


@pytest.mark.parametrize(
    ("before", "after", "key", "weight", "says"),
    [
        ('password = "a-long-password-indeed"', "", "console.password", Weight.ODD, "403"),
        ("a-long-password-indeed", "short", "console.password", Weight.ODD, "shorter"),
        ("https://bridge", "http://bridge", "server.public_url", Weight.ODD, "without TLS"),
        ("a-long-secret-indeed", "secret", "channel.support.gateway.webhook_secret", Weight.ODD, "GOWA's default"),
        ("a-long-secret-indeed", "off", "channel.support.gateway.webhook_secret", Weight.ODD, "anyone"),
        ("a-long-secret-indeed", "short", "channel.support.gateway.webhook_secret", Weight.ODD, "by trying"),
        ("another-long-secret", "off", "channel.support.helpdesk.webhook_secret", Weight.ODD, "before 4.13"),
        ('device = "628111111111"', "", "channel.support.gateway.device", Weight.ODD, "missing"),
        ('device = "628111111111"', 'avatars = "always"', "channel.support.gateway.avatars", Weight.ODD, "8.1.0"),
        ("http://127.0.0.1:8090", "http://desk.example.com", "channel.support.helpdesk.url", Weight.ODD, "without TLS"),
        (
            "[console]",
            '[gateway]\nlisten = "127.0.0.1:0"\npassword = "a-long-word"\n[console]',
            "channel.support.gateway.username",
            Weight.ODD,
            "401",
        ),
        (FINE_CHANNEL, "", "channel", Weight.WRONG, "there is none"),
        ("[console]", '[notify]\nurls = ["ops at a"]\n[console]', "notify.urls[1]", Weight.WRONG, "no Apprise address"),
        ("[console]", '[journal]\nurl = "sqlite:////proc/a.db"\n[console]', "journal.url", Weight.WRONG, "/proc"),
        ("[console]", '[journal]\nurl = "sqlite:////dev/null/a.db"\n[console]', "journal.url", Weight.WRONG, "null"),
        ("[console]", '[journal]\nurl = "sqlite:////tmp"\n[console]', "journal.url", Weight.WRONG, "is a folder"),
        ("127.0.0.1:0", "203.0.113.1:80", "server.listen", Weight.WRONG, "cannot listen"),
    ],
)
def test_what_is_the_matter_is_said(
    tmp_path: Path, before: str, after: str, key: str, weight: Weight, says: str
) -> None:
    text = (FINE + FINE_CHANNEL).replace(before, after)
    findings = found(tmp_path, text)
    assert findings[key][0] is weight
    assert says in findings[key][1]


def test_a_container_beside_is_reached_without_tls(tmp_path: Path) -> None:
    """By its bare name, as in the compose files: a line that is always odd is read by nobody."""
    text = (FINE + FINE_CHANNEL).replace("https://bridge.example.com", "http://unlost:8080")
    assert found(tmp_path, text) == {}


def test_a_missing_public_address_is_odd_where_a_side_is_elsewhere(tmp_path: Path) -> None:
    text = (FINE + FINE_CHANNEL).replace('public_url = "https://bridge.example.com"', "")
    assert "server.public_url" not in found(tmp_path, text)
    elsewhere = text.replace("http://127.0.0.1:8090", "https://desk.example.com")
    assert found(tmp_path, elsewhere)["server.public_url"][0] is Weight.ODD


def test_two_channels_with_one_number_are_wrong(tmp_path: Path) -> None:
    second = FINE_CHANNEL.replace('"support"', '"sales"').replace("inbox_id = 1", "inbox_id = 2")
    findings = found(tmp_path, FINE + FINE_CHANNEL + second)
    assert findings["channel.sales.gateway.device"][0] is Weight.WRONG


def test_a_port_in_use_is_odd_as_it_may_be_the_running_program(tmp_path: Path) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        text = (FINE + FINE_CHANNEL).replace("127.0.0.1:0", f"127.0.0.1:{door.getsockname()[1]}")
        assert found(tmp_path, text)["server.listen"][0] is Weight.ODD


def test_judging_leaves_nothing_on_the_disk(tmp_path: Path) -> None:
    found(tmp_path, FINE + FINE_CHANNEL)
    assert [path.name for path in tmp_path.iterdir()] == ["unlost.toml"]


def test_no_finding_repeats_a_secret(tmp_path: Path) -> None:
    findings = found(tmp_path, (FINE + FINE_CHANNEL).replace("a-long-secret-indeed", "tiny-one"))
    assert "tiny-one" not in str(findings)
