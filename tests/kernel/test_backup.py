"""Backup and restore through the command line, and verify's answers there."""

from __future__ import annotations

import io
import json
import stat
import tarfile

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from bihuan.cli.record import backup, erase_expired_command, prove_command, restore, verify
from bihuan.kernel import sql
from bihuan.kernel.api import clock, make_day_root, new_id, open_photo, seal, store_photo, unseal
from bihuan.kernel.models import Entry, Sealed
from bihuan.kernel.testing import make_entry, tampering

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(settings, tmp_path):
    """A place with two entries, a sealed phone number and a photo."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files", "base_url": None},
        },
    }
    phone = seal("phone", "13812345678", purpose="回访", encrypted=True, keep_until=None)
    entry = make_entry(sealed=[phone])
    make_entry(after=entry)
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "PNG")
    photo = store_photo(
        upload=SimpleUploadedFile("a.png", out.getvalue()),
        subject_type="matter",
        subject_id=entry.subject_id,
        tag="scene",
        entry_id=entry.pk,
        file_id=new_id(),
    )
    return entry, photo


def run(command, *arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_verify_is_green_on_a_sound_record_and_red_with_the_entrys_name_on_a_hurt_one(place):
    entry, _photo = place
    good = run(verify, "--json")
    assert good.exit_code == 0
    assert json.loads(good.output)["entries"] == 2
    assert "记录完好" in run(verify).output
    with tampering():
        sql.execute("UPDATE kernel_entry SET area_code = '1' WHERE id = %s", (entry.pk,))
    bad = run(verify, "--json")
    assert bad.exit_code == 1
    assert json.loads(bad.output)["flaws"][0]["entry_id"] == str(entry.pk)
    words = run(verify, "--subject", f"matter:{entry.subject_id}")
    assert words.exit_code == 1
    assert str(entry.pk) in words.output
    assert run(verify, "--subject", "matter:x").exit_code == 2


def test_a_proof_is_printed_for_an_entry_of_a_published_day(place):
    entry, _photo = place
    assert run(prove_command, entry.pk).exit_code == 1
    from datetime import timedelta

    with clock.at(clock.now() + timedelta(days=2)):
        make_day_root(entry.recorded_at.astimezone(clock.ZONE).date())
    assert json.loads(run(prove_command, entry.pk).output)["entry_id"] == str(entry.pk)
    assert run(erase_expired_command, "--json").output == '{"erased": 0}\n'


def test_a_place_comes_back_from_its_backup_whole(place, tmp_path, settings):
    entry, photo = place
    file = tmp_path / "out" / "place.tar"
    done = run(backup, file, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["entries"] == 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]
    make_entry()  # after the backup: will be gone
    with open_photo(photo) as kept:
        data = kept.read()
    for path in (tmp_path / "files").rglob("*.jpg"):
        path.unlink()
    refused = run(restore, file)
    assert refused.exit_code == 1
    assert "--force" in refused.output
    assert Entry.objects.count() == 3
    done = run(restore, file, "--force", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["verify"]["ok"] is True
    assert Entry.objects.count() == 2
    with open_photo(photo) as kept:
        assert kept.read() == data
    assert unseal(Sealed.objects.get(entry_id=entry.pk)) == "13812345678"
    with pytest.raises(Exception, match="只能追加"):
        sql.execute("DELETE FROM kernel_entry")


def test_keys_are_in_a_backup_only_when_asked_for(place, tmp_path, settings):
    plain, full = tmp_path / "plain.tar", tmp_path / "full.tar"
    assert "密钥不在备份中" in run(backup, plain).output
    assert "密钥" in run(backup, full, "--with-secrets").output
    assert settings.PERSONAL_DATA_KEY.encode() not in plain.read_bytes()
    with tarfile.open(full) as tar:
        kept = tar.extractfile("secrets/bihuan_personal_data_key").read().decode()
    assert kept == settings.PERSONAL_DATA_KEY
    settings.PERSONAL_DATA_KEY = "another"
    assert "BIHUAN_PERSONAL_DATA_KEY" in CliRunner().invoke(restore, [str(plain), "--force"]).output


def test_a_damaged_or_foreign_file_is_refused_before_anything_is_touched(place, tmp_path):
    file = tmp_path / "place.tar"
    run(backup, file)
    data = bytearray(file.read_bytes())
    name = {"sqlite": b"database.sqlite3", "postgresql": b"database.dump"}[connection.vendor]
    at = data.index(name, data.index(b"database", data.index(b"}\n") if b"}\n" in data else 0))
    data[at + 512 + 200] ^= 0xFF
    hurt = tmp_path / "hurt.tar"
    hurt.write_bytes(data)
    answer = run(restore, hurt, "--force")
    assert answer.exit_code == 1
    assert "损坏" in answer.output
    other = tmp_path / "other.tar"
    other.write_bytes(b"not a tar")
    assert "不是完整的备份" in run(restore, other, "--force").output
    assert Entry.objects.count() == 2


def test_a_backup_that_would_write_outside_its_folder_is_refused(tmp_path):
    for name, kind in (
        ("../outside.txt", tarfile.REGTYPE),
        ("/outside.txt", tarfile.REGTYPE),
        ("link", tarfile.SYMTYPE),
    ):
        file = tmp_path / "evil.tar"
        with tarfile.open(file, "w") as tar:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            tar.addfile(member)
        assert "不是完整的备份" in run(restore, file, "--force").output
    assert not (tmp_path / "outside.txt").exists()
