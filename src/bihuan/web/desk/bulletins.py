"""Desk pages: bulletins, notices, minutes, role models. Written, checked, signed off, published, printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.areas.api import names as area_names
from bihuan.kernel.api import BadInput, Conflict, NotFound, Problem, Refused, new_id, parse_id
from bihuan.people.api import BULLETIN_READ, BULLETIN_WRITE, Actor, actor_for, can, require
from bihuan.reporting.api import Place, definitions
from bihuan.reporting.bulletins import api as bulletins
from bihuan.reporting.bulletins.api import ObjectionLine, Page
from bihuan.reporting.models import Bulletin
from bihuan.web.desk.bulletins_forms import ConsentForm, DraftForm, EditForm
from bihuan.web.desk.choices import area_options
from bihuan.web.desk.figures import list_address
from bihuan.web.portal.report import qr
from bihuan.web.portal.secrets import form_id

TOLD = (BadInput, Refused, Conflict, NotFound)
BADGES = {"draft": "open", "checked": "doing", "signed": "doing", "published": "settled", "withdrawn": "quiet"}
_COMMUNITY = 12  # digits of a code: what is smaller writes no bulletins
_TYPED = ("reason", "keep", "text", "objection", "outcome")  # what stands in the small forms of the page
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is being written and what was published."""
    actor = actor_for(request)
    require(actor, BULLETIN_READ)
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    try:
        listing = bulletins.bulletins(actor, kind=kind, state=state, cursor=request.GET.get("cursor") or None)
    except BadInput:
        return HttpResponseRedirect(reverse("desk:bulletins"))
    context = {
        "lines": [(row, BADGES[row.state]) for row in listing.rows],
        "kind": kind,
        "tabs": [("", _("全部")), ("bulletin", _("简报")), ("notice", _("公示")), ("document", _("公文")),
                 ("model", _("身边榜样"))],
        "may_write": bool(actor.areas_with(BULLETIN_WRITE)),
        "next_url": "?" + urlencode({"kind": kind, "state": state, "cursor": listing.next}) if listing.next else "",
    }  # fmt: skip
    return render(request, "web/desk/bulletins/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a text from a template; from a meeting, with what is known of it typed in already."""
    actor = actor_for(request)
    require(actor, BULLETIN_WRITE)
    key, status = form_id(request.POST.get("entry_id", "")), 200
    form = _draft_form(request, actor)
    meeting = _meeting(request)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = _draft(actor, key, form, meeting)
            except TOLD as error:
                form.tell(error.problems)
            else:
                messages.success(request, _("已起草。数字都带着出处，点开能看到是哪几件。"))
                return HttpResponseRedirect(reverse("desk:bulletin", args=[made.pk]))
    context = {"form": form, "entry_id": key, "meeting": meeting or ""}
    return render(request, "web/desk/bulletins/new.html", context, status=status)


def _meeting(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("meeting", "") or request.GET.get("meeting", ""))
    except ValueError:
        return None


def _draft_form(request: HttpRequest, actor: Actor) -> DraftForm:
    roots = actor.areas_with(BULLETIN_WRITE)
    asked = (request.POST if request.method == "POST" else request.GET).get("area", "")
    area = asked if asked and can(actor, BULLETIN_WRITE, asked[:21]).allowed else roots[0]
    wanted = bool(_meeting(request))
    found = [one for one in bulletins.templates_in(area) if (one.spec.of == "meeting") is wanted]
    areas = [(code, title) for code, title in area_options(roots, area) if len(code) <= _COMMUNITY]
    if area not in {code for code, _title in areas}:
        areas.append((area, area_names([area]).get(area, area)))
    return DraftForm(
        request.POST if request.method == "POST" else None,
        areas=areas,
        templates=[(one.key, one.title) for one in found],
        initial={"area": area, "template": request.GET.get("template", "")},
    )


def _draft(actor: Actor, key: UUID, form: DraftForm, meeting: UUID | None) -> Bulletin:
    period = form.cleaned_data["period"]
    since, until = bulletins.periods.read(period) if period else (None, None)
    return bulletins.draft(
        actor=actor,
        entry_id=key,
        area_code=form.cleaned_data["area"],
        template=form.cleaned_data["template"],
        since=since,
        until=until,
        meeting_id=meeting,
    )


@dataclass(slots=True)
class Forms:
    """The forms of a page; the one that was refused holds what was typed."""

    edit: EditForm
    consent: ConsentForm
    typed: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    open: str = ""
    told: str = ""  # what was looked at once: on this answer alone, never in a cookie


def _forms(page: Page) -> Forms:
    row = page.row
    said = {"title": row.title, "to": row.to, "copies": row.copies, "text": page.text, "version": row.version}
    return Forms(EditForm(initial=said), ConsentForm(auto_id="id_consent_%s"), {})


@never_cache
@require_safe
def bulletin(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    """One: what it says, what is to be done with it, what was done."""
    page = bulletins.bulletin_page(actor_for(request), bulletin_id)
    return _show(request, page, _forms(page))


def _show(request: HttpRequest, page: Page, forms: Forms, status: int = 200) -> HttpResponse:
    row = page.row
    context = {
        "page": page,
        "row": row,
        "forms": forms,
        "badge": BADGES[row.state],
        "blocks": bulletins.shown(row.blocks_json, row.figures_json, lambda ask: address_of(row, ask)),
        "can": {name: refusal is None for name, refusal in page.may.items()},
        "next_step": _next_step(page),
        "new_id": new_id,
        "is_notice": row.kind == Bulletin.Kind.NOTICE,
        "is_model": row.kind == Bulletin.Kind.MODEL,
        "public_url": reverse("portal:notice", args=[row.pk]) if row.published_at else "",
        "forgotten": not row.blocks_json,
    }
    return render(request, "web/desk/bulletins/page.html", context, status=status)


def _next_step(page: Page) -> dict[str, Any] | None:
    """Return the one act that comes next, or why it may not be done; a notice ends by its own form."""
    known = {"draft": ("check", _("核对完毕")), "checked": ("sign", _("签发")), "signed": ("publish", _("发布"))}
    if page.row.state not in known:
        return None
    act, title = known[page.row.state]
    return {"act": act, "title": title, "why_not": page.may[act], "form": f"{act}-form"}


def address_of(row: Bulletin, ask: Mapping[str, Any]) -> str:
    """Return where the matters behind a number are listed; "" for what is no number of matters."""
    if ask["word"] == "change" or ask.get("when") == "before" or not row.period_from or not row.period_until:
        return ""
    key, method = str(ask["key"]), str(row.rules_json.get("method", ""))
    one = definitions().get(key)
    place = Place(
        key if one is not None or not method else f"{method}:{key}",
        row.area_code,
        _month(row.period_from),
        _month(row.period_until),
        str(ask.get("dim", "")),
        str(ask.get("value", "")),
    )
    return list_address(place, "n" if one is not None and one.kind == "rate" else "")


def _month(day: date) -> int:
    return day.year * 100 + day.month


@never_cache
@require_POST
def act(request: HttpRequest, bulletin_id: UUID, act: str) -> HttpResponse:
    """Do one thing with it. Refused: the page again with the reasons and what was typed."""
    actor = actor_for(request)
    page = bulletins.bulletin_page(actor, bulletin_id)  # 404 for who may not know of it, before anything is said
    handler = _ACTS.get(act)
    if handler is None:
        raise Http404
    forms = _forms(page)
    forms.open, forms.typed = act, dict.fromkeys(_TYPED, "") | {name: str(said) for name, said in request.POST.items()}
    said = ""
    try:
        said = handler(request, actor, page, forms)
    except TOLD as error:
        forms.problems = tuple(error.problems)
    if not said:
        return _show(request, bulletins.bulletin_page(actor, bulletin_id), forms, 200 if forms.told else 422)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:bulletin", args=[bulletin_id]))


def _common(request: HttpRequest, actor: Actor, page: Page) -> dict[str, Any]:
    return {"actor": actor, "entry_id": parse_id(request.POST.get("entry_id", "")), "bulletin_id": page.row.pk}


def _edit(request: HttpRequest, actor: Actor, page: Page, forms: Forms) -> str:
    forms.edit = form = EditForm(request.POST)
    if not form.is_valid():
        return ""
    given = dict(form.cleaned_data)
    try:
        bulletins.edit(**_common(request, actor, page), expected_version=given.pop("version"), **given)
    except TOLD as error:
        form.tell(error.problems)
        return ""
    return _("已保存。")


def _refill(request: HttpRequest, actor: Actor, page: Page, forms: Forms) -> str:
    bulletins.refill(**_common(request, actor, page))
    return _("数字已换成现在的。")


def _check(request: HttpRequest, actor: Actor, page: Page, forms: Forms) -> str:
    bulletins.check(**_common(request, actor, page), keep=request.POST.get("keep", ""))
    return _("已核对，可以签发了。")


def _sign(request: HttpRequest, actor: Actor, page: Page, forms: Forms) -> str:
    row = bulletins.sign(**_common(request, actor, page))
    return _("已签发：%(number)s。") % {"number": row.number}


def _send_back(request: HttpRequest, actor: Actor, page: Page, forms: Forms) -> str:
    bulletins.send_back(**_common(request, actor, page), reason=request.POST.get("reason", ""))
    return _("已退回，起草人会看到理由。")


def _publish(request: HttpRequest, actor: Actor, page: Page, forms: Forms) -> str:
    bulletins.publish(**_common(request, actor, page))
    return _("已发布，谁都能看到。")


def _withdraw(request: HttpRequest, actor: Actor, page: Page, forms: Forms) -> str:
    bulletins.withdraw(**_common(request, actor, page), reason=request.POST.get("reason", ""))
    return _("已撤回，公众的页面上写着理由。")


def _contact(request: HttpRequest, actor: Actor, page: Page, forms: Forms) -> str:
    parse_id(request.POST.get("entry_id", ""))
    line = _objection(request, page)
    forms.told = bulletins.read_contact(actor=actor, objection_id=line.id, reason=request.POST.get("reason", ""))
    return ""


def _objection(request: HttpRequest, page: Page) -> ObjectionLine:
    wanted = request.POST.get("objection", "")
    line = next((line for line in page.objections if str(line.id) == wanted), None)
    if line is None:
        raise NotFound(Problem("objection", _("没有这条异议。"), _("请刷新页面。")))
    return line


def _answer(request: HttpRequest, actor: Actor, page: Page, forms: Forms) -> str:
    common = _common(request, actor, page)
    common.pop("bulletin_id")
    line = _objection(request, page)
    upheld = request.POST.get("upheld", "")
    if upheld not in {"yes", "no"}:
        raise BadInput(Problem("upheld", _("没有选采纳还是不采纳。"), ""))
    bulletins.answer(**common, objection_id=line.id, text=request.POST.get("text", ""), upheld=upheld == "yes")
    return _("已答复，提出的人用自己的链接能看到。")


def _conclude(request: HttpRequest, actor: Actor, page: Page, forms: Forms) -> str:
    bulletins.conclude(**_common(request, actor, page), outcome=request.POST.get("outcome", ""))
    return _("公示已结束，结果写在公众的页面上。")


def _consent(request: HttpRequest, actor: Actor, page: Page, forms: Forms) -> str:
    forms.consent = form = ConsentForm(request.POST, auto_id="id_consent_%s")
    common = _common(request, actor, page)
    if not form.is_valid():
        return ""
    try:
        bulletins.consent(**common, **form.cleaned_data)
    except TOLD as error:
        form.tell(error.problems)
        return ""
    return _("已记下本人的同意。")


def _forget(request: HttpRequest, actor: Actor, page: Page, forms: Forms) -> str:
    bulletins.forget(**_common(request, actor, page))
    return _("已按本人意愿撤下，内容已删除。")


_ACTS: dict[str, Callable[[HttpRequest, Actor, Page, Forms], str]] = {
    "edit": _edit,
    "refill": _refill,
    "check": _check,
    "sign": _sign,
    "send_back": _send_back,
    "publish": _publish,
    "withdraw": _withdraw,
    "answer": _answer,
    "contact": _contact,
    "conclude": _conclude,
    "consent": _consent,
    "forget": _forget,
}


@never_cache
@require_safe
def document(request: HttpRequest, bulletin_id: UUID, form: str) -> HttpResponse:
    """One as an official document, .docx or .pdf."""
    row = bulletins.printable(actor_for(request), bulletin_id)
    try:
        content = bulletins.as_docx(row) if form == "docx" else bulletins.as_pdf(row)
    except Refused as error:
        for problem in error.problems:
            messages.error(request, f"{problem.why}{problem.how}")
        return HttpResponseRedirect(reverse("desk:bulletin", args=[bulletin_id]))
    name = f"{row.number or row.title}.{form}"
    answer = HttpResponse(content, content_type=_DOCX if form == "docx" else "application/pdf")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return answer


@never_cache
@require_safe
def printed(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    """A page to print for the wall: the text, and the code of its public page."""
    page = bulletins.bulletin_page(actor_for(request), bulletin_id)
    url = request.build_absolute_uri(reverse("portal:notice", args=[bulletin_id])) if page.row.published_at else ""
    context = {"page": page, "row": page.row, "url": url, "qr": qr(url) if url else "", "blocks": page.blocks}
    return render(request, "web/desk/bulletins/print.html", context)


urlpatterns = [
    path("bulletins/", index, name="bulletins"),
    path("bulletins/new/", new, name="bulletin_new"),
    path("bulletins/<uuid:bulletin_id>/", bulletin, name="bulletin"),
    path("bulletins/<uuid:bulletin_id>/do/<slug:act>/", act, name="bulletin_act"),
    path("bulletins/<uuid:bulletin_id>/document.docx", document, {"form": "docx"}, name="bulletin_docx"),
    path("bulletins/<uuid:bulletin_id>/document.pdf", document, {"form": "pdf"}, name="bulletin_pdf"),
    path("bulletins/<uuid:bulletin_id>/print/", printed, name="bulletin_print"),
]
