"""The way of a matter: every step can be reached and left, and somebody is always waited for."""

from __future__ import annotations

from collections.abc import Mapping

from bihuan.methods.method import Method
from bihuan.methods.problems import Path, Report

from . import walk

Graph = Mapping[str, set[str]]


def check(method: Method, report: Report) -> None:
    """Add problems of the flow."""
    graph = edges(method)
    reached = reachable(graph, {route.step for o in method.file.opening.values() for route in o.to})
    unsure = {key for key in method.steps if _unsure(method, key, report)}
    begins = ("opening", *method.file.opening)
    if any(report.open("opening", key, "to") for key in begins) or unsure & reached:
        reached = set(method.steps)  # a way that could not be read may lead anywhere
    finals = {key for key, step in method.steps.items() if step.final or report.open("steps", key, "final")}
    for key in unsure:
        graph[key] |= set(method.steps) - {key}
    for key, step in method.steps.items():
        path: Path = ("steps", key)
        if key not in reached:
            report.error(
                path,
                "unreachable",
                f"没有路通到“{step.title.zh}”。",
                f"No way leads to '{step.title.say('en')}'.",
                "在某个动作的“到”里写上它，或删掉它。",
                "Let some action lead to it, or delete it.",
            )
        if key not in finals:
            _leaving(method, key, graph, finals, report)
    _ends(method, report)
    _routes(method, report)
    _parties(method, report)
    _deliberations(method, report)
    if not finals and not report.open("steps", "", "final"):
        report.error(
            ("steps",),
            "no-final",
            "没有终点：事项永远办不结。",
            "There is no final step: nothing ever closes.",
            "给最后的环节写上“终点: 是”。",
            "Mark the last step 'final: true'.",
        )


def _unsure(method: Method, key: str, report: Report) -> bool:
    """Whether a way on from a step could not be read as written."""
    if report.open("steps", key, "actions", "") or report.open("steps", key, "skip_to"):
        return True
    paths: list[Path] = [("steps", key, "actions", name) for name in method.steps[key].actions]
    paths += [("common", name) for name in method.file.common]
    return any(report.open(*path, part) for path in paths for part in ("to", "at"))


def edges(method: Method) -> dict[str, set[str]]:
    """Return step → steps that some action, or a skip, leads to."""
    graph: dict[str, set[str]] = {key: set() for key in method.steps}
    before: dict[str, set[str]] = {key: set() for key in method.steps}
    back: list[str] = []
    for path, _key, action, steps in walk.actions(method):
        for _, _, target, _ in walk.routes(path, action):
            for step in steps:
                if target == "previous":
                    back.append(step)
                elif target in graph and target != step:
                    graph[step].add(target)
                    before[target].add(step)
    for key, spec in method.steps.items():
        if spec.skip_to in graph:
            graph[key].add(spec.skip_to)
    for key in back:
        graph[key] |= before[key]
    return graph


def reachable(graph: Graph, starts: set[str]) -> set[str]:
    """Return every step that can be reached from ``starts``, these included."""
    seen: set[str] = set()
    todo = [key for key in starts if key in graph]
    while todo:
        key = todo.pop()
        if key not in seen:
            seen.add(key)
            todo += graph[key]
    return seen


def _leaving(method: Method, key: str, graph: Graph, finals: set[str], report: Report) -> None:
    step, path = method.steps[key], ("steps", key)
    zh, en = step.title.zh, step.title.say("en")
    if not graph[key]:
        report.error(
            path,
            "dead-end",
            f"到了“{zh}”就走不动了：没有动作通到别的环节。",
            f"'{en}' is a dead end: no action leads on.",
            "加一个带“到”的动作，或写上“终点: 是”。",
            "Add an action with 'to', or mark it 'final: true'.",
        )
        return
    if finals and not reachable(graph, {key}) & finals:
        report.error(
            path,
            "no-way-out",
            f"从“{zh}”永远到不了终点。",
            f"From '{en}' no final step can be reached.",
            "加一条通向终点的路。",
            "Add a way to a final step.",
        )
    moves = method.places[key].moves.values()
    leaving = [move for move in moves if any(way.step and way.step != key for way in move.routes)]
    if leaving and all(move.by <= {"escalated"} for move in leaving) and not step.skip_to:
        report.error(
            path,
            "nobody-may-leave",
            f"平时没有人能让事项离开“{zh}”。",
            f"Ordinarily nobody can move it on from '{en}'.",
            "让一个平时就在的角色可以做。",
            "Give the action to a role that is always there.",
        )
    only_system = leaving and all(move.by <= {"system"} for move in leaving) and not step.skip_to
    unsure = any(report.open("clocks", name, "then") for name in method.clocks)
    timed = unsure or any(clock.then in method.places[key].moves for clock in method.clocks.values())
    if only_system and not timed:
        report.error(
            path,
            "nobody-may-leave",
            f"没有人、也没有时限能让事项离开“{zh}”。",
            f"Neither a person nor a clock can move it on from '{en}'.",
            "给一个角色，或给一个“到期执行”。",
            "Give the action to a role, or to a clock's 'then'.",
        )
    waited = any(move.spec.must for move in moves) or step.deliberated_by or only_system
    if not waited:
        report.warn(
            path,
            "nobody-owes",
            f"在“{zh}”没有人有待办，事项可能没人管。",
            f"At '{en}' nobody owes anything: a matter may be forgotten.",
            "给一个动作写上“应做: 是”。",
            "Mark an action 'must: true'.",
        )


def _ends(method: Method, report: Report) -> None:
    for path, _key, action, steps in walk.actions(method):
        for where, _, target, outcome in walk.routes(path, action):
            if report.open("steps", target, "final"):
                continue
            final = target in method.steps and method.steps[target].final
            stays = not target and any(not method.steps[step].final for step in steps)
            if final and not outcome and any(not method.steps[step].final for step in steps):
                report.error(
                    where,
                    "no-outcome",
                    f"到了终点“{method.steps[target].title.zh}”却没有写办结方式。",
                    f"It leads to the final step '{target}' without an outcome.",
                    f"写上“办结方式”：{'、'.join(method.outcomes)}。",
                    f"Give an outcome: {', '.join(method.outcomes)}.",
                )
            if outcome and not final and (target or stays):
                report.error(
                    where,
                    "outcome-open",
                    f"写了办结方式“{outcome}”，去的却不是终点。",
                    f"It closes with '{outcome}' but does not lead to a final step.",
                    "改到一个终点环节。",
                    "Lead it to a final step.",
                )


def _routes(method: Method, report: Report) -> None:
    for path, _key, action, _at in walk.actions(method):
        for index, route in enumerate(action.to[:-1]):
            if route.when is None:
                report.error(
                    (*path, "to", index + 1),
                    "route-unreachable",
                    "前一条没有条件，这一条永远轮不到。",
                    "The route above has no condition: this one is never taken.",
                    "给前一条写上“当”。",
                    "Give the one above a condition.",
                )
        if action.to and action.to[-1].when is not None:
            report.warn(
                (*path, "to", len(action.to) - 1),
                "no-otherwise",
                "都不满足时事项会停在原处。",
                "Where no condition holds, the matter stays.",
                "最后加一条不带“当”的去向。",
                "Add a last route without a condition.",
            )


def _parties(method: Method, report: Report) -> None:
    """A party role that acts has to be named by somebody first."""
    if walk.unread(method, report, "assigns"):
        return
    assigned = {role for _, _, action, _ in walk.actions(method) for role in action.assigns}
    for path, _key, action, _at in walk.actions(method):
        for index, role in enumerate(action.by):
            if role in method.file.responsibility and role not in assigned:
                title = method.role_title(role)
                report.error(
                    (*path, "by", index),
                    "party-never-assigned",
                    f"没有动作指定过“{title.zh}”，这一步没有人能做。",
                    f"Nobody is ever named {title.say('en').lower()}: nobody can do this.",
                    "在前面的动作里“指定”他。",
                    "Let an earlier action name them.",
                )


def _deliberations(method: Method, report: Report) -> None:
    for key, step in method.steps.items():
        wanted = f"meeting:{step.deliberated_by}"
        if step.deliberated_by and not any(wanted in move.by for move in method.places[key].moves.values()):
            report.error(
                ("steps", key, "deliberated_by"),
                "no-resolution",
                "会议议决以后没有动作接着。",
                "Nothing follows the meeting's resolution.",
                f'加一个动作，“由: ["{wanted}"]”。',
                f"Add an action 'by: [\"{wanted}\"]'.",
            )
