"""The alert rules: each is proven by promtool to fire and to keep quiet, and speaks only of metrics that exist."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from unlost.telemetry.log import silent_telemetry

FOLDER = Path(__file__).parents[2] / "deploy" / "prometheus"
RULES, TESTS = FOLDER / "unlost.rules.yml", FOLDER / "unlost.rules.test.yml"

ASKED_FOR = {
    "WhatsAppWebGatewayPanics",
    "WhatsAppWebMessageLoss",
    "WhatsAppWebGatewayRestarting",
    "WhatsAppWebDeviceLoggedOut",
    "WhatsAppWebGatewaySilent",
    "WhatsAppWebSignatureFailures",
    "UnlostBacklogOld",
    "UnlostDeadLetters",
    "UnlostDiskLow",
    "UnlostJournalNotWritable",
}


def alerts() -> list[str]:
    return re.findall(r"^ *- alert: (\w+)$", RULES.read_text(), re.MULTILINE)


def test_promtool_sees_each_rule_fire_and_keep_quiet() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is missing (Debian: apt-get install prometheus)")
    done = subprocess.run(
        [promtool, "test", "rules", TESTS.name], cwd=FOLDER, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_rules_of_the_design_are_there() -> None:
    assert ASKED_FOR - set(alerts()) == set()


@pytest.mark.parametrize("alert", alerts())
def test_each_rule_has_a_test_that_fires_and_one_that_does_not(alert: str) -> None:
    blocks = [block for block in TESTS.read_text().split("  - name: ") if f"alertname: {alert}\n" in block]
    assert sorted("exp_alerts: []" in block for block in blocks) == [False, True]


def test_rules_speak_only_of_metrics_that_exist() -> None:
    page = silent_telemetry().metrics.page().decode()
    known = set(re.findall(r"^# TYPE (\w+) ", page, re.MULTILINE))
    told = set(re.findall(r"\b((?:whatsapp_web|unlost)_\w+)", RULES.read_text()))
    assert told - known == set()


def test_no_metric_raises_an_alarm_before_it_is_known() -> None:
    """Gauges without labels stand on the page from the start: 0 would mean a full disk and a journal nobody can write."""
    registry = silent_telemetry().metrics.registry
    assert registry.get_sample_value("unlost_journal_writable") == 1
    free_bytes = registry.get_sample_value("unlost_journal_disk_free_bytes")
    assert free_bytes is not None
    assert not free_bytes < 1
