"""The few elements of WordprocessingML that python-docx has no words for."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from bihuan.reporting.documents.fonts import FANG_SONG, Face
from bihuan.reporting.documents.measures import CLOSER, PITCH, SAN


def element(name: str, **attributes: str | int) -> Any:
    """Return an element of the ``w`` namespace: ``element("ind", left=20)``."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def put(parent: Any, child: Any) -> Any:
    """Replace the child of the same name, or append it."""
    for old in parent.findall(child.tag):
        parent.remove(old)
    parent.append(child)
    return child


# The order that the schema asks of a paragraph's properties; Word refuses another.
_ORDER = (
    "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "pBdr", "shd", "tabs",
    "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE", "autoSpaceDN", "bidi",
    "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc",
)  # fmt: skip


def shape(
    paragraph: Any,
    *,
    align: str = "both",
    left: int = 0,
    right: int = 0,
    first: int = 0,
    hanging: int = 0,
    height: int = PITCH,
    before: int = 0,
    after: int = 0,
    keep: bool = False,
    borders: dict[str, dict[str, str | int]] | None = None,
    tab: int = 0,
    stops: tuple[int, ...] = (),
    new_page: bool = False,
    frame: dict[str, str | int] | None = None,
    on_grid: bool = True,
) -> Any:
    """Set a paragraph: measures in twips, the height of its lines exact; ``tab``: a right tab, ``stops``: left ones."""
    ind = {"left": left, "right": right, "firstLine": first, "hanging": hanging}
    edges = [element(side, **borders[side]) for side in ("top", "bottom") if side in borders] if borders else []
    tabs = [element("tab", val="left", pos=at) for at in stops]
    tabs += [element("tab", val="right", pos=tab)] if tab else []
    made = {
        "keepNext": element("keepNext") if keep else None,
        "pageBreakBefore": element("pageBreakBefore") if new_page else None,
        "framePr": element("framePr", **frame) if frame else None,
        "widowControl": element("widowControl", val=0),
        "pBdr": _with(element("pBdr"), edges) if edges else None,
        "tabs": _with(element("tabs"), tabs) if tabs else None,
        "autoSpaceDE": element("autoSpaceDE", val=0),
        "autoSpaceDN": element("autoSpaceDN", val=0),
        "adjustRightInd": element("adjustRightInd", val=0),
        "snapToGrid": None if on_grid else element("snapToGrid", val=0),
        "spacing": element("spacing", before=before, after=after, line=height, lineRule="exact"),
        "ind": element("ind", **{key: value for key, value in ind.items() if value}) if any(ind.values()) else None,
        "jc": element("jc", val=align),
    }
    properties = paragraph._p.get_or_add_pPr()
    for name in _ORDER:
        if made.get(name) is not None:
            put(properties, made[name])
    return paragraph


def _with(parent: Any, children: list[Any]) -> Any:
    for child in children:
        parent.append(child)
    return parent


def keep_next(paragraph: Any) -> None:
    """Keep a paragraph that is set already on the page of the next one."""
    paragraph._p.get_or_add_pPr().insert(0, element("keepNext"))


def bare_table(out: Any, rows: int, widths: list[int], *, height: int) -> Any:
    """Append a table without borders or room around its cells: ``widths`` and the rows' exact ``height`` in twips."""
    table = out.add_table(rows=rows, cols=len(widths))
    table.autofit = False
    properties = table._tbl.tblPr
    put(properties, element("tblW", w=sum(widths), type="dxa"))
    put(properties, element("jc", val="center"))
    put(properties, element("tblLayout", type="fixed"))
    sides = [element(side, w=0, type="dxa") for side in ("top", "left", "bottom", "right")]
    put(properties, _with(element("tblCellMar"), sides))
    order = ("tblStyle", "tblW", "jc", "tblInd", "tblBorders", "tblLayout", "tblCellMar", "tblLook")
    for child in sorted(properties, key=lambda one: order.index(one.tag.rpartition("}")[2])):
        properties.append(child)  # the schema asks for this order
    for at, grid in enumerate(table._tbl.tblGrid):
        grid.set(qn("w:w"), str(widths[at]))
    for row in table.rows:
        put(row._tr.get_or_add_trPr(), element("cantSplit"))
        put(row._tr.get_or_add_trPr(), element("trHeight", val=height, hRule="exact"))
        for at, cell in enumerate(row.cells):
            put(cell._tc.get_or_add_tcPr(), element("tcW", w=widths[at], type="dxa"))
    return table


def write(
    paragraph: Any,
    text: str,
    *,
    face: Face = FANG_SONG,
    size: float = SAN,
    colour: str = "",
    spacing: int = CLOSER,
    bold: bool = False,
) -> Any:
    """Append words in a face and size (points); ``spacing`` is what each sign stands closer, in twips."""
    run = paragraph.add_run(text)
    dress(run, face=face, size=size, colour=colour, spacing=spacing, bold=bold)
    return run


def dress(run: Any, *, face: Face, size: float, colour: str = "", spacing: int = 0, bold: bool = False) -> None:
    """Give a run its face, size and colour."""
    properties = run._r.get_or_add_rPr()
    put(properties, element("rFonts", ascii=face.name, hAnsi=face.name, eastAsia=face.name, cs=face.name))
    if bold:
        put(properties, element("b"))
    if colour:
        put(properties, element("color", val=colour))
    if spacing:
        put(properties, element("spacing", val=spacing))
    half = round(size * 2)
    put(properties, element("sz", val=half))
    put(properties, element("szCs", val=half))


def field(paragraph: Any, code: str, *, face: Face, size: float) -> None:
    """Append a field, such as PAGE."""
    for kind in ("begin", "code", "separate", "text", "end"):
        run = paragraph.add_run("1" if kind == "text" else "")
        dress(run, face=face, size=size)
        if kind == "code":
            instruction = element("instrText")
            instruction.text = f" {code} "
            run._r.append(instruction)
        elif kind != "text":
            run._r.append(element("fldChar", fldCharType=kind))
