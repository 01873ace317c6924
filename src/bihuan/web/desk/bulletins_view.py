"""The page of a bulletin at the desk: what it says, its forms, where its numbers open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.kernel.api import Problem, new_id
from bihuan.people.api import actor_for
from bihuan.reporting.api import Place, definitions
from bihuan.reporting.bulletins import api as bulletins
from bihuan.reporting.bulletins.api import Page
from bihuan.reporting.models import Bulletin
from bihuan.web.desk.bulletins_forms import ConsentForm, EditForm
from bihuan.web.desk.figures import list_address

HEAD = ("joint", "upward", "signers", "urgency", "annotation", "sealed", "both_sides")
BADGES = {"draft": "open", "checked": "doing", "signed": "doing", "published": "settled", "withdrawn": "quiet"}


@dataclass(slots=True)
class Forms:
    """The forms of a page; the one that was refused holds what was typed."""

    edit: EditForm
    consent: ConsentForm
    typed: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    open: str = ""
    told: str = ""  # what was looked at once: on this answer alone, never in a cookie


def forms_of(page: Page) -> Forms:
    """Return the forms of a page, with what stands in it."""
    row = page.row
    said = {"title": row.title, "to": row.to, "copies": row.copies, "text": page.text, "version": row.version}
    head = page.head.as_json()
    said |= {"joint": "、".join(page.head.joint), "signers": "、".join(page.head.signers)}
    said |= {name: head.get(name, getattr(page.head, name)) for name in HEAD if name not in said}
    return Forms(EditForm(initial=said), ConsentForm(auto_id="id_consent_%s"), {})


@never_cache
@require_safe
def bulletin(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    """One: what it says, what is to be done with it, what was done."""
    page = bulletins.bulletin_page(actor_for(request), bulletin_id)
    return show(request, page, forms_of(page))


def show(request: HttpRequest, page: Page, forms: Forms, status: int = 200) -> HttpResponse:
    """Return the page with its forms."""
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
        "consents": [{"covers": ["words"], **one} for one in row.consents_json],
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
    """Return where the matters behind a number are listed; "" for what no list is of."""
    if ask["word"] == "change" or ask.get("when") == "before" or not row.period_from or not row.period_until:
        return ""
    key, method = str(ask["key"]), str(row.rules_json.get("method", ""))
    one = definitions().get(key)
    only = {**row.rules_json.get("only", {}), **ask.get("only", {})}
    by = {str(ask["dim"]): str(ask.get("value", ""))} if ask.get("dim") else {}
    by |= {"category": only["category"]} if only.get("category") else {}
    if len(by) > 1:
        return ""  # a list is of one split
    dim, value = next(iter(by.items()), ("", ""))
    place = Place(
        key if one is not None or not method else f"{method}:{key}",
        only.get("area") or row.area_code,
        _month(row.period_from),
        _month(row.period_until),
        dim,
        value,
        only.get("method", ""),
    )
    return list_address(place, "n" if one is not None and one.kind == "rate" else "")


def _month(day: date) -> int:
    return day.year * 100 + day.month
