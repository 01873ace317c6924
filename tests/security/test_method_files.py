"""A method file is written by a person of one community: it can neither stop the site nor reach beyond its area."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

import bihuan.library
from bihuan.methods.api import load
from bihuan.methods.engine.cel import Condition

SOURCE = (Path(bihuan.library.__file__).parent / "yiwang_sanbu_wuqin" / "method.yaml").read_text(encoding="utf-8")
PRIVATE = '\'category == "dispute" || category == "welfare"\''
NOBODY: Any = None


class _Empty:
    fields: dict[str, Any] = {}
    counts: dict[str, int] = {}
    parties: dict[str, Any] = {}


def _codes(source: str) -> set[str]:
    return {problem.code for problem in load(source).problems if problem.severity == "error"}


def _with_condition(text: str) -> str:
    assert PRIVATE in SOURCE
    return SOURCE.replace(PRIVATE, f"'{text}'")


@pytest.mark.parametrize(
    "tail",
    [
        "x: " + "[" * 200_000,
        "x: " + "- " * 100_000 + "x",
        "x: " + "9" * 5000,
        "x: " + "[" * 3000,
        "x: " + "[" * 3000 + "]" * 3000,
        "x: " + "{a: " * 2000,
    ],
    ids=["brackets without end", "dashes without end", "long number", "open brackets", "deep list", "deep mapping"],
)
def test_a_file_of_any_depth_is_told_about(tail: str) -> None:
    loaded = load(f"{SOURCE}\n{tail}\n")
    assert loaded.method is None
    assert loaded.problems


def test_tags_of_python_are_text() -> None:
    assert load('标题: !!python/object/apply:os.system ["id"]').method is None


def test_aliases_cannot_blow_a_file_up() -> None:
    layers = "\n".join(
        f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}]" for a, b in zip("abcdefg", "bcdefgh", strict=True)
    )
    began = time.monotonic()
    assert "alias" in _codes(f"a: &a [1, 2, 3]\n{layers}\n")
    assert time.monotonic() - began < 20


def test_loops_in_a_condition_do_not_multiply() -> None:
    items = "[1, 2, 3]"
    assert "condition-nested" in _codes(_with_condition(f"{items}.all(a, {items}.all(b, a == b))"))
    assert "condition-nested" not in _codes(_with_condition(f"{items}.all(a, a > 0) && {items}.exists(b, b > 0)"))


def test_a_condition_has_an_end() -> None:
    assert "long" in _codes(_with_condition("true && " * 200 + "true"))


@pytest.mark.parametrize("broken", ["1 / size(category) == 1", "9223372036854775807 + size(category) + 1 > 0"])
def test_a_condition_that_cannot_be_worked_out_stops_no_matter(broken: str) -> None:
    state: Any = _Empty()
    assert Condition(broken).holds(NOBODY, state) is False


def test_a_matter_is_private_when_its_privacy_cannot_be_worked_out() -> None:
    method = load(_with_condition("1 / size(category) == 1")).method
    assert method is not None
    assert method.private is not None
    state: Any = _Empty()
    assert method.private.holds(method, state) is True


@pytest.mark.parametrize("length", ["99999999 天", "9" * 60 + " 天", "9" * 5000 + " 工作日"])
def test_a_limit_is_no_longer_than_a_lifetime(length: str) -> None:
    found = re.search(r"4 个?工作时|\d+ 个?工作日", SOURCE)
    assert found is not None
    assert load(SOURCE.replace(found[0], length, 1)).method is None


def test_a_method_cannot_name_a_post_as_a_responsibility() -> None:
    assert "role-clash" in _codes(
        SOURCE.replace("\n责任:\n", "\n责任:\n  grid_worker: {标题: x, 取自: [resident]}\n", 1)
    )
