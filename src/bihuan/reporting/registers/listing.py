"""A register as somebody sees it: its columns, filters and order; a page of its lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.areas.api import within
from bihuan.kernel.api import BadInput, Problem, Refused
from bihuan.people.api import LEDGER_READ, Actor
from bihuan.reporting.registers.definitions import Column, Register, register_of
from bihuan.reporting.registers.sources import SOURCES, Known, Line, Lines, Source

MOST = 500
STRIDE = 500
_NOTHING = Known("", "")


@dataclass(frozen=True, slots=True)
class View:
    """What is shown of a register: columns by key (empty: all), filters by name, an order."""

    columns: tuple[str, ...] = ()
    filters: Mapping[str, str] = field(default_factory=dict)
    order: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as it is saved."""
        return {"columns": list(self.columns), "filters": dict(self.filters), "order": self.order}

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> View:
        """Read a saved one; what is bent in it is left out."""
        filters = value.get("filters")
        return cls(
            tuple(str(key) for key in value.get("columns") or ()),
            {str(name): str(said) for name, said in filters.items()} if isinstance(filters, dict) else {},
            str(value.get("order") or ""),
        )


@dataclass(frozen=True, slots=True)
class Opened:
    """A register opened in an area by somebody who may: what is shown, and where its lines come from."""

    register: Register
    area: str
    columns: tuple[Column, ...]
    filters: Mapping[str, str]
    order: str
    source: Source

    @property
    def wanted(self) -> tuple[str, ...]:
        """The values of the columns, in order; "" for a blank one."""
        return tuple(column.spec.value for column in self.columns)

    def kinds(self) -> tuple[str, ...]:
        """Return of each column what kind of cell it holds."""
        return tuple((self.source.of(value) or _NOTHING).kind for value in self.wanted)

    def titles(self) -> tuple[str, ...]:
        """Return what stands over each column, in the reader's language."""
        language = get_language() or ""
        return tuple(column.spec.title.say(language) for column in self.columns)


def open_register(actor: Actor, key: str, area: str = "", view: View | None = None) -> Opened:
    """Open a register for somebody.

    Args:
        actor: who reads.
        key: the register's.
        area: of this area and below; "" for the actor's own.
        view: columns, filters, order; the definition's own filters always hold.

    Raises:
        NotFound: no such register in the area.
        Refused: the actor reads no ledgers there.
    """
    roots = actor.areas_with(LEDGER_READ)
    code = area or (roots[0] if roots else "")
    if not code or not any(within(code, root) for root in roots):
        raise Refused(Problem("area", _("这个区域的台账您没有权限看。"), _("请选自己岗位所在的区域。")))
    register, view = register_of(code, key), view or View()
    source = SOURCES[register.spec.of]
    chosen = tuple(column for column in register.columns if column.key in view.columns) or register.columns
    filters = {name: said for name, said in view.filters.items() if said and name in source.filters}
    order = next((one for one in (view.order, register.spec.order) if one in source.sorts), source.sorts[0])
    return Opened(register, code, chosen, {**filters, **register.spec.where}, order, source)


def page(actor: Actor, opened: Opened, cursor: str | None = None, limit: int = 50) -> Lines:
    """Return one page of lines.

    Raises:
        BadInput: for a bent cursor.
    """
    limit = max(1, min(limit, MOST))
    return opened.source.page(actor, opened.area, opened.filters, opened.order, opened.wanted, cursor, limit)


def every_line(actor: Actor, opened: Opened) -> Iterator[Line]:
    """Yield every line, a page at a time: memory stays the same however many there are."""
    cursor: str | None = None
    while True:
        lines = page(actor, opened, cursor, STRIDE)
        yield from lines.rows
        cursor = lines.next
        if not cursor:
            return


def check_view(register: Register, columns: Sequence[str]) -> None:
    """Refuse a choice of columns that are not the register's.

    Raises:
        BadInput: naming the first one.
    """
    known = {column.key for column in register.columns}
    for key in columns:
        if key not in known:
            raise BadInput(Problem("columns", _("没有这一列：%s。") % key[:40], _("请从列出的列里选。")))
