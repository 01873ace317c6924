"""Every address: forged forms, frames, floods and false senders."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bihuan.kernel.api import new_id
from bihuan.kernel.models import RateCount
from bihuan.people.models import User
from bihuan.web import source
from tests.security.conftest import Town
from tests.security.test_matrix import BODIES, ROUTES

pytestmark = pytest.mark.django_db
DOOR = "/a/410802004004012/"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.template or "home")
def test_no_address_takes_a_form_that_another_site_sent(town: Town, route: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="shuji"), backend="bihuan.people.backends.PasswordBackend")
    body = json.dumps(BODIES.get(route.template, {})).replace("NEW", str(new_id()))
    answer = client.post(route.path(town.values), body, content_type="application/json")
    assert answer.status_code in ({404} if route.catches_all else {403, 405}), answer.status_code


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.template or "home")
def test_every_answer_carries_the_headers_that_keep_it_to_itself(town: Town, route: Any) -> None:
    answer = town.clients["secretary"].get(route.path(town.values))
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] in {"same-origin", "no-referrer"}
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def _photo() -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(file, "JPEG")
    return SimpleUploadedFile("a.jpg", file.getvalue(), "image/jpeg")


def _kept() -> int:
    return len(default_storage.listdir("provisional")[1]) if default_storage.exists("provisional") else 0


def test_a_flood_of_photos_is_neither_decoded_nor_kept(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "PHOTOS", source.Pace("flood", 1, 600))
    client = Client()
    assert client.post(DOOR, {"text": "", "photos": [_photo()]}).status_code == 422
    before = _kept()
    assert before >= 2
    assert client.post(DOOR, {"text": "", "photos": [_photo()]}).status_code == 422
    assert _kept() == before


@pytest.mark.parametrize("path", [DOOR, "/api/v1/reports"])
def test_a_false_sender_does_not_escape_the_limits(town: Town, path: str) -> None:
    before = RateCount.objects.count()
    for number in range(3):
        body = json.dumps({"id": str(new_id()), "area_code": "410802004004012", "text": "灯不亮了"})
        Client().post(path, body, content_type="application/json", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}")
    assert RateCount.objects.count() <= before + 1


def test_a_reset_sign_in_ends_the_sessions_of_the_old_one(town: Town) -> None:
    user = User.objects.get(username="wanggeyuan")
    user.set_password("first one of 12")
    user.save()
    client = Client()
    client.force_login(user, backend="bihuan.people.backends.PasswordBackend")
    assert client.get("/desk/").status_code == 200
    person = f"/desk/people/{user.person_id}/"
    answer = town.clients["secretary"].post(f"{person}sign-in/", {"entry_id": str(new_id())})
    assert answer.status_code in {200, 302}
    assert client.get("/desk/").status_code == 302
