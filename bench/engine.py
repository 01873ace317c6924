"""Measures one database engine, in a process of its own: ``python -m bench.engine PHASE OUT.json``.

The database is named by ``BIHUAN_DATA`` / ``DATABASE_URL``, fresh and empty. Everything is made by the
application's own actions; what is changed by SQL here (closing most matters at once) is said where it is done.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
os.environ.setdefault("BIHUAN_THROTTLE", "off")

import django

django.setup()

from bench import copies, exports, field, figures, forms, inside, pages, rawrun  # noqa: E402
from bench.load import Run, drive, request  # noqa: E402
from bench.multiply import BASE, multiply  # noqa: E402
from bench.world import World, build_world  # noqa: E402

EXPORTED = 100_000  # so large is the register that is written out
JSON = {"Content-Type": "application/json"}
SINGLES = 3000
BATCHES = 24


@contextmanager
def server(port: int) -> Iterator[None]:
    """Serve the database with the command people use, without the worker."""
    with subprocess.Popen(
        [sys.executable, "-m", "bihuan", "serve", "--port", str(port), "--no-worker"],
        stdout=sys.stderr,
    ) as process:
        try:
            _until_up(port)
            yield
        finally:
            process.terminate()
            process.wait(20)


def _until_up(port: int) -> None:
    for _ in range(200):
        try:
            if drive(port, [request("GET", "/")], 1).latencies:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not come up")


def _intake(port: int, world: World) -> dict[str, Any]:
    """Reports by HTTP, one by one from 8 and 32 clients, then 500 at a time from one."""
    figures: dict[str, Any] = {}
    warm = [request("POST", "/api/v1/reports", body=world.report_body(), headers=JSON) for _ in range(200)]
    _all_good(drive(port, warm, 8), {200, 201})
    for clients in (8, 32):
        messages = [request("POST", "/api/v1/reports", body=world.report_body(), headers=JSON) for _ in range(SINGLES)]
        run = _all_good(drive(port, messages, clients), {200, 201})
        figures[f"report_http_{clients}"] = {
            "rate": run.rate, "p50": run.percentile(0.5), "p95": run.percentile(0.95),
        }  # fmt: skip
    headers = {**JSON, **world.recorder_headers()}
    messages = [
        request("POST", "/api/v1/reports/batch", body=world.batch_body(500), headers=headers) for _ in range(BATCHES)
    ]
    run = _all_good(drive(port, messages, 1), {200, 201})
    first = json.loads(run.sample)
    if first["accepted"] != 500:
        raise RuntimeError(f"a batch was not accepted whole: {first['results'][0]}")
    figures["report_batch_500"] = {
        "rate": run.rate * 500,
        "p50": run.percentile(0.5),
        "p95": run.percentile(0.95),
    }
    return figures


def _all_good(run: Run, allowed: set[int]) -> Run:
    bad = {status: count for status, count in run.statuses.items() if status not in allowed}
    if bad:
        raise RuntimeError(f"answers other than {allowed}: {bad}: {run.sample[:400]!r}")
    return run


def measure_intake(port: int) -> dict[str, Any]:
    """Reports by HTTP, the raw limit of the same rows, and rates inside one process."""
    world = build_world()
    with server(port):
        intake = _intake(port, world)
    intake |= rawrun.raw_limits(SINGLES)
    return {"intake": intake, "in_process": inside.rates(world)}


def measure_field(port: int) -> dict[str, Any]:
    """A phone's sync of 500 visits, and the raw limit of the same rows."""
    world = build_world()
    with server(port):
        return {"field": field.measure(port, world)}


def measure_pages(scales: list[int], port: int) -> dict[str, Any]:
    """Let the district grow, keep a copy at each scale, then time the pages of all copies one after another."""
    world = build_world()
    grown = {}
    for scale in scales:
        grown[scale] = inside.grow_to(scale, world)
        copies.keep(str(scale))
    found = {}
    for scale in scales:
        with copies.using(str(scale)), server(port):
            found[str(scale)] = pages.measure(port, world, scale) | {"grown_per_second": grown[scale]}
        print(f"  {scale:,} matters measured", file=sys.stderr)
    return {"pages": found}


def measure_figures(scales: list[int], port: int) -> dict[str, Any]:
    """Fold and read figures at ten thousand matters, and at each larger size."""
    world = build_world()
    found: dict[str, Any] = {**figures.grow_base(world), "pages": {}, "forms": {}}
    size = BASE
    for scale in sorted({BASE, *(scale for scale in scales if scale > BASE)}):
        if scale > size:
            multiply(size // BASE, scale // BASE)
            figures.analyse()
            size = scale
        with server(port):
            page = figures.measure(port, world)
        found["pages"][str(scale)] = page
        found["forms"][str(scale)] = forms.measure(world)
        if scale == EXPORTED:
            found["exports"] = _exports()
        print(f"  figures at {scale:,} measured", file=sys.stderr)
    if size > BASE:  # last, as what it adds is no copy any more
        found["pages"][str(size)]["fold"] = figures.refolded(world)
    return {"figures": found}


def _exports() -> dict[str, Any]:
    """Write a register out in a process of its own: what this one has used and let go would hide what that takes."""
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as folder:
        out = Path(folder) / "exports.json"
        subprocess.run([sys.executable, "-m", "bench.engine", "exports", str(out)], check=True)
        return dict(json.loads(out.read_text()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("phase", choices=["intake", "field", "figures", "exports", "pages"])
    parser.add_argument("out", type=Path)
    parser.add_argument("--scale", type=int, action="append")
    parser.add_argument("--port", type=int, default=8190)
    arguments = parser.parse_args()
    if arguments.phase == "intake":
        result = measure_intake(arguments.port)
    elif arguments.phase == "field":
        result = measure_field(arguments.port)
    elif arguments.phase == "figures":
        result = measure_figures(arguments.scale or [10_000, 1_000_000], arguments.port)
    elif arguments.phase == "exports":  # of the database as it is
        result = exports.district()
    else:
        result = measure_pages(arguments.scale or [1_000, 100_000, 1_000_000], arguments.port)
    arguments.out.write_text(json.dumps(result, indent=1))
