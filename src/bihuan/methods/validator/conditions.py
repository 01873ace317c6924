"""Conditions: known names, right types, yes or no, and nothing read before it can be filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bihuan.methods.method import Method, hidden
from bihuan.methods.problems import Path, Report
from bihuan.methods.schema.model import OUTCOME_CLASSES, OUTCOME_RESULTS, Action

from . import walk
from .celtypes import BOOL, DOUBLE, DYN, INT, STRING, Checker, T
from .flow import edges, reachable

_TYPES = {
    "number": INT,
    "amount": DOUBLE,
    "yes_no": BOOL,
    "choices": T("list", STRING),
    "text": STRING,
    "choice": STRING,
    "date": STRING,
    "time": STRING,
}


@dataclass(frozen=True)
class Place:
    """A condition in the file. ``filled``: the fields that may have been filled when it is read; None: any."""

    path: Path
    source: str
    filled: frozenset[str] | None
    has_result: bool = False


def variables(method: Method, *, result: bool = False, report: Report | None = None) -> dict[str, T]:
    """Return what conditions may name, with types; where the file could not be read, anything goes."""
    report = report or Report()
    fields: dict[str, T] = {}
    for key, spec in method.fields.items():
        if not hidden(spec):
            if report.open("fields", key, "type") or report.open("fields", key, "options"):
                fields[key] = DYN
                continue
            base = _TYPES[spec.type]
            fields[key] = T(base.kind, base.item, tuple(spec.options) if spec.type == "choice" else ())
    counts: dict[str, T] = dict.fromkeys((*method.zero_counts, *(f"{key}.deny" for key in method.action_keys)), INT)
    parties: dict[str, T] = dict.fromkeys(method.party_roles, T("list", STRING))
    rungs: dict[str, T] = dict.fromkeys(method.file.ladders, INT)
    for members, group in ((fields, "fields"), (parties, "responsibility"), (rungs, "ladders")):
        if report.open(group, ""):
            members["*"] = DYN
    if walk.unread(method, report):
        counts["*"] = DYN
    out = {
        "fields": T("record", members=fields, what=("字段", "field")),
        "given": T("list", T("string", None, tuple(method.fields))),
        "urgency": fields.get("urgency", STRING),
        "category": fields.get("category", STRING),
        "counts": T("record", members=counts, what=("动作", "action")),
        "parties": T("record", members=parties, what=("责任角色", "party")),
        "rung": T("record", members=rungs, what=("阶梯", "ladder")),
        "step": STRING if report.open("steps", "") else T("string", None, tuple(method.steps)),
    }
    if result:
        out["result"] = T("record", members={"carried": BOOL, "*": DYN}, what=("议决结果", "result"))
    return out


def of_figures(method: Method, report: Report) -> dict[str, T]:
    """Return what the conditions of figures may name: what every condition may, and how a matter ended and stood."""
    standing = {"set": BOOL, "in_time": BOOL, "late": BOOL}
    record = T("record", members=standing, what=("时限情况", "state of a clock"))
    clocks: dict[str, T] = dict.fromkeys(method.clocks, record)
    if report.open("clocks", ""):
        clocks["*"] = DYN
    return {
        **variables(method, report=report),
        "outcome": STRING if report.open("outcomes", "") else T("string", None, tuple(method.outcomes)),
        "outcome_class": T("string", None, tuple(OUTCOME_CLASSES)),
        "outcome_result": T("string", None, tuple(OUTCOME_RESULTS)),
        "is_open": BOOL,
        "limit": record,
        "response": record,
        "clocks": T("record", members=clocks, what=("时限", "clock")),
    }


def check_figure(method: Method, path: Path, source: str, report: Report) -> set[str]:
    """Add the problems of one condition of a figure; return what it reads ("field.level", "party.lead", …)."""
    return _check_one(method, Place(path, source, None), of_figures(method, report), report)


def check(method: Method, report: Report) -> None:
    """Add problems of conditions."""
    filled = may_be_filled(method)
    known = variables(method, report=report)
    with_result = variables(method, result=True, report=report)
    unsure = walk.unread(method, report, "gives", "sets", "adds", "to")
    for place in places(method, filled, report):
        reads = _check_one(method, place, with_result if place.has_result else known, report)
        if not unsure:
            _unfilled(method, place, reads, report)


def _check_one(method: Method, place: Place, known: Mapping[str, T], report: Report) -> set[str]:
    checker = Checker(known)
    kind = checker.run(place.source)
    for flaw in checker.flaws:
        if flaw.code == "unknown-variable" and _personal(method, place, flaw.zh, report):
            continue
        report.error(place.path, f"condition-{flaw.code}", flaw.zh, flaw.en, flaw.mend, flaw.mend_en)
    if kind.kind not in {"bool", "dyn"} and not checker.flaws:
        report.error(
            place.path,
            "condition-not-boolean",
            "条件的结果不是“是”或“否”。",
            "The condition is not a yes or no.",
            "写成比较，如 fields.people_affected >= 10。",
            "Write a comparison, such as fields.people_affected >= 10.",
        )
    if not checker.flaws:
        _compiles(place, report)
    return checker.reads


def _compiles(place: Place, report: Report) -> None:
    from bihuan.methods.engine.cel import Condition

    try:
        Condition(place.source)
    except ValueError as error:
        report.error(place.path, "condition-cel", "条件写法不对。", f"The condition cannot be read: {str(error)[:120]}")


def _personal(method: Method, place: Place, message: str, report: Report) -> bool:
    for key in method.hidden:
        if f"“{key}”" in message:
            report.error(
                place.path,
                "condition-personal",
                f"“{method.fields[key].title.zh}”是个人信息或长文字，不能用在条件里。",
                f"'{key}' is personal or long text: conditions cannot read it.",
                "另设一个选择字段。",
                "Declare a choice field for it.",
            )
            return True
    return False


def _unfilled(method: Method, place: Place, reads: set[str], report: Report) -> None:
    names = {name.removeprefix("field.") for name in reads if name.startswith("field.")}
    names |= reads & {"urgency", "category"}
    for name in sorted(names & set(method.fields)):
        if place.filled is not None and name not in place.filled:
            title = method.fields[name].title
            report.warn(
                place.path,
                "used-before-filled",
                f"到这里“{title.zh}”还没有地方可填，总是空的。",
                f"'{title.say('en')}' cannot have been filled by then: it is always empty.",
                "让前面的动作可以填它。",
                "Let an earlier action give it.",
            )


def places(method: Method, filled: Mapping[str, frozenset[str]], report: Report) -> Iterator[Place]:
    """Yield every condition of the file."""
    openings: frozenset[str] = frozenset(key for o in method.file.opening.values() for key in o.gives)
    for name, opening in method.file.opening.items():
        for index, route in enumerate(opening.to):
            if route.when:
                yield Place(("opening", name, "to", index, "when"), route.when, frozenset(opening.gives))
    for path, _key, action, steps in walk.actions(method):
        before = frozenset[str]().union(*(filled.get(step, openings) for step in steps))
        yield from _of_action(path, action, before, unsure_who=report.open(*path, "by"))
    for key, step in method.steps.items():
        if step.skip_when:
            yield Place(("steps", key, "skip_when"), step.skip_when, filled.get(key, openings))
    everything = openings.union(*filled.values())
    for key, clock in method.clocks.items():
        for index, case in enumerate(clock.limit.cases):
            yield Place(("clocks", key, "limit", "cases", index, "when"), case.when, everything)
    if method.file.privacy.private_when:
        yield Place(("privacy", "private_when"), method.file.privacy.private_when, everything)


def _of_action(path: Path, action: Action, before: frozenset[str], *, unsure_who: bool) -> Iterator[Place]:
    if action.when:
        yield Place((*path, "when"), action.when, before)
    after = before | frozenset(action.gives) | frozenset(action.sets) | frozenset(action.adds)
    of_meeting = unsure_who or any(role.startswith("meeting:") for role in action.by)
    for where, route, _, _ in walk.routes(path, action):
        if route.when:
            yield Place((*where, "when"), route.when, after, has_result=of_meeting)


def may_be_filled(method: Method) -> dict[str, frozenset[str]]:
    """Return step → the fields that may have been filled by the time a matter stands there."""
    graph = edges(method)
    opened = frozenset(key for o in method.file.opening.values() for key in o.gives)
    given: dict[str, set[str]] = {key: set() for key in method.steps}
    for _path, _key, action, steps in walk.actions(method):
        for step in steps:
            given[step] |= {*action.gives, *action.sets, *action.adds}
    out: dict[str, set[str]] = {key: set(opened) for key in method.steps}
    for key in method.steps:
        for later in reachable(graph, {key}):
            out[later] |= given[key]
    return {key: frozenset(names) for key, names in out.items()}
