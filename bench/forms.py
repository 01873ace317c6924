"""Filling a superior's form: a community's monthly report, and a district's, street by street."""

from __future__ import annotations

import io
import time
from typing import Any

import openpyxl
from openpyxl.styles import Border, Side

from bench.world import COMMUNITY, DISTRICT, World

_FIGURES = ("收集数", "办结数", "解决数", "办结率", "按期办结率", "涉及人数")
_TIMES = 20
_FRAME = Border(*(Side(style="thin"),) * 4)


def measure(world: World) -> dict[str, dict[str, float]]:
    """Return milliseconds (p50, p95) of filling each form, from its bytes to the filled bytes."""
    from bihuan.areas.api import children
    from bihuan.people.api import actor_of

    streets = [area.name for area in children(DISTRICT)]
    community = _form("民生工作月报表", ["指标", "本月", "上月", "本年累计"], list(_FIGURES))
    district = _form("民生工作分街道月报表", ["街道", *_FIGURES], [*streets, "合计"])
    return {
        "community": _timed(actor_of(world.secretary), COMMUNITY, community),
        "district": _timed(actor_of(world.district), DISTRICT, district),
    }


def _form(title: str, headings: list[str], lines: list[str]) -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append([title])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(headings))
    sheet.append(headings)
    for line in lines:
        sheet.append([line, *[None] * (len(headings) - 1)])
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.border = _FRAME
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _timed(actor: Any, area: str, data: bytes) -> dict[str, float]:
    from bihuan.reporting.api import current, fill_form

    found = []
    for _try in range(_TIMES):
        begun = time.perf_counter()
        filled = fill_form(actor=actor, area_code=area, name="月报.xlsx", data=data, since=current(), until=current())
        found.append((time.perf_counter() - begun) * 1000)
        assert filled.plan.values, filled.plan.left
    found.sort()
    cells = sum(len(cells) for cells in filled.plan.values.values())
    return {"p50": found[len(found) // 2], "p95": found[int(len(found) * 0.95)], "cells": cells}


def table(sizes: dict[str, Any]) -> list[str]:
    """Return the lines of ``docs/benchmarks.md``; ``sizes``: what ``measure`` gave by number of matters."""
    scales = sorted(map(int, sizes))
    lines = [
        "| a form filled, p50 / p95 in ms | " + " | ".join(f"{scale:,} matters" for scale in scales) + " |",
        "|---|" + "---|" * len(scales),
    ]
    for key, title in (("community", "a community's monthly report"), ("district", "a district's, street by street")):
        cells = [sizes[str(scale)][key] for scale in scales]
        times = " | ".join(f"{cell['p50']:.0f} / {cell['p95']:.0f}" for cell in cells)
        lines.append(f"| {title} ({cells[-1]['cells']} cells) | {times} |")
    return [*lines, ""]
