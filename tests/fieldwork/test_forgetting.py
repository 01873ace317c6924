"""Photos and voice notes of a visit go with its text, and at its term where there was none; the chain stays valid."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.forgetting import erase_old_files
from bihuan.kernel.api import SYSTEM_REF, Conflict, erase, keep_upload, new_id, photo_path, verify
from bihuan.kernel.models import StoredFile
from bihuan.matters.shapes import Photo
from tests.fieldwork.rounds import MONDAY, Town, build


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    town = build()
    with town.at():
        yield town


def picture(colour: str = "red") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(out, "PNG")
    out.seek(0)
    return out


def test_photos_come_with_the_visit_or_ahead_of_it(town: Town) -> None:
    ahead = new_id()
    keep_upload(kind="photo", upload=picture("blue"), tag="scene", file_id=ahead, person_id=town.id("worker"))
    given = town.given(photos=[Photo(picture()), Photo(None, "scene", ahead)])
    done = fieldwork.record_visit(actor=town.actor(), **given)
    page = fieldwork.visit_page(town.actor(), done.visit_id)
    assert len(page.photos) == 2
    assert ahead in page.photos


def test_a_photo_that_has_not_come_yet_keeps_the_visit_out_until_it_has(town: Town) -> None:
    given = town.given(photos=[Photo(None, "scene", new_id())])
    with pytest.raises(Conflict):
        fieldwork.record_visit(actor=town.actor(), **given)
    assert fieldwork.diary(town.actor()).rows == ()


def test_in_a_batch_it_keeps_out_that_visit_alone(town: Town) -> None:
    ahead = new_id()
    keep_upload(kind="photo", upload=picture(), tag="scene", file_id=ahead, person_id=town.id("worker"))
    given = [
        town.given(id=new_id(), photos=[Photo(None, "scene", ahead)]),
        town.given(id=new_id(), photos=[Photo(None, "scene", new_id())]),
        town.given(id=new_id()),
    ]
    for created in (True, False):
        done = fieldwork.record_visits(actor=town.actor(), visits=given)
        assert [getattr(one, "field", None) for one in done] == [None, "1.photos", None]
        assert [one.created for one in done if isinstance(one, fieldwork.RecordedVisit)] == [created, created]
    assert len(fieldwork.diary(town.actor()).rows) == 2


def test_a_photo_goes_with_the_text(town: Town, django_capture_on_commit_callbacks: Any) -> None:
    done = town.visit(text="看了", photos=[Photo(picture())])
    stored = StoredFile.objects.get(subject_type="visit")
    with django_capture_on_commit_callbacks(execute=True):
        erase(actor=SYSTEM_REF, subject_type="visit", subject_id=done.visit_id)
    assert not StoredFile.objects.filter(subject_type="visit").exists()
    assert not default_storage.exists(photo_path(stored.sha256))
    assert verify().ok


def test_a_photo_without_a_text_goes_at_the_same_term(town: Town) -> None:
    town.visit(photos=[Photo(picture())])
    with town.at(MONDAY + timedelta(days=400)):
        assert erase_old_files() == 0
    with town.at(MONDAY + timedelta(days=402)):
        assert erase_old_files() == 1
        assert erase_old_files() == 0
    assert not StoredFile.objects.filter(subject_type="visit").exists()
    assert verify().ok
