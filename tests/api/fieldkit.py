"""A phone in the hand of one person of the small district: sends files, sends its queue."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.test import Client
from PIL import Image

from bihuan.kernel.api import clock, new_id
from bihuan.people.models import User
from tests.matters.conftest import BUILDINGS, Town


def jpeg(number: int = 0) -> bytes:
    """Return a picture; another number is another picture."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), ((number * 7) % 256, number % 256, 90)).save(out, "JPEG")
    return out.getvalue()


@dataclass
class Phone:
    """A signed-in program."""

    client: Client

    def put(self, data: bytes, file_id: UUID | None = None, *, kind: str = "photo", tag: str = "scene") -> Any:
        """Send one file; the id stands in the answer."""
        path = f"/api/v1/field/files/{file_id or new_id()}?kind={kind}&tag={tag}"
        return self.client.put(path, data, content_type="application/octet-stream")

    def photo(self, number: int = 0, tag: str = "scene") -> str:
        """Send one photo ahead; return its id."""
        answer = self.put(jpeg(number), tag=tag)
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])

    def send(self, *items: dict[str, Any]) -> Any:
        """Send a queue; return the answer as it is."""
        return self.client.post("/api/v1/field/sync", json.dumps({"items": items}), content_type="application/json")

    def sync(self, *items: dict[str, Any]) -> list[dict[str, Any]]:
        """Send a queue that is taken in; return the results."""
        answer = self.send(*items)
        assert answer.status_code == 200, answer.content
        return list(answer.json()["results"])

    def states(self, *items: dict[str, Any]) -> list[str]:
        """Send a queue; return what became of each item."""
        return [result["state"] for result in self.sync(*items)]


def phone_of(town: Town, name: str, *, checks: bool = False) -> Phone:
    """Sign somebody in."""
    user, _made = User.objects.get_or_create(username=name, person_id=town.id_of(name))
    client = Client(enforce_csrf_checks=checks)
    client.force_login(user, backend="bihuan.people.backends.PasswordBackend")
    return Phone(client)


def when(minutes: float = 0) -> str:
    """Return an instant of the last hour as a phone writes it."""
    at: datetime = clock.now().astimezone(clock.ZONE) - timedelta(minutes=60 - minutes)
    return at.isoformat()


def item(kind: str, data: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return one item."""
    return {"id": str(new_id()), "kind": kind, "data": data, **more}


def visit(text: str = "", area_code: str = BUILDINGS[0], minutes: float = 0, **data: Any) -> dict[str, Any]:
    """Return a visit of one's own accord."""
    more = {"after": data.pop("after")} if "after" in data else {}
    return item("visit", {"area_code": area_code, "happened_at": when(minutes), "text": text, **data}, **more)


def finding(of: dict[str, Any], text: str = "消防通道堆了旧家具", **data: Any) -> dict[str, Any]:
    """Return what a visit found."""
    return item("finding", {"visit_id": of["id"], "text": text, **data})


def problem(text: str = "单元门坏了", **data: Any) -> dict[str, Any]:
    """Return a problem recorded for somebody else."""
    return item("record", {"area_code": BUILDINGS[0], "text": text, **data})


def act(matter_id: UUID | str, action: str = "triage", **more: Any) -> dict[str, Any]:
    """Return an act on a matter."""
    given = {"category": "facility", "urgency": "normal", "level": "grid"} if action == "triage" else {}
    return item("advance", {"matter_id": str(matter_id), "action": action, "data": given, **more})
