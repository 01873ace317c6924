"""Walks over a method: every action and route with its path."""

from __future__ import annotations

from collections.abc import Iterator

from bihuan.methods.method import Method
from bihuan.methods.problems import Path, Report
from bihuan.methods.schema.model import Action, Route


def actions(method: Method) -> Iterator[tuple[Path, str, Action, tuple[str, ...]]]:
    """Yield (path, key, action, steps at which it may be done)."""
    for step_key, step in method.steps.items():
        for key, action in step.actions.items():
            yield ("steps", step_key, "actions", key), key, action, (step_key,)
    for key, action in method.file.common.items():
        at = tuple(s for s in method.steps if s in action.at or ("all" in action.at and not method.steps[s].final))
        yield ("common", key), key, action, tuple(s for s in at if key not in method.steps[s].actions)


def routes(path: Path, action: Action) -> Iterator[tuple[Path, Route, str, str]]:
    """Yield (path, route, target step, outcome) of an action; an action with an outcome alone has one."""
    for index, route in enumerate(action.to):
        yield (*path, "to", index), route, route.step, route.outcome or action.outcome
    if not action.to and action.outcome:
        yield (*path, "outcome"), Route(), "", action.outcome


def unread(method: Method, report: Report, *names: str) -> bool:
    """Whether some action, or one of these keys of it, could not be read as written."""
    if any(report.open(group, *rest) for group, rest in (("steps", ("",)), ("common", ("",)))):
        return True
    if any(report.open("steps", key, "actions", "") for key in method.steps):
        return True
    paths = [path for path, _, _, _ in actions(method)] + [("opening", key) for key in method.file.opening]
    return any(report.open(*path, name) for path in paths for name in names)
