"""The community with a stage in it, with an account for everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from bihuan.people.models import User
from tests.activities.conftest import Stage, stage


@pytest.fixture
def world(db: None) -> Iterator[Stage]:
    made = stage()
    with made.at():
        yield made


@pytest.fixture
def as_(world: Stage) -> Callable[[str], Client]:
    """Sign in as one of the people, by their short name."""

    def enter(key: str) -> Client:
        user, _made = User.objects.get_or_create(username=key, defaults={"person": world.people[key]})
        client = Client()
        client.force_login(user, backend="bihuan.people.backends.PasswordBackend")
        return client

    return enter
