"""A real Chromium on a real server: phones of 360 px and desks of 1440 px."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from tools.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
SHOTS = Path(os.environ.get("BIHUAN_SCREENSHOTS", ROOT / "test-results" / "screenshots"))
CHROMIUM = os.environ.get("BIHUAN_CHROMIUM") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
PHONE = {"width": 360, "height": 740}
TABLET = {"width": 768, "height": 1024}
DESK = {"width": 1440, "height": 900}


@dataclass(frozen=True)
class Site:
    """Where the site answers, and the ways in."""

    url: str
    accounts: dict[str, str]
    door: str
    follow: str


def database() -> str:
    """Return an address of a database of its own on the engine under test."""
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        return ""
    import psycopg

    name = f"browser_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return address.rsplit("/", 1)[0] + f"/{name}"


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """Serve the sample for the whole session; stop it and delete its folder afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-browser-"))
    port = free_port()
    environment = {
        **os.environ, "BIHUAN_DATA": str(folder), "DATABASE_URL": database(),
        "DJANGO_SETTINGS_MODULE": "bihuan.settings", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    log = (folder / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.site", str(port)],
        env=environment, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT,
    )  # fmt: skip
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line, (folder / "log").read_text()
        ways = json.loads(line)
        # Read on, or a site that logs much would wait for ever in the middle of an answer.
        threading.Thread(target=shutil.copyfileobj, args=(process.stdout, log), daemon=True).start()
        url = f"http://127.0.0.1:{port}"
        _until_up(url)
        yield Site(url, **ways)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _until_up(url: str) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the site did not come up")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Start the driver of browsers once."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Start the system's Chromium once."""
    started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield started
    started.close()


Opener = Callable[..., Page]


@pytest.fixture
def open_page(site: Site, browser: Browser) -> Iterator[Opener]:
    """Return a function that opens a fresh visitor's page: ``open_page(size, account="", javascript=True)``.

    Every page fails the test on a console error, an uncaught exception or an answer of 5xx.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opener(size: dict[str, int] = PHONE, account: str = "", *, javascript: bool = True, scheme: str = "light",
               language: str = "zh-CN") -> Page:  # fmt: skip
        context = browser.new_context(
            viewport=size,  # type: ignore[arg-type]
            base_url=site.url, java_script_enabled=javascript,
            color_scheme=scheme,  # type: ignore[arg-type]
            locale=language, is_mobile=size["width"] < 500, has_touch=size["width"] < 500,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
        page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
        page.on(
            "response", lambda answer: faults.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
        )
        if account:
            sign_in(page, account, site.accounts[account])
        return page

    yield opener
    for context in contexts:
        context.close()
    assert not faults, faults


def _is_fault(message: object) -> bool:
    text = getattr(message, "text", "")
    # A form sent back with its mistakes is 400/422/409 on purpose; Chromium logs any such answer.
    return getattr(message, "type", "") == "error" and "Failed to load resource" not in text


def sign_in(page: Page, account: str, password: str) -> None:
    """Sign in as people do."""
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(account)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/desk/**")


def check_axe(page: Page) -> None:
    """Assert that axe-core finds nothing on the page as it stands."""
    results = Axe().run(page)
    found = [
        f"{violation['id']}: {violation['help']} → {[node['target'] for node in violation['nodes']][:4]}"
        for violation in results.response["violations"]
    ]
    assert not found, f"{page.url}\n" + "\n".join(found)


def check_fits(page: Page) -> None:
    """Assert that nothing makes the page scroll sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide at {page.viewport_size}"


def shot(page: Page, name: str) -> None:
    """Keep a picture of the whole page."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SHOTS / f"{name}.png"), full_page=True)
