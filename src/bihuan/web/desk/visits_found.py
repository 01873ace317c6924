"""Desk pages: what a visit found becomes matters, each tried for itself; what is refused comes back as it was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bihuan.fieldwork import api as fieldwork
from bihuan.fieldwork.api import DayForm, VisitPage
from bihuan.kernel.api import Problem, new_id
from bihuan.matters.api import Alike, duplicates
from bihuan.people.api import Actor, actor_for
from bihuan.web.desk.fields import photos_field
from bihuan.web.desk.kept import KeptPhotos, keep_photos
from bihuan.web.desk.kinds import add_kinds, kinds_of
from bihuan.web.desk.visits_correct import TOLD
from bihuan.web.desk.visits_form import OWN, Finding

LIKELY = 0.4
MOST = 40  # more than any checklist is long
JOIN = "join_"
Likely = list[tuple[Finding, tuple[Alike, ...]]]


@dataclass(frozen=True, slots=True)
class Refused:
    """A finding that is not in the record, why, and its photos."""

    finding: Finding
    problems: tuple[Problem, ...]
    kept: KeptPhotos


class FindingForm(forms.Form):
    """One finding of a visit that is recorded.

    Args:
        items: what was looked at: key and title.
        asked: what new matters ask for, of every method in use.
        back: it was refused before, so it may be left out.
    """

    id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        items: Sequence[tuple[str, str]],
        asked: Sequence[DayForm],
        kept: KeptPhotos,
        back: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.kept = kept
        self.initial.setdefault("id", new_id())
        if items:
            self.fields["item"] = forms.ChoiceField(
                label=_("哪一项"), choices=[("", _("都不是")), *items], required=False
            )
        self.fields["text"] = forms.CharField(
            label=_("发现了什么"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
        )
        add_kinds(self, asked)
        self.fields["photos"] = photos_field(_("照片"), least=0)
        if back:
            self.fields["drop"] = forms.BooleanField(label=_("这一条不登记了"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for nothing where it is left out; say which photos did not come."""
        data = super().clean() or {}
        if data.get("drop"):
            self.errors.clear()
            return data
        for problem in self.kept.problems:
            self.add_error("photos", problem)
        return data

    @property
    def shown(self) -> list[Any]:
        """Return the fields in their order, without the hidden id and the photos."""
        return [self[name] for name in self.fields if name not in {"id", "photos", "drop"}]

    @property
    def finding(self) -> Finding | None:
        """Return it as typed, None where it is left out. Call after ``is_valid()``."""
        data = self.cleaned_data
        if data.get("drop"):
            return None
        return Finding(self.prefix or OWN, data["id"], data.get("item", ""), data["text"], **kinds_of(self))


def joined(data: Mapping[str, Any], keys: Iterable[str]) -> dict[str, UUID | None]:
    """Return which findings somebody said are known matters: by key, none for new ones."""
    answers: dict[str, UUID | None] = {}
    for key in keys:
        text = str(data.get(JOIN + key, ""))
        try:
            answers[key] = UUID(text) if text else None
        except ValueError:
            answers[key] = None
    return answers


def likely(area_code: str, findings: Iterable[Finding]) -> Likely:
    """Return the findings that seem known already, with what they may be."""
    asked = []
    for finding in findings:
        found = tuple(alike for alike in duplicates(area_code, finding.text) if alike.likeness >= LIKELY)
        if found:
            asked.append((finding, found))
    return asked


def likely_rows(asked: Likely | None) -> list[tuple[str, Finding, tuple[Alike, ...]]]:
    """Return them as the template asks: the name of the answer, the finding, what it may be."""
    return [(JOIN + finding.key, finding, found) for finding, found in asked or ()]


def record_findings(
    request: HttpRequest, actor: Actor, visit_id: UUID, findings: Sequence[Finding], photos: Mapping[str, KeptPhotos]
) -> list[Refused]:
    """Make each finding a matter, or part of one; say which are, return those that are refused.

    One that is refused keeps none of the others back. Ids are the form's: the same again writes nothing twice.
    """
    answers = joined(request.POST, [finding.key for finding in findings])
    refused: list[Refused] = []
    new: list[str] = []
    known: list[str] = []
    for finding in findings:
        kept = photos.get(finding.key, KeptPhotos())
        try:
            found = fieldwork.record_finding(
                actor=actor,
                id=finding.id,
                visit_id=visit_id,
                item=finding.item,
                text=finding.text,
                method_key=finding.method_key,
                category=finding.category,
                urgency=finding.urgency,
                join=answers[finding.key],
                photos=kept.given(),
            )
        except TOLD as error:
            refused.append(Refused(finding, error.problems, kept))
        except (PermissionDenied, Http404) as error:
            how = _("。可以另登记为一件新事项。") if answers[finding.key] else ""
            refused.append(Refused(finding, (Problem("text", str(error), how),), kept))
        else:
            (known if found.joined else new).append(found.display_number)
    gone = "" if refused else _draft(visit_id)
    if new:
        messages.success(request, _("已登记，编号 %(number)s。") % {"number": _("、").join(new)}, extra_tags=gone)
    if known:
        messages.success(request, _("已并入 %(number)s。") % {"number": _("、").join(known)}, extra_tags=gone)
    return refused


def _draft(visit_id: UUID) -> str:
    """Return the name under which a browser keeps what is typed."""
    return f"finding-{visit_id}"


def show_refused(
    request: HttpRequest, page: VisitPage, refused: Sequence[Refused], asked: Sequence[DayForm]
) -> HttpResponse:
    """Show the findings that were refused, each with why and with all that was typed of it."""
    items = [(line.key, line.title) for line in page.checklist]
    shown = []
    for number, one in enumerate(refused):
        finding, prefix = one.finding, f"f{number}" if number else None
        category = f"{finding.method_key}/{finding.category}" if finding.method_key else ""
        given = {"id": finding.id, "item": finding.item, "text": finding.text}
        given |= {"category": category, "urgency": finding.urgency}
        data = {f"{prefix}-{name}" if prefix else name: value for name, value in given.items()}
        kept = KeptPhotos(f"{prefix}-{one.kept.name.rsplit('-')[-1]}" if prefix else "kept", one.kept.files)
        form = FindingForm(data, items=items, asked=asked, kept=kept, back=True, prefix=prefix)
        form.is_valid()
        for problem in one.problems:
            where = problem.field.rsplit(".", 1)[-1]
            form.add_error(where if where in form.fields else None, f"{problem.why}{problem.how}")
        shown.append(form)
    return _show(request, page, shown, back=True, status=422)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def finding(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """What a visit found that is in the record: one more thing, or those that were refused before."""
    actor = actor_for(request)
    page = fieldwork.visit_page(actor, visit_id)
    if not page.may_correct:
        raise PermissionDenied(_("只有记下这次走访的人能补记发现。"))
    asked = fieldwork.day(actor).forms
    items = [(line.key, line.title) for line in page.checklist]
    if request.method != "POST":
        return _show(request, page, [FindingForm(items=items, asked=asked, kept=KeptPhotos())])
    back = request.POST.get("back") == "1"
    sent = _sent(request, actor, items=items, asked=asked, back=back)
    if not all(form.is_valid() for form in sent):
        return _show(request, page, sent, back=back, status=422)
    findings = [one for form in sent if (one := form.finding) is not None]
    known = likely(page.row.area_code, findings)
    if known and request.POST.get("checked") != "1":
        return _show(request, page, sent, known=known, back=back, status=422)
    photos = {form.prefix or OWN: form.kept for form in sent}
    refused = record_findings(request, actor, visit_id, findings, photos)
    if refused:
        return show_refused(request, page, refused, asked)
    if not findings:
        messages.info(request, _("没有另外登记。"), extra_tags=_draft(visit_id))
    return HttpResponseRedirect(reverse("desk:visit", args=[visit_id]))


def _sent(request: HttpRequest, actor: Actor, **more: Any) -> list[FindingForm]:
    """Return the findings of a form: the first has no prefix, the others are counted."""
    prefixes = [None, *(prefix for n in range(1, MOST) if f"{(prefix := f'f{n}')}-id" in request.POST)]
    return [
        FindingForm(
            request.POST,
            request.FILES,
            kept=keep_photos(request, actor, prefix=f"{prefix}-" if prefix else ""),
            prefix=prefix,
            **more,
        )
        for prefix in prefixes
    ]


def _show(
    request: HttpRequest,
    page: VisitPage,
    shown: Sequence[FindingForm],
    *,
    known: Likely | None = None,
    back: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": page,
        "row": page.row,
        "forms": shown,
        "likely": likely_rows(known),
        "back": back,
        "draft": _draft(page.visit.pk),
    }
    return render(request, "web/desk/visits/finding.html", context, status=status)
