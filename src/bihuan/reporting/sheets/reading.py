"""Any workbook → grid: .xlsx with its borders and validations, older formats by their values alone."""

from __future__ import annotations

import io
from itertools import islice, product
from typing import Any

from bihuan.reporting.sheets.grid import At, Cell, Choices, Grid, Range, Sheet, Unreadable, make_sheet
from bihuan.reporting.sheets.safety import LIMITS, Limits, check_merged, is_old, is_zip, open_parts, too_large
from bihuan.reporting.sheets.values import shown

_WIDTH = 8.43  # of a column that says nothing of it, in digits
_LISTED = 500  # options of one dropdown that are looked at


def read_grid(data: bytes, limits: Limits = LIMITS) -> Grid:
    """Read a workbook as it looks.

    .xlsx and .xlsm are read with borders, validations and what is hidden. Of .xls, .et, .xlsb and .ods only values
    and merged ranges are read (``writable`` False).

    Raises:
        Unreadable: damaged, protected by a password, too large, or no workbook.
    """
    if len(data) > limits.packed:
        raise too_large(limits.packed)
    if is_zip(data):
        _infos, parts = open_parts(data, limits)
        check_merged(parts, limits)
        if "xl/workbook.xml" in parts:
            return _modern(data, limits)
    elif not is_old(data):
        raise Unreadable(
            "这不是 Excel 工作簿。", "请上传 .xlsx 文件。", "This is no Excel workbook. ", "Send a .xlsx file."
        )
    return _by_values(data, limits)


def _modern(data: bytes, limits: Limits) -> Grid:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
        known = openpyxl.load_workbook(io.BytesIO(data), keep_links=False, data_only=True) if _formulas(book) else book
    except Exception:  # noqa: BLE001 - whatever a program's odd file makes the library raise: its values still tell
        return _by_values(data, limits)
    counted = sum(len(sheet._cells) for sheet in book.worksheets)
    if counted > limits.cells:
        raise too_large(limits.sheet)
    return Grid(tuple(_sheet(sheet, known[sheet.title], book) for sheet in book.worksheets))


def _formulas(book: Any) -> bool:
    return any(cell.data_type == "f" for sheet in book.worksheets for cell in sheet._cells.values())


def _sheet(sheet: Any, known: Any, book: Any) -> Sheet:
    protected = bool(sheet.protection.sheet)
    cells: dict[At, Cell] = {}
    for (row, column), cell in sheet._cells.items():
        framed = _framed(cell)
        value = cell.value if hasattr(cell, "value") else None
        if value is None and not framed:
            continue
        formula = ""
        if cell.data_type == "f":
            formula = str(getattr(value, "text", value) or "=")
            other = known._cells.get((row, column))
            value = other.value if other is not None else None
        number_format = cell.number_format or "General"
        locked = protected and bool(cell.protection.locked)
        cells[row, column] = Cell(value, shown(value, number_format), formula, number_format, framed, locked)
    merged = [Range(r.min_row, r.min_col, r.max_row, r.max_col) for r in sheet.merged_cells.ranges]
    return make_sheet(
        sheet.title,
        cells,
        merged,
        hidden=sheet.sheet_state != "visible",
        protected=bool(sheet.protection.sheet),
        printed=bool(sheet.print_area),
        hidden_rows=frozenset(key for key, row in sheet.row_dimensions.items() if row.hidden),
        hidden_columns=_hidden_columns(sheet),
        choices=tuple(_choices(rule, sheet, book) for rule in sheet.data_validations.dataValidation),
        widths=_widths(sheet),
        width=float(sheet.sheet_format.defaultColWidth or _WIDTH),
    )


def _widths(sheet: Any) -> dict[int, float]:
    found: dict[int, float] = {}
    for column in sheet.column_dimensions.values():
        if column.customWidth and column.min and column.max and column.width:
            found.update(dict.fromkeys(range(column.min, min(column.max, column.min + 500) + 1), float(column.width)))
    return found


def _framed(cell: Any) -> bool:
    if not cell.has_style:
        return False
    border = cell.border
    return any(side is not None and side.style for side in (border.left, border.right, border.top, border.bottom))


def _hidden_columns(sheet: Any) -> frozenset[int]:
    found: set[int] = set()
    for column in sheet.column_dimensions.values():
        if column.hidden and column.min and column.max:
            found.update(range(column.min, min(column.max, column.min + 500) + 1))
    return frozenset(found)


def _choices(rule: Any, sheet: Any, book: Any) -> Choices:
    ranges = tuple(Range(r.min_row, r.min_col, r.max_row, r.max_col) for r in rule.sqref.ranges)
    source = str(rule.formula1 or "")
    options = _options(source, sheet, book) if rule.type == "list" else ()
    return Choices(
        ranges, rule.type or "", options, source, rule.operator or "between", source, str(rule.formula2 or "")
    )


def _options(source: str, sheet: Any, book: Any) -> tuple[str, ...]:
    """Return what a dropdown offers: written out, or standing in cells, directly or by a name."""
    from openpyxl.utils.cell import range_boundaries

    source = source.removeprefix("=")
    if source.startswith('"'):
        return tuple(part.strip() for part in source.strip('"').split(",") if part.strip())
    name = book.defined_names.get(source) or sheet.defined_names.get(source)
    if name is not None:
        source = name.attr_text or ""
    title, bar, span = source.rpartition("!")
    title = title.strip("'").replace("''", "'")
    try:
        cells = (book[title] if bar else sheet)._cells
        left, top, right, bottom = range_boundaries(span)
    except (KeyError, ValueError, AttributeError, TypeError):
        return ()
    # Looked up, never made: a list may name whole columns, or the whole sheet.
    places = product(range(top or 1, (bottom or _LISTED) + 1), range(left or 1, (right or _LISTED) + 1))
    found = (cells.get(place) for place in islice(places, _LISTED))
    texts = (shown(getattr(cell, "value", None)) for cell in found if cell is not None)
    return tuple(text for text in texts if text)


def _by_values(data: bytes, limits: Limits) -> Grid:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = tuple(_values(book, meta, limits) for meta in book.sheets_metadata)
    except Unreadable:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged file
        raise Unreadable(
            "文件打不开：可能已损坏，或者设了打开密码。",
            "请在 Excel 或 WPS 中打开，去掉密码，另存为 .xlsx 后再上传。",
            "The file cannot be opened: it may be damaged or protected by a password. ",
            "Open it in Excel or WPS, take the password off, save it as .xlsx and send that.",
        ) from error
    return Grid(sheets, writable=False)


def _values(book: Any, meta: Any, limits: Limits) -> Sheet:
    sheet = book.get_sheet_by_name(meta.name)
    cells: dict[At, Cell] = {}
    top, left = sheet.start or (0, 0)
    for row, values in enumerate(sheet.to_python(skip_empty_area=True), start=top + 1):
        for column, value in enumerate(values, start=left + 1):
            if value not in ("", None):
                number = int(value) if isinstance(value, float) and value.is_integer() else value
                cells[row, column] = Cell(number, shown(number))
        if len(cells) > limits.cells:
            raise too_large(limits.sheet)
    merged = [Range(a[0] + 1, a[1] + 1, b[0] + 1, b[1] + 1) for a, b in (sheet.merged_cell_ranges or ())]
    return make_sheet(meta.name, cells, merged, hidden="Visible" not in str(meta.visible))
