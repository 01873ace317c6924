"""Photos: known by their content, not by their name; re-encoded, so that nothing but pixels is kept.

EXIF, GPS and every other chunk go with the old encoding; the picture is turned upright first. A file that claims
huge dimensions is refused from its header, before anything is decoded.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from . import clock
from .errors import BadInput, Conflict, Problem
from .filestore import delete_unnamed, photo_path, write_once
from .models import StoredFile

MAX_SIDE = 2048
THUMB_SIDE = 240  # six thumbnails must fit into a resident's page of 100 KB
MAX_PIXELS = 64_000_000
MIN_SIDE = 16
QUALITY = 84
THUMB_QUALITY = 58
TAGS = frozenset({"scene", "before", "after", "paper"})

try:  # many phones make HEIC; a machine for which its library has no wheel does without
    from pillow_heif import register_heif_opener
except ImportError:  # pragma: no cover
    HEIC = False
else:
    register_heif_opener()
    HEIC = True
FORMATS = ("JPEG", "PNG", "WEBP", *(("HEIF",) if HEIC else ()))  # MPO, of some phones, is opened as JPEG


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as it is kept."""

    data: bytes
    thumb: bytes
    width: int
    height: int
    mime: str = "image/jpeg"

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of the kept bytes: the file's name, and what an entry may commit to."""
        return hashlib.sha256(self.data).hexdigest()


def photo_limits() -> str:
    """Return what may be uploaded, told before a file is chosen."""
    kinds = "JPEG / PNG / WebP" + (" / HEIC" if HEIC else "")
    return _(
        "最多 %(count)s 张，每张不超过 %(size)s MB；格式：%(kinds)s。"
        "照片中的拍摄地点等信息会自动去除，请尽量不拍到人脸。"
    ) % {"count": settings.PHOTO_MAX_COUNT, "size": settings.PHOTO_MAX_BYTES // (1024 * 1024), "kinds": kinds}


def encode_photo(upload: IO[bytes], *, name: str = "", field: str = "photos") -> Encoded:
    """Read, check and re-encode one upload.

    Args:
        upload: a file object; its name and its claimed type are not believed.
        name: as the person knows the file, for the error.
        field: the input that an error stands beside.

    Raises:
        BadInput: empty, too big, not a picture of a known kind, too many pixels, or broken.
    """
    data = upload.read(settings.PHOTO_MAX_BYTES + 1)
    if not data:
        raise _bad(field, name, _("文件是空的。"), _("请重新选择照片。"))
    if len(data) > settings.PHOTO_MAX_BYTES:
        raise _bad(field, name, _("照片太大。"), photo_limits())
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _reencode(data, field, name)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_many_pixels(field, name) from error
        except UnidentifiedImageError as error:
            raise _bad(field, name, _unknown_kind(data), photo_limits()) from error
        except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, MemoryError) as error:
            raise _bad(field, name, _("照片已损坏，无法打开。"), _("请换一张，或重新拍摄。")) from error


def _reencode(data: bytes, field: str, name: str) -> Encoded:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise _too_many_pixels(field, name)
        if min(image.size) < MIN_SIDE:
            raise _bad(field, name, _("照片太小，看不清。"), _("请上传原图。"))
        image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # JPEG decodes at the scale needed: less memory
        image.load()
        upright = ImageOps.exif_transpose(image)
        flat = _flatten(upright)
    flat.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    small = flat.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    return Encoded(_jpeg(flat, QUALITY), _jpeg(small, THUMB_QUALITY), flat.width, flat.height)


def _flatten(image: Image.Image) -> Image.Image:
    """Return a fresh RGB image with nothing attached; what was transparent becomes white."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    flat = image.convert("RGB")
    flat.info = {}
    return flat


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def _unknown_kind(data: bytes) -> str:
    if data[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"}:
        return _("这是 HEIC 格式，这里读不了；请在手机相机设置中选择“兼容性最佳”，或先转为 JPEG。")
    return _("这不是照片文件。")


def _too_many_pixels(field: str, name: str) -> BadInput:
    return _bad(field, name, _("照片的像素过多。"), _("请缩小到 6400 万像素以内再上传。"))


def _bad(field: str, name: str, why: str, how: str) -> BadInput:
    return BadInput(Problem(field, _("%(name)s：%(why)s") % {"name": name, "why": why} if name else why, how))


def store_photo(  # noqa: PLR0913
    *,
    upload: Any,
    subject_type: str,
    subject_id: UUID,
    tag: str,
    entry_id: UUID,
    file_id: UUID,
    public: bool = False,
    field: str = "photos",
) -> StoredFile:
    """Check, re-encode and keep one photo; the same ``file_id`` again returns the first one.

    The file is written before the row: a transaction that fails leaves an unnamed file, never a row without one.

    Raises:
        BadInput: see ``encode_photo``; or an unknown tag.
        Conflict: the id is another subject's photo.
    """
    if tag not in TAGS:
        raise BadInput(Problem(field, _("照片的标签不对。"), _("可用：%(tags)s。") % {"tags": ", ".join(sorted(TAGS))}))
    if (kept := StoredFile.objects.filter(pk=file_id).first()) is not None:
        if (kept.subject_type, kept.subject_id) != (subject_type, subject_id):
            raise Conflict(None, Problem(field, _("照片编号已被使用。"), _("请重新选择照片。")))
        return kept
    encoded = encode_photo(upload, name=getattr(upload, "name", "") or "", field=field)
    return keep_photo(
        encoded,
        subject_type=subject_type,
        subject_id=subject_id,
        tag=tag,
        entry_id=entry_id,
        file_id=file_id,
        public=public,
    )


def keep_photo(  # noqa: PLR0913
    encoded: Encoded,
    *,
    subject_type: str,
    subject_id: UUID,
    tag: str,
    entry_id: UUID,
    file_id: UUID,
    public: bool = False,
) -> StoredFile:
    """Write an encoded photo and its row (encode before the transaction, keep within it)."""
    name = encoded.sha256
    write_once(photo_path(name), encoded.data)
    write_once(photo_path(name, thumb=True), encoded.thumb)
    return StoredFile.objects.create(
        id=file_id,
        subject_type=subject_type,
        subject_id=subject_id,
        entry_id=entry_id,
        tag=tag,
        sha256=name,
        mime=encoded.mime,
        bytes=len(encoded.data),
        width=encoded.width,
        height=encoded.height,
        public=public,
        created_at=clock.now(),
    )


def open_photo(stored: StoredFile, *, thumb: bool = False) -> IO[bytes]:
    """Open a kept photo (or its thumbnail) for reading. The caller has checked who may see it."""
    return default_storage.open(photo_path(stored.sha256, thumb=thumb), "rb")


def photos_of(subject_type: str, subject_id: UUID, *, public_only: bool = False) -> list[StoredFile]:
    """Return a subject's photos in the order they came."""
    found = StoredFile.objects.filter(subject_type=subject_type, subject_id=subject_id, kind=StoredFile.Kind.PHOTO)
    if public_only:
        found = found.filter(public=True)
    return list(found.order_by("created_at", "id"))


def erase_photos(subject_type: str, subject_id: UUID, *, entry_ids: Collection[UUID] | None = None) -> int:
    """Delete a subject's photos and voice notes (of these entries, when given); what another row names stays on disk.

    The files go when the transaction is committed; what a crash leaves there, ``sweep_files`` takes a day later.
    """
    found = StoredFile.objects.filter(subject_type=subject_type, subject_id=subject_id)
    rows = [row for row in found if entry_ids is None or row.entry_id in entry_ids]
    StoredFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
    names = {(str(row.kind), row.sha256) for row in rows}
    transaction.on_commit(lambda: delete_unnamed(names))
    return len(rows)
