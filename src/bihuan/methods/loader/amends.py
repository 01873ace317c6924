"""Slips of the pen that make a file no YAML — full-width colon, tab, indentation — named, and mended for the moment.

The file stays as it is and stays refused; the mended text is only read further, so that what else is wrong shows too.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Slip = tuple[int, str, str, str, str, str]  # line (from 1), code, zh, en, mend, mend_en
_KEY = r"[\u4e00-\u9fffA-Za-z_][\u4e00-\u9fff\w]*"
_FULL_COLON = re.compile(rf"^(\s*(?:- )?{_KEY})\s*：\s*")
_HAS_KEY = re.compile(rf"^\s*{_KEY}:(\s|$)")
_NO_BLANK = re.compile(rf"^(\s*(?:- )?{_KEY}):(?=[^\s:/])")


def mend_at(rows: list[str], lines: list[int]) -> Slip | None:
    """Mend one slip on or just before the lines (from 1) that the reader stumbled over, in ``rows``; say which."""
    near = sorted({n for line in lines for n in (line, _before(rows, line)) if 1 <= n <= len(rows)}, reverse=True)
    tries: tuple[Callable[[list[str], int], Slip | None], ...] = (_tab, _colon, _blank)
    for attempt in tries:
        for line in near:
            slip = attempt(rows, line)
            if slip is not None:
                return slip
    return next((slip for line in lines if 1 <= line <= len(rows) and (slip := _indent(rows, line))), None)


def _before(rows: list[str], line: int) -> int:
    """Return the last line before ``line`` that says something; 0 when there is none."""
    line -= 1
    while line >= 1 and (not rows[line - 1].strip() or rows[line - 1].lstrip().startswith("#")):
        line -= 1
    return line


def _tab(rows: list[str], line: int) -> Slip | None:
    row = rows[line - 1]
    head = row[: len(row) - len(row.lstrip())]
    if "\t" not in head:
        return None
    above = _before(rows, line)
    deep = _deep(rows[above - 1]) if above else 0
    if above and rows[above - 1].rstrip().endswith(":"):
        deep += 2
    rows[line - 1] = " " * deep + row.lstrip()
    return (
        line, "tab", "这一行开头是制表符（Tab）。", "This line begins with a tab.",
        "缩进只能用空格：删去 Tab，改成空格。", "Indent with spaces only: delete the tab, type spaces.",
    )  # fmt: skip


def _colon(rows: list[str], line: int) -> Slip | None:
    match = _FULL_COLON.match(rows[line - 1])
    if match is None:
        return None
    key = match[1].strip().removeprefix("- ")
    rows[line - 1] = f"{match[1]}: {rows[line - 1][match.end() :]}"
    return (line, *full_colon(key))


def full_colon(key: str) -> tuple[str, str, str, str, str]:
    """Return what is said of a full-width colon after ``key``."""
    return (
        "full-colon", f"“{key}”后面是全角冒号“：”。", f"After '{key}' stands a full-width colon.",
        f"改成半角冒号加一个空格：“{key}: …”。", f"Write a half-width colon and a blank: '{key}: …'.",
    )  # fmt: skip


def _blank(rows: list[str], line: int) -> Slip | None:
    match = _NO_BLANK.match(rows[line - 1])
    if match is None or match[1].lstrip().startswith("- "):
        return None
    key = match[1].strip()
    rows[line - 1] = f"{match[1]}: {rows[line - 1][match.end() :]}"
    return (
        line, "no-blank", f"“{key}:”后面少一个空格。", f"A blank is missing after '{key}:'.",
        f"写成“{key}: …”。", f"Write '{key}: …'.",
    )  # fmt: skip


def _deep(row: str) -> int:
    return len(row) - len(row.lstrip(" "))


def _indent(rows: list[str], line: int) -> Slip | None:
    """Put a line under the one above it, or on the level of an earlier one, whichever is nearest."""
    above, row = _before(rows, line), rows[line - 1]
    if not above or not _HAS_KEY.match(row):
        return None
    deep, levels, walk = _deep(row), [], above
    limit = 10**6
    while walk >= 1:  # the levels still open here
        here = _deep(rows[walk - 1])
        if here < limit:
            levels.append(here)
            limit = here
        walk = _before(rows, walk)
    wanted = min(levels, key=lambda level: (abs(level - deep), level))
    if wanted == deep:
        return None
    rows[line - 1] = " " * wanted + row.lstrip()
    return (
        line, "indent",
        f"这一行的缩进不对：前面有 {deep} 个空格，同级的行有 {wanted} 个。",
        f"The indentation is wrong: {deep} blanks, where lines of this level have {wanted}.",
        f"把开头改成 {wanted} 个空格，和同级的行对齐。", f"Begin with {wanted} blanks, in line with its level.",
    )  # fmt: skip


_SAID = (
    ("mapping values are not allowed", "这里多了一个冒号，或这一行的缩进不对。",
     "同级的行要对齐；值里有冒号时给值加引号。"),
    ("could not find expected ':'", "这一行没有冒号，看不出哪是键、哪是值。", "写成“键: 值”，冒号后空一格。"),
    ("found character", "这里有一个不能用的字符。", "含有 % @ ` 等开头的值要加引号；缩进只用空格。"),
    ("found unexpected end of stream", "引号没有配对，一直到文件末尾都没有结束。", "补上后面的引号。"),
    ("while scanning a quoted", "引号没有配对。", "补上后面的引号。"),
    ("expected ',' or '}'", "花括号里少了逗号，或没有用“}”结束。", "每一项之间用半角逗号，最后用“}”。"),
    ("expected ',' or ']'", "方括号里少了逗号，或没有用“]”结束。", "每一项之间用半角逗号，最后用“]”。"),
    ("expected <block end>", "这一行同上面的行没有对齐。", "同级的行前面的空格要一样多。"),
    ("did not find expected", "这里的写法断了：括号、引号或缩进不对。", "检查这一行和上一行。"),
    ("undefined alias", "这里用了“*”引用，却没有这个名字。", "值以 * 开头时要加引号。"),
    ("found duplicate anchor", "“&”后面的名字用了两遍。", "换一个名字。"),
)  # fmt: skip


def in_chinese(said: str) -> tuple[str, str]:
    """Return what a reader's English message means in plain Chinese, and how to mend it."""
    for piece, zh, mend in _SAID:
        if piece in said:
            return zh, mend
    return "这里读不下去：缩进、引号、括号或冒号不对。", "看看这一行和上一行的缩进、引号和冒号。"
