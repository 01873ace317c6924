"""Do two short reports speak of the same thing? Pure.

Neighbours say one thing in many ways: "三楼的楼道灯坏了不亮", "三楼楼道的灯不亮，已经一个星期了". Words of place,
time and complaint say nothing about the thing itself and are left out; then pieces of two characters are compared and,
with more weight, single characters: "下水道堵了" and "下水堵塞" share few pieces and most characters.
The weights and thresholds were chosen by the labelled pairs of ``tests/matters/test_alike.py``.
"""

from __future__ import annotations

import re

from bihuan.matters.grams import normalise

READ = 120
"""Characters read of a text: what it is about stands at its beginning."""
SAME_PLACE = 0.33
"""Enough for an open matter of the same micro-grid."""
ELSEWHERE = 0.4
"""Enough for a matter nearby, or one that is already closed."""
_SINGLE = 0.7
_IDLE = re.compile(
    r"[0-9]+(?:号楼|号院|单元|楼|层|栋|号)|[一二两三四五六七八九十]+(?:号楼|单元|楼|层)"
    r"|(?:已经|好|快|都)?[一二两三几多半]+个?(?:星期|礼拜|天|周|月)|周[一二三四五六日末天]|星期[一二三四五六日天]"
    r"|已经|没有?人管|没有?人|有人|晚上|夜里|白天|中午|早上|下午|昨天|今天|最近|一直|经常|好久"
    r"|老人|孩子|居民|住户|反映|我们|大家|希望|尽快|处理|解决|一下|容易"
    r"|[东西南北]侧|附近|旁边|门口|门前|楼前|楼后|前面|后面|里面|[了的]"
)
_FAINT = frozenset("都也在就把被有是到又还很太不没和着过得地个人上下里中来去能会要这那")


def alike(one: str, other: str) -> float:
    """Return how alike two reports are, 0 … 1; 0 where they share no piece of two characters."""
    pieces, marks = _features(one)
    other_pieces, other_marks = _features(other)
    if not pieces & other_pieces:
        return 0.0
    return (1 - _SINGLE) * _share(pieces, other_pieces) + _SINGLE * _share(marks, other_marks)


def _features(text: str) -> tuple[set[str], set[str]]:
    """Return the pieces of two characters and the single ones; a word in Latin letters is both."""
    pieces: set[str] = set()
    marks: set[str] = set()
    for run in _IDLE.sub(" ", normalise(text[:READ])).split():
        if run.isascii():
            pieces.add(run)
            marks.add(run)
            continue
        marks.update(char for char in run if char not in _FAINT)
        pieces.update(a + b for a, b in zip(run, run[1:], strict=False) if not (a in _FAINT and b in _FAINT))
    return pieces, marks


def _share(one: set[str], other: set[str]) -> float:
    """Return the mean of Jaccard's index and containment."""
    if not one or not other:
        return 0.0
    common = len(one & other)
    return (common / len(one | other) + common / min(len(one), len(other))) / 2
