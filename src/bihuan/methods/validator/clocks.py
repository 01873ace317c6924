"""Clocks: do they start, do they stop, is there a limit for every case?"""

from __future__ import annotations

from bihuan.methods.method import Method
from bihuan.methods.problems import Path, Report
from bihuan.methods.schema.model import Clock, Trigger

from . import walk
from .references import missing, roles


def check(method: Method, report: Report) -> None:
    """Add problems of clocks."""
    for key, clock in method.clocks.items():
        path: Path = ("clocks", key)
        for name in ("start", "stop", "pause", "resume"):
            _trigger(method, (*path, name), getattr(clock, name), report)
        _running(path, clock, report)
        _limit(method, path, clock, report)
        for index, card in enumerate(clock.cards):
            roles(method, (*path, "cards", index, "tell"), card.tell, report)
        if clock.ladder and clock.ladder not in method.file.ladders:
            missing(report, (*path, "ladder"), "阶梯", "ladder", clock.ladder, method.file.ladders)
        for index, name in enumerate(clock.waits_for):
            if name not in method.action_keys:
                missing(report, (*path, "waits_for", index), "动作", "action", name, method.action_keys)
        if clock.then:
            _then(method, path, clock, report)


def _trigger(method: Method, path: Path, trigger: Trigger, report: Report) -> None:
    for name in ("enter", "leave"):
        for index, step in enumerate(getattr(trigger, name)):
            if step not in method.steps:
                missing(report, (*path, name, index), "环节", "step", step, method.steps)
    for index, action in enumerate(trigger.after):
        if action not in method.action_keys and action not in method.starts:
            missing(report, (*path, "after", index), "动作", "action", action, [*method.action_keys, *method.starts])


def _running(path: Path, clock: Clock, report: Report) -> None:
    if not clock.start:
        report.error(
            (*path, "start"),
            "never-started",
            f"“{clock.title.zh}”从来不开始。",
            f"'{clock.title.say('en')}' never starts.",
            "写明进入哪个环节或做了什么动作时开始。",
            "Say on entering which step, or after which action, it starts.",
        )
    if not clock.stop:
        report.error(
            (*path, "stop"),
            "never-stopped",
            f"“{clock.title.zh}”从来不停。",
            f"'{clock.title.say('en')}' never stops.",
            "写明到哪个环节或做了什么动作时停止。",
            "Say at which step, or after which action, it stops.",
        )
    if clock.pause and not clock.resume:
        report.error(
            (*path, "pause"),
            "never-resumed",
            f"“{clock.title.zh}”暂停后不再恢复。",
            f"'{clock.title.say('en')}' is paused and never resumed.",
            "写上“恢复”。",
            "Give 'resume'.",
        )
    if clock.resume and not clock.pause:
        report.warn(
            (*path, "resume"),
            "never-paused",
            f"“{clock.title.zh}”没有暂停，不用恢复。",
            f"'{clock.title.say('en')}' is never paused.",
            "写上“暂停”，或去掉“恢复”。",
            "Give 'pause', or leave 'resume' out.",
        )


def _limit(method: Method, path: Path, clock: Clock, report: Report) -> None:
    limit = clock.limit
    where = (*path, "limit")
    ways = [bool(limit.fixed), bool(limit.by), bool(limit.cases), bool(limit.otherwise), limit.given]
    if not any(ways):
        report.error(
            where,
            "no-limit",
            f"“{clock.title.zh}”没有写多久。",
            f"'{clock.title.say('en')}' has no limit.",
            "如：限期: 5 个工作日。",
            "Such as: limit: 5 workdays.",
        )
    if limit.by:
        spec = method.fields.get(limit.by)
        if spec is None:
            missing(report, (*where, "by"), "字段", "field", limit.by, method.fields)
        elif spec.options:
            for value in limit.table:
                if value not in spec.options:
                    missing(report, (*where, "table", value), "选项", "option", value, spec.options)
            left = [option.zh for value, option in spec.options.items() if value not in limit.table]
            if left and limit.otherwise is None and limit.fixed is None:
                report.warn(
                    where,
                    "no-otherwise",
                    f"{'、'.join(left)}没有时限。",
                    f"There is no limit for: {', '.join(v for v in spec.options if v not in limit.table)}.",
                    "写上“其余”。",
                    "Give 'otherwise'.",
                )
    elif limit.table:
        report.error((*where, "table"), "table", "有“表”而没有写“按”哪个字段。", "A table needs 'by'.")


def _then(method: Method, path: Path, clock: Clock, report: Report) -> None:
    moves = [place.moves[clock.then] for place in method.places.values() if clock.then in place.moves]
    if any(key == clock.then and report.open(*where) for where, key, _, _ in walk.actions(method)):
        return  # what it does could not be read as written
    if not moves:
        missing(report, (*path, "then"), "动作", "action", clock.then, method.action_keys)
    elif not any("system" in move.by for move in moves):
        report.error(
            (*path, "then"),
            "then-system",
            f"“{moves[0].title}”不是由系统做的。",
            f"'{moves[0].title_en}' is not for the system to do.",
            "在它的“由”里写上 system。",
            "Add 'system' to its 'by'.",
        )
    elif any(move.required or move.assigns or move.spec.reason == "required" for move in moves):
        report.error(
            (*path, "then"),
            "then-needs",
            f"“{moves[0].title}”要填内容，系统填不了。",
            f"'{moves[0].title_en}' requires input, which the system cannot give.",
            "去掉必填。",
            "Make nothing required.",
        )
