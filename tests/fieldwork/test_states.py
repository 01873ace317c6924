"""One word for each state: the phone says it as the server does, and the glossary lists it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bihuan.fieldwork.states import NEVER, STATES, UNCOUNTED, WHY, Words, uncounted_words

ROOT = Path(__file__).parents[2]
SAID = {**STATES, "never": NEVER, "went": UNCOUNTED, **{f"why_{key}": words for key, words in WHY.items()}}


@pytest.fixture(scope="module")
def phone() -> dict[str, Words]:
    source = (ROOT / "frontend/src/field/words.ts").read_text(encoding="utf-8")
    return {key: (zh, en) for key, zh, en in re.findall(r'^  (\w+): \["([^"]*)", "([^"]*)"\],$', source, re.MULTILINE)}


@pytest.mark.parametrize("key", SAID)
def test_the_phone_says_it_as_the_server_does(phone: dict[str, Words], key: str) -> None:
    assert phone[key] == SAID[key]


@pytest.mark.parametrize("words", [*STATES.values(), NEVER, UNCOUNTED])
def test_the_glossary_lists_it(words: Words) -> None:
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    assert all(word in glossary for word in words)


def test_what_does_not_count_is_said_with_its_reason() -> None:
    assert uncounted_words("alone") == "去过，不计入：同去的人没有来"
    assert uncounted_words("alone", "en-us") == "went, not counted: without those who must come along"
    assert uncounted_words("withdrawn") == "已撤回"
    assert uncounted_words("") == ""
