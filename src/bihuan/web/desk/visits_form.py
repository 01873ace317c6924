"""The form by which a visit is recorded without JavaScript, from a desk or a phone.

What is known is not asked: the round gives the places in walking order, what is looked at, who comes along. All that
is needed where nothing was found is one press of the button.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.api import Day, DayForm, DayPlan, DayTarget, PlanStanding
from bihuan.kernel.api import clock, new_id
from bihuan.web.desk.fields import local_now_text, photos_field
from bihuan.web.desk.kept import KeptPhotos
from bihuan.web.desk.kinds import add_kinds, kinds_of
from bihuan.web.desk.places import Place, Places, resolve

CHECK, WHAT, FOUND_ID, WITH, NAME = "c_", "w_", "i_", "t_", "n_"
OWN = "0"  # no item is called so: the finding that stands under none of the checklist


@dataclass(frozen=True, slots=True)
class Wanted:
    """A round at one level, as the form opens with it; none: a visit of one's own accord."""

    plan: DayPlan | None
    level: int
    targets: tuple[tuple[DayTarget, PlanStanding], ...]

    @property
    def key(self) -> str:
        """How addresses name it."""
        return f"{self.plan.method_key}:{self.plan.round}" if self.plan else ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding as typed: its key in the form, its id, the item, the words, the matter it joins."""

    key: str
    id: UUID
    item: str
    text: str
    method_key: str | None = None
    category: str = ""
    urgency: str = ""


def wanted_of(day: Day, key: str, level: str) -> Wanted:
    """Return the round that an address names; of one's own accord where it names none of theirs."""
    plan = next((plan for plan in day.plans if f"{plan.method_key}:{plan.round}" == key), None)
    if plan is None:
        return Wanted(None, 1, ())
    asked = int(level) if level.isascii() and level.isdigit() else 0
    chosen = asked if asked in plan.levels else (plan.levels or (1,))[0]
    rows = [
        (target, standing)
        for target in day.targets
        for standing in target.standings
        if (standing.method_key, standing.round, standing.level) == (plan.method_key, plan.round, chosen)
    ]
    rows.sort(key=lambda row: row[1].order or row[0].order)
    return Wanted(plan, chosen, tuple(rows))


def target_name(target: DayTarget) -> str:
    """Return what a target is called: a place with the building it belongs to."""
    if target.place_id is None or target.name.startswith(target.area_name):
        return target.name
    return f"{target.area_name} {target.name}"


class VisitForm(forms.Form):
    """A visit: where, when, who came along, how it is there, what was found."""

    id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, wanted: Wanted, places: Places, asked: Sequence[DayForm], kept: KeptPhotos, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.wanted, self.places, self.asked, self.kept = wanted, places, asked, kept
        self.place: Place | None = None
        self.target: DayTarget | None = None
        self.initial.setdefault("id", new_id())
        self._add_where()
        self._add_when()
        if wanted.plan is not None:
            self._add_checks(wanted.plan)
            self._add_company(wanted.plan)
        self._add_result()
        self._add_found()
        self.fields["photos"] = photos_field(_("照片"), least=0)

    def _add_where(self) -> None:
        if self.wanted.plan is None:
            self.fields["place"] = forms.CharField(
                label=_("去了哪里"),
                max_length=80,
                help_text=_("写楼号就行，如 12。"),
                widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
            )
            return
        groups: dict[str, list[tuple[str, str]]] = {fieldwork.state_title("due"): [], _("已到或还不用去"): []}
        due, other = groups.values()
        for target, standing in self.wanted.targets:
            line = (target.target, target_name(target))
            (due if standing.state == "due" else other).append(line)
        choices: Any = [(title, lines) for title, lines in groups.items() if lines]
        self.fields["target"] = forms.ChoiceField(label=_("去了哪里"), choices=choices)
        if due:
            self.initial.setdefault("target", due[0][0])

    def _add_when(self) -> None:
        self.fields["happened_at"] = forms.DateTimeField(
            label=_("什么时候"),
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            help_text=_("补录纸上的记录时，写走访的时间；录入的时间另外记下。"),
        )
        self.initial.setdefault("happened_at", local_now_text())

    def _add_checks(self, plan: DayPlan) -> None:
        for item in plan.checklist:
            self.fields[CHECK + item.key] = forms.ChoiceField(
                label=item.title, choices=fieldwork.marks(), widget=forms.RadioSelect, initial="ok"
            )
            self.fields[WHAT + item.key] = forms.CharField(
                label=_("%(item)s：哪里有问题") % {"item": item.title},
                max_length=1000,
                required=False,
                widget=forms.TextInput(attrs={"placeholder": _("哪里有问题，可以不写")}),
            )
            self._add_id(FOUND_ID + item.key)

    def _add_id(self, name: str) -> None:
        self.fields[name] = forms.UUIDField(widget=forms.HiddenInput)
        self.initial.setdefault(name, new_id())

    def _add_company(self, plan: DayPlan) -> None:
        for role, title in plan.together:
            self.fields[WITH + role] = forms.BooleanField(label=title, required=False)
            self.fields[NAME + role] = forms.CharField(
                label=_("%(role)s：姓名") % {"role": title},
                max_length=40,
                required=False,
                widget=forms.TextInput(attrs={"placeholder": _("姓名，可以不写")}),
            )

    def _add_result(self) -> None:
        self.fields["result"] = forms.ChoiceField(
            label=_("怎么样"),
            choices=[("nothing", _("一切正常")), ("found", _("发现问题")), ("nobody", _("家中无人"))],
            widget=forms.RadioSelect,
            initial="nothing",
        )
        if self.wanted.plan is None:
            self.fields["title"] = forms.CharField(label=_("标题"), max_length=60, required=False)
        self.fields["text"] = forms.CharField(
            label=_("记几句"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
        )

    def _add_found(self) -> None:
        self.fields[WHAT + OWN] = forms.CharField(
            label=_("发现了什么"),
            max_length=2000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("写了就登记成事项去办。"),
        )
        self._add_id(FOUND_ID + OWN)
        add_kinds(self, self.asked)

    def clean_place(self) -> str:
        """Turn what was typed into one place; several are asked about."""
        found = resolve(self.places, self.cleaned_data["place"])
        if not found:
            raise forms.ValidationError(_("没有找到这个地方。请写楼号（如 12）或楼名，或从名单中选择。"))
        if len(found) > 1:
            names = _("、").join(place.full for place in found[:6])
            raise forms.ValidationError(_("有几个地方都叫这个名字：%(names)s。请写全名。") % {"names": names})
        self.place = found[0]
        return found[0].full

    def clean_target(self) -> str:
        """Remember the target itself."""
        key = str(self.cleaned_data["target"])
        self.target = next(target for target, _standing in self.wanted.targets if target.target == key)
        return key

    def clean_happened_at(self) -> datetime:
        """Refuse what has not happened yet."""
        at: datetime = self.cleaned_data["happened_at"]
        if (at - clock.now()).total_seconds() > 120:
            raise forms.ValidationError(_("这个时间还没有到。请写走访的时间。"))
        return at

    def clean(self) -> dict[str, Any]:
        """Find out what came of it: what is bad or was found says so, and is not to be ticked twice."""
        data = super().clean() or {}
        for problem in self.kept.problems:
            self.add_error("photos", problem)
        found = any(value == "bad" for name, value in data.items() if name.startswith(CHECK))
        if found or (data.get(WHAT + OWN) or "").strip():
            data["result"] = "found"
        elif data.get("result") == "found":
            self.add_error(WHAT + OWN, _("请写下发现了什么，它会登记成事项去办；没有问题就选“一切正常”。"))
        return data

    @property
    def area_code(self) -> str:
        """Where it was. Call after ``is_valid()``."""
        found = self.target.area_code if self.target else (self.place.code if self.place else "")
        return str(found)

    def findings(self) -> list[Finding]:
        """Return every finding: one of each item that is bad, and what was written besides."""
        data, found = self.cleaned_data, []
        for item in self.wanted.plan.checklist if self.wanted.plan else ():
            if data[CHECK + item.key] == "bad":
                words = data[WHAT + item.key].strip()
                text = words or _("“%(item)s”这一项有问题") % {"item": item.title}
                found.append(Finding(item.key, data[FOUND_ID + item.key], item.key, text))
        if words := data[WHAT + OWN].strip():
            found.append(Finding(OWN, data[FOUND_ID + OWN], "", words, **kinds_of(self)))
        return found

    def visit(self) -> dict[str, Any]:
        """Return the arguments of ``record_visit`` but the actor."""
        data, plan = self.cleaned_data, self.wanted.plan
        given: dict[str, Any] = {
            "id": data["id"],
            "area_code": self.area_code,
            "happened_at": data["happened_at"],
            "result": data["result"],
            "title": data.get("title", "").strip(),
            "text": data["text"].strip(),
        }
        if plan is not None and self.target is not None:
            given |= {
                "place_id": self.target.place_id,
                "round": plan.round,
                "method_key": plan.method_key,
                "level": self.wanted.level,
                "checklist": {item.key: data[CHECK + item.key] for item in plan.checklist},
                "together": [
                    {"role": role, "name": data[NAME + role].strip(), "person": ""}
                    for role, _title in plan.together
                    if data[WITH + role] or data[NAME + role].strip()
                ],
            }
        if not self.findings():
            given["photos"] = self.kept.given()
        return given
