"""What is wrong or doubtful in the field sections of a method file: everything at once, at its line. No database."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from bihuan.fieldwork.engine import windows
from bihuan.fieldwork.section import (
    DILIGENCES,
    LEVELS,
    PAIRINGS,
    ROUNDS,
    Diligences,
    Item,
    PairingPlan,
    Pairings,
    Round,
    Rounds,
)
from bihuan.kernel.recurrence import ANCHOR, RecurrenceError, to_rrule
from bihuan.methods.api import Amount, Method, Report, Text, sections, warn_of_words

Path = tuple[str | int, ...]

_KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
_PHOTO = re.compile(
    r"(必须|一律|务必|每处|每次|每项|都要).{0,6}(拍照|照片)|拍照(打卡|上传|留痕|为证)|必拍|痕迹管理"
    r"|至少.{0,3}[\d一二三四五六七八九十]+\s*张|photo.{0,12}(required|compulsory|mandatory)|must.{0,20}photo",
    re.IGNORECASE,
)
_KEEP_DAYS = 1095  # a household's data is kept no longer than three years after the pairing without a word


def check_rounds(method: Method, section: Rounds, report: Report) -> None:
    """Add every problem of the rounds."""
    base: Path = (ROUNDS,)
    _keys(section.kinds, (*base, "kinds"), report)
    _keys(section.plans, (*base, "plans"), report)
    for key in section.kinds:
        if key in LEVELS:
            report.error(
                (*base, "kinds", key), "kind-clash", f"“{key}”是区域的级别，不能作地点种类。",
                f"'{key}' is a level of areas and cannot be a kind of place.", "换一个代号。", "Choose another key.",
            )  # fmt: skip
    _roles(method, (*base, "review"), section.review, report)
    _whole_days(base, section.keep, report)
    for key, plan in section.plans.items():
        path: Path = (*base, "plans", key)
        _who(method, path, plan, report)
        _where(path, plan, section, report)
        _when(path, plan, report)
        _checklist(method, path, plan, report)
        _equivalent(method, path, key, plan, section, report)
        _burdens(path, key, plan, report)


def check_pairings(method: Method, section: Pairings, report: Report) -> None:
    """Add every problem of the pairings."""
    base: Path = (PAIRINGS, "plans")
    _keys(section.plans, base, report)
    for key, plan in section.plans.items():
        path: Path = (*base, key)
        _keys(plan.help, (*path, "help"), report)
        for where, roles in (("units", plan.units), ("managed_by", plan.managed_by)):
            _roles(method, (*path, where), roles, report)
        if plan.every:
            _every((*path, "every"), plan.every, report)
        _kept(path, plan, report)
        warn_of_words(path, f"{key} {_both(plan.title)} {_both(plan.note)}", report)


def check_diligences(method: Method, section: Diligences, report: Report) -> None:
    """Add every problem of the kinds of work: what counts as an act must be something the method has."""
    base: Path = (DILIGENCES, "kinds")
    _keys(section.kinds, base, report)
    known = acts(method)
    for key, kind in section.kinds.items():
        for index, act in enumerate(kind.counts):
            if act not in known:
                _unknown((*base, key, "counts", index), "可以算作的事", "act that can be counted", act, known, report)
        warn_of_words((*base, key), f"{key} {_both(kind.title)}", report)


def acts(method: Method) -> dict[str, Text]:
    """Return everything in a method that can be counted, by its sections: "rounds.patrol" → its title."""
    found: dict[str, Text] = {}
    for key in method.section_keys:
        section = sections().get(key)
        if section is not None and section.acts is not None:
            found.update(section.acts(method.section(key)))
    return found


def _who(method: Method, path: Path, plan: Round, report: Report) -> None:
    if bool(plan.who) == bool(plan.levels):
        report.error(
            path, "who", "“谁去”和“分级”要写一个，也只写一个。", "Write 'who' or 'levels', and one of them only.",
            "不分级的写“谁去”；一级一级走的写“分级”。", "'who' for most rounds; 'levels' where one goes after another.",
        )  # fmt: skip
    for index, roles in enumerate(plan.levels):
        _roles(method, (*path, "levels", index), roles, report)
        if not roles:
            report.error((*path, "levels", index), "empty", "这一级没有写谁去。", "This level says nobody.")
    for where, roles in (("who", plan.who), ("stand_in", plan.stand_in), ("together", plan.together)):
        _roles(method, (*path, where), roles, report)
    if plan.needed != "none" and not plan.together:
        report.error(
            (*path, "needed"), "together", "写了“同去要求”，没有写“同去”的是谁。",
            "It says that others must come, and not who.", "写上“同去”，或去掉“同去要求”。", "Write 'together' too.",
        )  # fmt: skip


def _where(path: Path, plan: Round, section: Rounds, report: Report) -> None:
    for index, place in enumerate(plan.places):
        if place not in LEVELS and place not in section.kinds:
            known = [*LEVELS, *section.kinds]
            _unknown((*path, "places", index), "地点种类", "kind of place", place, known, report)


def _when(path: Path, plan: Round, report: Report) -> None:
    for index, season in enumerate(plan.season):
        if season.span is None:
            report.error(
                (*path, "season", index), "season", f"“{season.from_}”到“{season.to}”不是一年里的日子。",
                f"'{season.from_}' to '{season.to}' are no days of the year.",
                "写成 03-01 到 11-30，或 3月1日 到 11月30日。", "Write 03-01 and 11-30.",
            )  # fmt: skip
    if not _every((*path, "every"), plan.every, report) or plan.interval is None:
        return
    if plan.interval.unit == "days":
        some = list(windows(plan.plan(""), ANCHOR, ANCHOR.replace(year=ANCHOR.year + 1)))
        longest = max(((w.end - w.start).days + 1 for w in some), default=0)
        if plan.interval.amount > longest:
            report.warn(
                (*path, "interval"), "interval-long", f"最短间隔比一期（最长 {longest} 天）还长：有的期走不成。",
                f"The interval is longer than a window ({longest} days at most): some cannot be covered.",
                "缩短间隔，或放宽“多久一次”。", "Shorten it, or let it come less often.",
            )  # fmt: skip


def _every(path: Path, words: str, report: Report) -> bool:
    try:
        to_rrule(words)
    except RecurrenceError as error:
        report.error(path, "bad-every", f"{error.zh}。", f"{error.en}.")
        return False
    return True


def _checklist(method: Method, path: Path, plan: Round, report: Report) -> None:
    _keys(plan.checklist, (*path, "checklist"), report)
    for key, item in plan.checklist.items():
        here: Path = (*path, "checklist", key)
        _finding(method, here, item, report)
        _photo(here, f"{_both(item.title)} {_both(item.hint)}", report)
        warn_of_words(here, f"{key} {_both(item.title)} {_both(item.hint)}", report)


def _finding(method: Method, path: Path, item: Item, report: Report) -> None:
    to = item.finding
    if to is None or to.method not in ("", method.key):
        return  # another method's options are known where that one is installed
    for name, value, zh in (("category", to.category, "类别"), ("urgency", to.urgency, "紧急程度")):
        options = method.fields[name].options if name in method.fields else {}
        if value and value not in options:
            _unknown((*path, "finding", name), zh, name, value, options, report)


def _equivalent(method: Method, path: Path, key: str, plan: Round, section: Rounds, report: Report) -> None:
    known = [f"plans.{other}" for other in section.plans if other != key]
    known += [f"act.{action}" for action in method.action_keys]
    for index, act in enumerate(plan.equivalent):
        if act not in known:
            _unknown((*path, "equivalent", index), "等效的事", "equivalent act", act, known, report)


def _burdens(path: Path, key: str, plan: Round, report: Report) -> None:
    for where, words in ((path, f"{key} {_both(plan.title)}"), ((*path, "note"), _both(plan.note))):
        warn_of_words(where, words, report)
        _photo(where, words, report)
    if plan.area_levels and _rule(plan.every) == "FREQ=DAILY":
        report.warn(
            (*path, "every"), "burden-daily-round", "天天把每个地方都走一遍，会加重基层负担。",
            "Every place every day is a burden.", "改为每周、每半月，或只走要紧的地点种类。",
            "Go weekly, or to the kinds of places that matter.",
        )  # fmt: skip


def _rule(words: str) -> str:
    try:
        return to_rrule(words)
    except RecurrenceError:
        return ""


def _photo(path: Path, words: str, report: Report) -> None:
    if _PHOTO.search(words):
        report.warn(
            path, "burden-photo", "一定要照片，会加重基层负担。", "A compulsory photo is a burden.",
            "改为可拍可不拍：没有问题，点一下就好。", "Leave it open: nothing found is one tap.",
        )  # fmt: skip


def _whole_days(path: Path, keep: Amount, report: Report) -> None:
    if keep.unit != "days" or keep.amount != int(keep.amount) or keep.amount < 1:
        report.error(
            (*path, "keep"), "bad-keep", "保存多久要写整天数或年数，至少 1 天。",
            "What was written is kept for whole days or years, one day at least.", "写成“365 天”或“1 年”。",
            "Write '365 days' or '1 year'.",
        )  # fmt: skip


def _kept(path: Path, plan: PairingPlan, report: Report) -> None:
    _whole_days(path, plan.keep, report)
    if plan.keep.unit == "days" and plan.keep.amount > _KEEP_DAYS:
        report.warn(
            (*path, "keep"), "burden-long-keep", "困难户的信息，结束以后还要保存三年以上。",
            "A household's data is kept for more than three years after it ended.", "用完即清，一年通常就够。",
            "No longer than needed: a year mostly does.",
        )  # fmt: skip


def _roles(method: Method, path: Path, roles: Iterable[str], report: Report) -> None:
    for index, role in enumerate(roles):
        if role not in method.roles and not report.may_name(role, ("roles",)):
            _unknown((*path, index), "角色", "role", role, method.roles, report)


def _keys(group: Mapping[str, Any], path: Path, report: Report) -> None:
    for key in group:
        if not _KEY.match(key):
            report.error(
                (*path, key), "key", f"代号“{key}”不能这样写。", f"'{key}' cannot be a key.",
                "代号用小写拼音或英文、数字和下划线，最多 40 个字符；名称写在“标题”里。",
                "Lower-case letters, digits and _, 40 at most; the name goes into the title.",
            )  # fmt: skip


def _unknown(path: Path, what: str, what_en: str, name: str, known: Iterable[str], report: Report) -> None:
    choices = sorted(known)
    near = difflib.get_close_matches(name, choices, n=1, cutoff=0.6)
    there = "、".join(choices) or "（无）"
    report.error(
        path, "unknown-reference", f"没有{what}“{name}”。", f"There is no {what_en} '{name}'.",
        f"是不是“{near[0]}”？" if near else f"改成已有的：{there}；或先写上它。",
        f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(choices) or 'none'}; or declare it first.",
    )  # fmt: skip


def _both(text: Text | None) -> str:
    return f"{text.zh} {text.en}" if text else ""
