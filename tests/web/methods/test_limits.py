"""Each limit of each shipped method can be changed by the short form, and nothing else changes with it."""

from __future__ import annotations

import difflib

import pytest

from bihuan.methods.api import library_files, load
from bihuan.web.desk.method_limits import change_limit, limits_of


@pytest.mark.parametrize("key", sorted(library_files()))
def test_every_limit_of_a_shipped_method_can_be_changed_alone(key: str) -> None:
    source = library_files()[key].read_text(encoding="utf-8")
    method = load(source).method
    assert method is not None
    limits = limits_of(method, "zh")
    assert limits
    for limit in limits:
        changed = change_limit(source, method, limit.key, "6 天")
        loaded = load(changed)
        assert loaded.ok, (limit.key, loaded.problems)
        assert loaded.method is not None
        assert {one.key: one.now for one in limits_of(loaded.method, "zh")}[limit.key] == "6 天"
        moved = [line for line in difflib.ndiff(source.splitlines(), changed.splitlines()) if line[0] in "+-"]
        assert len(moved) <= 2, (limit.key, moved)
