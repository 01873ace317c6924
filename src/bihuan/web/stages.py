"""Where a matter stands, as people read it: its stage (问、议、执) and the step in it.

A method may have a dozen steps, many of them by-ways (put off, sent back, carried to another meeting). Shown are its
stages, where it names them: those passed, the present one with its step, and those that it will likely still pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from bihuan.matters.shapes import StepLine
from bihuan.methods.api import get_method, likely_path


@dataclass(frozen=True, slots=True)
class Progress:
    """Stations for the page's part; ``stage`` is "" where the method names none for the present step."""

    stations: tuple[Mapping[str, Any], ...]
    stage: str
    step: str


def progress_of(
    version_id: UUID, steps: Sequence[StepLine], *, is_open: bool, until: datetime | None = None
) -> Progress:
    """Return the stations of a matter: its method's stages, or its steps where it has none.

    Args:
        version_id: the method's version.
        steps: as ``matter_page`` and ``public_page`` give them.
        is_open: of a settled matter every station is passed.
        until: the nearest limit, shown at the present station.
    """
    method = get_method(version_id)
    groups: dict[str, list[StepLine]] = {}
    for line in steps:
        spec = method.steps.get(line.key)
        stage = spec.phase if spec else ""
        groups.setdefault(f"stage:{stage}" if stage in method.file.phases else line.key, []).append(line)
    names = list(groups)
    here = next((n for n, name in enumerate(names) if any(line.state == "now" for line in groups[name])), None)
    now = len(names) - 1 if here is None else here
    step = next((line for line in steps if line.state == "now"), None)
    ahead = set(likely_path(method, step.key)) if step else set()
    stations, present = [], ""
    for n, name in enumerate(names):
        passed = n < now or not is_open
        if not _shown(groups[name], ahead, passed=passed, present=n == now):
            continue
        title = _title(method, name) or groups[name][0].title
        if n == now and name.startswith("stage:"):
            present = title
        current = n == now and is_open
        stations.append(
            {
                "title": title,
                "state": "done" if passed else "now" if current else "next",
                "note": _without(title, step.title) if current and step and step.title != title else None,
                "until": until if current else None,
            }
        )
    return Progress(tuple(stations), present, _without(present, step.title) if step else "")


def _shown(lines: Sequence[StepLine], ahead: set[str], *, passed: bool, present: bool) -> bool:
    if present:
        return True
    if passed:
        return any(line.state == "done" for line in lines)
    return not ahead or any(line.key in ahead for line in lines)


def _title(method: Any, name: str) -> str:
    if not name.startswith("stage:"):
        return ""
    text = method.file.phases[name.removeprefix("stage:")].title
    return str(text.say("en" if (get_language() or "").startswith("en") else "zh"))


def _without(stage: str, title: str) -> str:
    """Return a step's title without its stage's name before it: 问 · 待分类 beside 问 is 待分类."""
    rest = title.removeprefix(stage)
    if not stage or rest == title or not rest.startswith((" ", "·", ":", "：", "-")):
        return title
    rest = rest.lstrip(" ·:：-")
    return rest[:1].upper() + rest[1:]
