"""What filling needs to know of a workbook: where its sheets are, the formats of its styles, its shared strings."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any

from bihuan.reporting.sheets.grid import Unreadable
from bihuan.reporting.sheets.safety import parse

_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_RID = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)


class Book:
    """A workbook's parts, and what of them is needed: ``paths``: sheet → part; ``formats``: style → number format."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        """Read what the parts say of the whole."""
        self.parts = parts
        where = _main(parts)
        folder = posixpath.dirname(where)
        rels = {}
        for item in parse(parts[f"{folder}/_rels/{posixpath.basename(where)}.rels"]).iter(_REL):
            target = item.get("Target", "")
            rels[item.get("Id")] = (
                item.get("Type", ""),
                posixpath.normpath(posixpath.join(folder, target)).lstrip("/"),
            )
        workbook = parse(parts[where])
        self.paths: dict[str, str] = {}
        for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
            key = next((sheet.get(name) for name in _RID if sheet.get(name)), None)
            kind, path = rels.get(key, ("", ""))
            if path.lstrip("/") in parts and kind.endswith("/worksheet"):
                self.paths[sheet.get("name", "")] = path
        props = workbook.find("{*}workbookPr")
        self.since_1904 = props is not None and props.get("date1904") in {"1", "true"}
        self._by_kind = {kind.rpartition("/")[2]: path for kind, path in rels.values()}
        self.formats = self._formats()
        self._strings: list[Any] | None = None

    def _formats(self) -> list[str]:
        from openpyxl.styles.numbers import BUILTIN_FORMATS

        path = self._by_kind.get("styles", "")
        if path not in self.parts:
            return []
        styles = parse(self.parts[path])
        own = {item.get("numFmtId"): item.get("formatCode", "") for item in styles.iterfind("{*}numFmts/{*}numFmt")}
        ids = [xf.get("numFmtId", "0") for xf in styles.iterfind("{*}cellXfs/{*}xf")]
        return [own.get(key) or BUILTIN_FORMATS.get(int(key), "General") for key in ids]

    def string(self, index: int) -> Any:
        """Return a shared string's element."""
        if self._strings is None:
            path = self._by_kind.get("sharedStrings", "")
            self._strings = list(parse(self.parts[path]).iterfind("{*}si")) if path in self.parts else []
        return self._strings[index]


def _main(parts: Mapping[str, bytes]) -> str:
    """Return the workbook's own part."""
    for item in parse(parts["_rels/.rels"]).iter(_REL) if "_rels/.rels" in parts else ():
        if item.get("Type", "").endswith("/officeDocument"):
            target = str(item.get("Target", "")).lstrip("/")
            if target in parts:
                return target
    if "xl/workbook.xml" not in parts:
        raise no_workbook()
    return "xl/workbook.xml"


def no_workbook() -> Unreadable:
    """Return the refusal of what is no workbook."""
    return Unreadable(
        "这不是 Excel 工作簿。", "请上传 .xlsx 文件。", "This is no Excel workbook. ", "Send a .xlsx file."
    )
