"""The faces that the standard names, and what stands in for each where it is not installed.

None is shipped: the names stand in the file with their fallbacks (``w:altName``), and the machine on which it is
opened has them, or one of the fallbacks.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Face:
    """A face by its official name; ``others`` stand in for it, best first. ``style``: the sort of letters."""

    name: str
    others: tuple[str, ...]
    style: str = "roman"


XIAO_BIAO_SONG = Face("方正小标宋简体", ("方正小标宋_GBK", "小标宋体", "华文中宋", "STZhongsong"))
FANG_SONG = Face("仿宋_GB2312", ("仿宋", "FangSong", "方正仿宋_GBK", "华文仿宋"), "modern")
KAI = Face("楷体_GB2312", ("楷体", "KaiTi", "方正楷体_GBK", "华文楷体"), "modern")
HEI = Face("黑体", ("SimHei", "方正黑体_GBK", "华文黑体"), "modern")
SONG = Face("宋体", ("SimSun", "方正书宋_GBK", "华文宋体"))
ALL = (XIAO_BIAO_SONG, FANG_SONG, KAI, HEI, SONG)
# What stands in for them where a server has only the Noto faces: (family, heavy)
NOTO: dict[str, tuple[str, bool]] = {
    XIAO_BIAO_SONG.name: ("Noto Serif CJK SC", True),
    FANG_SONG.name: ("Noto Serif CJK SC", False),
    KAI.name: ("Noto Serif CJK SC", False),
    HEI.name: ("Noto Sans CJK SC", False),
    SONG.name: ("Noto Serif CJK SC", False),
}


def fontconfig(there: Collection[str] = ()) -> str:
    """Return a fontconfig file by which the official names are drawn with Noto faces.

    Args:
        there: families that are installed; a face of which one of the names is among them is drawn as itself.
    """
    rules = []
    for face in ALL:
        names = (face.name, *face.others)
        here = next((name for name in names if name in there), "")
        family, heavy = (here, False) if here else NOTO[face.name]
        weight = '<edit name="weight" mode="assign"><const>bold</const></edit>' if heavy else ""
        rules += [
            f'<match target="pattern"><test qual="any" name="family" compare="eq"><string>{name}</string></test>'
            f'<edit name="family" mode="append" binding="same"><string>{family}</string></edit>{weight}</match>'
            for name in names
            if name != here
        ]
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>' + "".join(rules) + "</fontconfig>"
    )
