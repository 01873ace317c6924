"""Files sent ahead: the same again is the same file, one entry takes each, what nothing names is swept in a month."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from bihuan.kernel.api import (
    BadInput,
    Conflict,
    clock,
    erase_photos,
    find_files,
    keep_files,
    keep_many,
    keep_upload,
    left_over,
    new_id,
    photo_path,
    ready_files,
    sound_path,
    sweep_uploads,
    verify,
)
from bihuan.kernel.filestore import write_once
from bihuan.kernel.models import StoredFile
from bihuan.matters.api import Photo
from tests.kernel.sounds_made import webm

pytestmark = pytest.mark.django_db
ME, OTHER = new_id(), new_id()


def jpeg(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return out.getvalue()


def send(
    data: bytes, file_id: UUID | None = None, *, kind: str = "photo", person: UUID = ME, tag: str = "scene"
) -> Any:
    return keep_upload(kind=kind, upload=io.BytesIO(data), tag=tag, file_id=file_id or new_id(), person_id=person)


def take(ids: list[UUID], subject: UUID, entry: UUID, *, person: UUID | None = ME, kind: str = "photo") -> None:
    ready = ready_files([Photo(None, "scene", key) for key in ids], kind=kind)
    with transaction.atomic():
        keep_files(ready, subject_type="visit", subject_id=subject, entry_id=entry, person_id=person)


def test_the_same_file_again_is_the_same_file() -> None:
    data, key = jpeg(), new_id()
    first, created = send(data, key)
    second, again = send(data, key)
    assert (created, again) == (True, False)
    assert first.pk == second.pk == key
    assert StoredFile.objects.count() == 1


def test_the_same_id_with_other_bytes_is_a_conflict() -> None:
    row, _created = send(jpeg())
    with pytest.raises(Conflict):
        send(jpeg("blue"), row.pk)


def test_somebody_elses_id_is_a_conflict_though_the_bytes_are_the_same() -> None:
    row, _created = send(jpeg())
    with pytest.raises(Conflict):
        send(jpeg(), row.pk, person=OTHER)


def test_an_entry_takes_what_its_person_sent_and_it_is_still_the_same_file_then() -> None:
    row, _created = send(jpeg(), tag="after")
    visit, entry = new_id(), new_id()
    take([row.pk], visit, entry)
    kept = StoredFile.objects.get()
    assert (kept.subject_type, kept.subject_id, kept.entry_id) == ("visit", visit, entry)
    again, created = send(jpeg(), row.pk)
    assert not created
    assert again.subject_id == visit


@pytest.mark.parametrize("whose", ["another's", "nobody's", "gone", "taken", "a sound"])
def test_an_entry_takes_no_file_that_is_not_its_persons_to_give(whose: str) -> None:
    row, _created = send(webm(), kind="sound") if whose == "a sound" else send(jpeg())
    key, person = row.pk, ME
    if whose == "another's":
        person = OTHER
    elif whose == "gone":
        key = new_id()
    elif whose == "taken":
        take([key], new_id(), new_id())
    before = StoredFile.objects.values().get()
    with pytest.raises(Conflict):
        take([key], new_id(), new_id(), person=None if whose == "nobody's" else person)
    assert StoredFile.objects.values().get() == before


def test_many_entries_take_theirs_at_once_and_none_takes_where_one_is_missing() -> None:
    rows = [send(jpeg(colour))[0] for colour in ("red", "blue", "green")]
    visits = [new_id() for _ in rows]
    ready = [ready_files([Photo(None, "scene", row.pk)]) for row in rows]
    missing = [*ready[:2], ready_files([Photo(None, "scene", new_id())])]
    with pytest.raises(Conflict), transaction.atomic():
        keep_many(
            [(visit, visit, files) for visit, files in zip(visits, missing, strict=True)],
            subject_type="visit",
            person_id=ME,
        )
    assert set(StoredFile.objects.values_list("subject_type", flat=True)) == {"upload"}
    keep_many(
        [(visit, visit, files) for visit, files in zip(visits, ready, strict=True)], subject_type="visit", person_id=ME
    )
    assert [StoredFile.objects.get(pk=row.pk).subject_id for row in rows] == visits


def test_files_come_along_and_ahead_in_one_entry() -> None:
    row, _created = send(jpeg())
    visit = new_id()
    ready = ready_files([Photo(None, "scene", row.pk), Photo(io.BytesIO(jpeg("blue")), "after", None)])
    keep_files(ready, subject_type="visit", subject_id=visit, entry_id=visit, person_id=ME)
    assert sorted(StoredFile.objects.filter(subject_id=visit).values_list("tag", flat=True)) == ["after", "scene"]


@pytest.mark.parametrize("wrong", [{"kind": "film"}, {"tag": "nonsense"}, {"data": b"no photo"}, {"data": b""}])
def test_what_is_no_file_of_its_kind_is_not_kept(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        send(wrong.get("data", jpeg()), kind=wrong.get("kind", "photo"), tag=wrong.get("tag", "scene"))
    assert not StoredFile.objects.exists()


def test_a_file_given_without_bytes_or_id_is_told() -> None:
    with pytest.raises(BadInput):
        ready_files([Photo(None)])


@pytest.mark.django_db(transaction=True)
def test_what_nothing_named_for_thirty_days_is_swept_with_its_bytes() -> None:
    now = clock.now()
    with clock.at(now - timedelta(days=31)):
        old, kept = send(jpeg())[0], send(jpeg("blue"))[0]
        sound = send(webm(), kind="sound")[0]
        take([kept.pk], new_id(), new_id())
    fresh = send(jpeg("green"))[0]
    assert sweep_uploads(now) == 2
    assert set(StoredFile.objects.values_list("pk", flat=True)) == {kept.pk, fresh.pk}
    assert not default_storage.exists(photo_path(old.sha256))
    assert not default_storage.exists(sound_path(sound.sha256))
    assert default_storage.exists(photo_path(kept.sha256))
    assert sweep_uploads(now) == 0


@pytest.mark.django_db(transaction=True)
def test_a_visits_voice_notes_are_erased_with_its_photos_and_checked_with_them() -> None:
    sound, photo, visit = send(webm(), kind="sound")[0], send(jpeg())[0], new_id()
    take([photo.pk], visit, visit)
    take([sound.pk], visit, visit, kind="sound")
    assert verify(files=True).ok
    with default_storage.open(sound_path(sound.sha256), "r+b") as file:
        file.write(b"changed")
    assert [flaw.kind for flaw in verify(files=True).flaws] == ["file"]
    assert erase_photos("visit", visit) == 2
    assert find_files([sound.pk, photo.pk]) == {}
    assert not default_storage.exists(sound_path(sound.sha256))


def test_a_voice_note_that_a_failed_write_left_is_swept() -> None:
    sound, _created = send(webm(), kind="sound")
    path, later = sound_path(sound.sha256), clock.now() + timedelta(days=3)
    assert path not in list(left_over(later))
    StoredFile.objects.all().delete()
    assert path in list(left_over(later))


def test_two_that_write_the_same_file_at_once_leave_one_whole_file(monkeypatch: pytest.MonkeyPatch) -> None:
    path, data = sound_path("ab" * 32), b"the same bytes"
    folder = path.rpartition("/")[0]
    default_storage.delete(path)
    with monkeypatch.context() as both:  # neither sees the other's
        both.setattr(type(default_storage._wrapped), "exists", lambda _self, _name: False)  # type: ignore[attr-defined]
        write_once(path, data)
        write_once(path, data)
    assert default_storage.listdir(folder)[1] == [path.rpartition("/")[2]]
    with default_storage.open(path) as file:
        assert file.read() == data
    default_storage.delete(path)


def test_a_file_that_was_not_written_to_its_end_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    path = sound_path("cd" * 32)

    def broken(_self: Path, _target: Path) -> None:
        raise OSError("the power failed")

    with monkeypatch.context() as failing:
        failing.setattr(Path, "replace", broken)
        with pytest.raises(OSError, match="power"):
            write_once(path, b"half")
    assert not default_storage.exists(path)
    (left,) = default_storage.listdir(path.rpartition("/")[0])[1]
    assert "cd" * 32 not in left  # named by nothing: swept a day later
    write_once(path, b"whole")
    with default_storage.open(path) as file:
        assert file.read() == b"whole"
