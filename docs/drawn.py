"""Draws from the code what docs/ says about it: settings, metrics and the state machine.

`python docs/drawn.py` writes settings.md, metrics.md and states.svg anew, and the part of architecture.md between its two marks.
tests/shape/test_docs.py compares.
"""

import re
import runpy
from collections.abc import Iterable, Iterator
from pathlib import Path

from unlost.settings.keys import Key, keys_of
from unlost.settings.template import SECTIONS, WHERE_THEY_STAND, toml
from unlost.telemetry.metrics import Metrics
from unlost.vocabulary.states import ARROWS, BIRTHS

FOLDER = Path(__file__).parent
RULES = FOLDER.parent / "deploy" / "prometheus" / "unlost.rules.yml"
BEGINS, ENDS = "<!-- drawn from vocabulary/states.py -->", "<!-- end of what is drawn -->"
DRAWN = "<!-- Drawn from the code by docs/drawn.py; change it there. -->"

SETTINGS_HEAD = f"""\
{DRAWN}
# Settings

One TOML file: `--config`, else `UNLOST_CONFIG`, else `./unlost.toml`. `unlost init` writes it with every key below, `unlost check`
judges it without starting anything, and an unknown key is an error that names the nearest known one (exit code 2).

Any value may be `"env:NAME"` (an environment variable) or `"file:/path"` (a file's content): keep secrets out of the file.
`UNLOST__SECTION__KEY` in the environment overrides the file, `UNLOST__CHANNEL__<NAME>__GATEWAY__PASSWORD` in a channel of that
name. Relative paths are seen from the file's own folder. Changes hold from the next start.
"""

METRICS_HEAD = f"""\
{DRAWN}
# Metrics

`GET /metrics`, in Prometheus' text format. With a `[console] password` it wants `Authorization: Bearer <password>`; without one it
answers to the same machine alone. Counters of closed sets stand at 0 from the start, so that a first event is a rise.

The rules that use them lie in `deploy/prometheus/unlost.rules.yml`; `promtool test rules unlost.rules.test.yml` beside it proves
that each fires and keeps quiet. `deploy/grafana/unlost.json` is a dashboard that shows every metric.
`whatsapp_web_message_sent_total` has no series in this version, which does not send.
"""


def settings_page() -> str:
    """docs/settings.md."""
    parts = [SETTINGS_HEAD]
    for title, section, says in (*SECTIONS, *WHERE_THEY_STAND):
        parts.append("\n".join([f"## `{title}`", "", says, "", *_table(_key_rows(section))]) + "\n")
    return "\n".join(parts)


def _key_rows(section: type) -> Iterator[tuple[str, ...]]:
    yield ("key", "default", "fits", "why")
    for key in keys_of(section).values():
        yield (f"`{key.name}`", _default(key), key.shape.said(), key.why)


def _default(key: Key) -> str:
    if key.is_required:
        return "required"
    if key.by_kind:
        return ", ".join(f"`{toml(value)}` for {kind}" for kind, value in key.by_kind)
    return f"`{toml(key.default)}`"


def metrics_page() -> str:
    """docs/metrics.md."""
    return "\n".join([METRICS_HEAD, *_table(_metric_rows())]) + "\n"


def _metric_rows() -> Iterator[tuple[str, ...]]:
    yield ("metric", "kind", "labels", "what it says", "alert")
    rules = _expressions()
    metrics = Metrics()
    for name in metrics.__slots__:
        metric = getattr(metrics, name)
        if name == "registry":
            continue
        (family,) = metric.describe()
        full = f"{family.name}_total" if family.type == "counter" else family.name
        # The library tells the labels of a metric without series in no public way; our own histogram has one.
        labels = getattr(metric, "_labelnames", None) or ((metric._label,) if hasattr(metric, "_label") else ())
        alerts = [alert for alert, expression in rules if re.search(rf"\b{full}\b", expression)]
        yield (f"`{full}`", family.type, ", ".join(labels), family.documentation, ", ".join(alerts))


def _expressions() -> list[tuple[str, str]]:
    return re.findall(r"- alert: (\w+)\n +expr: (.+)", RULES.read_text())


def states_part() -> str:
    """What stands between the two marks of docs/architecture.md."""
    rows = [("from", "what happens", "to"), *((f"{b}", f"{h}", f"{a}") for (b, h), a in ARROWS.items())]
    return "\n".join([BEGINS, "", "![The table below as a picture](states.svg)", "", *_table(rows), "", ENDS])


def states_picture() -> str:
    """docs/states.svg."""
    drawn = runpy.run_path(str(FOLDER / "state_picture.py"))["picture"]
    arrows = {(str(before), str(happening)): str(after) for (before, happening), after in ARROWS.items()}
    return str(drawn({str(state) for state in BIRTHS}, arrows))


def with_states(page: str) -> str:
    """docs/architecture.md with its drawn part anew."""
    return re.sub(re.escape(BEGINS) + ".*" + re.escape(ENDS), lambda _: states_part(), page, flags=re.DOTALL)


def _table(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
        if number == 0:
            yield "|" + "---|" * len(row)


def main() -> None:
    """Write them."""
    architecture = FOLDER / "architecture.md"
    (FOLDER / "settings.md").write_text(settings_page())
    (FOLDER / "metrics.md").write_text(metrics_page())
    (FOLDER / "states.svg").write_text(states_picture())
    architecture.write_text(with_states(architecture.read_text()))


if __name__ == "__main__":
    main()
