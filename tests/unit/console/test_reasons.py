"""Why something ended, in the words of whoever looks."""

import pytest

from unlost.console.reasons import reason, step
from unlost.console.words import CATALOGUES

PT = CATALOGUES["pt-BR"]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("own_echo", "a central contando da nossa própria mensagem"),
        ("timeout", PT.causes["timeout"]),
        ("AskUserInfo failed: http_4xx", f"perguntar ao gateway pelo contato: {PT.causes['http_4xx']}"),
        ("the helpdesk refused the message (422)", "a central recusou a mensagem (422)"),
        ("our bug: KeyError", "uma falha na ponte: KeyError"),
        ("crashes the bridge", "derrubou a ponte, três vezes"),
    ],
)
def test_a_reason_of_ours_is_told_in_the_pages_language(told: str, said: str) -> None:
    assert reason(told, PT) == said


@pytest.mark.parametrize("told", ["written by a newer version", "OpenPortal failed: a word", "<b>(x)</b>", ""])
def test_any_other_stands_as_it_was_written_down(told: str) -> None:
    assert reason(told, PT) == told


def test_a_step_that_only_a_newer_version_takes_keeps_its_name() -> None:
    assert (step("AskAvatar", PT), step("OpenPortal", PT), step("", PT)) == (
        "perguntar ao gateway pela foto",
        "OpenPortal",
        "–",
    )
