"""Photo files against their rows: what was changed, what is missing, what nobody names."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from bihuan.kernel.api import (
    Encoded,
    clock,
    encode_photo,
    left_over,
    new_id,
    photo_limits,
    photo_path,
    store_photo,
    sweep_files,
    verify,
)
from bihuan.kernel.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }


def upload(colour="teal", kind="JPEG"):
    out = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, kind)
    out.seek(0)
    return out


def kept(colour="teal"):
    return store_photo(
        upload=upload(colour), subject_type="matter", subject_id=new_id(), tag="scene", entry_id=new_id(),
        file_id=new_id(),
    )  # fmt: skip


def test_sound_files_pass_and_are_counted_once():
    kept()
    kept()
    kept("red")
    report = verify(files=True)
    assert (report.ok, report.files) == (True, 2)
    assert verify().files == 0


def test_a_changed_byte_a_missing_file_and_a_missing_thumbnail_are_named_by_their_entry():
    changed, missing, thumbless = kept("red"), kept("green"), kept("blue")
    path = default_storage.path(photo_path(changed.sha256))
    with open(path, "r+b") as file:
        file.seek(100)
        byte = file.read(1)
        file.seek(100)
        file.write(bytes([byte[0] ^ 1]))
    default_storage.delete(photo_path(missing.sha256))
    default_storage.delete(photo_path(thumbless.sha256, thumb=True))
    report = verify(files=True)
    found = {flaw.entry_id: flaw.what_en for flaw in report.flaws}
    assert not report.ok
    assert "changed" in found[str(changed.entry_id)]
    assert "is missing" in found[str(missing.entry_id)]
    assert "thumbnail" in found[str(thumbless.entry_id)]
    assert "照片" in report.flaws[0].what


def test_files_that_no_row_names_are_swept_after_a_day_and_no_others():
    keep, gone = kept("red"), kept("green")
    StoredFile.objects.filter(pk=gone.pk).delete()
    assert sweep_files(clock.now()) == 0  # its row may be about to be committed
    later = clock.now() + timedelta(days=1, minutes=1)
    assert set(left_over(later)) == {photo_path(gone.sha256), photo_path(gone.sha256, thumb=True)}
    assert sweep_files(later) == 2
    assert not default_storage.exists(photo_path(gone.sha256))
    assert default_storage.exists(photo_path(keep.sha256))
    assert default_storage.exists(photo_path(keep.sha256, thumb=True))
    assert sweep_files(later) == 0


def test_provisional_photos_are_none_of_the_sweeps_business():
    default_storage.save("provisional/x.jpg", ContentFile(b"x"))
    assert sweep_files(clock.now() + timedelta(days=9)) == 0


def test_the_command_checks_files_and_says_so():
    from bihuan.cli import cli
    from bihuan.cli import record as _commands  # noqa: F401 - it adds the command

    photo = kept()
    assert "1 photos" in CliRunner().invoke(cli, ["verify", "--files"]).output
    default_storage.delete(photo_path(photo.sha256))
    broken = CliRunner().invoke(cli, ["verify", "--files", "--json"])
    assert broken.exit_code == 1
    assert '"kind": "file"' in broken.output
    assert CliRunner().invoke(cli, ["verify", "--files", "--subject", f"matter:{new_id()}"]).exit_code == 2
    assert "0 files" in CliRunner().invoke(cli, ["sweep-files", "--dry-run"]).output


def test_a_phones_heic_photo_is_read_and_kept_as_jpeg():
    encoded = encode_photo(upload("red", "HEIF"))
    assert isinstance(encoded, Encoded)
    assert encoded.data[:2] == b"\xff\xd8"
    assert (encoded.width, encoded.height) == (320, 240)
    assert "HEIC" in photo_limits()
