"""The shape of what comes in from the field: pure, every problem at once, in words that say how to mend."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.fieldwork.shapes import NewVisit
from bihuan.kernel.api import BadInput, Problem, parse_id, visible

RESULTS = ("nothing", "found", "nobody")
MARKS = ("ok", "bad", "na")
LONGEST_TITLE = 60
LONGEST_TEXT = 2000
LONGEST_NAME = 40
MOST_TOGETHER = 20
MOST_ITEMS = 60
MOST_SOUNDS = 6
_KEY = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,39}$")
_AHEAD = timedelta(minutes=5)


def check_visit(given: Mapping[str, Any], now: datetime) -> NewVisit:
    """Return a visit, cleaned.

    Args:
        given: the parameters of ``record_visit``; instants as ISO 8601 text or aware datetimes, ids as text or UUID.
        now: nothing can have happened later; five minutes are forgiven to a phone's clock.

    Raises:
        BadInput: with every problem found.
    """
    problems: list[Problem] = []
    title = words(given.get("title"), "title", LONGEST_TITLE, problems)
    text = words(given.get("text"), "text", LONGEST_TEXT, problems)
    key = _id(given.get("id"), "id", problems, v7=True)
    happened = instant(given.get("happened_at"), "happened_at", now, problems)
    arrived = instant(given.get("arrived_at"), "arrived_at", now, problems)
    if happened is None and not any(problem.field == "happened_at" for problem in problems):
        problems.append(Problem("happened_at", _("没有写时间。"), _("请写成 2024-04-01T09:30+08:00。")))
    area_code = str(given.get("area_code") or "").strip()
    if not area_code and not given.get("place_id") and not given.get("pairing_id"):
        problems.append(Problem("area_code", _("没有写去了哪里。"), _("请选楼栋或地点。")))
    new = NewVisit(
        id=key or UUID(int=0),
        area_code=area_code,
        happened_at=happened or now,
        arrived_at=min(arrived, happened) if arrived and happened else happened or now,
        place_id=_id(given.get("place_id"), "place_id", problems),
        round=_word(given.get("round"), "round", problems),
        method_key=str(given["method_key"]).replace("\x00", "")[:60] if given.get("method_key") else None,
        level=level_of(given.get("level"), problems),
        pairing_id=_id(given.get("pairing_id"), "pairing_id", problems),
        help_kind=_word(given.get("help_kind"), "help_kind", problems),
        result=one_of(given.get("result") or "nothing", RESULTS, "result", problems),
        checklist=checklist_of(given.get("checklist"), problems),
        title=title,
        text=text,
        together=together_of(given.get("together"), problems),
        photos=files_of(given.get("photos"), "photos", settings.PHOTO_MAX_COUNT, problems),
        sounds=files_of(given.get("sounds"), "sounds", MOST_SOUNDS, problems),
    )
    if problems:
        raise BadInput(problems)
    return new


def words(value: Any, field: str, longest: int, problems: list[Problem]) -> str:
    """Return typed text without what is not seen; a title in one line."""
    if value is not None and not isinstance(value, str):
        problems.append(Problem(field, _("这一项应当是文字。"), _("请检查写法。")))
        return ""
    text = visible(value)
    if field == "title":
        text = " ".join(text.split())
    if len(text) > longest:
        why = _("内容有 %(n)s 字，最多 %(most)s 字。") % {"n": len(text), "most": longest}
        problems.append(Problem(field, why, _("请删减一些。")))
    return text


def instant(value: Any, field: str, now: datetime, problems: list[Problem]) -> datetime | None:
    """Return an instant that is not ahead of ``now``; None where none was given, or none that can be."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, datetime) or value.tzinfo is None:
        problems.append(Problem(field, _("时间格式不对。"), _("请写成 2024-04-01T09:30+08:00。")))
    elif value > now + _AHEAD:
        problems.append(Problem(field, _("写的时间还没有到。"), _("请检查日期和钟点。")))
    elif value.year < 1990:
        problems.append(Problem(field, _("发生时间太早。"), _("请检查年份。")))
    else:
        return min(value, now)
    return None


def one_of(value: Any, known: Sequence[str], field: str, problems: list[Problem]) -> str:
    """Return a word that is one of those known."""
    if isinstance(value, str) and value in known:
        return value
    problems.append(Problem(field, _("选项不对。"), _("可用：%(all)s。") % {"all": "、".join(known)}))
    return known[0]


def level_of(value: Any, problems: list[Problem]) -> int | None:
    """Return a level from 1 to 9; None where none was given."""
    if value is None or value == "":
        return None
    text = str(value)
    if text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= 9:
        return int(text)
    problems.append(Problem("level", _("级别不对。"), _("请填 1 到 9。")))
    return None


def checklist_of(value: Any, problems: list[Problem]) -> dict[str, str]:
    """Return item → "ok", "bad" or "na". Items that the method has no more are kept as they were ticked."""
    if not value:
        return {}
    fine = isinstance(value, Mapping) and len(value) <= MOST_ITEMS
    if fine and all(isinstance(k, str) and _KEY.match(k) and v in MARKS for k, v in value.items()):
        return {str(key): str(mark) for key, mark in value.items()}
    problems.append(Problem("checklist", _("检查项的写法不对。"), _("每一项填 ok、bad 或 na。")))
    return {}


def together_of(value: Any, problems: list[Problem]) -> tuple[dict[str, str], ...]:
    """Return who went along: role, name and person (hex, or "")."""
    if not value:
        return ()
    listed = list(value) if isinstance(value, (list, tuple)) else [None]
    found = [_companion(one) for one in listed]
    if len(listed) > MOST_TOGETHER or None in found:
        problems.append(Problem("together", _("同去的人写法不对。"), _("每人写岗位，可写姓名，最多 20 人。")))
        return ()
    return tuple(one for one in found if one is not None)


def _companion(one: Any) -> dict[str, str] | None:
    if not isinstance(one, Mapping) or not isinstance(one.get("role"), str) or not _KEY.match(one["role"]):
        return None
    name = " ".join(visible(one.get("name")).split())
    try:
        person = UUID(str(one["person"])).hex if one.get("person") else ""
    except ValueError:
        return None
    return {"role": one["role"], "name": name, "person": person} if len(name) <= LONGEST_NAME else None


def files_of(value: Any, field: str, most: int, problems: list[Problem]) -> tuple[Any, ...]:
    """Return files as given, unless there are too many."""
    files = tuple(value or ())
    if len(files) > most:
        problems.append(Problem(field, _("文件太多。"), _("一次最多 %(n)s 个。") % {"n": most}))
    return files


def _word(value: Any, field: str, problems: list[Problem]) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, str) and _KEY.match(value):
        return value
    problems.append(Problem(field, _("选项不对。"), _("请从所列的选项中选一个。")))
    return ""


def _id(value: Any, field: str, problems: list[Problem], *, v7: bool = False) -> UUID | None:
    if not v7 and (value is None or value == ""):
        return None
    try:
        if v7:
            return parse_id(value, field=field)
        return value if isinstance(value, UUID) else UUID(str(value))
    except BadInput as error:
        problems.extend(error.problems)
    except ValueError:
        problems.append(Problem(field, _("编号不对。"), _("请刷新页面重试。")))
    return None
