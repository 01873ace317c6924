"""Photo files against their rows: every row's file is there and unchanged; no file lies there that no row names.

A photo is named by the SHA-256 of its bytes, so a changed byte shows without any other record of it. A file is
written before its row and deleted after it: what is left over by a failed write or a crash is swept a day later.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage

from . import clock, sql
from .flaws import Flaw, Report
from .models import StoredFile
from .photos import FOLDER, photo_path

LEFT_OVER = timedelta(days=1)  # a write that takes longer has failed
_BLOCK = 1 << 20
_BATCH = 500
_log = logging.getLogger(__name__)


def check_files(report: Report, progress: Callable[[int], None] | None = None) -> None:
    """Compare each kept photo's bytes with the hash that names it, and add what is wrong to ``report``."""
    seen = ""
    rows = StoredFile.objects.order_by("sha256").values_list("sha256", "entry_id", "subject_type", "subject_id")
    for name, entry_id, kind, subject_id in rows.iterator(_BATCH):
        if name == seen:
            continue
        seen = name
        report.files += 1
        what = _wrong_with(name)
        if what and StoredFile.objects.filter(sha256=name).exists():  # it may have been erased while we looked
            zh, en = what
            report.add(Flaw("file", zh, en, str(entry_id), f"{kind}:{subject_id}"))
        if progress is not None and report.files % 100 == 0:
            progress(report.files)


def _wrong_with(name: str) -> tuple[str, str] | None:
    short = name[:12]
    try:
        with default_storage.open(photo_path(name), "rb") as file:
            digest = hashlib.sha256()
            while block := file.read(_BLOCK):
                digest.update(block)
    except FileNotFoundError:
        return f"照片 {short}… 的文件不见了。", f"the file of photo {short}… is missing."
    except OSError as error:
        return f"照片 {short}… 的文件读不出来：{error}。", f"the file of photo {short}… cannot be read: {error}."
    if digest.hexdigest() != name:
        return f"照片 {short}… 的文件被改动。", f"the file of photo {short}… was changed."
    if not default_storage.exists(photo_path(name, thumb=True)):
        return f"照片 {short}… 的缩略图不见了。", f"the thumbnail of photo {short}… is missing."
    return None


def left_over(now: datetime | None = None) -> Iterator[str]:
    """Yield the paths of photo files, older than a day, that no row names."""
    old = (now or clock.now()) - LEFT_OVER
    for chunk in sql.batched(_walk(FOLDER), _BATCH):
        names = {path: path.rsplit("/", 1)[1].partition(".")[0] for path in chunk}
        named = set(StoredFile.objects.filter(sha256__in=set(names.values())).values_list("sha256", flat=True))
        for path, name in names.items():
            if name not in named and default_storage.get_modified_time(path) < old:
                yield path


def sweep_files(now: datetime | None = None) -> int:
    """Delete the photo files that no row names; returns how many. Run daily by the worker."""
    count = 0
    for path in list(left_over(now)):
        default_storage.delete(path)
        count += 1
    if count:
        _log.info("swept %s photo files that no row names", count)
    return count


def _walk(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield f"{folder}/{name}"
    for name in sorted(folders):
        yield from _walk(f"{folder}/{name}")
