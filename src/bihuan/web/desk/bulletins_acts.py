"""What is done with a bulletin at the desk, one function for each act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bihuan.kernel.api import BadInput, Conflict, NotFound, Problem, Refused, parse_id
from bihuan.people.api import Actor, actor_for
from bihuan.reporting.bulletins import api as bulletins
from bihuan.reporting.bulletins.api import ObjectionLine, Page
from bihuan.web.desk.bulletins_forms import ConsentForm, EditForm
from bihuan.web.desk.bulletins_view import HEAD, Forms, forms_of, show

TOLD = (BadInput, Refused, Conflict, NotFound)
_TYPED = ("reason", "keep", "text", "objection", "outcome")  # what stands in the small forms of the page


@never_cache
@require_POST
def act(request: HttpRequest, bulletin_id: UUID, act: str) -> HttpResponse:
    """Do one thing with it. Refused: the page again with the reasons and what was typed."""
    actor = actor_for(request)
    page = bulletins.bulletin_page(actor, bulletin_id)  # 404 for who may not know of it, before anything is said
    handler = _ACTS.get(act)
    if handler is None:
        raise Http404
    forms = forms_of(page)
    forms.open, forms.typed = act, dict.fromkeys(_TYPED, "") | {name: str(said) for name, said in request.POST.items()}
    said = ""
    try:
        said = handler(request, actor, page, forms)
    except TOLD as error:
        forms.problems = tuple(error.problems)
    if not said:
        return show(request, bulletins.bulletin_page(actor, bulletin_id), forms, 200 if forms.told else 422)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:bulletin", args=[bulletin_id]))


def _common(request: HttpRequest, actor: Actor, page: Page) -> dict[str, Any]:
    return {"actor": actor, "entry_id": parse_id(request.POST.get("entry_id", "")), "bulletin_id": page.row.pk}


def _edit(request: HttpRequest, actor: Actor, page: Page, forms: Forms) -> str:
    forms.edit = form = EditForm(request.POST)
    if not form.is_valid():
        return ""
    given = dict(form.cleaned_data)
    head = {name: given.pop(name) for name in HEAD}
    version = given.pop("version")
    try:
        bulletins.edit(
            **_common(request, actor, page),
            expected_version=version,
            head=head if request.POST.get("head") else None,
            **given,
        )
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
        given = dict(form.cleaned_data)
        covers = ("words", "picture") if given.pop("picture") else ("words",)
        bulletins.consent(**common, **given, covers=covers)
    except TOLD as error:
        form.tell(error.problems)
        return ""
    return _("已记下本人的同意。")


def _no_picture(request: HttpRequest, actor: Actor, page: Page, forms: Forms) -> str:
    bulletins.no_picture(**_common(request, actor, page), consent_id=parse_id(request.POST.get("consent", "")))
    return _("已记下：不再用照片。")


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
    "no_picture": _no_picture,
    "forget": _forget,
}
