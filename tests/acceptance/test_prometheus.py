"""A real Prometheus reads the running bridge: every alert and every panel has series to speak of, and the page is well made."""

import json
import re
import shutil
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Opened
from tests.acceptance.office import Office
from tests.acceptance.waiting import eventually
from tests.shape.test_dashboard import filled, queries
from tests.shape.test_rules import FOLDER, RULES
from unlost.cli.processes import free_port

CONFIG = """\
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [{rules}]
scrape_configs:
  - job_name: unlost
    authorization: {{credentials: "{password}"}}
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""
NOT_IN_THIS_VERSION = frozenset({"whatsapp_web_message_sent_total"})
ONLY_WHEN_IT_HAPPENS = frozenset({"unlost_webhooks_refused_total"})


@pytest.fixture(scope="module")
def office(open_office: Opened) -> Office:
    """With one message carried, so that calls and times are known."""
    made = open_office()
    sent = made.people.send_text(made.customer("5541999900031", "Ana").key, "Bom dia!")
    made.helpdesk.standing(sent.id)
    eventually(lambda: made.metric("unlost_helpdesk_up") == 1, "a look at the helpdesk")
    return made


class Prometheus:
    """On loopback, with our rules; its data goes with the test."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, path: str, **query: str) -> Any:
        """The `data` of an answer. Raises for what it does not take."""
        with urllib.request.urlopen(f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(query)}", timeout=10) as answer:
            return json.loads(answer.read())["data"]

    def is_ready(self) -> bool:
        try:
            return any(target["health"] == "up" for target in self.ask("targets")["activeTargets"])
        except OSError:
            return False

    def rules(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = [rule for group in self.ask("rules")["groups"] for rule in group["rules"]]
        return found


@pytest.fixture(scope="module")
def prometheus(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("prometheus is missing (Debian: apt-get install prometheus)")
    folder: Path = tmp_path_factory.mktemp("prometheus")
    config, port = folder / "prometheus.yml", free_port()
    config.write_text(CONFIG.format(rules=RULES, password=office.password, port=office.ports.bridge))
    words = [f"--config.file={config}", f"--storage.tsdb.path={folder}/data", f"--web.listen-address=127.0.0.1:{port}"]
    with (folder / "log").open("wb") as log, subprocess.Popen([program, *words], stdout=log, stderr=log) as process:
        try:
            made = Prometheus(f"http://127.0.0.1:{port}")
            eventually(made.is_ready, "a first scrape", within_s=60)
            yield made
        finally:
            process.terminate()


def test_every_rule_is_evaluated_without_an_error(prometheus: Prometheus) -> None:
    eventually(lambda: all(rule["health"] == "ok" for rule in prometheus.rules()), "an evaluation", within_s=30)
    assert len(prometheus.rules()) == len(re.findall("- alert: ", RULES.read_text()))


def test_every_query_of_the_dashboard_is_answered(prometheus: Prometheus) -> None:
    for _, expression, _ in queries():
        prometheus.ask("query", query=filled(expression))


def told_by_rules_and_panels() -> set[str]:
    words = RULES.read_text() + " ".join(expression for _, expression, _ in queries())
    return set(re.findall(r"\b((?:whatsapp_web|unlost)_\w+)", words))


@pytest.mark.parametrize("name", sorted(told_by_rules_and_panels() - NOT_IN_THIS_VERSION - ONLY_WHEN_IT_HAPPENS))
def test_what_a_rule_or_a_panel_speaks_of_has_a_series_while_all_is_well(office: Office, name: str) -> None:
    """An alert on a series that is never shown never fires."""
    assert re.search(rf"^{name}(?:{{| )", office.metrics(), re.MULTILINE)


def test_the_metrics_page_passes_promtool(office: Office) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is missing (Debian: apt-get install prometheus)")
    done = subprocess.run(
        [promtool, "check", "metrics"],
        input=office.metrics(),
        cwd=FOLDER,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout + done.stderr == ""
