"""First and repeat load of the field front on a slow phone: ``python -m bench.front`` prints the figures as JSON.

A phone of 360 px whose processor is six times slower (of the page; the service worker's thread is not slowed), behind
Chromium's own profile "Fast 3G": 1.44 Mbit/s down, 562 ms of latency. Usable: today's places are on the screen and a
tap on one opens it. Bytes are counted between browser and site, of every connection and with all headers, until half a
second after the service worker has kept what it needs.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.postgres import free_port
from tools.suite import find_chromium

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
SLOWER = 6
FAST_3G = {"offline": False, "latency": 562.5, "downloadThroughput": 180_000, "uploadThroughput": 84_375}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"]
AIMS = {"first": 3.0, "repeat": 1.0, "bytes": 250 * 1024}
KEPT = "caches.keys().then(async (n) => n.length > 0 && (await (await caches.open(n[0])).keys()).length >= 5)"


@dataclass
class Counter:
    """A relay that counts what passes from the site to the browser."""

    target: int
    received: int = 0
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def port(self) -> int:
        """Where the browser connects."""
        return int(self.listener.getsockname()[1])

    def run(self) -> None:
        """Relay every connection until the listener is closed."""
        while True:
            try:
                near, _peer = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=self._pass, args=(near, far, False), daemon=True).start()
            threading.Thread(target=self._pass, args=(far, near, True), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, counted: bool) -> None:  # noqa: FBT001
        try:
            while data := source.recv(65536):
                self.received += len(data) if counted else 0
                sink.sendall(data)
        except OSError:
            pass
        finally:
            for end in (source, sink):
                end.close()


@contextmanager
def site() -> Iterator[tuple[int, dict[str, Any]]]:
    """Serve the sample district; yield its port and the ways in."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="bihuan-front-") as folder:
        environment = {
            **os.environ, "BIHUAN_DATA": folder, "DATABASE_URL": "", "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
            "DJANGO_SETTINGS_MODULE": "bihuan.settings", "BIHUAN_THROTTLE": "off",
        }  # fmt: skip
        command = [sys.executable, "-m", "tests.browser.site", str(port)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            try:
                assert process.stdout
                ways = json.loads(process.stdout.readline())
                threading.Thread(target=process.stdout.read, daemon=True).start()
                _until_up(port)
                yield port, ways
            finally:
                process.terminate()
                process.wait(20)


def _until_up(port: int) -> None:
    for _ in range(150):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the site did not come up")


def measure() -> dict[str, Any]:
    """Return medians over the runs: seconds until usable and bytes, of the first and of a repeated load."""
    from playwright.sync_api import sync_playwright

    with site() as (port, ways), sync_playwright() as playwright:
        counter = Counter(port)
        threading.Thread(target=counter.run, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        rows = [_run(browser, counter, ways["accounts"]["wanggeyuan"]) for _ in range(RUNS)]
        browser.close()
        counter.listener.close()
    return {name: statistics.median(row[name] for row in rows) for name in rows[0]} | {"runs": RUNS}


def _run(browser: Any, counter: Counter, password: str) -> dict[str, float]:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, base_url=f"http://127.0.0.1:{counter.port}", is_mobile=True,
        has_touch=True, locale="zh-CN", timezone_id="Asia/Shanghai",
    )  # fmt: skip
    page = context.new_page()
    page.goto("/account/login/")
    page.fill("input[name=login]", "wanggeyuan")
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/desk/**")
    page.close()
    first, first_bytes = _load(context, counter)
    repeat, repeat_bytes = _load(context, counter)
    context.close()
    return {"first": first, "first_bytes": first_bytes, "repeat": repeat, "repeat_bytes": repeat_bytes}


def _load(context: Any, counter: Counter) -> tuple[float, int]:
    """Open the front in a new page; return the seconds until a tap answers, and the bytes that came."""
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", FAST_3G)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    before, begun = counter.received, time.perf_counter()
    page.goto("/field/", wait_until="commit")
    page.locator(".f-rows__place").first.click()
    page.locator(".f-about").wait_for()
    seconds = time.perf_counter() - begun
    page.wait_for_function(KEPT, timeout=60_000)
    page.wait_for_timeout(500)
    came = counter.received - before
    page.close()
    return seconds, came


def table(figures: dict[str, Any]) -> list[str]:
    """Return the section of ``docs/benchmarks.md``."""

    def met(value: float, aim: float) -> str:
        return "met" if value <= aim else "**not met**"

    return [
        "## The field front on a slow phone",
        "",
        f"Chromium with the page's processor {SLOWER}× slower, “Fast 3G” (1.44 Mbit/s, 562 ms of latency), 360 px, the "
        f"sample's grid worker signed in; medians of {figures['runs']} runs on SQLite. Usable: today's places are "
        "shown and a tap on one opens it. Bytes: all that came from the site, with headers and the worker's share.",
        "",
        "| load | usable after | aim | transferred | aim |",
        "|---|---|---|---|---|",
        f"| first | {figures['first']:.2f} s | under {AIMS['first']:.0f} s: {met(figures['first'], AIMS['first'])} "
        f"| {figures['first_bytes'] / 1024:.0f} KB | at most {AIMS['bytes'] // 1024} KB: "
        f"{met(figures['first_bytes'], AIMS['bytes'])} |",
        f"| again | {figures['repeat']:.2f} s | under {AIMS['repeat']:.0f} s: {met(figures['repeat'], AIMS['repeat'])} "
        f"| {figures['repeat_bytes'] / 1024:.0f} KB | |",
        "",
    ]


if __name__ == "__main__":
    told = measure()
    sys.stdout.write(json.dumps(told) + "\n" + "\n".join(table(told)) + "\n")
