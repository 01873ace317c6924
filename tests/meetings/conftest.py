"""The community in which the meetings of these tests are held, its clock standing at a Monday morning."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .world import World, build


@pytest.fixture
def world(db: None) -> Iterator[World]:
    made = build()
    with made.at():
        yield made
