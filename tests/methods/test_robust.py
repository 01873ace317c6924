"""A file broken anywhere, by anything, is told about: reading and playing it never crash."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.methods.api import load, simulate

from .samples import LIBRARY, SLUGS, SMALL, method, shipped

JUNK = [
    "",
    "5",
    "[]",
    "{}",
    "null",
    "[1, {a: b}]",
    "{x: [y]}",
    "true",
    "'词'",
    "-1.5",
    "*a",
    "&a x",
    "2024-04-01",
    "x: y: z",
    "}",
]
LINES = SMALL.splitlines()


@pytest.mark.parametrize("number", range(len(LINES)))
def test_a_line_taken_out_never_crashes_the_reader(number: int) -> None:
    loaded = load("\n".join([*LINES[:number], *LINES[number + 1 :]]))
    assert loaded.method is not None or loaded.problems
    assert all(problem.line >= 1 and problem.message and problem.message_en for problem in loaded.problems)


@settings(max_examples=250, deadline=None)
@given(st.integers(0, len(LINES) - 1), st.sampled_from(JUNK))
def test_junk_in_place_of_any_value_never_crashes_the_reader(number: int, junk: str) -> None:
    line = LINES[number]
    head, colon, _ = line.rpartition(": ") if ": " in line else line.partition(":")
    loaded = load("\n".join([*LINES[:number], f"{head}{colon} {junk}", *LINES[number + 1 :]]))
    assert loaded.method is not None or [p for p in loaded.problems if p.severity == "error"]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    load(text)
    load(SMALL + text)
    simulate(method(), text)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_a_scenario_with_junk_in_it_never_crashes_the_player(data: st.DataObject) -> None:
    slug = data.draw(st.sampled_from(SLUGS))
    path = data.draw(st.sampled_from(sorted((LIBRARY / slug / "scenarios").glob("*.yaml"))))
    lines = path.read_text(encoding="utf-8").splitlines()
    number = data.draw(st.integers(0, len(lines) - 1))
    line, junk = lines[number], data.draw(st.sampled_from(JUNK))
    cut = data.draw(st.integers(0, len(line)))
    for changed in (line[:cut] + junk, line[:cut] + junk + line[cut:], ""):
        result = simulate(shipped(slug), "\n".join([*lines[:number], changed, *lines[number + 1 :]]))
        assert all(problem.message and problem.message_en for problem in result.problems)
