"""Desk pages: from one version of a method to another — compare them, move running matters, dry run first."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.kernel.api import BadInput, NotFound, Refused, parse_id
from bihuan.matters.api import migrate_matters
from bihuan.methods import api
from bihuan.methods.models import MethodVersion
from bihuan.people.api import MATTER_MIGRATE, actor_for, can
from bihuan.web.desk.choices import language
from bihuan.web.desk.method_rows import load_version, say

MIGRATION_MOST = 500


@require_GET
def method_diff(request: HttpRequest, old_id: UUID, new_id: UUID) -> HttpResponse:
    """Compare two versions: what changed in words, then line by line."""
    actor = actor_for(request)
    old, new = load_version(actor, old_id), load_version(actor, new_id)
    context = {
        "old": old,
        "new": new,
        "same": old.source == new.source,
        "changes": changes_between(old, new),
        "lines": diff_lines(old.source, new.source),
    }
    return render(request, "web/desk/methods/diff.html", context)


def changes_between(old: MethodVersion, new: MethodVersion) -> list[str]:
    """Return what changed, in words; nothing where one of them does not read."""
    one, two = (api.load(version.source, check=False).method for version in (old, new))
    if one is None or two is None:
        return []
    return [change.text(language()) for change in api.diff(one, two)]


def diff_lines(old: str, new: str) -> list[dict[str, str]]:
    """Return a unified comparison: text, class, mark, and the word a screen reader says."""
    kinds = {"+": ("is-added", "+", _("新增：")), "-": ("is-removed", "−", _("删去：")), "@": ("is-place", "…", "")}
    lines = []
    for line in list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2))[2:]:
        css, mark, said = kinds.get(line[0], ("", "", ""))
        lines.append({"css": css, "mark": mark, "said": said, "text": "" if css == "is-place" else line[1:]})
    return lines


@require_http_methods(["GET", "POST"])
def method_migrate(request: HttpRequest, old_id: UUID, new_id: UUID) -> HttpResponse:
    """Move running matters to another version: first as a dry run, then as chosen; and back the same way."""
    actor = actor_for(request)
    old, new = load_version(actor, old_id), load_version(actor, new_id)
    decision = can(actor, MATTER_MIGRATE, new.area_code)
    if not decision:
        raise PermissionDenied(decision.reason)
    apply = request.method == "POST" and request.POST.get("do") == "apply"
    given = request.POST.getlist("matter")[:MIGRATION_MOST]
    if apply and not given:
        messages.warning(request, _("没有选中任何事项。"))
        return HttpResponseRedirect(reverse("desk:method_migrate", args=[old.pk, new.pk]))
    try:
        chosen = [parse_id(value, field="matter") for value in given] if apply else None
        plan = migrate_matters(
            actor=actor, from_version=old.pk, to_version=new.pk, dry_run=not apply, matter_ids=chosen
        )
    except (BadInput, Refused, NotFound) as error:
        say(request, error.problems)
        return redirect("desk:method", new.pk)
    context = {
        "old": old,
        "new": new,
        "moved": _as_shown(plan.moved, old),
        "kept": _as_shown(plan.kept, old),
        "applied": apply,
    }
    return render(request, "web/desk/methods/migrate.html", context)


def _as_shown(rows: Iterable[Any], version: MethodVersion) -> list[dict[str, Any]]:
    """Return the lines of a migration with the titles of their steps."""
    steps, lang = api.get_method(version.pk).steps, language()
    return [
        {
            "matter_id": row.matter_id,
            "display_number": row.display_number,
            "step_title": steps[row.step].title.say(lang) if row.step in steps else row.step,
            "reason": row.reason,
        }
        for row in rows
    ]
