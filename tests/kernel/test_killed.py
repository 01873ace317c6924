"""An acknowledged entry survives ``kill -9``; an unfinished transaction leaves nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from bihuan.kernel.api import sql, verify
from bihuan.kernel.models import Entry, Sealed

# A writer of its own: two entries a transaction, each transaction acknowledged after its commit.
WRITER = """
import os, sys, django
django.setup()
from django.db import connection, transaction
connection.close()
connection.settings_dict["NAME"] = sys.argv[1]
from bihuan.kernel.api import seal
from bihuan.kernel.testing import make_entry
while True:
    with transaction.atomic():
        value = seal("text", "路灯不亮", purpose="处理", encrypted=True, keep_until=None)
        first = make_entry(sealed=[value])
        second = make_entry(after=first)
    os.write(1, f"{first.pk} {second.pk}\\n".encode())
"""


@pytest.mark.django_db(transaction=True)
def test_no_acknowledged_entry_is_lost_when_the_writer_is_killed():
    name = str(connection.settings_dict["NAME"])
    root = Path(__file__).parents[2]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}",
    }
    acknowledged: list[UUID] = []
    for kill_after in (3, 40):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, name], stdout=subprocess.PIPE, env=environment, text=True
        )
        for _n in range(kill_after):
            line = writer.stdout.readline()
            assert line, "the writer ended by itself"
            acknowledged.extend(UUID(word) for word in line.split())
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read()  # what it acknowledged before the signal reached it
        acknowledged.extend(
            UUID(word) for line in rest.splitlines(keepends=True) if line.endswith("\n") for word in line.split()
        )
        writer.wait()
    kept = set(Entry.objects.values_list("pk", flat=True))
    assert set(acknowledged) <= kept
    assert len(kept) % 2 == 0  # whole transactions only
    assert Sealed.objects.count() * 2 == len(kept)
    assert verify().ok
    if connection.vendor == "sqlite":
        assert sql.rows("PRAGMA integrity_check") == [("ok",)]
