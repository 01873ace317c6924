"""The town of the desk's tests, and browsers signed in as its people."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from bihuan.kernel.api import clock

from . import seed

SignedIn = Callable[..., Client]


@pytest.fixture
def noon() -> Iterator[None]:
    """Let it be Wednesday noon, 3 April 2024."""
    with clock.at(seed.NOON):
        yield


@pytest.fixture
def town(db: None, noon: None) -> seed.Town:
    """The community with its people and its method; nothing reported yet."""
    return seed.make_town()


@pytest.fixture
def as_(town: seed.Town) -> SignedIn:
    """A browser signed in as somebody of the town, reading Chinese unless told otherwise."""

    def signed_in(key: str, language: str = "zh-hans") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(town.users[key], backend="bihuan.people.backends.PasswordBackend")
        return client

    return signed_in
