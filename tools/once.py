"""A pytest plugin for the second engine: what asks for no database has run on the first one, and is not run again.

A test asks for one by a fixture or the mark; pytest-django lets no other near it. Those that start processes of their
own (``OWN_PROCESSES``) are run again: the engine reaches them by the environment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

FIXTURES = {"db", "transactional_db", "django_db_setup", "django_db_serialized_rollback", "live_server"}
OWN_PROCESSES = ("tests/browser/", "tests/demo/", "tests/durability/", "tests/kernel/test_killed.py")


def asks_for_a_database(item: pytest.Item) -> bool:
    """Say whether the engine can matter to a test."""
    if item.nodeid.startswith(OWN_PROCESSES) or item.get_closest_marker("django_db"):
        return True
    return bool(FIXTURES & set(getattr(item, "fixturenames", ())))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what asks for no database."""
    again = [item for item in items if asks_for_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not asks_for_a_database(item)])
    items[:] = again
