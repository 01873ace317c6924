"""How many statements a page takes, held against a committed baseline so that no N+1 comes back.

A page that needs more than its baseline fails. A page that needs fewer fails too, kindly: lower the number.
``BIHUAN_UPDATE_BASELINE=1 pytest …`` writes what was counted.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

BASELINE = Path(__file__).with_name("query_counts.json")


def counted(client: Client, url: str, **more: Any) -> tuple[Any, int]:
    """Return the answer to a GET and how many statements it took; asked twice, the second counts (warm caches)."""
    client.get(url, **more)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url, **more)
    return response, len(captured)


def hold(name: str, count: int) -> None:
    """Compare a count with the baseline of ``name``."""
    baseline: dict[str, int] = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    if os.environ.get("BIHUAN_UPDATE_BASELINE") == "1":
        baseline[name] = count
        BASELINE.write_text(json.dumps(dict(sorted(baseline.items())), indent=2) + "\n")
        return
    assert name in baseline, f"no baseline for {name}: run once with BIHUAN_UPDATE_BASELINE=1"
    assert count == baseline[name], f"{name}: {count} statements, the baseline says {baseline[name]}"
