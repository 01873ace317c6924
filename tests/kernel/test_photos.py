"""Photos: only pixels are kept, and only of real pictures."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bihuan.kernel.api import (
    BadInput,
    Conflict,
    encode_photo,
    erase_photos,
    new_id,
    open_photo,
    photo_limits,
    photos_of,
    store_photo,
)
from bihuan.kernel.models import StoredFile


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }


def picture(kind="JPEG", size=(400, 300), mode="RGB", colour="red", **options):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def encode(data, name="照片.jpg"):
    return encode_photo(io.BytesIO(data), name=name)


def store(data=None, **more):
    given = {
        "upload": SimpleUploadedFile("a.jpg", data or picture()),
        "subject_type": "matter",
        "subject_id": new_id(),
        "tag": "scene",
        "entry_id": new_id(),
        "file_id": new_id(),
    }
    return store_photo(**{**given, **more})


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_usual_pictures_are_taken_whatever_their_name_says(kind):
    kept = encode(picture(kind), name="程序.exe")
    image = Image.open(io.BytesIO(kept.data))
    assert (image.format, image.size) == ("JPEG", (400, 300))
    assert (kept.width, kept.height, kept.mime) == (400, 300, "image/jpeg")


def test_place_camera_and_every_other_trace_are_gone():
    exif = Image.Exif()
    exif[0x010F] = "某品牌"
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 14.0, 0.0)})
    data = picture(exif=exif, comment=b"secret comment", icc_profile=b"secret profile")
    assert b"secret" in data
    kept = encode(data)
    for part in (kept.data, kept.thumb):
        image = Image.open(io.BytesIO(part))
        assert not image.getexif()
        assert b"secret" not in part
        assert b"Exif" not in part
        assert "icc_profile" not in image.info


def test_text_chunks_of_a_png_are_gone():
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "secret person")
    assert b"secret" not in encode(picture("PNG", pnginfo=info)).data


def test_a_picture_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = encode(picture(size=(400, 200), exif=exif))
    assert (kept.width, kept.height) == (200, 400)


def test_a_big_picture_is_made_smaller_and_gets_a_thumbnail():
    kept = encode(picture(size=(5000, 2500)))
    assert (kept.width, kept.height) == (2048, 1024)
    assert max(Image.open(io.BytesIO(kept.thumb)).size) == 240


def test_what_was_transparent_becomes_white():
    image = Image.open(io.BytesIO(encode(picture("PNG", mode="RGBA", colour=(0, 0, 0, 0))).data))
    assert image.getpixel((10, 10)) == (255, 255, 255)


def bomb(width, height):
    """A PNG of a few hundred bytes that claims to be huge."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    lines = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(8001, 8001), (10_000, 9_500), (40_000, 40_000)])
def test_a_decompression_bomb_is_refused_from_its_header(size):
    with pytest.raises(BadInput, match="像素过多"):
        encode(bomb(*size))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"MZ" + bytes(500), "不是照片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "不是照片"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(200), "HEIC|不是照片|损坏"),
        (picture()[:400], "损坏"),
        (picture("GIF"), "不是照片"),
        (picture("TIFF"), "不是照片"),
        (picture(size=(4, 4)), "太小"),
    ],
)
def test_what_is_no_proper_picture_is_refused_in_words(data, words):
    with pytest.raises(BadInput, match=words) as error:
        encode(data)
    assert "照片.jpg" in error.value.problems[0].why
    assert error.value.problems[0].how
    assert error.value.problems[0].field == "photos"


def test_a_file_over_the_limit_is_refused_without_being_read_whole(settings):
    settings.PHOTO_MAX_BYTES = 1000
    endless = SimpleUploadedFile("a.jpg", bytes(5000))
    with pytest.raises(BadInput, match="太大"):
        encode_photo(endless)
    assert endless.tell() == 1001


def test_the_limits_are_told_before():
    assert "6 张" in photo_limits()
    assert "10 MB" in photo_limits()


@pytest.mark.django_db
def test_a_photo_is_kept_once_however_often_it_is_sent():
    kept = store()
    again = store(file_id=kept.pk, subject_id=kept.subject_id, data=picture(colour="blue"))
    assert again == kept
    assert StoredFile.objects.count() == 1
    with open_photo(kept) as file:
        data = file.read()
    assert len(data) == kept.bytes
    with open_photo(kept, thumb=True) as file:
        assert file.read(2) == b"\xff\xd8"
    with pytest.raises(Conflict):
        store(file_id=kept.pk)


@pytest.mark.django_db
def test_only_public_photos_are_public():
    subject = new_id()
    store(subject_id=subject, tag="before")
    shown = store(subject_id=subject, tag="after", public=True)
    assert len(photos_of("matter", subject)) == 2
    assert photos_of("matter", subject, public_only=True) == [shown]
    with pytest.raises(BadInput, match="标签"):
        store(tag="selfie")


@pytest.mark.django_db
def test_erasing_photos_removes_the_files_unless_another_subject_keeps_them(django_capture_on_commit_callbacks):
    first, second = store(), store()
    assert first.sha256 == second.sha256
    with django_capture_on_commit_callbacks(execute=True):
        assert erase_photos("matter", first.subject_id) == 1
    with open_photo(second) as file:
        assert file.read(2) == b"\xff\xd8"
    with django_capture_on_commit_callbacks(execute=True):
        assert erase_photos("matter", second.subject_id) == 1
    with pytest.raises(FileNotFoundError):
        open_photo(second)
