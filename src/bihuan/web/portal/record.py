"""The published roots, one hash a day that fixes every entry recorded on it; and checking one page against them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bihuan.areas.api import display_name
from bihuan.kernel.models import DayRoot
from bihuan.web import source
from bihuan.web.portal import subjects
from bihuan.web.portal.checked import Checked, check
from bihuan.web.portal.lookups import LONGEST, look_up
from bihuan.web.portal.proofs import RULE, proof_of
from bihuan.web.portal.public import shown_at
from bihuan.web.portal.sharing import share_of
from bihuan.web.portal.subjects import Subject
from bihuan.web.source import Pace

PAGE = 60
CHECK = Pace("portal-check", 90, 600)  # each works out a chain and a day's tree
CHECK_ALL = Pace("portal-check-all", 30, 600)  # each checks up to twenty-five
Find = Callable[[Any], Subject | None]
View = Callable[..., HttpResponse]


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


@login_not_required
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Have something checked by its number, its code or its address; one answer is opened at once."""
    asked = request.GET.get("q", "").strip()[:LONGEST]
    if asked and (slow := _slow(request)) is not None:
        return slow
    found = look_up(asked) if asked else ()
    if len(found) == 1:
        return HttpResponseRedirect(found[0].address("check"))
    return render(request, "web/portal/public/ask.html", {"asked": asked, "found": found})


def _slow(request: HttpRequest, pace: Pace = CHECK) -> HttpResponse | None:
    if message := source.too_fast(request, pace):
        return render(request, "web/portal/slow.html", {"message": message}, status=429)
    return None


def check_page(find: Find) -> View:
    """Return the page on which a kind of public page is checked."""

    @login_not_required
    @require_safe
    def answer(request: HttpRequest, **key: Any) -> HttpResponse:
        if (slow := _slow(request)) is not None:
            return slow
        found = _checked(find, key)
        words = {"found": found, "subject": found.subject, "share": share_of(found.subject)}
        words["proof_url"] = found.subject.address("proof")
        response = render(request, "web/portal/public/check.html", words)
        response["Cache-Control"] = "no-store"
        return response

    return answer


def proof_file(find: Find) -> View:
    """Return the proof of a kind of public page, as a file."""

    @login_not_required
    @require_safe
    def answer(request: HttpRequest, **key: Any) -> HttpResponse:
        if (slow := _slow(request)) is not None:
            return slow
        found = _checked(find, key)
        response = JsonResponse(proof_of(found), json_dumps_params={"ensure_ascii": False, "indent": 1})
        response["Content-Disposition"] = f'attachment; filename="bihuan-{found.code}.json"'
        response["Cache-Control"] = "no-store"
        return response

    return answer


def _checked(find: Find, key: Mapping[str, Any]) -> Checked:
    subject = find(*key.values())
    found = check(subject) if subject is not None else None
    if found is None:
        raise Http404
    return found


@login_not_required
@require_safe
def area_check(request: HttpRequest, code: str) -> HttpResponse:
    """Check all that an area's public home shows, one by one."""
    if (slow := _slow(request, CHECK_ALL)) is not None:
        return slow
    area = subjects.area_of(code)
    lines = [one for one in map(check, shown_at(code)) if one is not None]
    words = {"area": area, "name": display_name(area), "lines": lines, "wrong": [one for one in lines if one.wrong]}
    words["share"] = share_of(subjects.of_area(area))
    response = render(request, "web/portal/public/area_check.html", words)
    response["Cache-Control"] = "no-store"
    return response
