"""The words of the phone: the same as everywhere else for the same state, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bihuan.fieldwork import states

SOURCE = Path(__file__).resolve().parents[2] / "frontend/src/field/words.ts"
_WORD = re.compile(r'^  (\w+): \[\s*"([^"]*)",\s*"([^"]*)",?\s*\]', re.MULTILINE)


@pytest.fixture(scope="module")
def words() -> dict[str, tuple[str, str]]:
    """Return the words of the field front: key → Chinese, English."""
    found = {key: (zh, en) for key, zh, en in _WORD.findall(SOURCE.read_text())}
    assert len(found) > 150
    return found


@pytest.mark.parametrize("state", states.STATES)
def test_how_a_place_stands_is_said_on_the_phone_as_everywhere(words: dict[str, tuple[str, str]], state: str) -> None:
    assert words[state] == states.STATES[state]


@pytest.mark.parametrize("why", states.WHY)
def test_why_a_visit_does_not_count_is_said_on_the_phone_as_everywhere(
    words: dict[str, tuple[str, str]], why: str
) -> None:
    assert words[f"why_{why}"] == states.WHY[why]


def test_what_was_never_visited_and_what_does_not_count_is_said_as_everywhere(
    words: dict[str, tuple[str, str]],
) -> None:
    assert words["never"] == states.NEVER
    assert words["went"] == states.UNCOUNTED


def test_both_languages_fill_in_the_same(words: dict[str, tuple[str, str]]) -> None:
    uneven = [key for key, (zh, en) in words.items() if set(re.findall(r"{\w+}", zh)) != set(re.findall(r"{\w+}", en))]
    assert not uneven
