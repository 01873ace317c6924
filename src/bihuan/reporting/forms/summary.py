"""Tables with one cell for each figure: what stands on the left × what stands above. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bihuan.reporting.forms.shapes import LEAVE, Ask, Role, Say, Slot, SummaryTable
from bihuan.reporting.forms.words import Context, heading, unit
from bihuan.reporting.sheets.grid import At, Range, Sheet
from bihuan.reporting.sheets.layout import Column, Table
from bihuan.reporting.sheets.values import plain

if TYPE_CHECKING:
    from bihuan.reporting.forms.recognise import Reader

UNKNOWN = Say("行或列的标题不认识。", "The heading of its row or column is not known.")
_NO_FIGURE = Say("看不出要填哪个指标。", "Which figure is wanted is not said.")
_CLASH = Say("行和列的标题互相矛盾。", "The headings of row and column contradict each other.")
_TOTAL = Say("合计里有不认识的项。", "The total takes in what is not known.")
_UNIT = Say("单位对不上。", "The unit does not fit.")
_NO_KIND = Say("系统没有这一类的数字。", "There is no figure for this kind.")
_LARGE = Say("这张表的格子太多，请分成几张。", "The table has too many cells: divide it.")
_LEFT = Say("按约定留空。", "Left blank as agreed.")
_TWO_KINDS = Say(
    "几个工作法对这一类的叫法不同，不知道是哪一类。", "Methods differ in what they call by this name: which is meant?"
)
_WHICH = Say("从标题看不出要统计哪些。", "The title does not say what is to be counted.")


_MOST = 4000  # cells of one summary


@dataclass
class _Axis:
    """One row or column of a summary: what its headings say, piece by piece."""

    slots: list[str]
    said: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    unknown: bool = False
    leave: bool = False
    clash: bool = False

    @property
    def total(self) -> bool:
        return "total" in self.said


def read_summary(reader: Reader, sheet: Sheet, table: Table, number: int, context: Context | None) -> SummaryTable:
    """Read a table whose cells each ask for a figure."""
    base = reader.add(_base(reader, sheet, table, number, context))
    columns = {
        column.left: _column(reader, sheet, table, number, column)
        for column in table.columns
        if column.left not in table.labels and not column.hidden
    }
    lines = {row: _line(reader, sheet, table, number, row) for row in _rows(sheet, table)}
    asks: list[Ask] = []
    unknown: list[tuple[At, Say]] = []
    if len(lines) * len(columns) > _MOST:
        return SummaryTable(table, base.key, (), (((table.first_row, table.columns[-1].left), _LARGE),))
    for row, line in lines.items():
        for left, column in columns.items():
            if not sheet.empty(row, left) or not sheet.starts(row, left) or line.leave or column.leave:
                continue
            found = _cell(reader, (row, left), line, column, lines, columns, base)
            if isinstance(found, Say):
                unknown.append(((row, left), found))
            else:
                asks.append(found)
    return SummaryTable(table, base.key, tuple(asks), tuple(unknown))


def sheet_key(sheet: Sheet) -> str:
    """Return what a sheet is known by from month to month: "4月" and "5月" are the same."""
    return re.sub(r"\d+", "", plain(sheet.name))


def _rows(sheet: Sheet, table: Table) -> list[int]:
    rows = sorted({*table.rows, *table.totals})
    return [row for row in rows if row not in sheet.hidden_rows and any(sheet.text(row, left) for left in table.labels)]


def _base(reader: Reader, sheet: Sheet, table: Table, number: int, context: Context | None) -> Slot:
    """Return the question what the whole table is about: all matters, those of a kind, those of a method."""
    title = table.title or sheet.name
    slot = Slot(f"{sheet_key(sheet)}|{number}|rows", sheet.name, table.heading, title, "table", options=("figures:",))
    meaning, why = base_of(reader, context)
    return replace(slot, meaning=meaning, why=why)


def base_of(reader: Reader, context: Context | None) -> tuple[str, Say | None]:
    """Return what a context narrows figures to: "figures:", "figures:category=dispute"; or why it does not say."""
    if context is None or not context.counted:
        return "", _WHICH
    if context.of != "matter":
        return "", _NO_KIND
    if not reader.place.fits(context):
        return "", _NO_KIND
    return "figures:" + "&".join(f"{key}={value}" for key, value in sorted(context.where.items())), None


def _column(reader: Reader, sheet: Sheet, table: Table, number: int, column: Column) -> _Axis:
    """Read what stands above a column, piece by piece; a piece over several columns is asked once."""
    axis = _Axis([])
    seen: list[str] = []
    for row in range(table.heading.top, table.heading.bottom + 1):
        span = sheet.span(row, column.left)
        text = sheet.at(span.top, span.left).text
        if text and text not in seen:
            seen.append(text)
            _piece(reader, axis, sheet, f"{sheet_key(sheet)}|{number}|above", text, span)
    if column.split:
        axis.unknown = True
    return _settled(axis)


def _line(reader: Reader, sheet: Sheet, table: Table, number: int, row: int) -> _Axis:
    """Read what stands left of a row."""
    axis = _Axis([])
    titles = {column.left: heading(column.title) for column in table.columns}
    for left in table.labels:
        span = sheet.span(row, left)
        text = sheet.at(span.top, span.left).text
        if not text or titles.get(left) in reader.words.serial:
            continue
        if titles.get(left) in reader.words.unit_columns:
            axis.unit = plain(text)
            continue
        _piece(reader, axis, sheet, f"{sheet_key(sheet)}|{number}|line", text, span)
    return _settled(axis)


def _settled(axis: _Axis) -> _Axis:
    if not axis.slots:
        axis.unknown = True
    return axis


def _piece(reader: Reader, axis: _Axis, sheet: Sheet, prefix: str, text: str, where: Range) -> None:
    """Add what one heading says to an axis; the same heading twice in a table is one question."""
    key = f"{prefix}|{plain(text)}"
    slot = reader.slots.get(key)
    if slot is None:
        meaning, why = meaning_of(reader, text)
        role: Role = "line" if prefix.endswith("line") else "above"
        options = () if meaning else _likely(reader, text)
        slot = reader.add(Slot(key, sheet.name, where, text, role, meaning, "", why, options))
    axis.slots.append(key)
    axis.unit = axis.unit or unit(text)
    if not slot.meaning:
        axis.unknown = True
        return
    if slot.meaning == LEAVE:
        axis.leave = True
        return
    for part in slot.meaning.split("&"):
        kind, _bar, value = part.partition(":")
        axis.clash = axis.clash or (kind in axis.said and axis.said[kind] != value and kind != "none")
        axis.said[kind] = value


def _likely(reader: Reader, text: str) -> tuple[str, ...]:
    """Return what is proposed for a heading that is not known for sure."""
    kinds = tuple(f"category:{key}" for key in reader.place.likely.get(heading(text), ()))
    return kinds + tuple(f"measure:{one}" for one in reader.words.alike_figures(text))


def meaning_of(reader: Reader, text: str) -> tuple[str, Say | None]:
    """Return what one heading of a summary says: "measure:settled&span:month", "area:…", "total:", "none:"."""
    word, words = heading(text), reader.words
    figure, span = words.figure(word)
    if figure:
        return f"measure:{figure}" + (f"&span:{span}" if span else ""), None
    if word in words.spans:
        return f"span:{words.spans[word]}", None
    if word in words.totals:
        return "total:" + ("part" if word == "小计" else ""), None
    if reader.place.category(text):
        return f"category:{reader.place.category(text)}", None
    if reader.place.area(text):
        return f"area:{reader.place.area(text)}", None
    if heading(text) in reader.place.likely:
        return "", _TWO_KINDS
    if word in words.amounts or word in words.groups:
        return "none:", None
    if word in words.serial or word in words.hand or word in words.absent:
        return LEAVE, _LEFT
    return "", UNKNOWN


def _cell(
    reader: Reader,
    at: At,
    line: _Axis,
    column: _Axis,
    lines: Mapping[int, _Axis],
    columns: Mapping[int, _Axis],
    base: Slot,
) -> Ask | Say:
    """Put together what one cell asks for, or say why that is not known."""
    if line.unknown or column.unknown:
        return UNKNOWN
    if line.clash or column.clash or (set(line.said) & set(column.said) - {"none", "total"}):
        return _CLASH
    where = dict(part.partition("=")[::2] for part in base.meaning.removeprefix("figures:").split("&") if part)
    said = {**({"measure": where["measure"]} if where.get("measure") else {}), **line.said, **column.said}
    if "measure" not in said:
        return _NO_FIGURE
    areas = _over("area", said, (line, lines, at[0]), (column, columns, at[1]))
    kinds = _over("category", said, (line, lines, at[0]), (column, columns, at[1]))
    if isinstance(areas, Say) or isinstance(kinds, Say):
        return _TOTAL
    if (line.total and not _spread(lines.values())) or (column.total and not _spread(columns.values())):
        return _TOTAL  # a total over figures or times, not over areas or kinds
    narrowed = _narrowed(reader, kinds, where.get("category", ""), base)
    wanted = line.unit or column.unit
    if isinstance(narrowed, Say):
        return narrowed
    if narrowed and where.get("method"):
        return _NO_KIND  # of one method the standard figures are not kept kind by kind
    wrong = counted_in(reader, said["measure"], wanted)
    if wrong is not None:
        return wrong
    return Ask(at, said["measure"], areas, narrowed, said.get("span", ""), where.get("method", ""), "%" in wanted)


def _narrowed(reader: Reader, kinds: tuple[str, ...], category: str, base: Slot) -> tuple[str, ...] | Say:
    """Return the kinds that count in a cell of a table that may be of one kind as a whole.

    A kind that a row names says more than the title: 邻里纠纷 in a form on 矛盾纠纷. One that stands beside the title's
    own in the same method contradicts it: 公共设施 in a form on 矛盾纠纷.
    """
    if not base.meaning and not kinds:
        return base.why or _WHICH
    if not category or not kinds or set(kinds) == {category}:
        return kinds or ((category,) if category else ())
    owners = reader.place.owners
    if any(owners.get(kind, frozenset()) & owners.get(category, frozenset()) for kind in kinds):
        return _CLASH
    return kinds


def _spread(axes: Iterable[_Axis]) -> bool:
    return any("area" in axis.said or "category" in axis.said for axis in axes)


def _over(kind: str, said: Mapping[str, str], *sides: tuple[_Axis, Mapping[int, _Axis], int]) -> tuple[str, ...] | Say:
    """Return the areas or kinds that a cell sums up: the one that is named, or all that its total takes in."""
    if said.get(kind):
        return (said[kind],)
    for axis, others, at in sides:
        if not any(kind in other.said for other in others.values()):
            continue
        among = _among(axis, others, at)
        if any(other.unknown for other in among):
            return _TOTAL
        found = tuple(dict.fromkeys(other.said[kind] for other in among if kind in other.said))
        if any(one != two and one.startswith(two) for one in found for two in found if kind == "area"):
            return _TOTAL  # a part and the whole: they would be counted twice
        return found or _TOTAL
    return ()


def _among(axis: _Axis, others: Mapping[int, _Axis], at: int) -> list[_Axis]:
    """Return the rows or columns that a total sums up: 小计 those since the total before it, 合计 all."""
    before = [other for place, other in sorted(others.items()) if place < at]
    if axis.said.get("total") == "part" and before:
        start = max((index + 1 for index, other in enumerate(before) if other.total), default=0)
        among = before[start:]
    else:
        among = list(others.values())
    return [other for other in among if not other.total and not other.leave]


def counted_in(reader: Reader, figure: str, said: str) -> Say | None:
    """Say what is wrong with a figure and the unit that a form names; None where they fit."""
    if figure.startswith("ratio:"):
        needed, kind = figure.removeprefix("ratio:").split("/"), "percent"
    else:
        needed, kind = [figure], reader.place.figures.get(figure, "")
    if any(key not in reader.place.figures for key in needed):
        return _NO_KIND
    known = {one for units in reader.words.units.values() for one in units}
    if said in known and said not in reader.words.units.get(kind, frozenset()):
        return _UNIT
    return None
