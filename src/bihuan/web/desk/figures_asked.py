"""Desk: what the pages of figures are asked for by their address, and how it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.areas.api import find
from bihuan.areas.models import Area
from bihuan.kernel.api import BadInput, Refused
from bihuan.people.api import Actor, can
from bihuan.people.permissions import FIGURE_READ
from bihuan.reporting.api import SPLITS, FigureValue, Grid, current, definitions, figures, grid
from bihuan.web.desk.months import said_month

# One column for each in a split: the others are read without one.
COLUMNS = (
    "collected", "settled", "solved", "due", "settlement_rate", "in_time_rate", "late", "response_rate",
    "people_affected",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    area: Area
    since: int
    until: int
    split: str
    method: str
    wrong: str = ""
    by: str = ""  # a second split: one figure by both
    key: str = ""  # which one

    def given(self) -> dict[str, str]:
        """Return what stands in the address, by name."""
        return {
            "area": self.area.code, "since": said_month(self.since), "until": said_month(self.until),
            "split": self.split, "by": self.by, "key": self.key if self.by else "", "method": self.method,
        }  # fmt: skip

    def address(self, page: str = "desk:figures", **changes: Any) -> str:
        """Return the address of the table, or of its file, with some of it changed."""
        given = self.given() | changes
        return reverse(page) + "?" + urlencode({name: value for name, value in given.items() if value})


def read_month(text: str) -> int | None:
    """Read what a field of a form holds; None for what is no month."""
    year, _dash, month = text.strip()[:7].partition("-")
    if len(year) == 4 and year.isdecimal() and year.isascii() and month.isdecimal() and month.isascii():
        return int(year) * 100 + int(month)
    return None


def asked_of(request: HttpRequest, actor: Actor) -> Asked:
    """Read the address.

    Raises:
        Http404: for an area that there is not, or that is not the reader's.
    """
    roots = actor.areas_with(FIGURE_READ)
    code = request.GET.get("area", "")[:21] or (min(roots, key=len) if roots else "")
    area = find(code) if code and can(actor, FIGURE_READ, code) else None
    if area is None:
        raise Http404
    wrong = ""
    months: list[int] = []
    for name in ("since", "until"):
        text = request.GET.get(name, "")
        month = read_month(text) if text else None
        if text and month is None:
            wrong = _("月份写成 2024-04 这样。")
        months.append(month or (months[0] if months else current()))
    split, method = request.GET.get("split", "")[:20], request.GET.get("method", "")[:60]
    split = split if split in SPLITS else ""
    by, key = request.GET.get("by", "")[:20], request.GET.get("key", "")[:80]
    by = by if split and by in SPLITS and by != split else ""
    return Asked(area, months[0], months[1], split, method, wrong, by, key or COLUMNS[0])


@dataclass(frozen=True, slots=True)
class Read:
    """What a table was read as: figures, in a split or not; or one figure by two splits."""

    found: list[FigureValue]
    grid: Grid | None = None

    @property
    def heads(self) -> list[str]:
        """What stands above the columns of a split."""
        if self.grid is not None:
            return list(self.grid.columns)
        return [one.title for one in self.found if not one.split] if any(one.split for one in self.found) else []


def read(actor: Actor, asked: Asked) -> tuple[Read, str]:
    """Read what is asked for; and what is wrong about it, in words."""
    wrong = asked.wrong
    try:
        if asked.by:
            table = grid(
                actor, asked.area.code, asked.since, asked.until, asked.key, asked.split, asked.by, asked.method
            )
            return Read([], table), wrong
        method = asked.method if asked.split in {"", "area"} else ""
        if asked.method and not method:
            wrong = _("选了工作法，就只能不分、按下级区域分，或者再分一次；下面是全部工作法合在一起的。")
        keys = COLUMNS if asked.split else None
        return Read(figures(actor, asked.area.code, asked.since, asked.until, keys, asked.split, method)), wrong
    except (BadInput, Refused) as error:
        return Read([]), " ".join(f"{problem.why}{problem.how}" for problem in error.problems)


def figure_titles() -> list[tuple[str, str]]:
    """Return the figures that a table of two splits may be of: key and title."""
    language = get_language() or ""
    return [(key, one.title.say(language)) for key, one in definitions().items() if one.kind != "median"]


def split_titles() -> list[tuple[str, str]]:
    """Return what figures may be split by: key and title."""
    titles = {
        "area": _("下级区域"), "category": _("类别"), "channel": _("渠道"), "outcome": _("办结方式"),
        "urgency": _("紧急程度"), "method": _("工作法"),
    }  # fmt: skip
    return [(key, titles[key]) for key in SPLITS]
