"""Photos and voice notes against their rows: every file is there and unchanged; none lies there that no row names.

A file is named by the SHA-256 of its bytes, so a changed byte shows without any other record of it. A file is
written before its row and deleted after it: what is left over by a failed write or a crash is swept a day later.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage

from . import clock, sql
from .filestore import FOLDERS, paths_of
from .flaws import Flaw, Report
from .models import StoredFile

LEFT_OVER = timedelta(days=1)  # a write that takes longer has failed
_BLOCK = 1 << 20
_BATCH = 500
_log = logging.getLogger(__name__)


def check_files(report: Report, progress: Callable[[int], None] | None = None) -> None:
    """Compare each kept file's bytes with the hash that names it, and add what is wrong to ``report``."""
    seen = ("", "")
    columns = "sha256", "kind", "entry_id", "subject_type", "subject_id"
    for name, sort, entry_id, kind, subject_id in (
        StoredFile.objects.order_by("sha256", "kind").values_list(*columns).iterator(_BATCH)
    ):
        if (name, sort) == seen:
            continue
        seen = (name, sort)
        report.files += 1
        what = _wrong_with(sort, name)
        if what and StoredFile.objects.filter(sha256=name).exists():  # it may have been erased while we looked
            zh, en = what
            report.add(Flaw("file", zh, en, str(entry_id), f"{kind}:{subject_id}"))
        if progress is not None and report.files % 100 == 0:
            progress(report.files)


def _wrong_with(kind: str, name: str) -> tuple[str, str] | None:
    short = name[:12]
    zh, en = ("语音", "voice note") if kind == StoredFile.Kind.SOUND else ("照片", "photo")
    path, *thumbs = paths_of(kind, name)
    try:
        with default_storage.open(path, "rb") as file:
            digest = hashlib.sha256()
            while block := file.read(_BLOCK):
                digest.update(block)
    except FileNotFoundError:
        return f"{zh} {short}… 的文件不见了。", f"the file of {en} {short}… is missing."
    except OSError as error:
        return f"{zh} {short}… 的文件读不出来：{error}。", f"the file of {en} {short}… cannot be read: {error}."
    if digest.hexdigest() != name:
        return f"{zh} {short}… 的文件被改动。", f"the file of {en} {short}… was changed."
    if not all(map(default_storage.exists, thumbs)):
        return f"{zh} {short}… 的缩略图不见了。", f"the thumbnail of {en} {short}… is missing."
    return None


def left_over(now: datetime | None = None) -> Iterator[str]:
    """Yield the paths of files, older than a day, that no row names."""
    old = (now or clock.now()) - LEFT_OVER
    for chunk in sql.batched((path for folder in FOLDERS for path in _walk(folder)), _BATCH):
        names = {path: path.rsplit("/", 1)[1].partition(".")[0] for path in chunk}
        named = set(StoredFile.objects.filter(sha256__in=set(names.values())).values_list("sha256", flat=True))
        for path, name in names.items():
            if name not in named and default_storage.get_modified_time(path) < old:
                yield path


def sweep_files(now: datetime | None = None) -> int:
    """Delete the files that no row names; returns how many. Run daily by the worker."""
    count = 0
    for path in list(left_over(now)):
        default_storage.delete(path)
        count += 1
    if count:
        _log.info("swept %s files that no row names", count)
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
