"""Anybody may follow a public matter: the link they get shows what is public and nothing of the reporter's."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bihuan.kernel.api import new_id
from bihuan.kernel.models import StoredFile
from bihuan.matters import api as matters
from bihuan.matters.models import Matter
from bihuan.people.api import ANONYMOUS
from tests.security.conftest import Town

pytestmark = pytest.mark.django_db
HIDDEN = "我住五零一，楼上漏水到我家卧室床头"


@pytest.fixture
def told(town: Town) -> tuple[Any, str]:
    """A public matter with a photo, and the link that a stranger got by following it."""
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(file, "JPEG")
    photo = matters.Photo(
        upload=SimpleUploadedFile("a.jpg", file.getvalue(), "image/jpeg"), tag="scene", file_id=new_id()
    )
    done = matters.report(
        actor=ANONYMOUS, id=new_id(), area_code="410802004004012", title="楼道漏水", text=HIDDEN, photos=[photo]
    )
    assert Matter.objects.get(pk=done.matter_id).public
    answer = Client().post(f"/matters/{done.number}/follow/", {"form_id": str(new_id())})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/r/")
    return done, answer["Location"]


def test_a_follower_does_not_read_what_the_reporter_wrote(told: tuple[Any, str]) -> None:
    done, link = told
    page = Client().get(link)
    assert page.status_code == 200
    assert HIDDEN not in page.content.decode()
    assert HIDDEN in Client().get(f"/r/{done.follow_token}/").content.decode()


def test_a_follower_does_not_see_photos_that_are_not_public(told: tuple[Any, str]) -> None:
    done, link = told
    photo = StoredFile.objects.get(subject_id=done.matter_id)
    assert not photo.public
    token = link.strip("/").split("/")[1]
    assert Client().get(f"/photos/{photo.pk}/?t={token}").status_code == 404
    assert Client().get(f"/photos/{photo.pk}/?t={done.follow_token}").status_code == 200
    assert str(photo.pk) not in Client().get(link).content.decode()


def test_a_followers_link_ends_when_the_matter_becomes_private(told: tuple[Any, str]) -> None:
    done, link = told
    Matter.objects.filter(pk=done.matter_id).update(public=False)
    assert Client().get(link).status_code == 404
    assert matters.public_page(done.number, link.strip("/").split("/")[1]) is None
    assert Client().get(f"/r/{done.follow_token}/").status_code == 200


def test_secret_links_are_neither_cached_nor_sent_on_to_other_sites(told: tuple[Any, str]) -> None:
    done, link = told
    for path in (link, f"/r/{done.follow_token}/", f"/reported/{done.follow_token}/"):
        answer = Client().get(path)
        assert "no-store" in answer["Cache-Control"], path
        assert answer["Referrer-Policy"] == "same-origin", path
