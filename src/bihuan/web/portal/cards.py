"""The picture that stands beside a shared address: title, place, day and the address as a QR code.

Drawn with a face that the machine has (fontconfig knows which); none is shipped. Where none can write Chinese, the
picture is the QR code alone: boxes in place of words would say less.
"""

from __future__ import annotations

import io
import subprocess
from functools import lru_cache
from shutil import which

import segno
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
EDGE, CODE = 72, 300
INK, SOFT, PAPER, ACCENT = (28, 27, 25), (92, 88, 82), (250, 249, 246), (18, 86, 99)
MOST_BYTES = 120 * 1024
_LINES = 4
_COLOURS = 32  # enough for text with smooth edges
_AVOID = "，。、；：！？）》”〕】％"  # no line begins with them
_FACE = r"%{file}\t%{index}\t%{lang}\n"


@lru_cache(maxsize=512)
def picture(url: str, title: str, place: str, kind: str, day: str) -> bytes:
    """Return the picture as PNG, at most 120 KB. What is drawn names it: nothing that changed is ever handed out."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    face = cjk_face()
    code = _code(url)
    if face is None:
        image.paste(code, ((WIDTH - CODE) // 2, (HEIGHT - CODE) // 2))
        return _png(image)
    draw.rectangle((0, 0, WIDTH, 12), fill=ACCENT)
    image.paste(code, (WIDTH - EDGE - CODE, HEIGHT - EDGE - CODE))
    small, large = _font(face, 34), _font(face, 60)
    above, font = _above(face, place, kind)
    draw.text((EDGE, EDGE), above, SOFT, font=font)
    top = EDGE + 76
    lines = wrapped(title, large)
    for number, line in enumerate(lines[:_LINES]):
        more = number == _LINES - 1 and len(lines) > _LINES
        draw.text((EDGE, top), _cut(line + "…", large, _room(number)) if more else line, INK, font=large)
        top += 84
    draw.text((EDGE, HEIGHT - EDGE - 40), day, SOFT, font=small)
    return _png(image)


def _room(number: int) -> int:
    """Return how wide a line may be: below the first one stands the code."""
    return WIDTH - 2 * EDGE - (CODE + 32 if number else 0)


def wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Break a text into lines that fit; none begins with a mark that closes."""
    lines: list[str] = []
    line = ""
    for sign in text:
        if line and font.getlength(line + sign) > _room(len(lines)):
            carried = line[-1] if sign in _AVOID and len(line) > 1 else ""
            lines.append(line[: len(line) - len(carried)])
            line = carried
        line += sign if line or not sign.isspace() else ""
    return [*lines, line] if line else lines


def _cut(line: str, font: ImageFont.FreeTypeFont, wide: int) -> str:
    if font.getlength(line) <= wide:
        return line
    line = line.rstrip("…")
    while line and font.getlength(line + "…") > wide:
        line = line[:-1]
    return line + "…"


def _above(face: tuple[str, int], place: str, kind: str) -> tuple[str, ImageFont.FreeTypeFont]:
    """Return the line above the title at the size at which it fits, cut where none does."""
    line, wide = " · ".join(part for part in (place, kind) if part), WIDTH - 2 * EDGE
    for size in (34, 28, 24):
        font = _font(face, size)
        if font.getlength(line) <= wide:
            break
    return _cut(line, font, wide), font


def _code(url: str) -> Image.Image:
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="png", scale=10, border=2)
    return Image.open(out).convert("RGB").resize((CODE, CODE), Image.Resampling.NEAREST)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


@lru_cache(maxsize=8)
def _font(face: tuple[str, int], size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face[0], size, index=face[1])


@lru_cache(maxsize=1)
def cjk_face() -> tuple[str, int] | None:
    """Return the file and number of a face of this machine that writes simplified Chinese; None where there is none."""
    command = which("fc-match")
    if command is None:
        return None
    try:
        asked = [command, "-f", _FACE, "sans-serif:lang=zh-cn"]
        told = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=True).stdout  # noqa: S603
        file, index, languages = told.strip().split("\t")
        face = (file, int(index))
        ImageFont.truetype(file, 12, index=face[1])
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return face if "zh-cn" in languages.split("|") else None
