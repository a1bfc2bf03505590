"""`docs/proofs.md` names what is there, and leaves no promise, hard case or mutant out."""

import re
from pathlib import Path

from tests.simulation.mutants import MUTANTS

TESTS = Path(__file__).parents[1]
PAGE = (TESTS.parent / "docs" / "proofs.md").read_text(encoding="utf-8")
LINES = [line for line in PAGE.splitlines() if re.match(r"- |\d+\. ", line)]
NAMED = re.findall(r"`([\w/]+)::(\w+)`", PAGE)
LATER = "with the outbound direction"


def test_every_test_named_there_exists() -> None:
    missing = [
        f"{file}::{name}"
        for file, name in NAMED
        if not re.search(rf"\bdef test_{name}\(", (TESTS / f"{file}.py").read_text(encoding="utf-8"))
    ]
    assert missing == []


def test_every_mutant_stands_there_and_no_other() -> None:
    named = {word for line in LINES for word in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", line)}
    assert named == {mutant.name for mutant in MUTANTS}


def test_all_promises_and_all_hard_cases_stand_there() -> None:
    assert re.findall(r"^### (\d+)\. ", PAGE, re.MULTILINE) == [str(number) for number in range(1, 11)]
    assert re.findall(r"^(\d+)\. ", PAGE, re.MULTILINE) == [str(number) for number in range(1, 26)]


def test_each_line_names_a_test_or_says_that_it_comes_later() -> None:
    assert [line for line in LINES if "::" not in line and LATER not in line] == []


def test_what_comes_with_the_outbound_direction_is_listed_by_name() -> None:
    cases = [line.partition(".")[0] for line in LINES if line[0].isdigit() and LATER in line]
    assert cases == ["2", "4", "5", "13", "22"]
