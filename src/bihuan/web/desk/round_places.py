"""Desk pages: the places of the rounds that are no areas: walls, roads, facilities, fire exits, doors."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.areas.api import display_name, find
from bihuan.areas.models import Area
from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.api import PlaceImport
from bihuan.fieldwork.models import Place
from bihuan.kernel.api import BadInput, Conflict, new_id
from bihuan.people.api import Actor, access, actor_for, can, require
from bihuan.people.permissions import PLACE_EDIT, ROUND_READ
from bihuan.web.desk import round_plans
from bihuan.web.desk.imports import Importer, import_page
from bihuan.web.desk.map import communities_with
from bihuan.web.desk.places import Place as Spot
from bihuan.web.desk.places import Places, places_of, resolve
from bihuan.web.desk.visits_correct import TOLD, tell


class PlaceForm(forms.Form):
    """A place: where it belongs, what it is, what people call it."""

    entry_id = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, places: Places, kinds: list[tuple[str, str]], place: Place | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.places, self.place = places, place
        self.found: Spot | None = None
        self.initial.setdefault("entry_id", new_id())
        if place is None:
            self.fields["area"] = forms.CharField(
                label=_("在哪里"),
                max_length=80,
                help_text=_("写楼号就行，如 12；不属于哪一栋的，写社区的名字。"),
                widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
            )
        self.fields["kind"] = forms.ChoiceField(label=_("是什么"), choices=kinds)
        self.fields["name"] = forms.CharField(
            label=_("叫什么"), max_length=60, help_text=_("平常的叫法，如“东围墙”“3单元501”。住户只写门牌，不写姓名。")
        )
        self.fields["order"] = forms.IntegerField(
            label=_("走的顺序"), min_value=0, max_value=9999, required=False, help_text=_("不写就按远近排。")
        )
        for name, label, most in (("lon", _("经度"), 180), ("lat", _("纬度"), 90)):
            self.fields[name] = forms.FloatField(label=label, min_value=-most, max_value=most, required=False)
            self.fields[name].widget.attrs["step"] = "any"
        if place is not None:
            self.fields["active"] = forms.BooleanField(label=_("还在用"), required=False)

    def clean_area(self) -> str:
        """Turn what was typed into one area."""
        found = resolve(self.places, self.cleaned_data["area"])
        if not found:
            raise forms.ValidationError(_("没有找到这个地方。请写楼号（如 12）或楼名，或从名单中选择。"))
        if len(found) > 1:
            names = _("、").join(place.full for place in found[:6])
            raise forms.ValidationError(_("有几个地方都叫这个名字：%(names)s。请写全名。") % {"names": names})
        self.found = found[0]
        return found[0].full

    def values(self) -> dict[str, Any]:
        """Return what is said of the place."""
        data = self.cleaned_data
        given = {"kind": data["kind"], "name": data["name"].strip(), "order": data["order"] or 0}
        return given | {"lon": data["lon"], "lat": data["lat"]}

    def changes(self) -> dict[str, Any]:
        """Return what differs from what is recorded."""
        given = self.values() | {"active": self.cleaned_data["active"]}
        return {name: value for name, value in given.items() if value != getattr(self.place, name)}


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The places of a community, building by building."""
    actor = actor_for(request)
    require(actor, ROUND_READ)
    communities = communities_with(actor, ROUND_READ)
    code = request.GET.get("community", "")[:12]
    chosen = next((area for area in communities if area.code == code), None)
    if code and chosen is None:
        raise Http404
    chosen = chosen or (communities[0] if communities else None)
    kinds = round_plans.place_kinds(chosen.code) if chosen else []
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in dict(kinds) else ""
    may_edit = bool(can(actor, PLACE_EDIT))
    resting = may_edit and request.GET.get("resting") == "1"
    page = _page(actor, request, chosen, kind, resting=resting)
    query = {"community": code, "kind": kind, "resting": "1" if resting else ""}
    context = {
        "communities": communities,
        "chosen": chosen,
        "title": display_name(chosen) if chosen else "",
        "kinds": kinds,
        "kind": kind,
        "resting": resting,
        "rows": page.rows if page else (),
        "next_url": "?" + urlencode({k: v for k, v in {**query, "after": page.next}.items() if v})
        if page and page.next
        else "",
        "first_url": "?" + urlencode({k: v for k, v in query.items() if v}) if request.GET.get("after") else "",
        "may_edit": may_edit,
    }
    return render(request, "web/desk/places/list.html", context)


def _page(actor: Actor, request: HttpRequest, chosen: Area | None, kind: str, *, resting: bool) -> Any:
    if chosen is None:
        return None
    cursor = request.GET.get("after", "")[:200] or None
    try:
        return fieldwork.places(actor, chosen.code, kind, inactive=resting, cursor=cursor)
    except BadInput:
        return fieldwork.places(actor, chosen.code, kind, inactive=resting)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register a place."""
    actor = actor_for(request)
    require(actor, PLACE_EDIT)
    places = places_of(actor, PLACE_EDIT)
    kinds = round_plans.place_kinds(places.roots[0]) if places.roots else []
    initial = {"area": request.GET.get("area", "")[:80], "kind": request.GET.get("kind", "")[:40]}
    form = PlaceForm(
        request.POST if request.method == "POST" else None, places=places, kinds=kinds, place=None, initial=initial
    )
    if request.method == "POST" and form.is_valid() and form.found is not None:
        try:
            fieldwork.register_place(
                actor=actor, id=form.cleaned_data["entry_id"], area_code=form.found.code, **form.values()
            )
        except TOLD as error:
            tell(form, error.problems, {"area_code": "area"})
        else:
            messages.success(request, _("已登记“%(name)s”。") % {"name": form.cleaned_data["name"]})
            return HttpResponseRedirect(_after(request, form))
    return _show(request, form, status=422 if request.method == "POST" else 200)


def _after(request: HttpRequest, form: PlaceForm) -> str:
    if request.POST.get("then") == "next":
        kept = {"area": form.cleaned_data["area"], "kind": form.cleaned_data["kind"]}
        return f"{reverse('desk:round_place_new')}?{urlencode(kept)}"
    return f"{reverse('desk:round_places')}?{urlencode({'community': form.found.code[:12] if form.found else ''})}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Change a place, or take it out of use."""
    actor = actor_for(request)
    place = access(actor, PLACE_EDIT, Place.objects.all(), pk=place_id)
    kinds = round_plans.place_kinds(place.area_code)
    if place.kind not in dict(kinds):
        kinds = [*kinds, (place.kind, place.kind)]
    initial = {name: getattr(place, name) for name in ("kind", "name", "order", "lon", "lat", "active", "version")}
    form = PlaceForm(
        request.POST if request.method == "POST" else None,
        places=Places((), (), ()),
        kinds=kinds,
        place=place,
        initial=initial,
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                fieldwork.change_place(
                    actor=actor,
                    place_id=place_id,
                    entry_id=form.cleaned_data["entry_id"],
                    changes=form.changes(),
                    expected_version=form.cleaned_data["version"],
                )
            except TOLD as error:
                tell(form, error.problems)
                status = 409 if isinstance(error, Conflict) else 422
            else:
                messages.success(request, _("已修改，记录在案。"))
                return HttpResponseRedirect(
                    f"{reverse('desk:round_places')}?{urlencode({'community': place.area_code[:12]})}"
                )
    return _show(request, form, status=status)


def _show(request: HttpRequest, form: PlaceForm, *, status: int) -> HttpResponse:
    area = find(form.place.area_code) if form.place else None
    context = {
        "form": form,
        "place": form.place,
        "area_name": display_name(area) if area else "",
        "listed": form.places.listed,
        "shown": [form[name] for name in form.fields if not form.fields[name].widget.is_hidden],
    }
    return render(request, "web/desk/places/place.html", context, status=status)


def _import(*, actor: Actor, data: bytes, filename: str, dry_run: bool) -> PlaceImport:
    return fieldwork.import_places(actor=actor, file=io.BytesIO(data), name=filename, dry_run=dry_run)


@require_http_methods(["GET", "POST"])
def imported(request: HttpRequest) -> HttpResponse:
    """Import places from a file, after its dry run."""
    importer = Importer(
        act=_import,
        right=PLACE_EDIT,
        here="desk:round_place_import",
        home="desk:round_places",
        title=_("导入巡访地点"),
        home_title=_("巡访地点"),
        columns=(
            (_("区域 *"), _("编码，或楼名，如“12号楼”")),
            (_("种类 *"), _("工作法里“地点种类”的名称或代号，如“围墙”")),
            (_("名称 *"), _("如“东围墙”“3单元501”；住户只写门牌，不写姓名")),
            (_("顺序"), _("走的顺序，整数；不填按远近排")),
            (_("经度、纬度"), _("WGS-84；可不填")),
        ),
        sample="410802004004012",
    )
    return import_page(request, importer)


urlpatterns = [
    path("places/", index, name="round_places"),
    path("places/new/", new, name="round_place_new"),
    path("places/import/", imported, name="round_place_import"),
    path("places/<uuid:place_id>/", change, name="round_place"),
]
