"""The alert rules for our own gateway: proven by promtool, on metrics that it has, each with its paragraph for operators."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from unlost.gateway.engines.engine_counts import EngineCounts

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "prometheus"
RULES, TESTS = FOLDER / "unlost-gateway.rules.yml", FOLDER / "unlost-gateway.rules.test.yml"


def test_promtool_sees_each_rule_fire_and_keep_quiet() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is missing (Debian: apt-get install prometheus)")
    done = subprocess.run(
        [promtool, "test", "rules", TESTS.name], cwd=FOLDER, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("alert", re.findall(r"^ *- alert: (\w+)$", RULES.read_text(), re.MULTILINE))
def test_each_rule_has_a_test_that_fires_and_one_that_does_not(alert: str) -> None:
    blocks = [block for block in TESTS.read_text().split("  - name: ") if f"alertname: {alert}\n" in block]
    assert sorted("exp_alerts: []" in block for block in blocks) == [False, True]


def test_rules_speak_only_of_metrics_that_exist() -> None:
    registry = CollectorRegistry()
    EngineCounts(registry)
    known = set(re.findall(r"^# TYPE (\w+) ", generate_latest(registry).decode(), re.MULTILINE))
    told = set(re.findall(r"\b((?:whatsapp_web|unlost_gateway)_\w+)", RULES.read_text()))
    assert told - known == set()


def test_every_alert_leads_to_its_paragraph() -> None:
    rules = re.findall(r"- alert: (\w+)\n(?:.*\n)*? +runbook: (\S+)\n", RULES.read_text())
    page = (ROOT / "docs" / "engine-update.md").read_text()
    headings = re.findall(r"^### (\w+)\n\n\*(?:Warning|High|Critical)\.", page, re.MULTILINE)
    assert [(alert, f"docs/engine-update.md#{alert.lower()}") for alert in headings] == rules
