"""Notices and alert rules are the same list: names, waits, severities, and the examples that promtool is given."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from unlost.notices.numbers import WATCHED, Labels, Numbers, Reading, read
from unlost.notices.troubles import TROUBLES
from unlost.notices.watching import Watcher
from unlost.telemetry.log import silent_telemetry

FOLDER = Path(__file__).parents[3] / "deploy" / "prometheus"
UNITS_S = {"s": 1, "m": 60, "h": 3600}
RULES: dict[str, Any] = {
    rule["alert"]: rule
    for group in yaml.safe_load((FOLDER / "unlost.rules.yml").read_text())["groups"]
    for rule in group["rules"]
}
EXAMPLES: list[Any] = yaml.safe_load((FOLDER / "unlost.rules.test.yml").read_text())["tests"]
FROM_OUTSIDE = {"job", "instance"}


def seconds(written: str) -> float:
    return sum(float(number) * UNITS_S[unit] for number, unit in re.findall(r"(\d+)([smh])", written))


def values(written: str) -> Iterator[float]:
    """Promtool's notation: `0+6x10`, `7x3`, `0 1 1`."""
    for word in written.split():
        first, step, times = re.fullmatch(r"(\d+)(?:\+(\d+))?(?:x(\d+))?", word).groups()  # type: ignore[union-attr]  # ours
        for number in range(int(times or 0) + 1):
            yield float(first) + number * float(step or 0)


def series(written: str) -> tuple[str, Labels]:
    name, _, inside = written.partition("{")
    labels = dict(re.findall(r'(\w+)="([^"]*)"', inside))
    return name, tuple(sorted((key, value) for key, value in labels.items() if key not in FROM_OUTSIDE))


def told(example: Any) -> set[str]:
    """Which troubles stand at the example's time, by our own judgement."""
    until_s = seconds(example["alert_rule_test"][0]["eval_time"])
    step_s = seconds(example["interval"])
    watcher, numbers, standing = Watcher(TROUBLES, -1e9), Numbers(), set[str]()
    lists = [(*series(each["series"]), list(values(each["values"]))) for each in example["input_series"]]
    for number in range(int(until_s / step_s) + 1):
        shown: dict[str, dict[Labels, float]] = {}
        for name, labels, points in lists:
            if number < len(points):
                shown.setdefault(name, {})[labels] = points[number]
        numbers.add(Reading(number * step_s, number * step_s, shown))
        watcher.look(numbers, number * step_s)
        standing = {key.name for key in watcher.standing}
    return standing


def test_the_same_troubles_have_a_rule_and_a_notice() -> None:
    assert [trouble.name for trouble in TROUBLES] == list(RULES)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_a_notice_waits_as_long_and_is_as_severe_as_its_rule(trouble: Any) -> None:
    rule = RULES[trouble.name]
    assert (trouble.severity, trouble.for_s) == (rule["labels"]["severity"], seconds(rule.get("for", "0s")))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_a_notice_stands_where_its_rule_fires_and_nowhere_else(example: Any) -> None:
    (case,) = example["alert_rule_test"]
    assert (case["alertname"] in told(example)) == bool(case["exp_alerts"])


def test_every_metric_that_is_watched_is_on_the_page_under_that_name() -> None:
    metrics = silent_telemetry().metrics
    metrics.introduce(["support"])
    for gauge in (metrics.gateway_up, metrics.gateway_logged_in, metrics.helpdesk_up, metrics.last_webhook_at):
        gauge.labels("support")
    metrics.pool_blocked.labels("support", "in")
    assert len(read(metrics, at=0, tick_s=0).values) == len(WATCHED)
