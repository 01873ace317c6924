"""What every test shares: no network beyond this machine."""

from __future__ import annotations

import os
import socket
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings
from tools.assets import compile_catalogues

# Timings never decide a test; what CI looks at is the same every time, a developer's machine keeps looking further.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")
_LOCAL = {"127.0.0.1", "::1", "localhost"}


def pytest_configure() -> None:
    """Compile the English catalogues that changed, so that pages are tested in both languages."""
    compile_catalogues()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves the machine, so that no test depends on one."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in _LOCAL:
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def in_chinese() -> None:
    """Begin every test in the site's own language, whatever page the one before asked for."""
    translation.activate("zh-hans")


@pytest.fixture(autouse=True, scope="session")
def record_can_be_emptied() -> None:
    """Let transactional tests empty the record between them, which the database refuses to everybody else."""
    from bihuan.kernel.testing import let_tests_empty_the_record

    let_tests_empty_the_record()
