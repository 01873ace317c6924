"""``make bench``: measures on SQLite and PostgreSQL and writes ``docs/benchmarks.md``.

``--quick`` stops at 100,000 matters; ``--engine sqlite`` measures one engine. PostgreSQL runs with its
ordinary durable settings in a throw-away folder.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tools.postgres import find_bin, throw_away
from tools.suite import find_chromium

from bench import front
from bench.table import write

ROOT = Path(__file__).resolve().parent.parent
PHASES = ("intake", "field", "figures", "pages")
DURABLE = "-c shared_buffers=1GB -c max_wal_size=4GB -c work_mem=16MB -c effective_cache_size=8GB"


def run_phase(phase: str, environment: dict[str, str], scales: list[int]) -> dict[str, Any]:
    """Measure one phase on a fresh database in a process of its own and return its figures."""
    print(f"{phase} …", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as folder:
        out = Path(folder) / "figures.json"
        values = {
            **os.environ,
            "BIHUAN_DATA": folder,
            "PYTHONPATH": str(ROOT),
            "BIHUAN_REPORTS_PER_HOUR": "100000000",
            "BIHUAN_STAFF_REPORTS_PER_HOUR": "100000000",
            "BIHUAN_FIELD_PER_HOUR": "100000000",
            **environment,
        }
        command = [sys.executable, "-m", "bench.engine", phase, str(out)]
        for scale in scales:
            command += ["--scale", str(scale)]
        subprocess.run(command, env=values, check=True, cwd=ROOT)
        return dict(json.loads(out.read_text()))


def run_engine(environment: dict[str, str], scales: list[int]) -> dict[str, Any]:
    """Measure each phase on one engine, each on a fresh database."""
    found: dict[str, Any] = {}
    for phase in PHASES:
        found |= run_phase(phase, environment, scales)
    return found


def run_postgresql(folder: Path, scales: list[int]) -> dict[str, Any]:
    """Measure PostgreSQL: a fresh throw-away cluster for each phase."""
    found: dict[str, Any] = {}
    for phase in PHASES:
        with throw_away(folder, options=DURABLE) as address:
            found |= run_phase(phase, {"DATABASE_URL": address}, scales)
    return found


def main() -> None:
    """Parse, measure, write."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"])
    parser.add_argument("--scale", type=int, action="append")
    parser.add_argument("--no-write", action="store_true")
    arguments = parser.parse_args()
    scales = arguments.scale or ([1_000, 100_000] if arguments.quick else [1_000, 100_000, 1_000_000])
    results: dict[str, Any] = {}
    if arguments.engine != "postgresql":
        results["sqlite"] = run_engine({"DATABASE_URL": ""}, scales)
    if arguments.engine != "sqlite":
        folder = find_bin()
        if folder is None:
            print("PostgreSQL is not installed: measured SQLite alone. Debian: apt-get install postgresql")
        else:
            results["postgresql"] = run_postgresql(folder, scales)
    phone = front.measure() if find_chromium() else None
    page = write(results, scales, phone)
    if arguments.no_write:
        print(page)
    else:
        (ROOT / "docs" / "benchmarks.md").write_text(page)


if __name__ == "__main__":
    main()
