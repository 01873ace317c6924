"""Registers the figures section with the method language: its checks, what it is for, how it is drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from bihuan.methods.api import Method, Report, Section, Table, check_figure, register_section
from bihuan.reporting.figures.definitions import standard
from bihuan.reporting.figures.section import KEY, KEY_ZH, MONTHS, Figures, FigureSpec

_KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
NUMBERS = frozenset({"number", "amount"})
Path = tuple[str | int, ...]


def check(method: Method, section: Figures, report: Report) -> None:
    """Report everything wrong with a section, at its lines."""
    for name, keys in (("limit", section.limit), ("response", section.response)):
        for at, key in enumerate(keys):
            if key not in method.clocks:
                known = "、".join(method.clocks)
                _wrong(report, (KEY, name, at), "unknown-clock", f"没有时限“{key}”。", f"There is no clock '{key}'.",
                       f"可写：{known}。", f"There are: {', '.join(method.clocks)}.")  # fmt: skip
    for key, spec in section.items.items():
        path: Path = (KEY, "items", key)
        _check_key(key, spec, path, report)
        if spec.kind == "rate":
            _check_rate(method, section, key, spec, path, report)
        else:
            _check_plain(method, spec, path, report)
        if spec.reason:
            _check_reason(method, spec, path, report)
        elif key in {name for item in standard().items.values() for name in item.excluded}:
            _no_reason(report, path, key)


def _wrong(report: Report, path: Path, code: str, zh: str, en: str, mend: str, mend_en: str) -> None:
    report.error(path, code, zh, en, mend, mend_en)


def _check_key(key: str, spec: FigureSpec, path: Path, report: Report) -> None:
    if not _KEY.match(key):
        _wrong(report, path, "bad-key", f"代号“{key}”的写法不对。", f"The key '{key}' is not written as it must be.",
               "只用小写字母、数字和下划线，以字母开头；名称写在“标题”里。",
               "Lower-case letters, digits and _, a letter first; the name goes into 'title'.")  # fmt: skip
    common = standard().items.get(key)
    if spec.declared or (common is not None and not common.declared):
        open_ = [name for name, item in standard().items.items() if item.declared]
        _wrong(report, path, "figure-standard", f"“{key}”是通用指标，所有工作法同一个算法，不能改写。",
               f"'{key}' is a standard figure: it is worked out alike in every method.",
               f"换一个代号；由工作法定的只有：{'、'.join(open_)}。",
               f"Take another key; left to methods are: {', '.join(open_)}.")  # fmt: skip
    elif common is not None and (spec.month != common.month or spec.kind != "count"):
        _wrong(report, path, "figure-standard", f"“{key}”要按“{MONTHS[common.month]}”归月，一件算一个。",
               f"'{key}' counts matters by the month '{common.month}'.",
               f"写上“归月: {MONTHS[common.month]}”，不写合计、次数、用时。",
               f"Write 'month: {common.month}', and no sum, times or duration.")  # fmt: skip


def _check_plain(method: Method, spec: FigureSpec, path: Path, report: Report) -> None:
    if spec.excluded:
        _wrong(report, (*path, "excluded"), "figure-rate", "只有率才有剔除。", "Only a rate leaves anything out.",
               "写上分子和分母，或去掉“剔除”。", "Give numerator and denominator, or take it out.")  # fmt: skip
    if sum(map(bool, (spec.sum, spec.times, spec.duration))) > 1:
        _wrong(report, path, "figure-kind", "合计、次数、用时只能写一样。", "Only one of sum, times and duration.",
               "分成几项写。", "Declare several figures.")  # fmt: skip
    if spec.when:
        read = check_figure(method, (*path, "when"), spec.when, report)
        _check_lasting(method, read, (*path, "when"), report)
    field = method.fields.get(spec.sum)
    if spec.sum and (field is None or field.type not in NUMBERS or spec.sum in method.hidden):
        numbers = [key for key, one in method.fields.items() if one.type in NUMBERS and key not in method.hidden]
        _wrong(report, (*path, "sum"), "unknown-field", f"没有数字字段“{spec.sum}”。",
               f"There is no number field '{spec.sum}'.", f"可写：{'、'.join(numbers) or '（没有）'}。",
               f"There are: {', '.join(numbers) or 'none'}.")  # fmt: skip
    kinds = {move.spec.does for place in method.places.values() for move in place.moves.values()}
    for at, name in enumerate(spec.times):
        if name not in method.action_keys and name not in kinds:
            keys = sorted(method.action_keys)
            _wrong(report, (*path, "times", at), "unknown-action", f"没有动作“{name}”。",
                   f"There is no action '{name}'.", f"可写：{'、'.join(keys)}。",
                   f"There are: {', '.join(keys)}.")  # fmt: skip
    if spec.duration and spec.month != "closed":
        _wrong(report, path, "figure-month", "用时要按办结的月份算。", "A duration counts in the month of closing.",
               "写上“归月: 办结”。", "Write 'month: closed'.")  # fmt: skip


def _check_lasting(method: Method, read: set[str], path: Path, report: Report) -> None:
    """A text may be erased, and what it said with it: a figure that read it would change by itself."""
    for name in sorted(read):
        field = method.fields.get(name.removeprefix("field.")) if name.startswith("field.") else None
        if field is not None and field.type == "text":
            _wrong(report, path, "figure-text", f"指标不能读文字“{field.title.zh}”：文字可能被清除。",
                   f"A figure cannot read the text '{field.title.say('en')}': texts may be erased.",
                   "用单选、是否或数字字段。", "Use a choice, a yes/no or a number.")  # fmt: skip


def _check_rate(
    method: Method, section: Figures, key: str, spec: FigureSpec, path: Path, report: Report
) -> None:  # fmt: skip
    del method
    known: Mapping[str, FigureSpec] = {**standard().items, **section.items}
    parts = [("numerator", spec.numerator), ("denominator", spec.denominator)]
    parts += [("excluded", name) for name in spec.excluded]
    for word, name in parts:
        if name == key or name not in known or known[name].kind == "rate":
            plain = [one for one, item in known.items() if item.kind != "rate"]
            _wrong(report, (*path, word), "unknown-figure", f"没有可以用的指标“{name}”。",
                   f"There is no figure '{name}' to be used here.", f"可写：{'、'.join(plain)}。",
                   f"There are: {', '.join(plain)}.")  # fmt: skip
        elif known[name].kind == "median" or known[name].month != known.get(spec.denominator, known[name]).month:
            _wrong(report, (*path, word), "figure-month", "一个率的分子、分母和剔除要按同一种月份归月，不能是用时。",
                   "The parts of a rate count by the same month, and are no durations.",
                   "把“归月”写成一样。", "Give them the same 'month'.")  # fmt: skip
    for name in spec.excluded:
        if name in section.items and not section.items[name].reason:
            _no_reason(report, (KEY, "items", name), name)
    if spec.when or spec.sum or spec.times or spec.duration:
        _wrong(report, path, "figure-kind", "率只写分子、分母和剔除。", "A rate has only its parts.",
               "条件写在分子、分母那两项里。", "Put conditions into the figures it is made of.")  # fmt: skip


def _check_reason(method: Method, spec: FigureSpec, path: Path, report: Report) -> None:
    moves = [place.moves[spec.reason] for place in method.places.values() if spec.reason in place.moves]
    if not moves or any(move.spec.reason != "required" for move in moves):
        _wrong(report, (*path, "reason"), "figure-reason", f"动作“{spec.reason}”没有，或者不要求写理由。",
               f"There is no action '{spec.reason}' that requires a reason.",
               "在那个动作里写上“理由: 必填”。", "Give that action 'reason: required'.")  # fmt: skip


def _no_reason(report: Report, path: Path, key: str) -> None:
    _wrong(report, path, "figure-reason", f"“{key}”使事项不计入率，要写明理由记在哪个动作里。",
           f"'{key}' leaves matters out of a rate: say which action recorded the reason.",
           "写上“理由: 动作代号”。", "Write 'reason: <action>'.")  # fmt: skip


def draw(method: Method, section: Figures, language: str, day: date | None) -> list[Table]:
    """Draw what is counted, by which month, and of rates what stands over what."""
    del day
    english = language.startswith("en")
    head = ("Figure", "Month of", "How") if english else ("指标", "归月", "怎样算")
    known = {**standard().items, **section.items}
    rows = []
    for key, spec in section.items.items():
        if spec.kind == "rate":
            names = [known[name].title.say(language) for name in (spec.numerator, spec.denominator)]
            how, month = " ÷ ".join(names), known[spec.denominator].month
            if spec.excluded:
                left = (", " if english else "、").join(known[name].title.say(language) for name in spec.excluded)
                how += f" (without: {left})" if english else f"（剔除：{left}）"
        else:
            how, month = spec.when or ("all" if english else "全部"), spec.month
        rows.append((key, (spec.title.say(language), month if english else MONTHS[month], how)))
    clocks = [("limit", "按期看", "In time by", section.limit), ("response", "响应看", "Response by", section.response)]
    for key, zh, en, keys in clocks:
        if keys:
            names = [method.clocks[name].title.say(language) for name in keys]
            rows.append((key, (en if english else zh, "", (", " if english else "、").join(names))))
    return [Table(KEY, "Figures" if english else "指标", head, tuple(rows))]


def register() -> None:
    """Add the section to the language; called once at start."""
    register_section(
        Section(
            key=KEY,
            zh=KEY_ZH,
            model=Figures,
            check=check,
            doc="数什么、怎样算率、按期和响应看哪个时限",
            doc_en="what is counted, how rates are made, which limits 'in time' and the response are judged by",
            draw=draw,
        )
    )
