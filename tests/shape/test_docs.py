"""What docs/ and the READMEs say about the code is drawn from it, or leads to something that is there."""

import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unlost.cli.main import COMMANDS
from unlost.settings.keys import keys_of
from unlost.settings.template import SECTIONS, WHERE_THEY_STAND
from unlost.vocabulary.states import Happening, State
from unlost.vocabulary.verdicts import SkipReason

ROOT = Path(__file__).parents[2]
DRAWN: dict[str, Callable[..., Any]] = runpy.run_path(str(ROOT / "docs" / "drawn.py"))
READMES = ("README.md", "README.pt-BR.md")
PAGES = (
    *READMES,
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "docs/architecture.md",
    "docs/operating.md",
    "docs/deployment.md",
    "docs/own-gateway.md",
)
CURE = "python docs/drawn.py draws it anew"


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["settings", "metrics"])
def test_the_page_is_what_the_code_says(name: str) -> None:
    assert page(f"docs/{name}.md") == DRAWN[f"{name}_page"](), CURE


def test_the_state_table_of_the_architecture_is_the_programs_own() -> None:
    assert DRAWN["states_part"]() in page("docs/architecture.md"), CURE
    assert page("docs/states.svg") == DRAWN["states_picture"](), CURE


def test_the_picture_of_the_states_names_every_state_and_all_that_happens() -> None:
    drawn = page("docs/states.svg")
    shown = set(re.findall(r">([a-z ]+)</text>", drawn.replace(", ", "</text><text>")))
    assert shown == {str(state) for state in State} | {str(one).replace("_", " ") for one in Happening}


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_to_a_file(name: str) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page(name))
    assert [target for target in targets if not ((ROOT / name).parent / target).exists()] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_file_named_in_a_page_is_there(name: str) -> None:
    named = re.findall(r"`((?:tests|src|deploy|docs|bench)/[\w./-]*)`", page(name))
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_command_in_a_page_exists(name: str) -> None:
    named = re.findall(r"(?:`|bin/)unlost (?:--config \S+ )?([a-z][a-z-]+)", page(name))
    assert set(named) <= set(COMMANDS)


@pytest.mark.parametrize("name", PAGES)
def test_every_make_target_in_a_page_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), re.MULTILINE))
    assert set(re.findall(r"^(?:make|.*`make) ([a-z]+)", page(name), re.MULTILINE)) <= targets


@pytest.mark.parametrize("name", READMES)
def test_the_settings_shown_in_a_readme_have_known_keys(name: str) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", page(name), re.DOTALL)
    known = {key for _, section, _ in (*SECTIONS, *WHERE_THEY_STAND) for key in keys_of(section)}
    assert set(re.findall(r"^(\w+) = ", block, re.MULTILINE)) <= known


def test_both_readmes_show_the_same_keys() -> None:
    shown = [
        re.findall(r"^(\w+) = ", re.findall(r"```toml\n(.*?)```", page(name), re.DOTALL)[0], re.M) for name in READMES
    ]
    assert shown[0] == shown[1]


def test_both_readmes_tell_the_same_causes_of_loss() -> None:
    rows = [len(re.findall(r"^\|", page(name), re.MULTILINE)) for name in READMES]
    assert rows[0] == rows[1]


def test_every_alert_leads_to_its_paragraph_of_the_runbook() -> None:
    rules = re.findall(r"- alert: (\w+)\n(?:.*\n)*? +runbook: (\S+)\n", page("deploy/prometheus/unlost.rules.yml"))
    headings = re.findall(r"^### (\w+)\n\n\*(?:Warning|High|Critical)\.", page("docs/operating.md"), re.MULTILINE)
    assert [(alert, f"docs/operating.md#{alert.lower()}") for alert in headings] == rules


def test_every_reason_to_skip_is_explained_to_operators() -> None:
    assert [reason for reason in SkipReason if f"`{reason}`" not in page("docs/operating.md")] == []
