"""Where what is filled in comes from: figures, registers, a meeting; read as the actor may, told as anybody may."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from bihuan.areas.api import names as area_names
from bihuan.areas.api import within
from bihuan.kernel.api import BadInput, Problem, clock
from bihuan.matters.models import Matter
from bihuan.meetings.api import Results
from bihuan.meetings.api import results as meeting_results
from bihuan.people.api import Actor
from bihuan.reporting.bulletins.wording import ALL, Only
from bihuan.reporting.documents import Block, Heading, Para, Table, said
from bihuan.reporting.figures.definitions import standard
from bihuan.reporting.figures.reading import figures
from bihuan.reporting.figures.shapes import FigureValue
from bihuan.reporting.registers.definitions import standard as registers
from bihuan.reporting.registers.listing import Opened, View, open_register
from bihuan.reporting.registers.listing import page as register_lines
from bihuan.reporting.registers.sources.base import Cell

LANGUAGE = "zh-hans"  # what is written for an area is written in its language
_COLUMNS = 5
_PAGES = 50  # so many pages of a hundred lines are gone through for those of a period


class Reader(Protocol):
    """What filling a text needs to be told."""

    def want(self, asked: Iterable[tuple[str, Only]]) -> None:
        """Say which figures will be asked for, to read them at once."""

    def figure(self, key: str, only: Only = ALL) -> FigureValue:
        """Return a figure of the period, with the one before."""

    def split(self, key: str, dim: str, only: Only = ALL) -> Sequence[FigureValue]:
        """Return a figure part by part."""

    def register(self, key: str, most: int, only: Only = ALL, *, during: bool = False) -> Table:
        """Return the first lines of a register; ``during``: of matters recorded in the period."""

    def word(self, name: str) -> str:
        """Return the area, period, year, today."""

    def meeting(self, what: str) -> str:
        """Return a word of the meeting."""

    def items(self) -> list[Block]:
        """Return what came of each item of the meeting."""


@dataclass(slots=True)
class Live:
    """Reads for an actor: an area, a period of months, perhaps a meeting."""

    actor: Actor
    area_code: str
    since: date | None = None
    until: date | None = None
    meeting_id: UUID | None = None
    method_key: str = ""
    window: int = 0
    only: Only = ALL
    _read: dict[tuple[str, Only], FigureValue] = field(default_factory=dict)
    _split: dict[tuple[str, str, Only], list[FigureValue]] = field(default_factory=dict)
    _results: Results | None = None

    def want(self, asked: Iterable[tuple[str, Only]]) -> None:
        """Read figures at once: one reading for each way of narrowing them."""
        missing: dict[Only, list[str]] = {}
        for key, only in asked:
            if (key, only) not in self._read:
                missing.setdefault(only, []).append(key)
        for only, keys in missing.items():
            found = self._figures(list(dict.fromkeys(keys)), only)
            self._read |= {(key, only): value for key, value in zip(dict.fromkeys(keys), found, strict=False)}

    def _figures(self, keys: list[str], only: Only, dim: str = "") -> list[FigureValue]:
        if self.since is None or self.until is None:
            return []  # the check of templates lets none ask so
        narrow = only.under(self.only)
        full = [self._full(key) for key in keys]
        by = {name: said for name, said in (("method", narrow.method), ("category", narrow.category)) if said}
        with override(LANGUAGE):
            return figures(self.actor, self._area(narrow), self.since, self.until, keys=full, split=dim, only=by)

    def _area(self, only: Only) -> str:
        """Return whose matters count: of the area that the text is of, or of one in it."""
        if only.area and not within(only.area, self.area_code):
            raise BadInput(
                Problem("text", _("区域 %s 不在这一份的区域里。") % only.area[:21], _("写本区域或下级区域的编号。"))
            )
        return only.area or self.area_code

    def _full(self, key: str) -> str:
        own = self.method_key and key not in standard().items
        return f"{self.method_key}:{key}" if own else key

    def figure(self, key: str, only: Only = ALL) -> FigureValue:
        """Return a figure."""
        self.want([(key, only)])
        return self._read[key, only]

    def split(self, key: str, dim: str, only: Only = ALL) -> Sequence[FigureValue]:
        """Return a figure part by part."""
        if (key, dim, only) not in self._split:
            self._split[key, dim, only] = self._figures([key], only, dim)[1:]
        return self._split[key, dim, only]

    def register(self, key: str, most: int, only: Only = ALL, *, during: bool = False) -> Table:
        """Return the first lines of a register; what is not public is not among them."""
        narrow = only.under(self.only)
        by = {name: said for name, said in (("method", narrow.method), ("category", narrow.category)) if said}
        with override(LANGUAGE):
            area = self._area(narrow)
            key = f"{self.method_key}.{key}" if self.method_key and key not in registers() else key
            opened = open_register(self.actor, key, area)
            chosen = [column for column in opened.columns if column.spec.required and column.spec.value]
            chosen = (chosen or [column for column in opened.columns if column.spec.value])[:_COLUMNS]
            view = View(columns=tuple(column.key for column in chosen), filters=by)
            opened = open_register(self.actor, key, area, view)
            rows = self._lines(opened, min(100, max(1, most)), during=during)
        head = ("序号", *(column.spec.title.zh for column in opened.columns))
        cells = (tuple(_cell(cell) for cell in row) for row in rows)
        return Table(head, tuple((str(at), *row) for at, row in enumerate(cells, start=1)))

    def _lines(self, opened: Opened, most: int, *, during: bool) -> list[tuple[Cell, ...]]:
        """Return lines that may be told: of matters the public ones, of a period those recorded in it."""
        if opened.register.spec.of not in {"matter", "measure"}:
            return [line.cells for line in register_lines(self.actor, opened, None, most).rows]
        public = Matter.objects.filter(public=True)
        if during and self.since and self.until:
            begin, end = (datetime.combine(day, time(), clock.ZONE) for day in (self.since, self.until + timedelta(1)))
            public = public.filter(happened_at__gte=begin, happened_at__lt=end)
        found: list[tuple[Cell, ...]] = []
        cursor: str | None = None
        for _page in range(_PAGES if during else 1):
            lines = register_lines(self.actor, opened, cursor, 100 if during else most)
            told = set(public.filter(pk__in=[line.id for line in lines.rows]).values_list("pk", flat=True))
            found += [line.cells for line in lines.rows if line.id in told]
            cursor = lines.next
            if cursor is None or len(found) >= most:
                break
        return found[:most]

    def word(self, name: str) -> str:
        """Return the area, period, year, today, window."""
        if name == "area":
            return area_names([self.area_code]).get(self.area_code, self.area_code)
        if name == "period":
            return period_words(self.since, self.until)
        if name == "window":
            return f"{self.window}个工作日"
        today = clock.today()
        return str((self.since or today).year) if name == "year" else said(today)

    def meeting(self, what: str) -> str:
        """Return a word of the meeting."""
        results = self._meeting()
        if results is None:
            return ""
        told = results.told
        when = told.starts_at.astimezone(clock.ZONE)
        words = {
            "title": told.title,
            "when": f"{said(when.date())} {when:%H:%M}",
            "place": told.place,
            "chair": results.chair,
            "keeper": results.keeper,
            "due": str(told.due),
            "came": str(told.present),
            "quorum": told.quorum_sentence.rstrip("。") + "。" if told.quorum_sentence else "",
        }
        return words[what]

    def people(self) -> list[tuple[str, str]]:
        """Return who was there and who was not, by label: for minutes."""
        results = self._meeting()
        if results is None:
            return []
        rows = [("出席", results.came), ("请假", results.away), ("列席", results.sat_in)]
        return [(label, "  ".join(names)) for label, names in rows if names]

    def _meeting(self) -> Results | None:
        if self._results is None and self.meeting_id is not None:
            with override(LANGUAGE):
                self._results = meeting_results(self.actor, self.meeting_id)
        return self._results

    def items(self) -> list[Block]:
        """Return each item with its count, its resolution, who answers for it and until when."""
        results = self._meeting()
        found: list[Block] = []
        for item in results.told.items if results else ():
            found += _item(item)
        return found


def _item(item: Any) -> list[Block]:
    title = "一件不公开的事项" if item.private else item.title
    found: list[Block] = [Heading(1, title)]
    result = f"结果：{item.state_title}。"
    if item.count is not None:
        count = item.count
        result = f"表决：赞成{count.for_}，反对{count.against}，弃权{count.abstain}。" + result
    found.append(Para(result + (f"原因：{item.reason}。" if item.reason else "")))
    if item.resolution:
        found.append(Para(f"决议：{item.resolution.rstrip('。')}。"))
    who = "；".join(f"{role}：{name}" for role, name in item.parties if name)
    until = f"完成时限：{said(item.due_on)}。" if item.due_on else ""
    if who or until:
        found.append(Para((f"{who}。" if who else "") + until))
    return found


def _cell(cell: Any) -> str:
    if cell is None:
        return ""
    if hasattr(cell, "astimezone"):
        return f"{cell.astimezone(clock.ZONE):%Y-%m-%d}"
    return str(cell).replace("{", "（").replace("}", "）")


def period_words(since: date | None, until: date | None) -> str:
    """Return a period as people say it: 2024年3月, 2024年第一季度, 2024年1至4月, 2024年."""
    if since is None or until is None:
        return ""
    if since.year != until.year:
        return f"{since.year}年{since.month}月至{until.year}年{until.month}月"
    if since.month == until.month:
        return f"{since.year}年{since.month}月"
    if until.month - since.month == 2 and since.month % 3 == 1:
        return f"{since.year}年第{'一二三四'[since.month // 3]}季度"
    if (since.month, until.month) == (1, 12):
        return f"{since.year}年"
    return f"{since.year}年{since.month}至{until.month}月"
