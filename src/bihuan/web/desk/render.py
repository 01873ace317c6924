"""The ledger's rows as text: the one place where a page is written faster than a template can.

Fifty rows of a dozen cells are six hundred look-ups for a template engine and one join for Python. Everything
that came from a person goes through ``escape``; ``tests/web/desk`` proves it for every column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import escape
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bihuan.kernel.api import clock
from bihuan.matters.api import LedgerRow
from bihuan.web import dates

_ANY_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, Chinese title, how a cell is written, what it is on a phone, by which order it sorts."""

    key: str
    title: str
    cell: Callable[[LedgerRow, Words], str]
    phone: str = ""  # "key": the card's title; "fact": one of its facts
    sort: str = ""
    number: bool = False
    fixed: bool = False  # cannot be left out


class Words:
    """What cells of one page share: translated words and dates already said, looked up once."""

    def __init__(self) -> None:
        self.now = clock.now()
        self.plates = {
            "": "",
            "yellow": f'<span class="plate plate--yellow">{escape(_("黄牌"))}</span>',
            "red": f'<span class="plate plate--red">{escape(_("红牌"))}</span>',
        }
        self.urgent = {"", "normal", "一般"}
        self._said: dict[str, str] = {}
        self._moments: dict[int, str] = {}
        self._dues: dict[datetime, str] = {}

    def said(self, text: str) -> str:
        """Return a fixed word in the reader's language, looked up once."""
        known = self._said.get(text)
        if known is None:
            known = self._said[text] = escape(_(text)) if text else ""
        return known

    def moment(self, at: datetime | None) -> str:
        """Return ``<time>`` for an instant, said once per minute of it."""
        if at is None:
            return ""
        minute = int(at.timestamp()) // 60
        said = self._moments.get(minute)
        if said is None:
            stamp = at.astimezone(clock.ZONE).isoformat(timespec="minutes")
            exact, words = escape(dates.exact(at)), escape(dates.moment(at))
            said = f'<time datetime="{stamp}" title="{exact}">{words}</time>'
            self._moments[minute] = said
        return said

    def due(self, at: datetime | None) -> str:
        """Return what is left of a limit and until when."""
        if at is None:
            return ""
        said = self._dues.get(at)
        if said is None:
            late = " due--late" if at < self.now else ""
            said = (
                f'<span class="due{late}"><time datetime="{at.astimezone(clock.ZONE).isoformat(timespec="minutes")}"'
                f' title="{escape(dates.exact(at))}">{escape(dates.left(at))}</time></span>'
            )
            self._dues[at] = said
        return said


def _title(row: LedgerRow, words: Words) -> str:
    return escape(row.title)


def _step(row: LedgerRow, words: Words) -> str:
    if row.is_open:
        return f'<span class="badge badge--doing">{escape(row.step_title)}</span>'
    settled = "settled" if row.outcome_title else "closed"
    return f'<span class="badge badge--{settled}">{escape(row.outcome_title or row.step_title)}</span>'


def _due(row: LedgerRow, words: Words) -> str:
    plate = words.plates.get(row.card, "")
    if not row.is_open:
        return plate
    return f"{words.due(row.due_at)} {plate}" if plate else words.due(row.due_at)


def _lead(row: LedgerRow, words: Words) -> str:
    return escape(row.parties[0][1]) if row.parties else ""


def _parties(row: LedgerRow, words: Words) -> str:
    return "<br>".join(f'<span class="muted">{escape(role)}</span> {escape(name)}' for role, name in row.parties)


def _urgency(row: LedgerRow, words: Words) -> str:
    if row.urgency in words.urgent:
        return escape(row.urgency_title)
    return f"<strong>{escape(row.urgency_title)}</strong>"


COLUMNS: tuple[Column, ...] = (
    Column("number", gettext_noop("编号"), lambda row, words: escape(row.display_number), sort="new", fixed=True),
    Column("title", gettext_noop("标题"), _title, phone="key", fixed=True),
    Column("place", gettext_noop("微网格"), lambda row, words: escape(row.area_name), phone="fact"),
    Column("step", gettext_noop("环节"), _step, phone="fact"),
    Column("due", gettext_noop("时限"), _due, phone="fact", sort="due"),
    Column("lead", gettext_noop("牵头"), _lead),
    Column("channel", gettext_noop("渠道"), lambda row, words: words.said(row.channel_title)),
    Column("category", gettext_noop("类别"), lambda row, words: escape(row.category_title)),
    Column("urgency", gettext_noop("紧急程度"), _urgency),
    Column("parties", gettext_noop("1+1+1"), _parties),
    Column("happened", gettext_noop("发生时间"), lambda row, words: words.moment(row.happened_at)),
    Column("created", gettext_noop("登记时间"), lambda row, words: words.moment(row.created_at)),
    Column("closed", gettext_noop("办结时间"), lambda row, words: words.moment(row.closed_at)),
)
BY_KEY = {column.key: column for column in COLUMNS}
DEFAULT = ("number", "title", "place", "step", "due", "lead", "channel", "category", "urgency")


def chosen_columns(keys: Iterable[str]) -> tuple[Column, ...]:
    """Return the columns named by ``keys`` in the ledger's own order; the fixed ones are always there."""
    wanted = set(keys)
    return tuple(column for column in COLUMNS if column.fixed or column.key in wanted)


def ledger_rows(rows: Sequence[LedgerRow], columns: Sequence[Column]) -> SafeString:
    """Return the ``<tr>`` elements of a page of the ledger."""
    words = Words()
    base, tail = reverse("desk:matter", args=[_ANY_ID]).split(str(_ANY_ID))
    openings = [_opening(column) for column in columns]
    cells = [column.cell for column in columns]
    parts: list[str] = []
    for row in rows:
        parts.append("<tr>")
        for column, opening, cell in zip(columns, openings, cells, strict=True):
            text = cell(row, words)
            if column.key == "number":
                parts.append(f'<th scope="row" class="mono">{text}</th>')
            elif column.key == "title":
                parts.append(f'{opening}<a href="{base}{row.id}{tail}">{text}</a></td>')
            else:
                parts.append(f"{opening}{text}</td>")
        parts.append("</tr>")
    return mark_safe("".join(parts))  # noqa: S308 - every value above went through escape()


def head_cells(columns: Sequence[Column], sorts: Mapping[str, str], sort: str) -> SafeString:
    """Return the head cells: each column's title, which sorts by it where it can.

    Args:
        columns: those shown.
        sorts: addresses by order ("new", "due").
        sort: the order the page is in.
    """
    parts: list[str] = []
    for column in columns:
        title, now = escape(_(column.title)), sort and column.sort == sort
        way, arrow = ("ascending", " ↑") if column.sort == "due" else ("descending", " ↓")
        sorted_ = f' aria-sort="{way}"'
        if column.sort:
            title = f'<a href="{escape(sorts[column.sort])}">{title}{arrow if now else ""}</a>'
        parts.append(f'<th scope="col"{sorted_ if now else ""}>{title}</th>')
    return mark_safe("".join(parts))  # noqa: S308 - every value above went through escape()


@lru_cache(maxsize=256)
def column_choices(chosen: tuple[Column, ...], language: str) -> SafeString:  # noqa: ARG001 - titles depend on it
    """Return the ticks by which columns are chosen; those that cannot be left out are ticked for good."""
    return format_html_join(
        "",
        '<label class="choice"><input type="checkbox" name="columns" value="{}"{}{}>{}</label>',
        (
            (
                column.key,
                mark_safe(" checked") if column in chosen else "",
                mark_safe(" disabled") if column.fixed else "",
                _(column.title),
            )
            for column in COLUMNS
        ),
    )


def _opening(column: Column) -> str:
    classes = " ".join(part for part in (column.phone, "cell-" + column.key) if part)
    label = f' data-label="{escape(_(column.title))}"' if column.phone == "fact" else ""
    return f'<td class="{classes}"{label}>'
