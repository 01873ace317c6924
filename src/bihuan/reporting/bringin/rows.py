"""A row of an old ledger as a matter: every problem of it at once, and what is only worth knowing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bihuan.kernel.api import lookup_hash
from bihuan.matters.api import Earlier, MethodInfo
from bihuan.matters.models import Matter
from bihuan.reporting.bringin.columns import DROP, FIELD, KEEP
from bihuan.reporting.bringin.given import Unread, field_value, option_of
from bihuan.reporting.bringin.places import Places
from bihuan.reporting.bringin.reading import Row, Source
from bihuan.reporting.bringin.values import is_done, is_no_day, moment, narrow, whole
from bihuan.reporting.sheets.values import plain

LONGEST = 2000
SHORT = 60


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row (or, where ``stops`` is false, only worth knowing): where, why, how to mend."""

    line: int
    column: str
    why: str
    how: str
    value: str = ""
    stops: bool = True


@dataclass(slots=True)
class Reading:
    """What rows are read against."""

    source: Source
    fields: Mapping[int, str]
    places: Places
    info: MethodInfo
    now: datetime
    year: int | None = None
    problems: list[RowProblem] = field(default_factory=list)

    def titles(self) -> dict[int, str]:
        """Return the headings by the left edge of their column."""
        return {column.left: column.title for column in self.source.columns}


@dataclass(slots=True)
class Ready:
    """A row that stands: what the matter begins with, and what it is known by when it comes again."""

    line: int
    given: dict[str, Any]
    print: str


def read_rows(reading: Reading) -> list[Ready]:
    """Return the rows that stand; what is wrong with the others goes to ``reading.problems``."""
    seen: dict[str, int] = {}
    ready = []
    for row in reading.source.rows:
        one = _read(reading, row)
        if one is None:
            continue
        # Two lines that say the same are two matters; the same file again has the same two.
        seen[one.print] = nth = seen.get(one.print, 0) + 1
        one.print = lookup_hash(f"{one.print}#{nth}").hex()
        ready.append(one)
    return ready


class _Cells:
    """The cells of a row by field; several columns may be one field."""

    def __init__(self, reading: Reading, row: Row) -> None:
        self.reading, self.row = reading, row
        self.lefts: dict[str, list[int]] = {}
        for left, name in reading.fields.items():
            self.lefts.setdefault(name, []).append(left)

    def text(self, name: str) -> str:
        """Return what is given for a field, several columns joined."""
        return "；".join(filter(None, (self.row.text(left) for left in self.lefts.get(name, ()))))

    def said(self, name: str, *, stops: bool, why: str, how: str) -> None:
        """Note a problem of a field."""
        left = self.lefts.get(name, [0])[0]
        heading = self.reading.titles().get(left, "")
        value = self.text(name)[:40]
        self.reading.problems.append(RowProblem(self.row.line, heading, why, how, value, stops))

    def moment(self, name: str) -> datetime | None:
        """Return a date; one that cannot be told is a problem."""
        for left in self.lefts.get(name, ()):
            cell = self.row.cells.get(left)
            if cell is None or not cell.text:
                continue
            at = moment(cell.value, cell.text, self.reading.year)
            if at is None and is_no_day(cell.text):
                self.said(name, stops=True, why=_("没有这一天。"), how=_("请核对这个日期。"))
                raise _Stop
            if at is None:
                self.said(
                    name,
                    stops=True,
                    why=_("这个日期看不懂。"),
                    how=_("请写成 2024-03-05 或 2024年3月5日；没有年份的，请在上面选一个年份。"),
                )
                raise _Stop
            if at > self.reading.now:
                self.said(name, stops=True, why=_("日期在将来。"), how=_("请核对年份。"))
                raise _Stop
            return at
        return None


class _Stop(Exception):
    """The row has a problem that stops it, noted already."""


def _read(reading: Reading, row: Row) -> Ready | None:
    cells = _Cells(reading, row)
    before = len(reading.problems)
    try:
        given = _given(reading, cells)
    except _Stop:
        return None
    if any(problem.stops for problem in reading.problems[before:]):
        return None
    said = [f"{name}={plain(cells.text(name))}" for name in sorted(cells.lefts) if name not in {"order", DROP}]
    return Ready(row.line, given, "|".join(said))


def _given(reading: Reading, cells: _Cells) -> dict[str, Any]:
    text, title = cells.text("text"), cells.text("title")
    if not text and not title:
        cells.said(
            "text",
            stops=True,
            why=_("这一行没有写是什么问题。"),
            how=_("请补上内容，或删去这一行；也可以改选“内容”是哪一列。"),
        )
        raise _Stop
    area = reading.places.find(cells.text("area"))
    if "area" not in cells.lefts and (where := cells.text(FIELD + "place")):
        area = reading.places.find(where) or reading.places.root  # said more exactly than a building, or not at all
    if area is None:
        cells.said(
            "area",
            stops=True,
            why=_("找不到这个地点，或者有几个同名。"),
            how=_("请写楼栋的名称或编码，例如“12号楼”；不清楚就留空，记到整个区域。"),
        )
    registered, happened, closed = cells.moment("registered"), cells.moment("happened"), cells.moment("closed")
    extra, kept = _fields(reading, cells)
    chosen = {name: _option(reading, cells, name) for name in ("category", "urgency")}
    heads = {"category": _("类别"), "urgency": _("紧急程度")}
    kept += [f"{heads[name]}：{cells.text(name)}" for name, key in chosen.items() if not key and cells.text(name)]
    phone = narrow(cells.text("phone"))
    if "title" in _required(reading) and not title:
        title = text  # a list of names alone
    body = _body(reading, cells, text or title, kept)
    if len(body) > LONGEST:
        cells.said("text", stops=True, why=_("内容超过 2000 字。"), how=_("请删减一些。"))
    given: dict[str, Any] = {
        "area_code": area or reading.places.root,
        "text": body,
        "title": title[:SHORT] if title and (text or "title" in _required(reading)) else "",
        "channel": _channel(cells.text("channel")),
        **chosen,
        "people_affected": whole(cells.text("people_affected")),
        "phone": phone,
        "reporter_name": cells.text("reporter_name")[:40],
        "happened_at": happened or registered,
        "extra": extra,
        "anonymous": False,
    }
    given["earlier"] = _earlier(reading, cells, registered or happened, closed)
    return given


def _required(reading: Reading) -> set[str]:
    opening = reading.info.file.opening.get("record")
    return {key for key, need in opening.gives.items() if need == "required"} if opening is not None else set()


def _body(reading: Reading, cells: _Cells, text: str, kept: list[str]) -> str:
    """Return the text with what has no field of its own below it: nothing that stood in the row is lost."""
    titles = reading.titles()
    lines = [text]
    if number := cells.text("number"):
        lines.append(_("原编号：%s") % number)
    if (where := cells.text("area")) and plain(where) not in reading.places.names:
        lines.append(_("地点：%s") % where)
    told = ((left, cells.row.text(left)) for left in cells.lefts.get(KEEP, ()))
    lines += [f"{titles.get(left, '')}：{said}" for left, said in told if said]
    return "\n".join([*lines, *kept])


def _fields(reading: Reading, cells: _Cells) -> tuple[dict[str, Any], list[str]]:
    """Return what goes into fields of the method, and as lines of text what the method has no field for."""
    extra: dict[str, Any] = {}
    kept: list[str] = []
    done = _ended(cells)
    for name in ("measure", "answer", "satisfaction"):
        said = cells.text(name)
        if not said:
            continue
        spec = reading.info.file.fields.get(name)
        options = {plain(title.zh): key for key, title in spec.options.items()} if spec is not None else {}
        value = options.get(plain(said)) if options else said
        longest = getattr(spec, "longest", None)
        if spec is None or not done or value is None or (longest is not None and len(said) > longest):
            kept.append(f"{_(_WORDS[name])}：{said}")
        else:
            extra[name] = value
    for name in cells.lefts:
        if name.startswith(FIELD) and (said := cells.text(name)):
            _own_field(reading, cells, name, said, done=done, extra=extra, kept=kept)
    return extra, kept


def _own_field(
    reading: Reading, cells: _Cells, name: str, said: str, *, done: bool, extra: dict[str, Any], kept: list[str]
) -> None:
    """Read a field of the method; what is only given later, while the matter runs, is told in the text for now."""
    left = cells.lefts[name][0]
    heading = reading.titles().get(left, "")
    key = name.removeprefix(FIELD)
    spec, opening = reading.info.file.fields[key], reading.info.file.opening.get("record")
    if not done and (opening is None or key not in opening.gives):
        kept.append(f"{heading}：{said}")
        return
    cell = cells.row.cells.get(left)
    try:
        value = field_value(spec, cell.value if cell is not None else None, said, heading, reading.year)
    except Unread as problem:
        cells.said(name, stops=problem.stops, why=problem.why, how=problem.how)
        kept.append(f"{heading}：{said}")
        return
    if value is not None:
        extra[key] = value


_WORDS = {"measure": "措施", "answer": "办理结果", "satisfaction": "反映人意见"}


def _ended(cells: _Cells) -> bool:
    done = is_done(cells.text("state"))
    return done is True or (done is None and bool(cells.text("closed") or cells.text("outcome")))


def _earlier(reading: Reading, cells: _Cells, registered: datetime | None, closed: datetime | None) -> Earlier | None:
    """Return when it was registered, and how and when it ended, where the ledger says so."""
    if not _ended(cells):
        return Earlier(registered) if registered is not None else None
    at = closed or registered
    if at is None:
        cells.said("state", stops=True, why=_("写着办结了，却没有日期。"), how=_("请补上登记时间或办结时间。"))
        raise _Stop
    if registered is not None and at < registered:
        cells.said("closed", stops=True, why=_("办结早于登记。"), how=_("请核对这两个日期。"))
        raise _Stop
    outcomes = reading.info.method.outcomes
    said = plain(cells.text("outcome"))
    key = next((key for key, one in outcomes.items() if said and plain(one.title.zh) in {said, "已" + said}), None)
    key = key or next((key for key, one in outcomes.items() if said and said in plain(one.title.zh)), None)
    if key is None and said:
        cells.said("outcome", stops=False, why=_("这种办结方式工作法里没有，记为已解决。"), how=_("可在工作法里加上。"))
    if key is None:
        key = next((key for key, one in outcomes.items() if one.result == "solved"), next(iter(outcomes)))
    return Earlier(registered or at, key, at)


def _option(reading: Reading, cells: _Cells, name: str) -> str:
    """Return the key of a choice that a cell names; one that is not there is said, and stays open."""
    said = cells.text(name)
    if not said:
        return ""
    spec = reading.info.file.fields.get(name)
    options = spec.options if spec is not None else {}
    if key := option_of(options, said):
        return key
    cells.said(
        name,
        stops=False,
        why=_("工作法里没有这一类，先不分类。"),
        how=_("可用：%s。") % "、".join(title.zh for title in options.values()),
    )
    return ""


def _channel(said: str) -> str:
    wanted = plain(said)
    for key, title in Matter.Channel.choices:
        if wanted and (wanted in plain(str(title)) or plain(str(title)) in wanted):
            return str(key)
    if "电话" in wanted or "来电" in wanted:
        return str(Matter.Channel.PHONE)
    if "走访" in wanted or "入户" in wanted:
        return str(Matter.Channel.VISIT)
    return str(Matter.Channel.PAPER)
