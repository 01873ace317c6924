"""A fault is written down where somebody finds it, without the secret of the link that met it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bihuan.kernel.logs import WithoutSecrets, without_secrets

SECRET = "623cwKOaAK3PvYvg27Meo94aLk5Qt"


@pytest.mark.parametrize(
    "path",
    [
        f"/r/{SECRET}/",
        f"/r/{SECRET}/stop/",
        f"/s/{SECRET}/",
        f"/v/{SECRET}/items/x/",
        f"/reported/{SECRET}/",
        f"/report/photo/{SECRET}/",
        f"/photos/1/?size=small&t={SECRET}",
    ],
)
def test_a_personal_link_loses_its_secret_in_the_log(path: str) -> None:
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Internal Server Error: %s", (path,), None)
    assert WithoutSecrets().filter(record)
    assert SECRET not in record.getMessage()
    assert without_secrets(f"at {path}").startswith("at /")


def test_other_addresses_stay_as_they_are() -> None:
    for path in ("/desk/matters/0190/", "/v/o/0190/", "/matters/410802004004-2026-0001/"):
        assert without_secrets(path) == path


def test_a_fault_reaches_standard_error(tmp_path: Path) -> None:
    code = (
        "import django, logging; django.setup();"
        f"logging.getLogger('django.request').error('Internal Server Error: %s', '/r/{SECRET}/')"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "bihuan.settings", "BIHUAN_DATA": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert "Internal Server Error: /r/…/" in done.stderr
    assert SECRET not in done.stderr
