"""Desk pages: recording a problem for somebody else, fast, and asking for nothing that is known."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.kernel.api import BadInput, Conflict, Problem, Refused, clock, new_id
from bihuan.matters.api import Alike, duplicates, record, report_again
from bihuan.matters.models import Matter
from bihuan.people.api import MATTER_RECORD, Actor, actor_for, person_by_phone, require
from bihuan.web.desk import choices, paste
from bihuan.web.desk.fields import field_for, local_now_text, photos_field, plain
from bihuan.web.desk.forms import GIVEN
from bihuan.web.desk.kept import KeptPhotos, keep_photos
from bihuan.web.desk.places import Place, Places, places_of, resolve
from bihuan.web.desk.record_kinds import Kinds, kinds_of

CHANNELS = ("visit", "phone", "paper", "parlour", "patrol")
KNOWN = frozenset({"title", "text", "category", "urgency", "people_affected", "phone", "reporter_name"})
LIKELY = 0.4
_HIDDEN = {"title", "text", "phone", "reporter_name"}


class RecordForm(forms.Form):
    """A problem told by somebody else: what, where, when, by which way; the rest as the method asks.

    Args:
        places: where this actor may record.
        kinds: the method that the matter will follow, for its fields, and the others.
        kept: its photos that are on the server already.
    """

    entry_id = forms.UUIDField(widget=forms.HiddenInput)
    place = forms.CharField(label="", max_length=80)
    text = forms.CharField(label="", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, places: Places, kinds: Kinds, kept: KeptPhotos | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.kept = kept or KeptPhotos()
        self.places, self.kinds, self.method = places, kinds, kinds.method
        self.found: Place | None = None
        self.initial.setdefault("entry_id", new_id())
        labels = dict(Matter.Channel.choices)
        self.fields["channel"] = forms.ChoiceField(
            label=_("怎样得知"),
            choices=[(key, _(str(labels[key]))) for key in CHANNELS],
            widget=forms.RadioSelect,
        )
        self.initial.setdefault("channel", "visit")
        self.fields["place"].label = _("在哪里")
        self.fields["place"].help_text = _("写楼号就行，如 12。")
        self.fields["place"].widget.attrs.update({"list": "places", "autocomplete": "off"})
        self.fields["text"].label = _("反映什么")
        if kinds.key and kinds.method is not None:
            self.fields["text"].label = kinds.method.fields["text"].title.say(choices.language())
        self.fields["happened_at"] = forms.DateTimeField(
            label=_("什么时候说的"),
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            help_text=_("现在录入的时间另外记下。"),
        )
        self.initial.setdefault("happened_at", local_now_text())
        self._add_given()
        if kinds.told:
            self._add_person()
        self.fields["photos"] = photos_field(_("照片"), least=0)

    def _add_given(self) -> None:
        if self.method is None:
            return
        opening = self.method.file.opening.get("record")
        for key, need in (opening.gives if opening else {}).items():
            # The title is the beginning of the text, but where a method wants a name of its own.
            if key not in self.method.fields or (key in _HIDDEN and (key, need) != ("title", "required")):
                continue
            spec = self.method.fields[key]
            self.fields[GIVEN + key] = field_for(spec, required=need == "required", language=choices.language())

    def _add_person(self) -> None:
        self.fields["reporter_name"] = forms.CharField(label=_("反映人姓名"), required=False, max_length=40)
        self.fields["phone"] = forms.CharField(
            label=_("反映人电话"),
            required=False,
            max_length=20,
            widget=forms.TextInput(attrs={"inputmode": "tel"}),
            help_text=_("只用于就这件事联系反映人，加密保存，默认不显示。"),
        )

    def clean_place(self) -> str:
        """Turn what was typed into one place; several are asked about."""
        found = resolve(self.places, self.cleaned_data["place"])
        if not found:
            raise forms.ValidationError(_("没有找到这个地方。请写楼号（如 12）或楼名，或从名单中选择。"))
        if len(found) > 1:
            names = _("、").join(place.full for place in found[:6])
            raise forms.ValidationError(_("有几个地方都叫这个名字：%(names)s。请写全名。") % {"names": names})
        self.found = found[0]
        return found[0].full

    def clean_happened_at(self) -> Any:
        """Refuse what has not happened yet."""
        at = self.cleaned_data["happened_at"]
        if (at - clock.now()).total_seconds() > 120:
            raise forms.ValidationError(_("这个时间还没有到。请写反映的时间。"))
        return at

    def clean(self) -> dict[str, Any]:
        """Say which photos did not come."""
        data = super().clean() or {}
        for problem in self.kept.problems:
            self.add_error("photos", problem)
        return data

    def call(self) -> dict[str, Any]:
        """Return the arguments of ``matters.api.record`` but the actor."""
        given = self.cleaned_data
        specs = self.method.fields if self.method else {}
        values = {
            name.removeprefix(GIVEN): plain(value, yes_no=specs[name.removeprefix(GIVEN)].type == "yes_no")
            for name, value in given.items()
            if name.startswith(GIVEN) and value not in (None, "", [])
        }
        phone, name = given.get("phone", "").strip(), given.get("reporter_name", "").strip()
        assert self.found is not None  # noqa: S101 - clean_place() set it or refused
        return {
            "id": given["entry_id"],
            "area_code": self.found.code,
            "text": given["text"],
            "channel": given["channel"],
            "happened_at": given["happened_at"],
            "phone": phone,
            "reporter_id": known.pk if (known := person_by_phone(phone)) else None,
            "reporter_name": name,
            "anonymous": not (phone or name),
            "photos": self.kept.given("paper" if given["channel"] == "paper" else "scene"),
            **{key: value for key, value in values.items() if key in KNOWN},
            "extra": {key: value for key, value in values.items() if key not in KNOWN},
            **({"method_key": self.kinds.key} if self.kinds.key else {}),
        }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record_page(request: HttpRequest) -> HttpResponse:
    """Record a problem; where it seems known already, say so first."""
    actor = actor_for(request)
    require(actor, MATTER_RECORD)
    places = places_of(actor)
    kinds = kinds_of(request, actor, _main_place(places))
    if request.method != "POST":
        form = RecordForm(initial=_kept(request, places), places=places, kinds=kinds)
        return _show(request, form)
    photos = keep_photos(request, actor, form_id="entry_id")
    form = RecordForm(request.POST, request.FILES, places=places, kinds=kinds, kept=photos)
    if not form.is_valid():
        return _show(request, form, status=422)
    if request.POST.get("same"):
        return _join(request, actor, form)
    alike = duplicates(form.found.code, form.cleaned_data["text"]) if form.found else ()
    if any(other.likeness >= LIKELY for other in alike) and request.POST.get("checked") != "1":
        return _show(request, form, alike=alike, ask=True, status=422)
    try:
        reported = record(actor=actor, **form.call())
    except (BadInput, Refused, Conflict) as error:
        _add_problems(form, error.problems)
        return _show(request, form, status=422)
    said = _("已登记，编号 %(number)s。") % {"number": reported.display_number}
    messages.success(request, said, extra_tags="record")
    if request.POST.get("then") == "next":
        return HttpResponseRedirect(_next_address(form))
    return HttpResponseRedirect(reverse("desk:matter", args=[reported.matter_id]))


def _main_place(places: Places) -> str:
    return places.roots[0] if places.roots else ""


def _kept(request: HttpRequest, places: Places) -> dict[str, str]:
    """Return what the last record leaves for the next: the way, the place and the time stay."""
    kept = {name: request.GET[name][:80] for name in ("channel", "place", "happened_at") if request.GET.get(name)}
    if "channel" in kept and kept["channel"] not in CHANNELS:
        del kept["channel"]
    if "place" not in kept and places.only is not None:
        kept["place"] = places.only.full
    return kept


def _next_address(form: RecordForm) -> str:
    kept = {"channel": form.cleaned_data["channel"], "place": form.cleaned_data["place"]}
    if form.cleaned_data["channel"] == "paper":  # a pile of paper is of one day
        kept["happened_at"] = form.data.get("happened_at", "")
    if form.kinds.key:
        kept["method"] = form.kinds.key
    return f"{reverse('desk:record')}?{urlencode(kept)}"


def _join(request: HttpRequest, actor: Actor, form: RecordForm) -> HttpResponse:
    """Add what the reporter said to a matter that is known already: their link to it is shown once."""
    try:
        matter_id = UUID(request.POST["same"])
        token = report_again(actor=actor, matter_id=matter_id, **paste.further(form.call())).follow_token
    except ValueError:
        return _show(request, form, status=422)
    except (PermissionDenied, Http404) as error:
        form.add_error(None, str(error))
        return _show(request, form, status=422)
    except (BadInput, Refused, Conflict) as error:
        _add_problems(form, error.problems)
        return _show(request, form, status=422)
    said = _("已记到原来的事项里，不再重复登记。")
    if token:
        said += _("反映人可以用这个链接看进展：%(url)s") % {
            "url": request.build_absolute_uri(reverse("portal:follow", args=[token]))
        }
    messages.success(request, said, extra_tags="record")
    return HttpResponseRedirect(reverse("desk:matter", args=[matter_id]))


def _add_problems(form: RecordForm, problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        name = problem.field.rsplit(".", 1)[-1]
        name = {"area_code": "place"}.get(name, name)
        name = "text" if name == "title" and GIVEN + name not in form.fields else name
        where = next((key for key in (name, GIVEN + name) if key in form.fields), None)
        form.add_error(where, f"{problem.why}{problem.how}")


def _show(
    request: HttpRequest, form: RecordForm, *, alike: tuple[Alike, ...] = (), ask: bool = False, status: int = 200
) -> HttpResponse:
    first = ("channel", "place", "text", "happened_at")
    context = {
        "form": form,
        "first": [form[name] for name in first],
        "asked": [form[name] for name in form.fields if name.startswith(GIVEN)],
        "person": [form["reporter_name"], form["phone"]] if form.kinds.told else [],
        "kinds": form.kinds,
        "own": form.places.own,
        "listed": form.places.listed,
        "alike": alike,
        "ask": ask,
    }
    return render(request, "web/desk/record/page.html", context, status=status)


@require_safe
def record_alike(request: HttpRequest) -> HttpResponse:
    """What is known already at the place typed so far: asked by htmx while somebody types."""
    actor = actor_for(request)
    require(actor, MATTER_RECORD)
    found = resolve(places_of(actor), request.GET.get("place", "")[:80])
    text = request.GET.get("text", "")[:2000]
    alike = duplicates(found[0].code, text) if len(found) == 1 and text.strip() else ()
    return render(request, "web/desk/record/_alike.html", {"alike": alike, "ask": False})


urlpatterns = [
    path("record/", record_page, name="record"),
    path("record/alike/", record_alike, name="record_alike"),
    *paste.urlpatterns,
]
