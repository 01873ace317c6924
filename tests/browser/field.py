"""A phone in the field: a site that can be killed and started again, and a browser that keeps its profile."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser.conftest import CHROMIUM, FLAGS, PHONE, ROOT

# What the database holds of one person's visits, in the order in which they happened, as one JSON line.
VISITS = """
import json
from bihuan.fieldwork.models import Visit
from bihuan.kernel.models import Entry, StoredFile
rows = [
    {"id": str(v.pk), "text": v.text, "recorded": v.recorded_at.isoformat(), "happened": v.happened_at.isoformat(),
     "entries": Entry.objects.filter(subject_id=v.pk, verb="visit.recorded").count(),
     "photos": StoredFile.objects.filter(subject_id=v.pk, kind="photo").count()}
    for v in Visit.objects.filter(person_id=PERSON).order_by("happened_at", "id")
]
print(json.dumps(rows))
"""


@dataclass
class Mortal:
    """The site as a process that can be killed in the middle of its work; its data outlive it."""

    port: int
    database: str
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="bihuan-field-")))
    ways: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are told."""
        return {
            **os.environ, "BIHUAN_DATA": str(self.folder), "DATABASE_URL": self.database,
            "DJANGO_SETTINGS_MODULE": "bihuan.settings", "BIHUAN_PUBLIC_URL": self.url,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
        }  # fmt: skip

    def begin(self) -> None:
        """Make the sample and serve it."""
        self._start("-m", "tests.browser.site", str(self.port))
        assert self.process
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, (self.folder / "log").read_text()
        self.ways = json.loads(line)
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.wait()

    def again(self) -> None:
        """Serve the same data once more."""
        self._start("-m", "bihuan", "serve", "--port", str(self.port))
        self.wait()

    def _start(self, *command: str) -> None:
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command], env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True,
                cwd=ROOT, start_new_session=True,
            )  # fmt: skip

    def wait(self) -> None:
        """Wait until it answers."""
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"{self.url}/field/", timeout=5):  # noqa: S310 - our own address
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError((self.folder / "log").read_text())

    def kill(self) -> None:
        """End it as a power cut would: no word of warning to any of its processes."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)

    def ask(self, code: str, **values: str) -> Any:
        """Run ``code`` beside the site, on its data; return the JSON that it prints."""
        names = "".join(f"{name} = {value!r}\n" for name, value in values.items())
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{names}{code}"],
            env=self.environment, capture_output=True, text=True, cwd=ROOT, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def gone(self) -> None:
        """Stop it and delete its data."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class Phone:
    """One person's browser: closed and opened again, it has kept what a phone keeps."""

    playwright: Playwright
    url: str
    profile: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="bihuan-phone-")))
    flags: list[str] = field(default_factory=list)  # beyond those of every browser here
    context: BrowserContext | None = None
    faults: list[str] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)  # ids as they went out in /sync, each time
    told: list[dict[str, Any]] = field(default_factory=list)  # the items themselves

    def open(self, *, offline: bool = False) -> Page:
        """Start the browser with the profile it had."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile), executable_path=CHROMIUM, args=[*FLAGS, *self.flags], viewport=PHONE,  # type: ignore[arg-type]
            base_url=self.url,
            is_mobile=True, has_touch=True, locale="zh-CN", timezone_id="Asia/Shanghai", offline=offline,
        )  # fmt: skip
        self.context.set_default_timeout(20_000)
        return self.tab()

    def tab(self) -> Page:
        """Open one more tab."""
        assert self.context
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        page.on("console", lambda said: self.faults.append(said.text) if _is_fault(said.type, said.text) else None)
        page.on("request", lambda request: self._note(request.url, request.post_data))
        return page

    def _note(self, url: str, body: str | None) -> None:
        if url.endswith("/field/sync") and body:
            self.told += json.loads(body)["items"]
            self.posted = [item["id"] for item in self.told]

    def close(self) -> None:
        """End the browser."""
        if self.context:
            self.context.close()
            self.context = None

    def gone(self) -> None:
        """End the browser and delete its profile; what went wrong in its pages fails the test."""
        self.close()
        shutil.rmtree(self.profile, ignore_errors=True)
        assert not self.faults, self.faults


def _is_fault(kind: str, text: str) -> bool:
    return kind == "error" and "Failed to load resource" not in text and "ERR_" not in text


def arrive(page: Page, ways: dict[str, Any], account: str) -> None:
    """Sign in and open the field front; wait until the phone can do without the network."""
    name = page.locator("input[name=login]")
    for _again in range(4):  # a signing out that is still under way leads back to /field/: ask for the page again
        page.goto("/account/login/?next=/field/")
        page.wait_for_load_state("load")
        if name.is_visible():
            break
        page.wait_for_timeout(2000)
    name.fill(account)
    page.locator("input[name=password]").fill(ways["accounts"][account])
    page.locator("input[name=remember]").check()  # or the browser forgets who is signed in when it is closed
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/field/")
    expect(page.locator(".f-round").first).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.keys().then((names) => names.length > 0)")
    page.wait_for_function(
        "caches.keys().then(async (names) => (await (await caches.open(names[0])).keys()).length >= 5)"
    )


def picture(number: int) -> dict[str, Any]:
    """Return a photo unlike any other, as a file to choose."""
    image = Image.new("RGB", (240, 180), ((number * 37) % 256, (number * 91) % 256, (number * 53) % 256))
    for at in range(0, 240, 8):
        image.putpixel((at, number % 180), (255, 255, 255))
    data = BytesIO()
    image.save(data, "JPEG")
    return {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def person_of(page: Page) -> str:
    """Return who is signed in, from the page's own session."""
    return str(page.evaluate("fetch('/field/session/').then((r) => r.json()).then((s) => s.person.id)"))


def counts(page: Page) -> dict[str, int]:
    """Return how many items of the queue are in which state."""
    return dict(
        page.evaluate(
            """new Promise((resolve, reject) => {
              const open = indexedDB.open('bihuan-field');
              open.onerror = () => reject(open.error);
              open.onsuccess = () => {
                const all = open.result.transaction('queue').objectStore('queue').getAll();
                all.onsuccess = () => {
                  const found = {};
                  for (const item of all.result) found[item.state] = (found[item.state] || 0) + 1;
                  open.result.close();
                  resolve(found);
                };
              };
            })"""
        )
    )


def stored(page: Page, name: str) -> list[dict[str, Any]]:
    """Return what the phone keeps in one store; of bytes, how many."""
    found = page.evaluate(
        """(name) => new Promise((resolve, reject) => {
          const open = indexedDB.open('bihuan-field');
          open.onerror = () => reject(open.error);
          open.onsuccess = () => {
            const all = open.result.transaction(name).objectStore(name).getAll();
            all.onsuccess = () => {
              open.result.close();
              resolve(all.result.map((row) => (row && row.bytes ? { ...row, bytes: row.bytes.byteLength } : row)));
            };
          };
        })""",
        name,
    )
    return list(found)


ALTER = """(() => new Promise((resolve, reject) => {
  const alter = (kept) => { CHANGE };
  const open = indexedDB.open('bihuan-field');
  open.onerror = () => reject(open.error);
  open.onsuccess = () => {
    const tx = open.result.transaction('day', 'readwrite');
    const all = tx.objectStore('day').getAll();
    all.onsuccess = () => all.result.forEach((kept) => { alter(kept); tx.objectStore('day').put(kept); });
    tx.onabort = () => reject(tx.error);
    tx.oncomplete = () => {
      open.result.close();
      const other = new BroadcastChannel('bihuan-field');
      other.postMessage('changed');
      setTimeout(() => { other.close(); resolve(null); }, 200);
    };
  };
}))()"""


def alter_day(page: Page, change: str) -> None:
    """Change the day that the phone keeps (``kept.day``), as if the server had sent it so; the screens read it anew."""
    page.evaluate(ALTER.replace("CHANGE", change))


# As "send now" does, without leaving the screen: nobody waits for the seconds in which it could be undone.
AT_ONCE = """new Promise((resolve) => {
  const open = indexedDB.open('bihuan-field');
  open.onsuccess = () => {
    const tx = open.result.transaction('queue', 'readwrite');
    const all = tx.objectStore('queue').getAll();
    all.onsuccess = () => all.result.forEach((item) => {
      if (item.state === 'waiting' && item.hold) tx.objectStore('queue').put({ ...item, hold: 0 });
    });
    tx.oncomplete = () => { open.result.close(); window.dispatchEvent(new Event('online')); resolve(null); };
  };
})"""


def send_now(page: Page) -> None:
    """Send what waits; what could still be undone too."""
    page.wait_for_timeout(100)
    page.evaluate(AT_ONCE)


def until_sent(page: Page, number: int, seconds: float = 60, *, at_once: bool = True) -> None:
    """Wait until so many items are sent, and none waits."""
    if at_once:
        send_now(page)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = counts(page)
        if found.get("sent", 0) >= number and not found.get("waiting"):
            return
        page.wait_for_timeout(300)
    raise AssertionError(f"not sent within {seconds} s: {counts(page)}\n{page.inner_text('body')}")
