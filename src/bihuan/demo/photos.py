"""Small neutral pictures for the sample: drawn, so that nobody's photo is shown as somebody's street.

Each is a plain scene in a few shapes, the same every time; "after" shows the thing mended.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

SIZE = (960, 640)
Draw = ImageDraw.ImageDraw
Scene = Callable[[Draw, bool], None]

_SKY, _NIGHT, _WALL, _GROUND = (214, 222, 226), (58, 68, 80), (196, 190, 180), (150, 150, 146)
_DARK, _METAL, _LIGHT, _WATER = (74, 78, 82), (120, 126, 130), (244, 226, 160), (112, 130, 138)


def _street(draw: Draw, sky: tuple[int, int, int]) -> None:
    draw.rectangle((0, 0, *SIZE), fill=sky)
    draw.rectangle((560, 120, 920, 470), fill=_WALL)
    for row in range(3):
        for column in range(4):
            x, y = 590 + column * 82, 150 + row * 104
            draw.rectangle((x, y, x + 48, y + 62), fill=_METAL)
    draw.rectangle((0, 470, SIZE[0], SIZE[1]), fill=_GROUND)


def _lamp(draw: Draw, mended: bool) -> None:  # noqa: FBT001
    _street(draw, _NIGHT)
    if mended:
        draw.polygon(((262, 150), (90, 560), (470, 560)), fill=(120, 118, 104))
    draw.rectangle((250, 130, 266, 560), fill=_DARK)
    draw.rectangle((222, 118, 310, 150), fill=_LIGHT if mended else _METAL)


def _drain(draw: Draw, mended: bool) -> None:  # noqa: FBT001
    _street(draw, _SKY)
    if not mended:
        draw.ellipse((130, 480, 640, 610), fill=_WATER)
    draw.ellipse((280, 500, 460, 570), fill=_DARK)
    draw.ellipse((296, 508, 444, 562), fill=_METAL)


def _wires(draw: Draw, mended: bool) -> None:  # noqa: FBT001
    _street(draw, _SKY)
    if mended:
        draw.rectangle((180, 380, 300, 500), fill=_METAL)
        draw.rectangle((200, 400, 280, 440), fill=_LIGHT)
    else:
        draw.line(((640, 180), (520, 330), (380, 430), (300, 500)), fill=_DARK, width=7)
        draw.line(((720, 280), (560, 400), (420, 500)), fill=_DARK, width=5)
    draw.ellipse((250, 520, 330, 600), outline=_DARK, width=10)
    draw.ellipse((410, 520, 490, 600), outline=_DARK, width=10)
    draw.line(((290, 560), (350, 500), (450, 560)), fill=_DARK, width=10)


def _wall(draw: Draw, mended: bool) -> None:  # noqa: FBT001
    draw.rectangle((0, 0, *SIZE), fill=_SKY)
    draw.rectangle((0, 200, SIZE[0], 500), fill=_WALL)
    for y in range(240, 500, 40):
        draw.line(((0, y), (SIZE[0], y)), fill=(180, 174, 164), width=2)
    draw.rectangle((0, 500, *SIZE), fill=_GROUND)
    if mended:
        draw.rectangle((430, 200, 560, 500), fill=(206, 202, 194))
    else:
        draw.line(((470, 200), (500, 290), (478, 370), (520, 500)), fill=_DARK, width=9)


def _shed(draw: Draw, mended: bool) -> None:  # noqa: FBT001
    _street(draw, _SKY)
    if mended:
        draw.polygon(((60, 300), (500, 300), (540, 260), (100, 260)), fill=_METAL)
        for x in (80, 280, 480):
            draw.rectangle((x, 300, x + 10, 560), fill=_DARK)
    for x in (110, 230, 350) if mended else (60, 210, 300):
        draw.ellipse((x, 510, x + 60, 570), outline=_DARK, width=8)
        draw.ellipse((x + 80, 510, x + 140, 570), outline=_DARK, width=8)


_SCENES: dict[str, Scene] = {"lamp": _lamp, "drain": _drain, "wires": _wires, "wall": _wall, "shed": _shed}


def picture(scene: str, *, mended: bool = False) -> SimpleUploadedFile:
    """Return a JPEG upload of ``scene``: lamp, drain, wires, wall or shed."""
    image = Image.new("RGB", SIZE)
    _SCENES[scene](ImageDraw.Draw(image), mended)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return SimpleUploadedFile(f"{scene}.jpg", buffer.getvalue(), content_type="image/jpeg")
