"""Files that a phone sends ahead: once, by their bytes, for whoever sent them alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from bihuan.kernel.api import new_id
from bihuan.kernel.models import StoredFile
from tests.api.fieldkit import jpeg, phone_of, visit
from tests.kernel.sounds_made import SECRET, webm
from tests.matters.conftest import Town, make_town


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def test_a_file_is_kept_once_and_the_same_again_is_the_same(town: Town) -> None:
    phone, key = phone_of(town, "worker"), new_id()
    first, second = phone.put(jpeg(), key), phone.put(jpeg(), key)
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == {**first.json(), "created": False}
    assert StoredFile.objects.count() == 1


def test_other_bytes_or_another_person_under_the_same_id_conflict(town: Town) -> None:
    phone, key = phone_of(town, "worker"), new_id()
    phone.put(jpeg(), key)
    assert phone.put(jpeg(1), key).status_code == 409
    assert phone_of(town, "worker2").put(jpeg(), key).status_code == 409
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "query"),
    [
        (b"", ""),
        (b"no picture", ""),
        (jpeg(), "?kind=sound"),
        (webm(), "?kind=photo"),
        (jpeg(), "?kind=film"),
        (jpeg(), "?tag=nonsense"),
        (bytes(11 * 1024 * 1024), ""),
        (webm(200), "?kind=sound"),
    ],
    ids=["empty", "no picture", "no sound", "sound as photo", "no kind", "no tag", "too big", "too long"],
)
def test_what_is_no_file_of_its_kind_is_told(town: Town, data: bytes, query: str) -> None:
    client = phone_of(town, "worker").client
    answer = client.put(f"/api/v1/field/files/{new_id()}{query}", data, content_type="image/jpeg")
    assert answer.status_code == (413 if len(data) > 10 * 1024 * 1024 else 422)
    assert answer.json()["problems"][0]["why"]
    assert not StoredFile.objects.exists()


def test_an_id_that_is_no_uuid7_is_told(town: Town) -> None:
    answer = phone_of(town, "worker").client.put("/api/v1/field/files/8c0b1b5e-7f7e-4d5a-9f1e-0f3c2a1b4d5e", jpeg())
    assert answer.status_code == 422


def test_who_is_signed_out_keeps_the_file_and_who_records_nothing_may_send_none(town: Town) -> None:
    path = f"/api/v1/field/files/{new_id()}"
    assert Client().put(path, jpeg()).status_code == 401
    assert phone_of(town, "resident").client.put(path, jpeg()).status_code == 403
    assert phone_of(town, "worker", checks=True).client.put(path, jpeg()).status_code == 403  # no CSRF token
    assert not StoredFile.objects.exists()


def test_nobody_lays_up_files_without_end(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bihuan.api.rest.field.MOST_UNNAMED", 2)
    phone = phone_of(town, "worker")
    photos = [phone.photo(1), phone.photo(2)]
    assert phone.put(jpeg(3)).status_code == 409
    assert phone.states(visit(photos=photos)) == ["done"]
    assert phone.put(jpeg(3)).status_code == 201


def test_a_file_that_nothing_names_is_shown_to_whoever_sent_it_alone(town: Town) -> None:
    phone = phone_of(town, "worker")
    photo, sound = phone.photo(), str(phone.put(webm(), kind="sound").json()["id"])
    for path in (f"/photos/{photo}/", f"/sounds/{sound}/"):
        assert phone.client.get(path).status_code == 200
        assert phone_of(town, "secretary").client.get(path).status_code == 404
        assert Client().get(path).status_code == 404


def test_a_visits_voice_note_is_heard_by_whom_may_read_the_visit(town: Town) -> None:
    phone = phone_of(town, "worker")
    sound = str(phone.put(webm(), kind="sound").json()["id"])
    assert phone.states(visit(sounds=[sound])) == ["done"]
    path = f"/sounds/{sound}/"
    for name, status in {"worker": 200, "secretary": 200, "worker2": 404, "resident": 404, "stranger": 404}.items():
        assert phone_of(town, name).client.get(path).status_code == status, name
    assert Client().get(path).status_code == 404


def whole(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def test_a_voice_note_is_served_whole_and_in_parts_without_what_the_device_wrote(town: Town) -> None:
    phone = phone_of(town, "worker")
    sound = str(phone.put(webm(), kind="sound").json()["id"])
    answer = phone.client.get(f"/sounds/{sound}/")
    data = whole(answer)
    assert SECRET not in data
    assert answer["Content-Type"] == "audio/webm"
    assert answer["Accept-Ranges"] == "bytes"
    assert "private" in answer["Cache-Control"]
    for asked, begin, end in (("bytes=0-9", 0, 10), ("bytes=10-", 10, len(data)), ("bytes=-5", -5, len(data))):
        part = phone.client.get(f"/sounds/{sound}/", headers={"Range": asked})
        assert part.status_code == 206
        assert whole(part) == data[begin:end]
        start = begin % len(data)
        assert part["Content-Range"] == f"bytes {start}-{end - 1}/{len(data)}"
        assert part["Content-Length"] == str(end - start)
    for asked in ("bytes=999999-", "bytes=9-3", "bytes=-0"):
        assert phone.client.get(f"/sounds/{sound}/", headers={"Range": asked}).status_code == 416, asked
    for asked in ("lines=0-9", "bytes=0-1,3-4", "bytes=a-b"):  # not understood: all of it
        assert whole(phone.client.get(f"/sounds/{sound}/", headers={"Range": asked})) == data


def test_a_photo_is_no_sound_and_a_sound_no_photo(town: Town) -> None:
    phone = phone_of(town, "worker")
    photo, sound = phone.photo(), str(phone.put(webm(), kind="sound").json()["id"])
    assert phone.client.get(f"/sounds/{photo}/").status_code == 404
    assert phone.client.get(f"/photos/{sound}/").status_code == 404
