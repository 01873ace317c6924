"""Fills cells inside a workbook's zip and leaves all else as it is.

Only the XML of a sheet that is filled is written anew, and in it only the filled cells; every other part stays byte for
byte. Texts go in as inline strings, so that the table of shared strings stays as it is and nothing typed by anybody
is ever taken for a formula. What a formula last came to is taken out where it may depend on a filled cell: programs
then work it out when they open the file, and none shows an old total.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from bihuan.reporting.sheets.book import Book, no_workbook
from bihuan.reporting.sheets.grid import At, Unreadable
from bihuan.reporting.sheets.part import NotBlank, Part
from bihuan.reporting.sheets.safety import LIMITS, Limits, damaged, is_old, is_zip, open_parts
from bihuan.reporting.sheets.stored import Rate, Value, column_letters, column_number

__all__ = ["NotBlank", "Rate", "Value", "Values", "column_letters", "column_number", "fill", "old_format"]

Values = Mapping[str, Mapping[At, Value]]  # sheet → cell → value


def fill(
    data: bytes, values: Values, like: Mapping[str, Mapping[int, int]] | None = None, limits: Limits = LIMITS
) -> bytes:
    """Return the workbook with cells filled.

    Args:
        data: the workbook.
        values: sheet → cell → value.
        like: sheet → new row → the row that it is made like: height and styles, nothing of what stands there.
        limits: how large it may be.

    Raises:
        Unreadable: no workbook of parts (.xls, .et), damaged or too large.
        NotBlank: a cell holds a formula.
        KeyError: there is no sheet of a name.
    """
    if not is_zip(data):
        raise old_format() if is_old(data) else no_workbook()
    infos, parts = open_parts(data, limits)
    try:
        return _zipped(infos, {**parts, **_changed(Book(parts), values, like or {})})
    except NotBlank:
        raise
    except (AttributeError, IndexError, TypeError, ValueError) as error:  # numbers and names that are none
        raise damaged() from error


def _changed(book: Book, values: Values, like: Mapping[str, Mapping[int, int]]) -> dict[str, bytes]:
    parts = book.parts
    wanted = {book.paths[name]: cells for name, cells in values.items() if cells}
    rows = {book.paths[name]: models for name, models in like.items()}
    changed: dict[str, bytes] = {}
    for name in book.paths.values():
        cells = wanted.get(name, {})
        if cells or (wanted and b"<f" in parts[name]):
            written = Part(parts[name], book).filled(cells, rows.get(name, {}), mixed=name in wanted)
            if written is not None:
                changed[name] = written
    return changed


def old_format() -> Unreadable:
    """Return the refusal to write an old binary format, which says how to save it anew."""
    return Unreadable(
        "这是旧格式（.xls、.et）或加了密码的文件，可以读，不能原样填回。",
        "请在 WPS 或 Excel 里打开，点“文件—另存为”，类型选“Excel 工作簿（*.xlsx）”，再上传这一份。",
        "This is an old format (.xls, .et) or protected by a password: it can be read, not filled in place. ",
        "Open it in WPS or Excel, choose File, Save as, Excel workbook (*.xlsx), and send that.",
    )


def _zipped(infos: list[zipfile.ZipInfo], parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for info in infos:
            same = zipfile.ZipInfo(info.filename, info.date_time)
            same.compress_type, same.external_attr = info.compress_type, info.external_attr
            same.create_system, same.extra, same.comment = info.create_system, b"", info.comment
            archive.writestr(same, parts[info.filename])
    return out.getvalue()
