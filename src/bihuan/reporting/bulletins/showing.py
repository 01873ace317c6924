"""Blocks as a page shows them: words, and numbers that open what is behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bihuan.reporting.bulletins import wording
from bihuan.reporting.bulletins.shapes import Piece, Shown
from bihuan.reporting.documents import Annex, Block, Heading, Items, Para, Table, from_json, numbered


def shown(
    blocks: Sequence[Mapping[str, Any]],
    questions: Mapping[str, Mapping[str, Any]],
    address: Callable[[Mapping[str, Any]], str] | None = None,
) -> tuple[Shown, ...]:
    """Return stored blocks as a page shows them, headings numbered; ``address`` says where a question opens."""
    urls = {name: address(ask) for name, ask in questions.items()} if address else {}

    def pieces(text: str) -> tuple[Piece, ...]:
        return tuple(
            Piece(words, name, questions.get(name), urls.get(name, ""))
            for words, name in wording.parts(text, questions)
        )

    found = []
    for block in numbered(from_json(blocks)):
        match block:
            case Para(text):
                found.append(Shown("para", pieces=pieces(text)))
            case Annex(title):
                found.append(Shown("annex", pieces=pieces(title)))
            case Heading(level, text):
                found.append(Shown("heading", level=level, pieces=pieces(text)))
            case Items(items):
                found.append(Shown("items", items=tuple(pieces(item) for item in items)))
            case Table(head, rows, title, _widths):
                lines = tuple(tuple(pieces(cell) for cell in row) for row in rows)
                found.append(Shown("table", head=tuple(map(wording.plain, head)), rows=lines, title=title))
    return tuple(found)


def plain(blocks: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    """Return stored blocks as they are printed: of each number its value alone."""
    found: list[Block] = []
    for block in from_json(blocks):
        match block:
            case Para(text):
                found.append(Para(wording.plain(text)))
            case Annex(title):
                found.append(Annex(wording.plain(title)))
            case Heading(level, text):
                found.append(Heading(level, wording.plain(text)))
            case Items(items):
                found.append(Items(tuple(map(wording.plain, items))))
            case Table(head, rows, title, widths):
                cells = tuple(tuple(map(wording.plain, row)) for row in rows)
                found.append(Table(tuple(map(wording.plain, head)), cells, title, widths))
    return tuple(found)
