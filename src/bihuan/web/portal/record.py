"""The published roots: one hash a day that fixes every entry recorded on it, for anybody to keep and compare."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bihuan.kernel.models import DayRoot

PAGE = 60
RULE = (
    "Merkle tree of RFC 9162 (SHA-256) over the hashes of the entries recorded on the day in Asia/Shanghai, "
    "in the order of (recorded_at, id)"
)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def roots_before(day: date | None) -> tuple[list[DayRoot], str]:
    """Return a page of roots, newest first, older than ``day``; and the day to go on from, "" at the end."""
    found = DayRoot.objects.order_by("-day")
    if day is not None:
        found = found.filter(day__lt=day)
    rows = list(found[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].day.isoformat() if len(rows) > PAGE else ""


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What the record is, the root of each day, and how to check; to read and to print."""
    before = request.GET.get("before", "")[:10]
    rows, more = roots_before(_day(before))
    roots = [{"day": row.day, "count": row.count, "root": bytes(row.root).hex()} for row in rows]
    words = {"roots": roots, "older": f"?before={more}" if more else "", "newest": bool(before)}
    return render(request, "web/portal/record.html", words)


@login_not_required
@require_safe
def as_json(request: HttpRequest) -> JsonResponse:
    """The same for machines: ``{"rule", "roots": [{"day", "count", "root", "made_at"}], "next"}``."""
    rows, more = roots_before(_day(request.GET.get("before", "")[:10]))
    told: dict[str, Any] = {
        "rule": RULE,
        "roots": [
            {
                "day": row.day.isoformat(),
                "count": row.count,
                "root": bytes(row.root).hex(),
                "made_at": row.made_at.isoformat(timespec="seconds"),
            }
            for row in rows
        ],
        "next": request.build_absolute_uri(f"{reverse('portal:record_json')}?before={more}") if more else None,
    }
    response = JsonResponse(told)
    response["Access-Control-Allow-Origin"] = "*"  # public by nature: others may watch it from their own pages
    return response
