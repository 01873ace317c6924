"""Reporting: one page, one form; with or without JavaScript, in as many tries as it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.areas.api import ancestors, by_door, display_name, find
from bihuan.areas.models import Area
from bihuan.kernel.api import BadInput, Conflict, NotFound, Problem, Refused, id_from, new_id
from bihuan.matters.api import Alike, Photo, by_follow_token, display_number, duplicates, report
from bihuan.matters.models import Matter
from bihuan.people.api import actor_for
from bihuan.web import source
from bihuan.web.portal import kept, method
from bihuan.web.portal.forms import LONGEST_TEXT, ReportForm
from bihuan.web.portal.secrets import form_id, link_secret

SMALLEST_CODE = 12  # a report belongs to a community or something in it


@dataclass(frozen=True, slots=True)
class Place:
    """Where the report is about: by the code at a door, or chosen from the lists."""

    area: Area
    community: Area | None
    door: bool
    url: str

    @property
    def name(self) -> str:
        """电建社区 12号楼, or the community alone."""
        own = display_name(self.area)
        if self.community is None or self.community.code == self.area.code:
            return own
        return f"{display_name(self.community)} {own}"


def _place(area: Area | None, *, door: bool, url: str) -> Place:
    if area is None or len(area.code) < SMALLEST_CODE:
        raise Http404
    code = area.code[:SMALLEST_CODE]
    community = area if area.code == code else find(code)
    return Place(area, community, door, url)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def by_door_code(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the code at a door: the micro-grid is known."""
    return _page(request, _place(by_door(token), door=True, url=request.path))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def by_area(request: HttpRequest, code: str) -> HttpResponse:
    """The same form for a building or community chosen from the lists or the map."""
    return _page(request, _place(find(code), door=False, url=request.path))


def _page(request: HttpRequest, place: Place) -> HttpResponse:
    if request.method == "POST":
        return _take(request, place)
    return _show(request, place, _form(place), new_id(), [], ())


def _form(place: Place, *data: Any) -> ReportForm:
    return ReportForm(*data, urgencies=method.urgencies(place.area.code), phone_use=method.phone_use(place.area.code))


def _show(
    request: HttpRequest,
    place: Place,
    form: ReportForm,
    id_of_form: Any,
    photos: list[kept.Kept],
    alike: tuple[Alike, ...],
    status: int = 200,
) -> HttpResponse:
    words = {
        "place": place,
        "form": form,
        "form_id": id_of_form,
        "kept": photos,
        "alike": alike,
        "checking": bool(alike) and not form.errors,
        "most_photos": settings.PHOTO_MAX_COUNT,
    }
    return render(request, "web/portal/report.html", words, status=status)


def _take(request: HttpRequest, place: Place) -> HttpResponse:
    slow_down = source.too_fast(request, source.REPORT)
    given = form_id(request.POST.get("form_id", ""))
    photos, wrong = kept.gather(request)
    form = _form(place, request.POST)
    if slow_down:
        form.tell([Problem("", slow_down)])
        return _show(request, place, form, given, photos, (), status=429)
    form.tell(wrong)
    if not form.is_valid():
        return _show(request, place, form, given, photos, (), status=422)
    text = form.cleaned_data["text"]
    matter_id = id_from(given, place.area.code, text)
    if not Matter.objects.filter(pk=matter_id).exists():
        likely = _unseen(place, text, request.POST.getlist("seen"))
        if likely:
            return _show(request, place, form, given, photos, likely)
    try:
        return _send(request, place, form, matter_id, photos)
    except (BadInput, Refused, Conflict, NotFound) as error:
        form.tell(error.problems)
    except PermissionDenied as error:
        form.tell([Problem("", str(error))])
    return _show(request, place, form, given, photos, (), status=422)


def _unseen(place: Place, text: str, seen: list[str]) -> tuple[Alike, ...]:
    """Return likely duplicates when at least one was not shown before; asked once, never twice."""
    found = duplicates(place.area.code, text, place.area.lon, place.area.lat)
    return found if {item.number for item in found} - set(seen) else ()


def _send(
    request: HttpRequest, place: Place, form: ReportForm, matter_id: Any, photos: list[kept.Kept]
) -> HttpResponse:
    data = form.cleaned_data
    opened = [(photo, photo.open()) for photo in photos]
    try:
        done = report(
            actor=actor_for(request),
            id=matter_id,
            area_code=place.area.code,
            text=data["text"],
            channel="door" if place.door else "web",
            urgency=data.get("urgency", ""),
            phone=data["phone"],
            reporter_name=data["reporter_name"],
            anonymous=data["contact"] == "anonymous",
            photos=[Photo(upload=file, tag="scene", file_id=photo.file_id) for photo, file in opened],
            follow_token=link_secret(matter_id),
        )
    finally:
        for _photo, file in opened:
            file.close()
    return HttpResponseRedirect(reverse("portal:reported", args=[done.follow_token]))


@login_not_required
@require_POST
def alike_now(request: HttpRequest) -> HttpResponse:
    """Likely duplicates while somebody writes (htmx); nothing is kept of what was sent."""
    area = find(request.POST.get("area", ""))
    text = request.POST.get("text", "")[:LONGEST_TEXT]
    if area is None or len(area.code) < SMALLEST_CODE or source.too_fast(request, source.ALIKE):
        found: tuple[Alike, ...] = ()
    else:
        found = duplicates(area.code, text, area.lon, area.lat)
    return render(request, "web/portal/alike.html", {"alike": found})


@login_not_required
@require_GET
def kept_photo(request: HttpRequest, line: str) -> FileResponse:
    """A photo of a form that is not sent yet, for whoever holds its signed line."""
    photo = kept.find(line)
    if photo is None:
        raise Http404
    response = FileResponse(photo.open(thumb=True), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    return response


def qr(url: str) -> SafeString:
    """Return a QR code of an address as SVG, by attributes alone (no inline style)."""
    # segno's output is made of numbers and of the constants given here
    code = segno.make(url, error="m", micro=False)
    svg = code.svg_inline(border=2, dark="#000", svgclass=None, lineclass=None, omitsize=True)
    return mark_safe(svg)  # noqa: S308


@login_not_required
@require_GET
@source.guessed_slowly
def done(request: HttpRequest, token: str) -> HttpResponse:
    """It was accepted: the number, and the secret link to keep."""
    matter = by_follow_token(token)
    if matter is None:
        raise Http404
    link = request.build_absolute_uri(reverse("portal:follow", args=[token]))
    words = {
        "number": display_number(matter.number),
        "matter": matter,
        "place": [find(code) for code in ancestors(matter.area_code)[-1:]][0],
        "token": token,
        "link": link,
        "qr": qr(link),
        "promise": _("我们会把办理进展写在这个链接里。") if matter.is_open else "",
    }
    response = render(request, "web/portal/reported.html", words)
    response["Cache-Control"] = "private, no-store"
    return response
