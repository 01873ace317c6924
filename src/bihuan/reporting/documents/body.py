"""The body of a document (主体): title, addressee, text, attachments, signature and date."""

from __future__ import annotations

from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT

from bihuan.reporting.documents import measures as m
from bihuan.reporting.documents.fonts import FANG_SONG, HEI, KAI, XIAO_BIAO_SONG, Face
from bihuan.reporting.documents.model import Block, Document, Heading, Items, Para, People, Table, numbered
from bihuan.reporting.documents.oxml import element, keep_next, put, shape, write
from bihuan.reporting.documents.signing import write_signatures

INDENT = m.twips(2 * m.CELL)
_HEADING_FACES: dict[int, Face] = {1: HEI, 2: KAI, 3: FANG_SONG, 4: FANG_SONG}
_SHORT = 6 * m.CHARACTERS  # a last paragraph that goes with the signature
_ROW = 400  # twips: a line in a table
_TITLE = 660  # twips: a line of the title, which does not stand on the grid of the text


def write_title(out: Any, document: Document) -> None:
    """Write the title two lines under the red line, and the addressee a line below it."""
    for _line in range(2):
        shape(out.add_paragraph())
    _title(out, document.title)
    shape(out.add_paragraph())
    if document.to:
        write(shape(out.add_paragraph(), align="both"), document.to.rstrip("：:") + "：")


def _title(out: Any, title: str) -> None:
    for line in title.split("\n"):
        paragraph = shape(out.add_paragraph(), align="center", height=_TITLE, keep=True, on_grid=False)
        write(paragraph, line.strip(), face=XIAO_BIAO_SONG, size=m.ER, spacing=0)


def write_blocks(out: Any, document: Document) -> None:
    """Write the text."""
    blocks = numbered(document.main)
    for at, block in enumerate(blocks, start=1):
        _block(out, block)
        if 1 < at == len(blocks) and isinstance(block, Para) and len(block.text) <= _SHORT:
            keep_next(out.paragraphs[-1])  # no page has a signature alone, and the first one has words of the text


def write_annexes(out: Any, document: Document) -> None:
    """Write the attachments, each on a page of its own: 附件1 at its head, the title in the third line."""
    annexes = document.annexes
    for count, (title, blocks) in enumerate(annexes, start=1):
        label = f"附件{count}" if len(annexes) > 1 else "附件"
        write(shape(out.add_paragraph(), align="left", keep=True, new_page=True), label, face=HEI)
        shape(out.add_paragraph(), keep=True)
        _title(out, title)
        shape(out.add_paragraph())
        for block in numbered(blocks):
            _block(out, block)


def _block(out: Any, block: Block) -> None:
    match block:
        case Para(text):
            for line in text.split("\n"):
                write(shape(out.add_paragraph(), first=INDENT), line)
        case Heading(level, text):
            paragraph = shape(out.add_paragraph(), first=INDENT, keep=True)
            write(paragraph, text, face=_HEADING_FACES[level])
        case Items(items):
            for count, item in enumerate(items, start=1):
                write(shape(out.add_paragraph(), first=INDENT), f"{count}. {item}")
        case Table():
            _table(out, block)


def _table(out: Any, block: Table) -> None:
    if block.title:
        write(shape(out.add_paragraph(), align="center", keep=True), block.title, face=HEI, size=m.SI)
    columns = len(block.head)
    table = out.add_table(rows=1 + len(block.rows), cols=columns)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for index, share in enumerate(_widths(block, columns)):
        table.columns[index].width = share
        for cell in table.columns[index].cells:
            cell.width = share
    head = table.rows[0]
    put(head._tr.get_or_add_trPr(), element("tblHeader"))
    for index, words in enumerate(block.head):
        _cell(head.cells[index], words, HEI, "center")
    for at, row in enumerate(block.rows, start=1):
        cells = table.rows[at].cells
        put(table.rows[at]._tr.get_or_add_trPr(), element("cantSplit"))
        for index, words in enumerate(row[:columns]):
            _cell(cells[index], words, FANG_SONG, "center" if m.width(words, 1.0) <= 6 else "left")


def _widths(block: Table, columns: int) -> list[int]:
    """Return the columns' widths in EMU: as said, or by how much stands in each."""
    shares = list(block.widths)
    if len(shares) != columns:
        lines = [block.head, *block.rows]
        longest = [max((m.width(line[i], 1.0) for line in lines if i < len(line)), default=1) for i in range(columns)]
        shares = [min(16.0, max(3.0, length)) for length in longest]
    emu = 635  # to the twip
    return [round(m.mm(m.TEXT[0]) * share / sum(shares)) * emu for share in shares]


def _cell(cell: Any, words: str, face: Face, align: str) -> None:
    paragraph = shape(cell.paragraphs[0], align=align, height=_ROW)
    write(paragraph, words, face=face, size=m.XIAO_SI, spacing=0)
    put(cell._tc.get_or_add_tcPr(), element("vAlign", val="center"))


def write_end(out: Any, document: Document) -> None:
    """Write attachments, who signs and when, who was there, a note."""
    if names := (*(title for title, _blocks in document.annexes), *document.attachments):
        _attachments(out, names)
    if document.form == "jiyao":
        shape(out.add_paragraph())
        for people in document.people:
            _people(out, people)
    else:
        write_signatures(out, document)
    if document.note:
        write(shape(out.add_paragraph(), first=INDENT), f"（{document.note}）")


def _attachments(out: Any, names: tuple[str, ...]) -> None:
    shape(out.add_paragraph(), keep=True)
    label = "附件："
    for count, name in enumerate(names, start=1):
        number = f"{count}. " if len(names) > 1 else ""
        hanging = m.twips(m.width(number))
        left = INDENT + m.twips(m.width(label)) + hanging
        first = hanging + (m.twips(m.width(label)) if count == 1 else 0)
        paragraph = shape(out.add_paragraph(), left=left, hanging=first, keep=True)
        write(paragraph, (label if count == 1 else "") + number + name)


def _people(out: Any, people: People) -> None:
    """出席：黑体, the names beside it in 仿宋; further lines stand under the first name."""
    label = people.label + "："
    hanging = m.twips(m.width(label))
    paragraph = shape(out.add_paragraph(), left=INDENT + hanging, hanging=hanging)
    write(paragraph, label, face=HEI)
    write(paragraph, people.names)
