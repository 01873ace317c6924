"""Tables with one cell for each figure: what stands on the left × what stands above. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bihuan.reporting.forms.axes import TOTAL, Axis, over, spread, subject, whole
from bihuan.reporting.forms.rest import ask_for_the_rest
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
_UNIT = Say("单位对不上。", "The unit does not fit.")
_NO_KIND = Say("系统没有这一类的数字。", "There is no figure for this kind.")
_LARGE = Say("这张表的格子太多，请分成几张。", "The table has too many cells: divide it.")
_LEFT = Say("按约定留空。", "Left blank as agreed.")
_TWO_KINDS = Say(
    "几个工作法对这一类的叫法不同，不知道是哪一类。", "Methods differ in what they call by this name: which is meant?"
)
_EITHER = Say("看不出是要增减的数量还是百分比。", "Whether the difference or its percentage is wanted is not said.")
_WHICH = Say("从标题看不出要统计哪些。", "The title does not say what is to be counted.")


_NO_WHOLE = Say("表里没有合计，不知道占谁的比。", "The table has no total: a share of what?")
_MOST = 4000  # cells of one summary


def read_summary(reader: Reader, sheet: Sheet, table: Table, number: int, context: Context | None) -> SummaryTable:
    """Read a table whose cells each ask for a figure."""
    base = reader.add(_base(reader, sheet, table, number, context))
    columns = {
        column.left: _column(reader, sheet, table, number, column)
        for column in table.columns
        if column.left not in table.labels and not column.hidden
    }
    lines = {row: _line(reader, sheet, table, number, row) for row in _rows(sheet, table)}
    for axes in (lines, columns):
        ask_for_the_rest(reader, axes.values())
    asks: list[Ask] = []
    unknown: list[tuple[At, Say]] = []
    if len(lines) * len(columns) > _MOST:
        return SummaryTable(table, base.key, (), (((table.first_row, table.columns[-1].left), _LARGE),))
    cells = _Table(reader, lines, columns, base)
    for row, line in lines.items():
        for left, column in columns.items():
            if not sheet.empty(row, left) or not sheet.starts(row, left) or line.leave or column.leave:
                continue
            found = cells.cell((row, left))
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


def _column(reader: Reader, sheet: Sheet, table: Table, number: int, column: Column) -> Axis:
    """Read what stands above a column, piece by piece; a piece over several columns is asked once."""
    axis = Axis([])
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


def _line(reader: Reader, sheet: Sheet, table: Table, number: int, row: int) -> Axis:
    """Read what stands left of a row."""
    axis = Axis([])
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


def _settled(axis: Axis) -> Axis:
    if not axis.slots:
        axis.unknown = True
    return axis


def _piece(reader: Reader, axis: Axis, sheet: Sheet, prefix: str, text: str, where: Range) -> None:
    """Add what one heading says to an axis; the same heading twice in a table is one question."""
    key = f"{prefix}|{plain(text)}"
    slot = reader.slots.get(key)
    if slot is None:
        meaning, why = meaning_of(reader, text)
        role: Role = "line" if prefix.endswith("line") else "above"
        options = () if meaning else _likely(reader, text)
        proposed = options[0] if why is _TWO_KINDS and options else ""
        slot = reader.add(Slot(key, sheet.name, where, text, role, meaning, "", why, options, proposed))
    axis.slots.append(key)
    axis.part = axis.part or plain(text).startswith("其中")
    axis.unit = axis.unit or unit(text)
    if not slot.meaning:
        axis.unknown = True
        return
    if slot.meaning == LEAVE:
        axis.leave = True
        return
    for part in slot.meaning.split("&"):
        kind, _bar, value = part.partition(":")
        if kind == "compare":
            axis.compared_in = unit(text)
        axis.clash = axis.clash or (kind in axis.said and axis.said[kind] != value and kind != "none")
        axis.said[kind] = value


def _likely(reader: Reader, text: str) -> tuple[str, ...]:
    """Return what is proposed for a heading that is not known for sure."""
    either = reader.words.compare_either.get(heading(text), "")
    if either:
        return f"compare:{either}", f"compare:{either}_n"
    kinds = tuple(f"category:{key}" for key in reader.place.likely.get(heading(text), ()))
    return (*(("category:" + "+".join(reader.place.likely[heading(text)]),) if len(kinds) > 1 else ()), *kinds) + tuple(
        f"measure:{one}" for one in reader.words.alike_figures(text)
    )


def meaning_of(reader: Reader, text: str) -> tuple[str, Say | None]:
    """Return what one heading of a summary says: "measure:settled&span:month", "area:…", "total:", "none:"."""
    word, words = heading(text), reader.words
    figure, span = words.figure(word)
    if figure:
        return f"measure:{figure}" + (f"&span:{span}" if span else ""), None
    compared = words.compared(text)
    if compared:
        return f"compare:{compared}", None
    if word in words.spans:
        return f"span:{words.spans[word]}", None
    if word in words.totals:
        return "total:" + ("part" if word == "小计" else ""), None
    if reader.place.category(text):
        return f"category:{reader.place.category(text)}", None
    if reader.place.area(text):
        return f"area:{reader.place.area(text)}", None
    return _unsaid(reader, word)


def _unsaid(reader: Reader, word: str) -> tuple[str, Say | None]:
    """Return what a heading says that names neither figure nor time nor place: a group, nothing, or it is asked."""
    words = reader.words
    if word in words.compare_either:
        return "", _EITHER
    if word in reader.place.likely:
        return "", _TWO_KINDS
    if word in words.amounts or word in words.groups:
        return "none:", None
    if word in words.serial or word in words.hand or word in words.absent:
        return LEAVE, _LEFT
    return "", UNKNOWN


@dataclass(frozen=True, slots=True)
class _Table:
    """What every cell of a summary is read by: its rows, its columns, what the table is about."""

    reader: Reader
    lines: Mapping[int, Axis]
    columns: Mapping[int, Axis]
    base: Slot

    def cell(self, at: At) -> Ask | Say:
        """Put together what one cell asks for, or say why that is not known."""
        line, column = self.lines[at[0]], self.columns[at[1]]
        if line.unknown or column.unknown:
            return line.why or column.why or UNKNOWN
        if line.clash or column.clash or (set(line.said) & set(column.said) - {"none", "total"}):
            return _CLASH
        if line.compare or column.compare:
            return self._compared(at)
        return self._plain(at, line, column)

    def _plain(self, at: At, line: Axis, column: Axis) -> Ask | Say:
        where = dict(part.partition("=")[::2] for part in self.base.meaning.removeprefix("figures:").split("&") if part)
        said = {**({"measure": where["measure"]} if where.get("measure") else {}), **line.said, **column.said}
        if "measure" not in said:
            return _NO_FIGURE
        sides = (line, self.lines, at[0]), (column, self.columns, at[1])
        areas, kinds = over("area", said, *sides), over("category", said, *sides)
        if isinstance(areas, Say) or isinstance(kinds, Say):
            return TOTAL
        if (line.total and not spread(self.lines.values())) or (column.total and not spread(self.columns.values())):
            return TOTAL  # a total over figures or times, not over areas or kinds
        narrowed = _narrowed(self.reader, kinds, where.get("category", ""), self.base)
        wanted = line.unit or column.unit
        if isinstance(narrowed, Say):
            return narrowed
        if narrowed and where.get("method"):
            return _NO_KIND  # of one method the standard figures are not kept kind by kind
        wrong = counted_in(self.reader, said["measure"], wanted)
        if wrong is not None:
            return wrong
        return Ask(at, said["measure"], areas, narrowed, said.get("span", ""), where.get("method", ""), "%" in wanted)

    def _compared(self, at: At) -> Ask | Say:
        """Read 同比, 环比, 占比: what the row or column before it asks for, set against another time or the total."""
        line, column = self.lines[at[0]], self.columns[at[1]]
        by_column = bool(column.compare)
        axis = column if by_column else line
        about = subject(axis, self.columns if by_column else self.lines, at[1] if by_column else at[0])
        if isinstance(about, Say):
            return about
        said = {**about.said, **{key: value for key, value in axis.said.items() if key != "compare"}}
        # Its own brackets say how the comparison is told; what is compared is counted in the subject's unit.
        meant = replace(about, said=said, unit=about.unit or ("" if axis.unit == axis.compared_in else axis.unit))
        pair = (line, meant) if by_column else (meant, column)
        found = self._plain(at, *pair)
        if isinstance(found, Say):
            return found
        found = replace(found, compare=axis.compare, in_percent="%" in axis.compared_in)
        return self._share(found, meant, by_column=by_column) if axis.compare == "share" else found

    def _share(self, ask: Ask, meant: Axis, *, by_column: bool) -> Ask | Say:
        place = whole(self.lines if by_column else self.columns)
        if place is None:
            return _NO_WHOLE
        at = (place, ask.at[1]) if by_column else (ask.at[0], place)
        total = self.lines[place] if by_column else self.columns[place]
        of = self._plain(at, total, meant) if by_column else self._plain(at, meant, total)
        return of if isinstance(of, Say) else replace(ask, of=(of.areas, of.categories))


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
