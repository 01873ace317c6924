"""A workbook's zip opened with care: sizes, number of parts, nothing that XML can be misused for."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from bihuan.reporting.sheets.grid import Unreadable

_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be. Bytes."""

    packed: int = 10 * 1024 * 1024
    unpacked: int = 80 * 1024 * 1024
    sheet: int = 24 * 1024 * 1024  # one part of XML
    parts: int = 2000
    cells: int = 600_000


LIMITS = Limits()


def is_zip(data: bytes) -> bool:
    """Tell whether a file is a zip of parts, as .xlsx is."""
    return data[:4] == b"PK\x03\x04"


def is_old(data: bytes) -> bool:
    """Tell whether a file is of the old binary formats (.xls, .et), or protected by a password."""
    return data[:4] == _OLE


def open_parts(data: bytes, limits: Limits = LIMITS) -> tuple[list[zipfile.ZipInfo], dict[str, bytes]]:
    """Return a workbook's parts in their order and what they hold.

    Raises:
        Unreadable: too large, damaged, holding macros' signs of danger or XML with a document type.
    """
    if len(data) > limits.packed:
        raise too_large(limits.packed)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > limits.parts or sum(info.file_size for info in infos) > limits.unpacked:
                raise too_large(limits.unpacked)
            if len({info.filename for info in infos}) < len(infos):
                raise damaged()
            parts = {info.filename: _read(archive, info, limits) for info in infos}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise damaged() from error
    if "[Content_Types].xml" not in parts or not any(name.startswith("xl/") for name in parts):
        raise Unreadable(
            "这不是 Excel 工作簿。", "请上传 .xlsx 文件。", "This is no Excel workbook. ", "Send a .xlsx file."
        )
    return infos, parts


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> bytes:
    xml = info.filename.endswith((".xml", ".rels", ".vml"))
    limit = limits.sheet if xml else limits.unpacked
    with archive.open(info) as file:
        content = file.read(limit + 1)  # what the directory claims of sizes is not to be trusted
    if len(content) > limit:
        raise too_large(limit)
    if xml:
        _plain(content)
    return content


def _plain(content: bytes) -> None:
    """Refuse XML with a document type: office programs write none, and entities are made of it."""
    head = content[:4]
    if b"\x00" in head or head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        content = content.decode("utf-16", "replace").encode()
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", content, re.IGNORECASE):
        raise Unreadable(
            "文件里有不该出现的内容（XML 文档类型声明）。",
            "请在 Excel 或 WPS 中打开，另存为新的 .xlsx 后再上传。",
            "The file holds what does not belong there (an XML document type). ",
            "Open it in Excel or WPS, save it as a new .xlsx and send that.",
        )


def check_merged(parts: Mapping[str, bytes], limits: Limits = LIMITS) -> None:
    """Refuse merged cells that cover more than a workbook may hold: whoever unfolds them makes an object of each.

    Raises:
        Unreadable: together they cover more than ``limits.cells``.
    """
    from openpyxl.utils.cell import range_boundaries

    covered = 0
    for content in parts.values():
        try:
            found = etree.iterparse(
                io.BytesIO(content), tag="{*}mergeCell", resolve_entities=False, no_network=True, load_dtd=False
            )
            for _event, merged in found:
                try:
                    left, top, right, bottom = range_boundaries(str(merged.get("ref", "")))
                except ValueError:
                    continue
                if left and top and right and bottom:
                    covered += (abs(right - left) + 1) * (abs(bottom - top) + 1)
                if covered > limits.cells:
                    raise too_large(limits.sheet)
        except etree.XMLSyntaxError:
            continue  # a picture; or a damaged part, which its reader refuses


def parse(content: bytes) -> etree._Element:
    """Parse one part: no entities, no network, no huge trees.

    Raises:
        Unreadable: it is not XML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise damaged() from error


def too_large(limit: int) -> Unreadable:
    """Return the refusal of a file beyond a limit of bytes."""
    size = limit // (1024 * 1024)
    return Unreadable(
        f"文件太大（解开后的上限是 {size} MB）。",
        "请删去多余的工作表、图片和空白行列后再上传。",
        f"The file is too large (more than {size} MB). ",
        "Remove sheets, pictures and empty rows that are not needed.",
    )


def damaged() -> Unreadable:
    """Return the refusal of a file that is not what it should be."""
    return Unreadable(
        "文件已损坏，无法读取。",
        "请在 Excel 或 WPS 中打开后另存一份再上传。",
        "The file is damaged and cannot be read. ",
        "Open it in Excel or WPS, save it anew and send that.",
    )
