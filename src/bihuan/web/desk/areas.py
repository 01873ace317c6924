"""Desk pages: the territory, its import, the printed sheets of door codes."""

from __future__ import annotations

from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.areas import queries
from bihuan.areas.api import ensure_door_tokens, import_areas, rename_area, renew_door_token, set_area_active
from bihuan.areas.models import Area
from bihuan.kernel.api import BadInput, NotFound, Refused
from bihuan.people.api import AREA_IMPORT, AREA_READ, Actor, access, actor_for, can, require, visible
from bihuan.web.desk.imports import Importer, import_page
from bihuan.web.desk.people import told

_SHOWN = 200


class NameForm(forms.Form):
    """What an area is called."""

    name = forms.CharField(label=gettext_lazy("全称"), max_length=80)
    short_name = forms.CharField(
        label=gettext_lazy("简称"), max_length=40, required=False, help_text=gettext_lazy("平常的叫法，如“12号楼”")
    )


class UseForm(forms.Form):
    """Why a micro-grid is taken out of use, or put to use again."""

    reason = forms.CharField(
        label=gettext_lazy("原因"), max_length=120, help_text=gettext_lazy("写进记录，如“已拆除”“编码有误”")
    )


@require_GET
def areas(request: HttpRequest) -> HttpResponse:
    """The actor's own territory: search results, or the roots with what lies directly below."""
    actor = actor_for(request)
    require(actor, AREA_READ)
    text = request.GET.get("q", "")[:80]
    mine = visible(actor, AREA_READ, Area.objects.filter(active=True))
    if text.strip():
        rows = list(queries.search(mine, text)[: _SHOWN + 1])
        groups = [{"area": None, "rows": rows[:_SHOWN]}] if rows else []
        more = len(rows) > _SHOWN
    else:
        groups, more = _roots(actor), False
    context = {
        "q": text,
        "groups": groups,
        "more": more,
        "may_import": bool(can(actor, AREA_IMPORT)),
    }
    return render(request, "web/desk/areas/list.html", context)


def _roots(actor: Actor) -> list[dict[str, Any]]:
    roots = Area.objects.filter(active=True, code__in=actor.areas_with(AREA_READ))
    found = {area.code: area for area in roots}
    below: dict[str, list[Area]] = {code: [] for code in found}
    for area in Area.objects.filter(active=True, parent_code__in=list(found)).defer("shape"):
        below[area.parent_code].append(area)
    return [{"area": found[code], "rows": rows} for code, rows in below.items()]


@require_GET
def area(request: HttpRequest, code: str) -> HttpResponse:
    """One area: its facts, what lies below it, its doors."""
    actor = actor_for(request)
    found = access(actor, AREA_READ, _areas(actor, code), code=code)
    return _area_page(request, actor, found)


def _areas(actor: Actor, code: str) -> QuerySet[Area]:
    """Return the areas there are for somebody: those out of use only for who may put them to use again."""
    return Area.objects.all() if can(actor, AREA_IMPORT, code) else Area.objects.filter(active=True)


def _area_page(
    request: HttpRequest, actor: Actor, found: Area, *, wrong: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    code = found.code
    may_change = bool(can(actor, AREA_IMPORT, found))
    rows = list(Area.objects.filter(parent_code=code).defer("shape"))
    below = [row for row in rows if row.active]
    context = {
        "area": found,
        "name": queries.display_name(found),
        "way": [
            {"area": up, "seen": bool(can(actor, AREA_READ, up.code))} for up in queries.chain(code) if up.code != code
        ],
        "rows": below,
        "households": sum(row.households or 0 for row in below) or found.households,
        "is_community": found.level == Area.Level.COMMUNITY,
        "is_door": found.level == Area.Level.MICRO_GRID,
        "door_url": door_url(found.door_token) if found.door_token else "",
        "door_qr": qr(door_url(found.door_token), found.name) if found.door_token else "",
        "may_change": may_change,
        "resting": [row for row in rows if not row.active] if may_change else [],
        "name_form": NameForm(initial={"name": found.name, "short_name": found.short_name}, prefix="name"),
        "use_form": UseForm(prefix="use"),
        **(wrong or {}),
    }
    return render(request, "web/desk/areas/area.html", context, status=status)


@require_POST
def area_name(request: HttpRequest, code: str) -> HttpResponse:
    """Correct an area's name."""
    actor = actor_for(request)
    found = access(actor, AREA_IMPORT, _areas(actor, code), code=code)
    form = NameForm(request.POST, prefix="name")
    if form.is_valid():
        try:
            rename_area(actor=actor, code=code, **form.cleaned_data)
        except (BadInput, Refused) as error:
            told(form, error)
        else:
            messages.success(request, _("已更名，记录在案"))
            return HttpResponseRedirect(reverse("desk:area", args=[code]))
    return _area_page(request, actor, found, wrong={"name_form": form}, status=422)


@require_POST
def area_use(request: HttpRequest, code: str) -> HttpResponse:
    """Take a micro-grid out of use, or put it to use again; which of the two is what it is not."""
    actor = actor_for(request)
    found = access(actor, AREA_IMPORT, _areas(actor, code), code=code)
    form = UseForm(request.POST, prefix="use")
    if form.is_valid():
        try:
            set_area_active(
                actor=actor, code=code, active=request.POST.get("active") == "1", reason=form.cleaned_data["reason"]
            )
        except (BadInput, Refused) as error:
            told(form, error)
        else:
            messages.success(request, _("已改，记录在案"))
            return HttpResponseRedirect(reverse("desk:area", args=[code]))
    return _area_page(request, actor, found, wrong={"use_form": form}, status=422)


def door_url(token: str) -> str:
    """Return the address that a door's code leads to."""
    return settings.PUBLIC_URL + reverse("portal:door", args=[token])


def qr(text: str, title: str) -> SafeString:
    """Draw a QR code as SVG of plain attributes: the policy refuses inline styles.

    Error correction M, as the sheet hangs outdoors; a quiet zone of four modules (ISO/IEC 18004).
    """
    code = segno.make(text, error="m", micro=False)
    size = code.symbol_size(border=4)[0]
    steps = []
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            if row[x]:
                start = x
                while x < len(row) and row[x]:
                    x += 1
                steps.append(f"M{start + 4} {y + 4}h{x - start}v1h{start - x}z")
            else:
                x += 1
    return format_html(
        '<svg viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
        '<rect width="{0}" height="{0}" fill="#fff"/><path d="{2}" fill="#000"/></svg>',
        size,
        _("%(name)s的二维码") % {"name": title},
        mark_safe("".join(steps)),  # noqa: S308 - digits and path letters only
    )


@require_http_methods(["GET", "POST"])
def doors(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet of door codes of a community, to be printed; POST makes the codes that are missing."""
    actor = actor_for(request)
    found = access(actor, AREA_READ, Area.objects.filter(active=True), code=code)
    if request.method == "POST":
        made = ensure_door_tokens(actor=actor, community=code)
        messages.success(request, _("已生成 %(count)d 个楼门码") % {"count": made})
        return HttpResponseRedirect(reverse("desk:doors", args=[code]))
    rows = list(queries.doors(code).defer("shape"))
    context = {
        "area": found,
        "name": queries.display_name(found),
        "doors": [
            {"area": row, "name": queries.display_name(row), "qr": qr(door_url(row.door_token), row.name)}
            for row in rows
            if row.door_token
        ],
        "missing": sum(1 for row in rows if not row.door_token),
        "may_change": bool(can(actor, AREA_IMPORT, found)),
        "host": settings.PUBLIC_URL.split("//", 1)[-1],
    }
    return render(request, "web/desk/areas/doors.html", context)


@require_POST
def renew_door(request: HttpRequest, code: str) -> HttpResponse:
    """Make one door's old code void."""
    try:
        renew_door_token(actor=actor_for(request), code=code, reason=request.POST.get("reason", ""))
        messages.success(request, _("已更换：旧的二维码作废，请打印并张贴新的"))
    except (BadInput, NotFound) as error:
        for problem in error.problems:
            messages.error(request, f"{problem.why}。{problem.how}。")
    return HttpResponseRedirect(reverse("desk:area", args=[code]))


@require_http_methods(["GET", "POST"])
def area_import(request: HttpRequest) -> HttpResponse:
    """Import areas from a file, after its dry run."""
    importer = Importer(
        act=import_areas,
        right=AREA_IMPORT,
        here="desk:area_import",
        home="desk:areas",
        title=_("导入区域"),
        home_title=_("区域"),
        columns=(
            (_("编码 *"), _("6 位区县、9 位街道、12 位社区、15 位网格；全角数字也可以")),
            (_("名称 *"), _("如“电建社区12号楼”")),
            (_("级别"), _("市、区县、街道、社区、网格、微网格；不填按编码长度判断")),
            (_("上级编码"), _("不填就是编码的前几位")),
            (_("简称、类型、户数、建筑面积"), _("可不填；空格子保留原值")),
            (_("经度、纬度、坐标系"), _("WGS84、CGCS2000、GCJ02（高德、腾讯）、BD09（百度），导入时换算")),
            (_("图形、图形来源"), _("多边形，WKT 或 GeoJSON")),
        ),
        sample="410802004004001",
    )
    return import_page(request, importer)


urlpatterns = [
    path("areas/", areas, name="areas"),
    path("areas/import/", area_import, name="area_import"),
    path("areas/<str:code>/", area, name="area"),
    path("areas/<str:code>/name/", area_name, name="area_name"),
    path("areas/<str:code>/use/", area_use, name="area_use"),
    path("areas/<str:code>/doors/", doors, name="doors"),
    path("areas/<str:code>/door/renew/", renew_door, name="door_renew"),
]
