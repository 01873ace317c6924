"""A Word file as PDF, by a LibreOffice of the machine without a window and with a profile of its own."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from threading import BoundedSemaphore

from bihuan.reporting.documents.fonts import fontconfig as fontconfig_file

SECONDS = 60
_NAMES = ("soffice", "libreoffice", "/usr/lib/libreoffice/program/soffice", "/opt/libreoffice/program/soffice")
_MAC = "/Applications/LibreOffice.app/Contents/MacOS/soffice"
_PAGE = re.compile(rb"/Type\s*/Page\b")
_ONE_AT_A_TIME = BoundedSemaphore(1)  # it takes a core and 200 MB


class NoPdf(Exception):
    """A PDF cannot be made here; ``zh`` and ``en`` say why and how to mend it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.zh, self.en = zh, en


def find_soffice() -> str | None:
    """Return LibreOffice's program: ``BIHUAN_SOFFICE``, or the first that is found."""
    if named := os.environ.get("BIHUAN_SOFFICE"):
        return named if shutil.which(named) else None
    return next((found for name in (*_NAMES, _MAC) if (found := shutil.which(name))), None)


def to_pdf(docx: bytes, *, seconds: float = SECONDS, fontconfig: Path | None = None) -> bytes:
    """Return a Word file as PDF.

    Raises:
        NoPdf: as ``draw``.
    """
    return draw([docx], seconds=seconds, fontconfig=fontconfig)[0]


def draw(files: Sequence[bytes], *, seconds: float = SECONDS, fontconfig: Path | None = None) -> list[bytes]:
    """Return Word files as PDF, all drawn in one go.

    Args:
        files: the files.
        seconds: how long it may take; then the program is ended.
        fontconfig: a fontconfig file by which other faces stand in for the official ones.

    Raises:
        NoPdf: when LibreOffice is not there, takes too long or cannot read a file.
    """
    program = find_soffice()
    if program is None:
        raise NoPdf(
            "这台机器没有 LibreOffice，不能生成 PDF。"
            "请安装（apt-get install libreoffice-writer-nogui fonts-noto-cjk），"
            "或下载 .docx，用 WPS 或 Word 另存为 PDF。",
            "There is no LibreOffice here, so no PDF. Install it (apt-get install libreoffice-writer-nogui "
            "fonts-noto-cjk), or take the .docx and save it as PDF in WPS or Word.",
        )
    with _ONE_AT_A_TIME, tempfile.TemporaryDirectory(prefix="bihuan-pdf-") as name:
        folder = Path(name)
        given = [folder / f"document{at}.docx" for at in range(len(files))]
        for path, content in zip(given, files, strict=True):
            path.write_bytes(content)
        _run(program, folder, given, seconds, fontconfig or _stand_ins(folder))
        made = [path.with_suffix(".pdf") for path in given]
        if not all(path.is_file() for path in made):
            raise NoPdf("LibreOffice 没有生成 PDF。请下载 .docx。", "LibreOffice made no PDF. Take the .docx.")
        return [path.read_bytes() for path in made]


def pages_of(pdf: bytes) -> int:
    """Return how many pages a PDF of LibreOffice has."""
    return len(_PAGE.findall(pdf))


def _stand_ins(folder: Path) -> Path | None:
    """Write a fontconfig file by which Noto faces stand in for the official ones that are not installed."""
    lister = shutil.which("fc-list")
    if lister is None:  # not a system that asks fontconfig
        return None
    told = subprocess.run(  # noqa: S603 - the machine's own program, nothing of ours is given to it
        [lister, ":", "family"], capture_output=True, text=True, timeout=30, check=False
    )
    there = {name.strip() for line in told.stdout.splitlines() for name in line.split(",")}
    path = folder / "fonts.conf"
    path.write_text(fontconfig_file(there), encoding="utf-8")
    return path


def _run(program: str, folder: Path, given: Sequence[Path], seconds: float, fontconfig: Path | None) -> None:
    command = [
        program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nologo",
        "--nodefault", "--nolockcheck", "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(folder),
        *map(str, given),
    ]  # fmt: skip
    env = {**os.environ, "HOME": str(folder), "SAL_USE_VCLPLUGIN": "svp", "LC_ALL": "C.UTF-8"}
    if fontconfig is not None:
        env["FONTCONFIG_FILE"] = str(fontconfig)
    process = subprocess.Popen(  # noqa: S603 - the program is the machine's, the file is ours
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # the launcher and what it started
        process.wait()
        raise NoPdf(
            f"生成 PDF 超过 {seconds:.0f} 秒，已停止。请下载 .docx。",
            f"The PDF took more than {seconds:.0f} seconds and was given up. Take the .docx.",
        ) from None
