"""``kill -9`` of the serving site in the middle of a phone's sync: sent again, each is there exactly once, in order."""

from __future__ import annotations

import io
import random
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from PIL import Image

from bihuan.kernel.api import new_id
from tests.durability.serving import Town, counted, town, verified

__all__ = ["town"]
pytestmark = pytest.mark.slow

VISITS, BATCH = 50, 10
COMMUNITY = "410802004004"


def _jpeg(number: int) -> bytes:
    chance, out = random.Random(number), io.BytesIO()  # noqa: S311
    picture = Image.frombytes("RGB", (320, 240), chance.randbytes(320 * 240 * 3))
    picture.save(out, "JPEG")
    return out.getvalue()


@dataclass
class Phone:
    """A phone that kept fifty visits with a photo each, and what every fifth found."""

    photos: dict[str, bytes] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)  # item → state
    wrong: list[str] = field(default_factory=list)
    arrived: int = 0  # files and items that were answered in this sending

    @classmethod
    def of_a_day(cls) -> Phone:
        """Record a day without a network."""
        phone, began = cls(), datetime.now(UTC) - timedelta(hours=6)
        for number in range(VISITS):
            photo, visit = str(new_id()), str(new_id())
            phone.photos[photo] = _jpeg(number)
            at = (began + timedelta(minutes=number)).isoformat()
            data = {"area_code": f"{COMMUNITY}{number % 48 + 1:03d}", "happened_at": at, "text": f"第{number:02d}处",
                    "photos": [photo]}  # fmt: skip
            phone.items.append({"id": visit, "kind": "visit", "data": data})
            if number % 5 == 0:
                found = {"visit_id": visit, "text": f"第{number:02d}处墙皮脱落"}
                phone.items.append({"id": str(new_id()), "kind": "finding", "data": found})
        return phone

    def send(self, town: Town) -> None:
        """Send everything from its beginning, files first; stop where the network does."""
        self.arrived = 0
        try:
            with httpx.Client(base_url=town.url, timeout=20, **town.signed()) as client:
                for key, data in self.photos.items():
                    answer = client.put(f"/api/v1/field/files/{key}?kind=photo", content=data)
                    if answer.status_code not in {200, 201}:
                        self.wrong.append(answer.text)
                    self.arrived += 1
                for start in range(0, len(self.items), BATCH):
                    answer = client.post("/api/v1/field/sync", json={"items": self.items[start : start + BATCH]})
                    if answer.status_code != 200:
                        self.wrong.append(answer.text)
                        return
                    for result in answer.json()["results"]:
                        self.told[result["id"]] = result["state"]
                        self.arrived += 1
                        if result["state"] not in {"done", "again"}:
                            self.wrong.append(str(result))
        except httpx.HTTPError:
            return

    def asked(self) -> dict[str, list[str]]:
        """Return the ids to be looked for."""
        return {"items": [item["id"] for item in self.items]}


def _killed_while_sending(town: Town, phone: Phone, after: int, wait: float) -> None:
    """Let the phone send, and kill the site when so much was answered, a moment into what follows."""
    phone.told.clear()
    phone.arrived = 0
    thread = threading.Thread(target=phone.send, args=(town,))
    thread.start()
    until = time.monotonic() + 60
    while phone.arrived < after and time.monotonic() < until and thread.is_alive():
        time.sleep(0.001)
    time.sleep(wait)
    town.kill()
    thread.join(30)
    assert not thread.is_alive()


def test_kill_9_in_the_middle_of_a_sync_leaves_each_visit_exactly_once_and_in_order(town: Town) -> None:
    phone = Phone.of_a_day()
    interrupted = 0
    for after, wait in ((VISITS // 2, 0.0), (VISITS + 10, 0.01), (VISITS + 30, 0.03)):
        _killed_while_sending(town, phone, after, wait)
        assert phone.wrong == []
        interrupted += 0 < phone.arrived - VISITS < len(phone.items)
        acknowledged = dict(phone.told)
        kept = counted(town, phone.asked(), "field")
        assert [key for key in acknowledged if kept["entries"][key] != 1] == []
        verified(town)
        town.start()
    assert interrupted
    for _ in range(2):
        phone.told.clear()
        phone.send(town)
        assert phone.wrong == []
        assert len(phone.told) == len(phone.items)
    assert set(phone.told.values()) == {"again"}
    _exactly_once_and_in_order(town, phone)


def _exactly_once_and_in_order(town: Town, phone: Phone) -> None:
    kept = counted(town, phone.asked(), "field")
    visits = [item for item in phone.items if item["kind"] == "visit"]
    assert [tuple(line) for line in kept["visits"]] == [(item["id"], item["data"]["text"]) for item in visits]
    assert set(kept["entries"].values()) == {1}
    assert kept["entries_of_visits"] >= VISITS
    findings = {item["id"]: item["data"]["visit_id"] for item in phone.items if item["kind"] == "finding"}
    assert kept["findings"] == findings
    photos = {item["data"]["photos"][0]: ["visit", item["id"]] for item in visits}
    assert kept["files"] == photos
    verified(town)
