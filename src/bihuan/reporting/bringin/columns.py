"""What the columns of an old ledger are: guessed from headings and from what stands below, to be corrected once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bihuan.reporting.sheets.layout import Column
from bihuan.reporting.sheets.values import bare, plain

STANDARD = Path(__file__).resolve().parent.parent / "standard" / "ledger_columns.yaml"
KEEP = "keep"  # its words go along in the text
DROP = "drop"  # left out
FIELD = "field:"  # before the key of a field of the method
ONCE = frozenset(  # a matter has one of each; of the others several columns are joined
    {
        *("title", "area", "category", "urgency", "channel", "reporter_name", "phone", "people_affected"),
        *("registered", "happened", "closed", "outcome", "state", "satisfaction"),
    }
)
TITLES: dict[str, str] = {
    "number": gettext_noop("原编号"),
    "order": gettext_noop("序号（不导入）"),
    "title": gettext_noop("标题"),
    "text": gettext_noop("内容"),
    "area": gettext_noop("地点"),
    "category": gettext_noop("类别"),
    "urgency": gettext_noop("紧急程度"),
    "channel": gettext_noop("来源"),
    "reporter_name": gettext_noop("反映人姓名"),
    "phone": gettext_noop("联系电话"),
    "people_affected": gettext_noop("涉及人数"),
    "registered": gettext_noop("登记时间"),
    "happened": gettext_noop("发生时间"),
    "closed": gettext_noop("办结时间"),
    "outcome": gettext_noop("办结方式"),
    "state": gettext_noop("是否办结"),
    "measure": gettext_noop("措施"),
    "answer": gettext_noop("办理结果"),
    "satisfaction": gettext_noop("反映人意见"),
    KEEP: gettext_noop("并入内容"),
    DROP: gettext_noop("不导入"),
}
_PHONE = re.compile(r"^(?:\+?86)?1[3-9]\d{9}$")


def field_titles() -> list[tuple[str, str]]:
    """Return what a column may be, in the reader's language."""
    return [(key, _(title)) for key, title in TITLES.items()]


@cache
def synonyms() -> Mapping[str, str]:
    """Return heading → field, headings made comparable."""
    found: dict[str, str] = {}
    for field, headings in yaml.safe_load(STANDARD.read_text("utf-8")).items():
        for heading in headings:
            found[plain(heading)] = field
    return found


def form_of(heading: str) -> str:
    """Return a heading made comparable, without its unit."""
    return bare(heading)


def known(heading: str) -> bool:
    """Tell whether a heading is one that old ledgers have: helps to find which row is the heading."""
    return bare(heading) in synonyms()


def fingerprint(columns: Sequence[Column]) -> str:
    """Return what a layout is remembered by: its headings in their order."""
    return hashlib.sha256("|".join(plain(column.title) for column in columns).encode()).hexdigest()


def guess(
    columns: Sequence[Column], samples: Mapping[int, Sequence[str]], words: Mapping[str, str] | None = None
) -> dict[int, str]:
    """Return a field for each column, by its left edge; none is guessed twice where a matter has it once.

    Args:
        columns: as found in the sheet.
        samples: of each column some texts that stand below.
        words: what the method itself calls things, heading → field; goes before what ledgers call them.
    """
    found: dict[int, str] = {}
    taken: set[str] = set()
    table = {**synonyms(), **(words or {})}
    for column in columns:
        field = _by_heading(column, table)
        if field in taken and (field in ONCE or field.startswith(FIELD)):
            field = KEEP
        taken.add(field)
        found[column.left] = field
    if "phone" not in taken:
        for column in columns:
            texts = [plain(text) for text in samples.get(column.left, ()) if text]
            if found[column.left] == KEEP and texts and all(_PHONE.match(text) for text in texts):
                found[column.left] = "phone"
                break
    if "text" not in taken and "title" in taken:
        left = next(key for key, field in found.items() if field == "title")
        found[left] = "text"  # one column that says what it is about: its first words make the title
    return found


def _by_heading(column: Column, table: Mapping[str, str]) -> str:
    for heading in (column.path[-1] if column.path else "", column.title, *reversed(column.path)):
        for form in (bare(heading), plain(heading)):
            if form in table:
                return table[form]
    return KEEP
