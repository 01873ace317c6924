"""Desk pages: field diaries (民情日志), one visit, its answer and its correction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.api import DiaryFilters, VisitPage
from bihuan.kernel.api import BadInput, new_id
from bihuan.kernel.models import StoredFile
from bihuan.people.api import Actor, actor_for, require
from bihuan.people.permissions import ROUND_READ, VISIT_READ, VISIT_RECORD
from bihuan.web.desk import choices, rounds, visits_correct, visits_found, visits_record
from bihuan.web.desk.visits_correct import TOLD, tell

RESULT_BADGE = {"nothing": "settled", "found": "doing", "nobody": "quiet"}
_ROWS = 50


class ReviewForm(forms.Form):
    """What the secretary answers."""

    entry_id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_review_%s")
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.initial.setdefault("entry_id", new_id())
        self.fields["text"].label = _("点评")
        self.fields["text"].help_text = _("写日志的人会收到；只有能看这篇日志的人看得到。")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the diary asks for, as text for the form and as filters."""

    filters: DiaryFilters
    mine: bool
    cursor: str
    wrong: str

    def query(self, **changes: str) -> str:
        """Return the page's query with changes."""
        given = {
            field.name: value.isoformat() if isinstance(value, date) else str(value)
            for field in fields(self.filters)
            if field.name != "person" and (value := getattr(self.filters, field.name))
        }
        values = given | {"mine": "1" if self.mine else ""} | changes
        return urlencode({name: value for name, value in values.items() if value})


def read_filters(request: HttpRequest, actor: Actor) -> Asked:
    """Read the address: unknown values are dropped."""

    def among(name: str, allowed: set[str]) -> str:
        value = request.GET.get(name, "")
        return value if value in allowed else ""

    since, until, wrong = rounds.period(request)
    mine = request.GET.get("mine") == "1"
    area = request.GET.get("area", "")[:21]
    filters = DiaryFilters(
        area=area if area.isascii() and area.isdigit() else "",
        person=actor.person_id if mine else None,
        round=request.GET.get("round", "")[:40].replace("\x00", ""),
        result=among("result", {"nothing", "found", "nobody"}),
        answered=among("answered", {"yes", "no"}),
        since=since,
        until=until,
    )
    return Asked(filters, mine, request.GET.get("after", "")[:200], wrong)


@never_cache
@require_safe
def diary(request: HttpRequest) -> HttpResponse:
    """The diaries that one may read, newest first; who reads nobody else's sees their own."""
    actor = actor_for(request)
    reads = actor.areas_with(VISIT_READ)
    if not reads:
        require(actor, VISIT_RECORD)
    asked = read_filters(request, actor)
    wrong = asked.wrong
    try:
        page = fieldwork.diary(actor, asked.filters, asked.cursor or None, _ROWS)
    except BadInput as error:
        wrong = " ".join(f"{problem.why}{problem.how}" for problem in error.problems)
        page = fieldwork.diary(actor, DiaryFilters(), None, _ROWS)
    here = reverse("desk:visits")
    context = {
        "rows": [(row, RESULT_BADGE.get(row.result, "closed")) for row in page.rows],
        "asked": asked,
        "filters": asked.filters,
        "filtered": bool(asked.query()),
        "wrong": wrong,
        "reads": bool(reads),
        "selects": _selects(actor, asked, reads),
        "next_url": f"{here}?{asked.query(after=page.next)}" if page.next else "",
        "first_url": f"{here}?{asked.query()}" if asked.cursor else "",
        "reached": page.reached,
        "records": bool(actor.areas_with(VISIT_RECORD)),
    }
    return render(request, "web/desk/visits/list.html", context)


def _selects(actor: Actor, asked: Asked, reads: Sequence[str]) -> list[dict[str, Any]]:
    """Return the filters: name, title, options."""
    roots = list(reads) or list(actor.areas_with(VISIT_RECORD))
    scope = asked.filters.area or (roots[0] if roots else "")
    refs = fieldwork.rounds_in(actor, scope) if scope and actor.holds(ROUND_READ, scope) else ()
    table: list[tuple[str, str, list[choices.Choice], str]] = [
        ("area", _("地点"), choices.area_options(roots, asked.filters.area), asked.filters.area),
        ("round", _("哪种巡访"), [(ref.round, ref.title) for ref in refs], asked.filters.round),
        (
            "result",
            _("结果"),
            [("nothing", _("一切正常")), ("found", _("发现问题")), ("nobody", _("家中无人"))],
            asked.filters.result,
        ),
        ("answered", _("点评"), [("no", _("还没有点评")), ("yes", _("已点评"))], asked.filters.answered),
    ]
    if reads:
        table.append(("mine", _("谁的"), [("1", _("我的"))], "1" if asked.mine else ""))
    return [
        {"name": name, "title": title, "options": choices.options_html([("", _("全部")), *options], chosen)}
        for name, title, options, chosen in table
        if options
    ]


@never_cache
@require_safe
def visit(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """One visit: what was seen, what was found, what was answered, what the record says."""
    return show(request, fieldwork.visit_page(actor_for(request), visit_id))


def show(request: HttpRequest, page: VisitPage, *, review: ReviewForm | None = None, status: int = 200) -> HttpResponse:
    """Render one visit."""
    files = {file.pk: file for file in StoredFile.objects.filter(pk__in=[*page.photos, *page.sounds])}
    context = {
        "page": page,
        "row": page.row,
        "visit": page.visit,
        "badge": RESULT_BADGE.get(page.row.result, "closed"),
        "photos": [files[key] for key in page.photos if key in files],
        "sounds": [files[key] for key in page.sounds if key in files],
        "late": (page.row.recorded_at - page.row.happened_at).total_seconds() > 600,
        "review_form": (review or ReviewForm()) if page.may_review else None,
        "record_url": reverse("desk:visit_finding", args=[page.visit.pk]),
        "timeline": [
            {
                "at": line.happened_at,
                "text": line.sentence,
                "recorded_at": line.recorded_at
                if (line.recorded_at - line.happened_at).total_seconds() > 600
                else None,
            }
            for line in reversed(page.lines)
        ],
        "hash": page.lines[-1].hash if page.lines else "",
    }
    return render(request, "web/desk/visits/page.html", context, status=status)


@never_cache
@require_POST
def review(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Answer a diary entry; the writer's bell rings."""
    actor = actor_for(request)
    page = fieldwork.visit_page(actor, visit_id)
    if not page.may_review:
        raise PermissionDenied(_("这篇日志由工作法写明的人点评。"))
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            fieldwork.review_visit(actor=actor, visit_id=visit_id, **form.cleaned_data)
        except TOLD as error:
            tell(form, error.problems)
        else:
            messages.success(request, _("已点评，写日志的人会收到。"), extra_tags=f"review-{visit_id}")
            return HttpResponseRedirect(reverse("desk:visit", args=[visit_id]) + "#review")
    return show(request, page, review=form, status=422)


urlpatterns = [
    path("visits/", diary, name="visits"),
    path("visits/new/", visits_record.record, name="visit_new"),
    path("visits/<uuid:visit_id>/", visit, name="visit"),
    path("visits/<uuid:visit_id>/review/", review, name="visit_review"),
    path("visits/<uuid:visit_id>/correct/", visits_correct.correct, name="visit_correct"),
    path("visits/<uuid:visit_id>/finding/", visits_found.finding, name="visit_finding"),
]
