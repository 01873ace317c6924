"""Desk page: a message or a list (接龙) pasted from a chat, made drafts to look through, recorded with one button.

Nothing is kept on the server between the steps: what was pasted, and every draft with the id of its record, stand in
the form. So whatever goes wrong, nothing typed is lost, and the same form sent twice records once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bihuan.fieldwork.api import MOST_CHARACTERS, Draft, Rest, read_paste
from bihuan.kernel.api import BadInput, Conflict, Problem, Refused, clock, new_id
from bihuan.matters.api import Alike, Reported, duplicates, report_again, report_batch
from bihuan.people.api import MATTER_RECORD, Actor, actor_for, person_by_phone, require
from bihuan.web.desk.places import Place, Places, places_of, resolve

MOST_DRAFTS = 50
CHANNELS = ("phone", "visit", "parlour")
LIKELY = 0.4
NO_PLACE = gettext_lazy("没有找到这个地方。请写楼号（如 12）或楼名，或从名单中选择。")
_TIME = "%Y-%m-%dT%H:%M"


class PasteForm(forms.Form):
    """What was pasted."""

    pasted = forms.CharField(
        label=gettext_lazy("粘贴聊天消息或接龙"),
        max_length=MOST_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("一条或多条都行：姓名、楼号、电话、时间会自动分开，确认以后才登记。"),
    )


class DraftForm(forms.Form):
    """One draft: who, where, what; ``same`` names an open matter that it is one with.

    Args:
        places: where this actor may record.
    """

    entry_id = forms.UUIDField(widget=forms.HiddenInput)
    line = forms.IntegerField(widget=forms.HiddenInput, required=False)
    take = forms.BooleanField(label=gettext_lazy("登记这一条"), required=False)
    place = forms.CharField(
        label=gettext_lazy("在哪里"),
        max_length=80,
        error_messages={"required": NO_PLACE},
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
    )
    text = forms.CharField(label=gettext_lazy("反映什么"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    reporter_name = forms.CharField(label=gettext_lazy("反映人姓名"), max_length=60, required=False)
    phone = forms.CharField(
        label=gettext_lazy("反映人电话"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    happened_at = forms.DateTimeField(
        label=gettext_lazy("什么时候说的"),
        input_formats=[_TIME, "%Y-%m-%d %H:%M"],
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_TIME),
    )
    same = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Places, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.places = places
        self.found: Place | None = None

    def clean(self) -> dict[str, Any]:
        """Ask for anything only where the draft is to be recorded."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("take"):
            self.errors.clear()
            return given
        found = resolve(self.places, given.get("place") or "")
        if "place" in self.errors:
            pass
        elif len(found) == 1:
            self.found = found[0]
        elif found:
            names = _("、").join(place.full for place in found[:6])
            self.add_error("place", _("有几个地方都叫这个名字：%(names)s。请写全名。") % {"names": names})
        else:
            self.add_error("place", NO_PLACE)
        at = given.get("happened_at")
        if at is not None and (at - clock.now()).total_seconds() > 120:
            self.add_error("happened_at", _("这个时间还没有到。请写反映的时间。"))
        return given

    def call(self, channel: str) -> dict[str, Any]:
        """Return the arguments of ``matters.api.record`` but the actor."""
        given = self.cleaned_data
        name, phone = given["reporter_name"].strip(), given["phone"].strip()
        assert self.found is not None  # noqa: S101 - clean() set it or refused
        return {
            "id": given["entry_id"],
            "area_code": self.found.code,
            "text": given["text"],
            "channel": channel,
            "happened_at": given["happened_at"] or clock.now(),
            "phone": phone,
            "reporter_id": known.pk if (known := person_by_phone(phone)) else None,
            "reporter_name": name,
            "anonymous": not (name or phone),
        }


@dataclass(slots=True)
class Line:
    """One draft as shown: its form, what was pasted, what is known already at its place."""

    form: DraftForm
    raw: str = ""
    alike: tuple[Alike, ...] = ()
    done: bool = False


@dataclass(slots=True)
class Shown:
    """What a page shows: drafts, what was taken for none, whether more wait, what was recorded."""

    lines: list[Line] = field(default_factory=list)
    rest: tuple[Rest, ...] = ()
    later: bool = False
    done: list[tuple[UUID, str]] = field(default_factory=list)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paste_page(request: HttpRequest) -> HttpResponse:
    """Paste, look through, record."""
    actor = actor_for(request)
    require(actor, MATTER_RECORD)
    places = places_of(actor)
    if request.method != "POST":
        return _show(request, PasteForm(), places, Shown())
    form = PasteForm(request.POST)
    if not form.is_valid():
        return _show(request, form, places, Shown(lines=_sent(request, places)), status=422)
    if request.POST.get("step") == "record":
        return _record(request, actor, form, places)
    shown = _read(_plain_breaks(form.cleaned_data["pasted"]), places)
    if not shown.lines:
        form.add_error("pasted", _("没有看出要登记的事。请检查粘贴的内容，或改用“记一笔”。"))
        return _show(request, form, places, shown, status=422)
    return _show(request, form, places, shown)


def _read(text: str, places: Places) -> Shown:
    """Return the drafts of a text; those after the first fifty wait in the text."""
    pasted = read_paste(text, now=clock.now().astimezone(clock.ZONE))
    drafts = pasted.drafts
    lines = [_line(index, draft, places) for index, draft in enumerate(drafts[:MOST_DRAFTS])]
    return Shown(lines=lines, rest=pasted.rest, later=len(drafts) > MOST_DRAFTS)


def _line(index: int, draft: Draft, places: Places) -> Line:
    place = _place(draft, places)
    finer = bool(draft.where) and (place is None or draft.door.unit != "" or draft.door.room != "")
    text = "\n".join(part for part in (draft.what, draft.where if finer else "") if part)
    initial = {
        "entry_id": new_id(),
        "line": draft.line,
        "take": bool(draft.what),
        "place": place.full if place else "",
        "text": text,
        "reporter_name": draft.who,
        "phone": draft.phone,
        "happened_at": (draft.at or clock.now().astimezone(clock.ZONE)).strftime(_TIME),
    }
    alike = duplicates(place.code, draft.what) if place and draft.what else ()
    form = DraftForm(initial=initial, prefix=f"d{index}", places=places)
    return Line(form, draft.raw.strip(), alike)


def _place(draft: Draft, places: Places) -> Place | None:
    """Return the one place that a draft means among those where one may record."""
    door = draft.door
    wanted = [draft.where]
    if door.building:
        wanted = [f"{door.building}号楼{door.unit}单元"] if door.unit else []
        wanted += [f"{door.building}号楼", str(door.building)]
    for words in wanted:
        exact = [place for place in resolve(places, words) if words] if words else []
        if len(exact) == 1:
            return exact[0]
    return places.only


def _sent(request: HttpRequest, places: Places) -> list[Line]:
    """Return the drafts as they were sent."""
    lines = []
    for index in range(MOST_DRAFTS):
        if f"d{index}-entry_id" in request.POST:
            raw = _plain_breaks(request.POST.get(f"d{index}-raw", ""))[:MOST_CHARACTERS]
            lines.append(Line(DraftForm(request.POST, prefix=f"d{index}", places=places), raw))
    return lines


def _record(request: HttpRequest, actor: Actor, form: PasteForm, places: Places) -> HttpResponse:
    """Record what is ticked; what does not stand comes back with its reason, the rest as it was."""
    shown = Shown(lines=_sent(request, places))
    channel = request.POST.get("channel", "")
    channel = channel if channel in CHANNELS else CHANNELS[0]
    taken = [line for line in shown.lines if line.form.is_valid() and line.form.cleaned_data["take"]]
    for line in [line for line in taken if line.form.cleaned_data["same"]]:
        _join(actor, line, channel, shown)
    fresh = [line for line in taken if not line.form.cleaned_data["same"]]
    calls = [line.form.call(channel) for line in fresh]
    for line, came in zip(fresh, report_batch(actor=actor, reports=calls), strict=True):
        if isinstance(came, Reported):
            line.done = True
            shown.done.append((came.matter_id, came.display_number))
        else:
            _add_problem(line.form, came)
    left = _left(form.cleaned_data["pasted"], [line.raw for line in shown.lines if line.done])
    shown.lines = [line for line in shown.lines if not line.done]
    if not shown.done:
        if all(line.form.is_valid() for line in shown.lines):
            form.add_error(None, _("没有勾选任何一条。请勾选要登记的，或删去不要的。"))
        return _again(request, form, places, shown, status=422)
    if not shown.lines and _more_than_fifty(form.cleaned_data["pasted"]):
        shown.lines = _read(left, places).lines
    if not shown.lines:
        numbers = _("、").join(number for _id, number in shown.done)
        said = _("已登记 %(n)d 条：%(numbers)s。") % {"n": len(shown.done), "numbers": numbers}
        messages.success(request, said, extra_tags="paste")
        return HttpResponseRedirect(reverse("desk:paste"))
    wrong = any(line.form.is_bound and not line.form.is_valid() for line in shown.lines)
    return _again(request, PasteForm(initial={"pasted": left}), places, shown, status=422 if wrong else 200)


def _more_than_fifty(text: str) -> bool:
    return len(read_paste(_plain_breaks(text), now=clock.now().astimezone(clock.ZONE)).drafts) > MOST_DRAFTS


def _left(text: str, recorded: list[str]) -> str:
    """Return the text without what has been recorded: read again, it must not be recorded again."""
    left = _plain_breaks(text)
    for raw in recorded:
        left = left.replace(raw, "", 1) if raw else left
    return left


def _plain_breaks(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _again(request: HttpRequest, form: PasteForm, places: Places, shown: Shown, *, status: int) -> HttpResponse:
    """Show the drafts that are left, with what is known at the places that they name now."""
    for line in shown.lines:
        if line.form.is_bound:
            found = resolve(places, str(line.form["place"].value() or ""))
            text = str(line.form["text"].value() or "")
            line.alike = duplicates(found[0].code, text) if len(found) == 1 else ()
    return _show(request, form, places, shown, status=status)


def _join(actor: Actor, line: Line, channel: str, shown: Shown) -> None:
    """Add what the draft's person said to an open matter, with name and number, instead of recording it twice."""
    given = line.form.cleaned_data
    try:
        came = report_again(actor=actor, matter_id=given["same"], **further(line.form.call(channel)))
    except PermissionDenied as error:
        line.form.add_error("text", str(error))
        return
    except Http404:
        line.form.add_error("text", _("没有找到这件事项。请登记为新事项。"))
        return
    except (BadInput, Refused, Conflict) as error:
        _add_problem(line.form, error.problems[0])
        return
    line.done = True
    shown.done.append((came.matter_id, _("并入 %(number)s") % {"number": came.display_number}))


def further(call: dict[str, Any]) -> dict[str, Any]:
    """Return of the arguments of ``record`` those of ``report_again``."""
    kept = ("id", "text", "reporter_id", "reporter_name", "phone", "happened_at", "photos")
    return {name: call[name] for name in kept if name in call}


def _add_problem(form: DraftForm, problem: Problem) -> None:
    name = problem.field.rsplit(".", 1)[-1]
    name = {"area_code": "place", "title": "text"}.get(name, name)
    form.add_error(name if name in form.fields else None, f"{problem.why}{problem.how}")


def _show(request: HttpRequest, form: PasteForm, places: Places, shown: Shown, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "lines": shown.lines,
        "rest": shown.rest,
        "later": shown.later,
        "done": shown.done,
        "listed": places.listed,
        "channels": [("phone", _("电话和微信")), ("visit", _("走访")), ("parlour", _("居民会客厅"))],
        "channel": request.POST.get("channel", CHANNELS[0]),
        "likely": LIKELY,
    }
    return render(request, "web/desk/paste/page.html", context, status=status)


urlpatterns = [path("record/paste/", paste_page, name="paste")]
