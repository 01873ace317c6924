"""A draft as the text in which it is edited, and back.

``【附件】title`` begins an attachment, ``# `` a heading, ``- `` an item of a list, ``| a | b |`` is a row of a table,
``|= words |`` above it its title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bihuan.reporting.documents import Annex, Block, Heading, Items, Para, Table

_HEADING = re.compile(r"^(#{1,4})\s*(.*)$")
_ITEM = re.compile(r"^[-•]\s+(.*)$")
_ANNEX = re.compile(r"^【附件】\s*(.*)$")
_ROW = re.compile(r"^\|(.*)\|$")


def to_text(blocks: Iterable[Block]) -> str:
    """Return blocks as a text to edit."""
    lines: list[str] = []
    for block in blocks:
        match block:
            case Para(text):
                lines += text.split("\n")
            case Heading(level, text):
                lines.append("#" * level + " " + text)
            case Annex(title):
                lines.append(f"【附件】{title}")
            case Items(items):
                lines += [f"- {item}" for item in items]
            case Table(head, rows, title, _widths):
                if lines and lines[-1].startswith("|"):
                    lines.append("")  # two tables under one another stay two
                lines += [f"|= {title} |"] if title else []
                lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in (head, *rows)]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "／").replace("\n", " ")


def from_text(text: str) -> list[Block]:
    """Return the blocks of an edited text; rows of a table are as wide as its first."""
    blocks: list[Block] = []
    items: list[str] = []
    rows: list[list[str]] = []
    for line in [*(line.strip() for line in text.splitlines()), ""]:
        item, row = _ITEM.match(line), _ROW.match(line)
        if not item and items:
            blocks.append(Items(tuple(items)))
            items = []
        if not row and rows:
            blocks.append(_table(rows))
            rows = []
        if item:
            items.append(item[1].strip())
        elif row:
            rows.append([cell.strip() for cell in row[1].split("|")])
        elif heading := _HEADING.match(line):
            blocks.append(Heading(len(heading[1]), heading[2].strip()))
        elif annex := _ANNEX.match(line):
            blocks.append(Annex(annex[1].strip()))
        elif line:
            blocks.append(Para(line))
    return blocks


def _table(rows: list[list[str]]) -> Table:
    title = ""
    if len(rows[0]) == 1 and rows[0][0].startswith("=") and len(rows) > 1:
        title = rows.pop(0)[0].lstrip("= ")
    head, *rest = rows
    wide = len(head)
    return Table(tuple(head), tuple(tuple((row + [""] * wide)[:wide]) for row in rest), title)
