"""The Grafana dashboard asks only for metrics and labels that exist, in PromQL that Prometheus takes, and shows every metric."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import promql_parser as promql
import pytest

from unlost.telemetry.metrics import Metrics

DASHBOARD: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "deploy" / "grafana" / "unlost.json").read_text(encoding="utf-8")
)
GIVEN_BY_PROMETHEUS = frozenset({"job", "instance"})
ONLY_OF_COUNTERS = frozenset({"rate", "irate", "increase"})
OF_A_HISTOGRAM = ("_bucket", "_count", "_sum")


@dataclass(frozen=True)
class Known:
    """A series' name as it stands on the page."""

    kind: str
    labels: frozenset[str]


def known() -> dict[str, Known]:
    found: dict[str, Known] = {}
    metrics = Metrics()
    for attribute in metrics.__slots__:
        if attribute == "registry":
            continue
        metric = getattr(metrics, attribute)
        (family,) = metric.describe()
        labels = frozenset(
            getattr(metric, "_labelnames", None) or ((metric._label,) if hasattr(metric, "_label") else ())
        )
        if family.type == "histogram":
            for suffix in OF_A_HISTOGRAM:
                also = {"le"} if suffix == "_bucket" else set()
                found[family.name + suffix] = Known("counter", labels | also)
        else:
            found[f"{family.name}_total" if family.type == "counter" else family.name] = Known(family.type, labels)
    return found


KNOWN = known()


def panels() -> Iterator[dict[str, Any]]:
    for panel in DASHBOARD["panels"]:
        yield panel
        yield from panel.get("panels", [])


def queries() -> Iterator[tuple[str, str, str]]:
    for panel in panels():
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"], target["legendFormat"]


def filled(expression: str) -> str:
    """As Grafana sends it."""
    return expression.replace("$__rate_interval", "5m").replace("$channel", ".*")


def labels_of(node: Any) -> frozenset[str]:
    """The labels of what *node* gives. Fails where it asks for what is not there."""
    match node:
        case promql.VectorSelector():
            assert node.name in KNOWN, f"no metric {node.name}"
            labels = KNOWN[node.name].labels | GIVEN_BY_PROMETHEUS
            asked = {matcher.name for matcher in node.matchers.matchers} - {"__name__"}
            assert asked <= labels, f"{node.name} has no label {asked - labels}"
            return labels
        case promql.MatrixSelector():
            return labels_of(node.vector_selector)
        case promql.ParenExpr() | promql.UnaryExpr():
            return labels_of(node.expr)
        case promql.AggregateExpr():
            inner = labels_of(node.expr)
            by = frozenset(node.modifier.labels) if node.modifier else frozenset()
            assert by <= inner, f"nothing to group by: {by - inner}"
            return by
        case promql.BinaryExpr():
            return labels_of(node.lhs) | labels_of(node.rhs)
        case promql.Call():
            return _labels_of_call(node)
        case _:
            return frozenset()


def _labels_of_call(node: Any) -> frozenset[str]:
    labels = frozenset(label for argument in node.args for label in labels_of(argument))
    if node.func.name in ONLY_OF_COUNTERS:
        name = node.args[0].vector_selector.name
        assert KNOWN[name].kind == "counter", f"{name} is a {KNOWN[name].kind}: it has no {node.func.name}"
    if node.func.name == "histogram_quantile":
        assert "le" in labels, "a quantile needs the buckets"
        return labels - {"le"}
    return labels


@pytest.mark.parametrize(("title", "expression", "legend"), list(queries()))
def test_a_query_asks_for_metrics_and_labels_that_exist(title: str, expression: str, legend: str) -> None:
    given = labels_of(promql.parse(filled(expression)))
    shown = set(re.findall(r"\{\{(\w+)\}\}", legend))
    assert shown <= given, f"{title}: the legend names {shown - given}"


def test_every_metric_is_shown_somewhere() -> None:
    told = " ".join(expression for _, expression, _ in queries())
    names = {re.sub("(_bucket|_count|_sum)$", "", name) for name in KNOWN}
    assert [name for name in sorted(names) if name not in told] == []


@pytest.mark.parametrize(
    "expression",
    [
        "unlost_no_such_metric",
        'unlost_backlog_entries{chanel="a"}',
        "sum by (chanel) (unlost_backlog_entries)",
        "rate(unlost_backlog_entries[5m])",
        "histogram_quantile(0.5, sum(rate(unlost_delivery_seconds_bucket[5m])))",
    ],
)
def test_this_test_notices_a_query_that_asks_for_nothing(expression: str) -> None:
    with pytest.raises(AssertionError):
        labels_of(promql.parse(expression))


def test_the_channels_to_choose_from_are_asked_of_a_metric_that_exists() -> None:
    asked = [each["definition"] for each in DASHBOARD["templating"]["list"] if each["type"] == "query"]
    for definition in asked:
        name, label = re.fullmatch(r"label_values\((\w+), (\w+)\)", definition).groups()  # type: ignore[union-attr]  # else it fails here
        assert label in KNOWN[name].labels


def test_panels_have_ids_of_their_own_and_lie_beside_each_other() -> None:
    ids = [panel["id"] for panel in panels()]
    assert len(ids) == len(set(ids))
    squares = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels())
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(squares) == len(set(squares))
    assert max(x for x, _ in squares) < 24


def test_no_dashboard_names_a_data_source_of_its_own() -> None:
    """Whoever imports it chooses theirs."""
    assert {panel["datasource"]["uid"] for panel in panels() if "datasource" in panel} == {"${datasource}"}
