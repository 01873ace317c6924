"""What the second engine runs again: all that the engine can matter to."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

CODE = """
import pytest

@pytest.fixture
def town(db): ...

def test_pure(): ...

def test_by_a_fixture(town): ...

def test_at_once(transactional_db): ...

@pytest.mark.django_db
def test_by_mark(): ...
"""


def test_only_what_asks_for_no_database_is_left_out(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(CODE)
    items, _recorder = pytester.inline_genitems("-p", "no:cacheprovider")
    from tools.once import asks_for_a_database

    assert [item.name for item in items if asks_for_a_database(item)] == [
        "test_by_a_fixture",
        "test_at_once",
        "test_by_mark",
    ]


@pytest.mark.parametrize("path", ["tests/browser/test_loop.py", "tests/demo/test_serve.py"])
def test_what_starts_processes_of_its_own_runs_again(path: str) -> None:
    from tools.once import OWN_PROCESSES

    assert path.startswith(OWN_PROCESSES)
