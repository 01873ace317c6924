"""Names that stand for something: does it exist, and may it stand there?"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from bihuan.methods.engine.given import check_value
from bihuan.methods.method import BUILT_IN, Method
from bihuan.methods.problems import Path, Report
from bihuan.methods.schema.model import Action
from bihuan.methods.sections import sections

from . import walk

FIELDS_ALWAYS = {
    "title": "标题",
    "text": "情况",
    "category": "类别",
    "urgency": "紧急程度",
    "people_affected": "涉及人数",
}
_KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
_RESERVED = {"all", "previous", "tick", "report", "record", "true", "false", "null", "in"}


HOMES = {
    "角色": "角色", "字段": "字段", "环节": "环节", "阶段": "阶段", "动作": "动作", "时限": "时限", "阶梯": "阶梯",
    "办结方式": "办结方式", "责任角色": "责任", "议事组织": "会议", "选项": "选项",
}  # fmt: skip
# Where a name is declared: groups of the file, and the keys below an item of a group that hold such names.
GROUPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "角色": (("roles", "responsibility"), ()),
    "字段": (("fields",), ()),
    "环节": (("steps",), ()),
    "阶段": (("phases",), ()),
    "动作": (("steps", "common", "opening"), ("actions",)),
    "时限": (("clocks",), ()),
    "阶梯": (("ladders",), ()),
    "办结方式": (("outcomes",), ()),
    "责任角色": (("responsibility",), ()),
    "议事组织": (("meetings", "deliberation"), ()),
    "选项": (("fields",), ("options", "type")),
}


def check(method: Method, report: Report) -> None:
    """Add problems of names."""
    _keys(method, report)
    _role_names(method, report)
    _fields(method, report)
    _openings(method, report)
    for path, _key, action, _at in walk.actions(method):
        _action(method, path, action, report)
    _steps(method, report)
    _responsibility(method, report)
    _ladders(method, report)


def bodies(method: Method) -> dict[str, object]:
    """Return the bodies that may deliberate, by key, from every section that has some."""
    found: dict[str, object] = {}
    for key in method.section_keys:
        section = sections().get(key)
        if section and section.bodies:
            found.update(section.bodies(method.section(key)))
    return found


def missing(report: Report, path: Path, what: str, what_en: str, name: str, known: Iterable[str]) -> None:
    """Report a name that stands for nothing, with the nearest one that does; not where it may have been left out."""
    groups, within = GROUPS.get(what, ((), ()))
    choices = sorted(known)
    if report.may_name(name, groups, within):
        return
    near = difflib.get_close_matches(name, choices, n=1, cutoff=0.6)
    there, home = "、".join(choices) or "（无）", HOMES.get(what, "选项")
    report.error(
        path,
        "unknown-reference",
        f"没有{what}“{name}”。",
        f"There is no {what_en} '{name}'.",
        f"是不是“{near[0]}”？" if near else f"改成已有的：{there}；或先在“{home}”里写上它。",
        f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(choices) or 'none'}; or declare it first.",
    )
    report.hole(path)  # what it should have led to is not blamed for it


def roles(method: Method, path: Path, names: Iterable[str], report: Report) -> None:
    """Check role names."""
    known = {*method.roles, *method.party_roles, *BUILT_IN}
    halls = bodies(method)
    for index, name in enumerate(names):
        if name.startswith("meeting:"):
            if name[8:] not in halls:
                missing(report, (*path, index), "议事组织", "body", name[8:], halls)
        elif name not in known:
            missing(report, (*path, index), "角色", "role", name, known)


def _keys(method: Method, report: Report) -> None:
    file = method.file
    groups: Iterator[tuple[str, Iterable[str]]] = iter(
        (name, getattr(file, name))
        for name in ("roles", "fields", "phases", "responsibility", "steps", "common", "clocks", "ladders", "outcomes")
    )
    every: list[tuple[str, Path, str]] = [(group, (group, key), key) for group, keys in groups for key in keys]
    every += [("actions", path, key) for path, key, _, _ in walk.actions(method) if path[0] == "steps"]
    for _, path, key in every:
        if not _KEY.match(key) or key in _RESERVED:
            report.error(
                path,
                "key",
                f"代号“{key}”不能这样写。",
                f"'{key}' cannot be a key.",
                "代号用小写拼音或英文、数字和下划线，最多 40 个字符；名称写在“标题”里。",
                "Lower-case letters, digits and _, 40 at most; the name goes into the title.",
            )


def _role_names(method: Method, report: Report) -> None:
    """A post, a responsibility and a built-in role never share a name: a post would give rights on every matter."""
    groups = (
        ("roles", method.roles, set(BUILT_IN)),
        ("responsibility", method.responsibility, {*BUILT_IN, *method.roles}),
    )
    for group, names, taken in groups:
        for key in names:
            if key in taken:
                report.error(
                    (group, key),
                    "role-clash",
                    f"“{key}”已经是另一种角色的代号。",
                    f"'{key}' is the key of another kind of role already.",
                    "换一个代号。",
                    "Choose another key.",
                )


def _fields(method: Method, report: Report) -> None:
    for key, zh in FIELDS_ALWAYS.items():
        if key not in method.fields:
            report.error(
                ("fields",),
                "field-missing",
                f"缺少字段 {key}（{zh}）。",
                f"The field '{key}' is missing.",
                "每个工作法都要有标题、情况、类别、紧急程度、涉及人数。",
                "Every method has these five fields.",
            )
    for key, spec in method.fields.items():
        path = ("fields", key)
        if spec.type in {"choice", "choices"} and not spec.options:
            report.error(
                path,
                "no-options",
                f"“{spec.title.zh}”没有选项。",
                f"'{spec.title.say('en')}' has no options.",
                "在“选项”里列出来。",
                "List them under options.",
            )
        if spec.least is not None and spec.most is not None and spec.least > spec.most:
            report.error((*path, "least"), "bounds", "最小大于最大。", "The least is greater than the most.")


def _gives(method: Method, path: Path, names: Iterable[str], report: Report) -> None:
    for name in names:
        if name not in method.fields:
            missing(report, (*path, name), "字段", "field", name, method.fields)


def _openings(method: Method, report: Report) -> None:
    for key, opening in method.file.opening.items():
        path: Path = ("opening", key)
        if key not in {"report", "record"}:
            report.error(
                path,
                "opening",
                f"没有“{key}”这种登记。",
                f"There is no opening '{key}'.",
                "可以写 report（自己反映）和 record（代为登记）。",
                "Use report and record.",
            )
        roles(method, (*path, "by"), opening.by, report)
        _gives(method, (*path, "gives"), opening.gives, report)
        for index, route in enumerate(opening.to):
            if route.step not in method.steps:
                missing(report, (*path, "to", index, "step"), "环节", "step", route.step, method.steps)


def _action(method: Method, path: Path, action: Action, report: Report) -> None:
    roles(method, (*path, "by"), action.by, report)
    _gives(method, (*path, "gives"), action.gives, report)
    _people(method, path, action, report)
    _targets(method, path, action, report)
    _primitive(method, path, action, report)
    for name, value in action.sets.items():
        spec = method.fields.get(name)
        if spec is None:
            missing(report, (*path, "sets", name), "字段", "field", name, method.fields)
        elif (wrong := check_value(name, spec, value)) is not None:
            report.error((*path, "sets", name), "sets-type", wrong.message, wrong.message_en, wrong.mend, wrong.mend_en)
    _totals(method, path, action, report)


def _totals(method: Method, path: Path, action: Action, report: Report) -> None:
    """Check running totals: two numbers that stand in the state, of which the total is not given in the same act."""
    for total, key in action.adds.items():
        where = (*path, "adds", total)
        for name in (total, key):
            if name not in method.fields:
                missing(report, where, "字段", "field", name, method.fields)
        whole, part = method.fields.get(total), method.fields.get(key)
        if whole is None or part is None:
            continue
        if {whole.type, part.type} - {"number", "amount"} or (whole.type, part.type) == ("number", "amount"):
            report.error(
                where,
                "adds-type",
                f"“{part.title.zh}”加不到“{whole.title.zh}”上。",
                f"'{part.title.say('en')}' cannot be added to '{whole.title.say('en')}'.",
                "两个都要是数；小数只能加到小数上。",
                "Both must be numbers; what has decimals is added to a number with decimals.",
            )
        elif method.hidden & {total, key}:
            report.error(
                where,
                "adds-type",
                "个人信息不能累加。",
                "What is personal cannot be added up.",
                "去掉“敏感程度”，或不累加。",
                "Take out its sensitivity, or do not add it up.",
            )
        elif key not in action.gives or total in action.gives:
            report.error(
                where,
                "adds-given",
                f"这个动作里要填“{part.title.zh}”，不填“{whole.title.zh}”：它是加出来的。",
                f"This act is given '{part.title.say('en')}', never '{whole.title.say('en')}': that is added up.",
                "改“填写”。",
                "Change 'gives'.",
            )


def _people(method: Method, path: Path, action: Action, report: Report) -> None:
    """Check who consents, accepts, is named, and may not."""
    if action.consent:
        roles(method, (*path, "consent", "by"), action.consent.by, report)
    if action.accept:
        roles(method, (*path, "accept", "from"), action.accept.from_, report)
        for role in action.accept.from_:
            if role not in action.by:
                report.error(
                    (*path, "accept"),
                    "accept-role",
                    f"会签的“{role}”不在“由”里。",
                    f"'{role}' has to accept but is not among 'by'.",
                    "加到“由”里。",
                    "Add it to 'by'.",
                )
    parties = {*method.file.responsibility, *method.deputies}
    for index, role in enumerate(action.assigns):
        if role not in parties:
            missing(report, (*path, "assigns", index), "责任角色", "responsibility role", role, parties)
    _not_by(method, path, action, report)


def _not_by(method: Method, path: Path, action: Action, report: Report) -> None:
    if action.not_by is None:
        return
    for index, name in enumerate(action.not_by.did):
        if name not in method.action_keys and name not in method.starts:
            missing(report, (*path, "not_by", "did", index), "动作", "action", name, method.action_keys)
    for index, role in enumerate(action.not_by.holds):
        if role not in {*method.party_roles, *method.roles}:
            missing(report, (*path, "not_by", "holds", index), "角色", "role", role, method.party_roles)


def _targets(method: Method, path: Path, action: Action, report: Report) -> None:
    for where, _route, step, outcome in walk.routes(path, action):
        if step and step != "previous" and step not in method.steps:
            missing(report, (*where, "step"), "环节", "step", step, method.steps)
        if outcome and outcome not in method.outcomes:
            missing(report, (*where, "outcome"), "办结方式", "outcome", outcome, method.outcomes)
    if "at" in type(action).model_fields:
        for index, step in enumerate(action.at):  # type: ignore[attr-defined]
            if step not in method.steps and step != "all":
                missing(report, (*path, "at", index), "环节", "step", step, [*method.steps, "all"])


def _primitive(method: Method, path: Path, action: Action, report: Report) -> None:
    """Check what the action's kind needs."""
    if (action.does == "extend" or action.clock) and action.clock not in method.clocks:
        missing(report, (*path, "clock"), "时限", "clock", action.clock, method.clocks)
    if action.does == "escalate" or action.ladder:
        rungs = method.file.ladders.get(action.ladder)
        if rungs is None:
            missing(report, (*path, "ladder"), "阶梯", "ladder", action.ladder, method.file.ladders)
        elif action.rung is not None and action.rung > len(rungs):
            report.error((*path, "rung"), "rung", f"阶梯只有 {len(rungs)} 级。", f"The ladder has {len(rungs)} rungs.")
    if action.does == "rate" and not action.rates:
        report.error(
            (*path, "rates"),
            "rates",
            "没有写评价谁办的事。",
            "Whose work is rated is not said.",
            "写上“评价对象”。",
            "Give 'rates'.",
        )
    if action.rates:
        roles(method, (*path, "rates"), [action.rates], report)
    if action.does in {"assign", "transfer"} and not (action.assigns or action.gives):
        report.error(
            (*path, "assigns"),
            "assigns",
            "交办、移交要写明指定谁。",
            "It must say who is named.",
            "写上“指定”。",
            "Give 'assigns'.",
        )


def _steps(method: Method, report: Report) -> None:
    halls = bodies(method)
    for key, step in method.steps.items():
        path: Path = ("steps", key)
        if step.phase and step.phase not in method.file.phases:
            missing(report, (*path, "phase"), "阶段", "phase", step.phase, method.file.phases)
        if step.deliberated_by and step.deliberated_by not in halls:
            missing(report, (*path, "deliberated_by"), "议事组织", "body", step.deliberated_by, halls)
        if step.skip_to and step.skip_to not in method.steps:
            missing(report, (*path, "skip_to"), "环节", "step", step.skip_to, method.steps)
        if bool(step.skip_when) != bool(step.skip_to):
            report.error(path, "skip", "“跳过当”和“跳到”要一起写。", "'skip_when' and 'skip_to' go together.")


def _responsibility(method: Method, report: Report) -> None:
    assigned = {role for _, _, action, _ in walk.actions(method) for role in action.assigns}
    for key, spec in method.file.responsibility.items():
        path: Path = ("responsibility", key)
        roles(method, (*path, "from"), spec.from_, report)
        for index, other in enumerate(spec.distinct_from):
            if other not in method.file.responsibility:
                missing(
                    report,
                    (*path, "distinct_from", index),
                    "责任角色",
                    "responsibility role",
                    other,
                    method.file.responsibility,
                )
        if spec.at_least is not None and spec.at_least > spec.count:
            report.error((*path, "at_least"), "bounds", "“至少”大于“人数”。", "'at_least' is greater than 'count'.")
        if key not in assigned and not walk.unread(method, report, "assigns"):
            report.warn(
                path,
                "never-assigned",
                f"没有动作指定“{spec.title.zh}”。",
                f"No action names the {spec.title.say('en').lower()}.",
                "在某个动作的“指定”里写上。",
                "Put it under some action's 'assigns'.",
            )


def _ladders(method: Method, report: Report) -> None:
    for key, rungs in method.file.ladders.items():
        for index, rung in enumerate(rungs):
            roles(method, ("ladders", key, index), [rung.to], report)
    repeat = method.file.repeat
    if repeat is not None and repeat.ladder:
        rungs = method.file.ladders.get(repeat.ladder, [])
        if not rungs:
            missing(report, ("repeat", "ladder"), "阶梯", "ladder", repeat.ladder, method.file.ladders)
        elif repeat.rung > len(rungs):
            report.error(
                ("repeat", "rung"), "rung", f"阶梯只有 {len(rungs)} 级。", f"The ladder has {len(rungs)} rungs."
            )
