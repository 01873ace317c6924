"""Desk pages: work methods — to find, to see as a picture and as text, to copy. Addresses of all that is beside."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bihuan.areas.api import within
from bihuan.kernel.api import BadInput, Refused
from bihuan.methods import api
from bihuan.methods.models import MethodVersion
from bihuan.people.api import MATTER_MIGRATE, METHOD_EDIT, METHOD_READ, Actor, actor_for, can
from bihuan.web.desk.method_edit import method_check, method_edit
from bihuan.web.desk.method_rows import load_version, rows_of, say, whose
from bihuan.web.desk.method_shown import shown
from bihuan.web.desk.method_versions import method_diff, method_migrate


@require_GET
def method_list(request: HttpRequest) -> HttpResponse:
    """Every method the reader may see, with its versions."""
    actor = actor_for(request)
    if not can(actor, METHOD_READ):
        raise PermissionDenied(can(actor, METHOD_READ).reason)
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows_of(api.versions(actor), actor):
        group = groups.setdefault(
            (row.area_code, row.key),
            {"title": row.title, "owner": row.owner, "whose": whose(actor, row.area_code), "rows": []},
        )
        group["rows"].append(row)
    ordered = [groups[key] for key in sorted(groups, key=lambda key: (-len(key[0]), key))]
    return render(request, "web/desk/methods/list.html", {"groups": ordered})


@require_GET
def method_page(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """One version: the picture, the steps, who answers, and the text beside them."""
    actor = actor_for(request)
    version = load_version(actor, version_id)
    siblings = rows_of(api.versions(actor, version.key).filter(area_code=version.area_code), actor)
    row = next(sibling for sibling in siblings if sibling.id == version.pk)
    copy_to, copy_reason = _copy_target(actor, version)
    may_edit = can(actor, METHOD_EDIT, version)
    context = {
        "row": row,
        "versions": siblings,
        "lines": version.source.splitlines(),
        "copy_to": copy_to,
        "copy_reason": copy_reason,
        "copy_word": _("复制为草稿，改成新版") if copy_to == version.area_code else _("复制到自己的社区"),
        "edit_reason": "" if may_edit else may_edit.reason,
        "may_migrate": bool(can(actor, MATTER_MIGRATE, version.area_code)),
        **shown(api.check_version(version).method),
    }
    return render(request, "web/desk/methods/page.html", context)


def _copy_target(actor: Actor, version: MethodVersion) -> tuple[str, str]:
    """Return where a copy would go — its own area, else the reader's own — and why not, where none can be made."""
    roots = actor.areas_with(METHOD_EDIT)
    if not roots:
        return "", can(actor, METHOD_EDIT, version.area_code).reason
    area_code = version.area_code if any(within(version.area_code, root) for root in roots) else roots[0]
    drafts = MethodVersion.objects.filter(key=version.key, area_code=area_code, state=MethodVersion.State.DRAFT)
    draft = drafts.values_list("number", flat=True).first()
    if draft is not None:
        return area_code, _("已经有一份草稿（第 %(n)s 版），请继续编辑那一份。") % {"n": draft}
    return area_code, ""


@require_POST
def method_copy(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Copy a version into a draft of the reader's own area, and open it."""
    actor = actor_for(request)
    version = load_version(actor, version_id)
    try:
        draft = api.copy_method(
            actor=actor, version_id=version.pk, area_code=request.POST.get("area") or version.area_code
        )
    except (BadInput, Refused) as error:
        say(request, error.problems)
        return redirect("desk:method", version.pk)
    return redirect("desk:method_edit", draft.pk)


urlpatterns = [
    path("methods/", method_list, name="methods"),
    path("methods/<uuid:version_id>/", method_page, name="method"),
    path("methods/<uuid:version_id>/copy/", method_copy, name="method_copy"),
    path("methods/<uuid:version_id>/edit/", method_edit, name="method_edit"),
    path("methods/<uuid:version_id>/check/", method_check, name="method_check"),
    path("methods/<uuid:old_id>/diff/<uuid:new_id>/", method_diff, name="method_diff"),
    path("methods/<uuid:old_id>/migrate/<uuid:new_id>/", method_migrate, name="method_migrate"),
]
