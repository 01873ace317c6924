"""Where a matter stands, as a resident reads it: which step of how many.

A method may have a dozen steps, many of them by-ways (put off, sent back, carried to another meeting). Residents
are shown its phases (问、议、执) where it names them; the step itself stands beside the present one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.matters.shapes import StepLine
from bihuan.methods.api import get_method
from bihuan.web.portal.method import say


@dataclass(frozen=True, slots=True)
class Progress:
    """Stations for the page's part; ``now`` of ``all``."""

    stations: tuple[Mapping[str, Any], ...]
    now: int
    all: int


def progress_of(
    version_id: UUID, steps: Sequence[StepLine], *, is_open: bool, until: datetime | None = None
) -> Progress:
    """Return the stations of a matter: its method's phases, or its steps where it has none.

    Args:
        version_id: the method's version.
        steps: as ``matter_page`` and ``public_page`` give them.
        is_open: of a settled matter every station is passed.
        until: the nearest limit, shown at the present station.
    """
    file = get_method(version_id).file
    groups: list[tuple[str, list[StepLine]]] = []
    for step in steps:
        phase = file.steps[step.key].phase if step.key in file.steps else ""
        name = f"phase:{phase}" if phase in file.phases else step.key
        if groups and groups[-1][0] == name:
            groups[-1][1].append(step)
        else:
            groups.append((name, [step]))
    here = next((n for n, (_, lines) in enumerate(groups) if any(line.state == "now" for line in lines)), None)
    now = len(groups) - 1 if here is None or not is_open else here
    stations = []
    for n, (name, lines) in enumerate(groups):
        state = "done" if n < now or not is_open else "now" if n == now else "next"
        at = next((line for line in lines if line.state == "now"), None)
        phase = name.removeprefix("phase:") if name.startswith("phase:") else ""
        title = say((file.phases[phase].title.zh, file.phases[phase].title.en)) if phase else lines[0].title
        stations.append(
            {
                "title": title,
                "state": state,
                "note": _without(title, at.title) if phase and at is not None and state == "now" else None,
                "until": until if state == "now" else None,
            }
        )
    return Progress(tuple(stations), now + 1, len(groups))


def _without(phase: str, title: str) -> str:
    """Return a step's title without its phase's name before it: 问 · 待分类 beside 问 is 待分类."""
    rest = title.removeprefix(phase).lstrip(" ·:：-")
    return rest or title
