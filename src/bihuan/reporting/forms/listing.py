"""A table with a row for each subject: which rows take them, what goes into each column. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bihuan.reporting.forms.fitting import fitted
from bihuan.reporting.forms.plans import AGREED, UNKNOWN, Cell, Done, Facts, Plan, ref, said
from bihuan.reporting.forms.shapes import LEAVE, Form, ItemTable, Say, Slot
from bihuan.reporting.sheets.grid import Sheet
from bihuan.reporting.sheets.patch import column_letters

_NONE = Say("这段时间没有要填的事项（零报告）。", "There is nothing to report for this period.")


def fill_items(made: Plan, form: Form, items: ItemTable, facts: Facts) -> None:
    """Fill a table that has a row for each subject."""
    sheet, rows = form.grid.sheet(items.table.sheet), form.slots[items.slot]
    at = (items.table.first_row, items.table.columns[0].left)
    if not rows.meaning.startswith("rows:"):
        why = AGREED if rows.meaning else rows.why or UNKNOWN
        return made.leave(sheet.name, at, rows.heading, why, "" if rows.meaning else rows.key)
    columns = []
    for left, key in items.columns:
        slot = form.slots[key]
        if slot.meaning and slot.meaning != LEAVE:
            columns.append((left, slot))
        else:
            why = slot.why or (AGREED if slot.meaning else UNKNOWN)
            made.leave(sheet.name, column_letters(left), slot.heading, why, "" if slot.meaning else key)
    if not columns:
        return None
    of, _bar, query = rows.meaning.removeprefix("rows:").partition("?")
    where = dict(part.partition("=")[::2] for part in query.split("&") if part)
    found = facts.items(of, where, [slot.meaning for _left, slot in columns])
    if isinstance(found, Say) or not found:
        return made.leave(sheet.name, at, rows.heading, found if isinstance(found, Say) else _NONE)
    places = _places(sheet, items, [left for left, _slot in columns], len(found), made)
    if isinstance(places, Say):
        return made.leave(sheet.name, at, rows.heading, places)
    _write(made, sheet, columns, list(zip(places, found, strict=True)))
    _number(made, sheet, items, places)
    return None


def _places(sheet: Sheet, items: ItemTable, columns: list[int], wanted: int, made: Plan) -> list[int] | Say:
    """Return the rows that take the subjects; rows are added only where nothing stands below and nothing is bounded."""
    table = items.table
    free = [
        row
        for row in table.rows
        if row not in sheet.hidden_rows
        and all(sheet.empty(row, left) and sheet.starts(row, left) and not sheet.locked(row, left) for left in columns)
    ]
    if len(free) >= wanted:
        return free[:wanted]
    last, missing = table.last_row, wanted - len(free)
    plain_row = not any(
        sheet.at(last, column).formula or sheet.span(last, column).wide > 1 or sheet.span(last, column).high > 1
        for column in range(table.heading.left, table.heading.right + 1)
    )
    if not (table.open_end and free and plain_row and not sheet.printed and not sheet.protected):
        return Say(
            f"表里留了 {len(free)} 行，要填 {wanted} 行：请在表格中间插入 {missing} 行再上传。为免漏掉，一行也没有填。",
            f"The form has {len(free)} rows for {wanted} lines: insert {missing} rows in the middle of the table and "
            "send it again; none were filled, so that none is missing unseen.",
        )
    added = range(last + 1, last + 1 + missing)
    made.like.setdefault(sheet.name, {}).update(dict.fromkeys(added, last))
    return [*free, *added]


def _write(made: Plan, sheet: Sheet, columns: list[tuple[int, Slot]], rows: list[tuple[int, Sequence[Cell]]]) -> None:
    cells = made.values.setdefault(sheet.name, {})
    for index, (left, slot) in enumerate(columns):
        wrong: Counter[Say] = Counter()
        example, count, missing = "", 0, 0
        for row, values in rows:
            value = fitted(sheet, (row, left), slot, values[index])
            if isinstance(value, Say):
                wrong[value] += 1
                made.leave(sheet.name, (row, left), slot.heading, value)
            elif value is None:
                missing += 1
            else:
                cells[row, left] = value
                example, count = example or said(value), count + 1
        if count:
            span = f"{ref((rows[0][0], left))}:{ref((rows[-1][0], left))}"
            made.done.append(Done(sheet.name, span, slot.heading, slot.meaning, example, count))
        if missing:
            many = Say(f"{missing} 行没有记录这一项。", f"Nothing is recorded for it in {missing} of the rows.")
            made.leave(sheet.name, column_letters(left), slot.heading, many)


def _number(made: Plan, sheet: Sheet, items: ItemTable, places: Iterable[int]) -> None:
    """Number the rows, where the form has a column for it and did not number them itself."""
    for left in items.serial:
        for number, row in enumerate(places, start=1):
            if sheet.empty(row, left) and not sheet.locked(row, left):
                made.values[sheet.name][row, left] = number
