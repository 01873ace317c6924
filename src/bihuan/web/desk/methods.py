"""Desk pages: work methods — to see as a picture and as text, to copy, edit, compare, publish, and move matters."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.areas.api import names, within
from bihuan.kernel.api import BadInput, Conflict, NotFound, Problem, Refused, parse_id
from bihuan.matters.api import migrate_matters
from bihuan.matters.models import Matter
from bihuan.methods import api
from bihuan.methods.models import MethodUse, MethodVersion
from bihuan.people.api import (
    MATTER_MIGRATE,
    MATTER_READ,
    METHOD_EDIT,
    METHOD_PUBLISH,
    METHOD_READ,
    Actor,
    access,
    actor_for,
    can,
    visible,
)
from bihuan.people.models import Person
from bihuan.web.desk.choices import language
from bihuan.web.desk.method_limits import change_limit, limits_of
from bihuan.web.desk.method_view import outcomes_of, parties_of, picture_of, steps_of

LONGEST = 200_000
MIGRATION_MOST = 500
SAMPLE_STEP = """\
  look_again:
    标题: {zh: 复查, en: Second look}
    对外说法: {zh: 正在复查, en: Being looked at again}
    动作:
      looked:
        标题: {zh: 复查完毕, en: Looked again}
        由: [grid_leader]
        应做: 是
        主要: 是
        到: checking
""".splitlines()


@dataclass(slots=True)
class VersionRow:
    """One version as lists show it."""

    id: UUID
    key: str
    number: int
    title: str
    area_code: str
    owner: str
    published: bool
    edited_at: datetime
    published_at: datetime | None
    used_in: str
    running: int
    edited_by: str = ""


def rows_of(versions: Iterable[MethodVersion], actor: Actor) -> list[VersionRow]:
    """Return versions with where they are in use and how many open matters (of the actor's) follow them.

    Four statements, however many versions.
    """
    found = list(versions)
    ids = [row.pk for row in found]
    uses: dict[UUID, list[str]] = {}
    for version_id, code in MethodUse.objects.filter(version_id__in=ids).values_list("version_id", "area_code"):
        uses.setdefault(version_id, []).append(code)
    # Only matters the reader may see are counted: a count must not tell what a list would not.
    open_matters = visible(actor, MATTER_READ, Matter.objects.filter(version_ref_id__in=ids, is_open=True))
    running = {
        row["version_ref_id"]: row["n"]
        for row in open_matters.values("version_ref_id").annotate(n=Count("id")).order_by()
    }
    titles = names({row.area_code for row in found} | {code for codes in uses.values() for code in codes})
    people = dict(
        Person.objects.filter(pk__in={row.edited_by for row in found if row.edited_by}).values_list("pk", "name")
    )
    return [
        VersionRow(
            id=row.pk,
            key=row.key,
            number=row.number,
            title=row.title,
            area_code=row.area_code,
            owner=titles.get(row.area_code, row.area_code),
            published=row.state == MethodVersion.State.PUBLISHED,
            edited_at=row.edited_at,
            published_at=row.published_at,
            used_in=_("、").join(titles.get(code, code) for code in uses.get(row.pk, ())),
            running=running.get(row.pk, 0),
            edited_by=people.get(row.edited_by, "") if row.edited_by else "",
        )
        for row in found
    ]


def load_version(actor: Actor, version_id: UUID, permission: str = METHOD_READ) -> MethodVersion:
    """Load one version: 404 where it is not seen, 403 where it may not be so used."""
    return access(actor, permission, MethodVersion.objects.all(), pk=version_id)


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


def whose(actor: Actor, area_code: str) -> str:
    """Return in words on which level a method was made, as the reader stands to it."""
    if len(area_code) <= 6:
        return _("区里统一的")
    if len(area_code) <= 9:
        return _("街道统一的")
    mine = any(within(root, area_code) for root in actor.areas_with(METHOD_READ))
    return _("本社区自己的") if mine else _("社区自己的")


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


def shown(method: api.Method | None) -> dict[str, Any]:
    """Return what the picture and the text of a method need; nothing to draw where the file does not read."""
    if method is None:
        return {
            "picture": None,
            "steps": [],
            "parties": [],
            "outcomes": [],
            "limits": [],
            "source_of": "",
            "picture_label": "",
        }
    lang = language()
    steps = steps_of(method, lang)
    return {
        "picture": picture_of(method, lang),
        "picture_label": _("路线图：%(steps)s") % {"steps": _(" → ").join(step.title for step in steps)},
        "steps": steps,
        "parties": parties_of(method, lang),
        "outcomes": outcomes_of(method, lang),
        "limits": limits_of(method, lang),
        "source_of": method.file.source,
    }


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
        _say(request, error.problems)
        return redirect("desk:method", version.pk)
    return redirect("desk:method_edit", draft.pk)


@require_http_methods(["GET", "POST"])
def method_edit(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Edit a draft: save, check, publish. What was typed is kept, problems and all."""
    actor = actor_for(request)
    version = load_version(actor, version_id, METHOD_EDIT)
    if version.state == MethodVersion.State.PUBLISHED:
        messages.info(request, _("已发布的版本不能改；先复制为草稿。"))
        return redirect("desk:method", version.pk)
    if request.method == "GET":
        return _editor(request, actor, version, version.source, seen=version.sha256)
    source, seen = _source(request), request.POST.get("seen", "")
    if request.POST.get("do") == "check":
        return _editor(request, actor, version, source, seen=seen)
    if request.POST.get("do") == "limit":
        return _with_limit(request, actor, version, source, seen)
    try:
        return _save(request, actor, version, source, seen)
    except Conflict as error:
        return _editor(request, actor, version, source, seen=seen, wrong=error.problems, status=409)
    except (BadInput, Refused) as error:
        version.refresh_from_db()
        return _editor(request, actor, version, source, seen=version.sha256, wrong=error.problems, status=422)


def _with_limit(request: HttpRequest, actor: Actor, version: MethodVersion, source: str, seen: str) -> HttpResponse:
    """Show the text with one limit changed; nothing is kept until it is saved."""
    method = api.load(source).method
    try:
        if method is None:
            raise BadInput(Problem("source", _("文件里有错误，先改好再改时限。")))
        changed = change_limit(source, method, request.POST.get("limit", ""), request.POST.get("length", ""))
    except BadInput as error:
        return _editor(request, actor, version, source, seen=seen, wrong=error.problems, status=422)
    messages.info(request, _("时限已写进原文，还没有保存。"))
    return _editor(request, actor, version, changed, seen=seen)


def _save(request: HttpRequest, actor: Actor, version: MethodVersion, source: str, seen: str) -> HttpResponse:
    saved, _loaded = api.save_draft(actor=actor, version_id=version.pk, source=source, expected_sha256=seen)
    if request.POST.get("do") != "publish":
        messages.success(request, _("草稿已保存。"))
        return redirect("desk:method_edit", version.pk)
    published = api.publish(actor=actor, version_id=version.pk, expected_sha256=saved.sha256)
    messages.success(
        request,
        _("第 %(n)s 版已发布，新的事项按它办；正在办理的事项仍按原来的版本。") % {"n": published.number},
    )
    return redirect("desk:method", published.pk)


def _source(request: HttpRequest) -> str:
    """Return the text as typed, with the line ends of a file."""
    return request.POST.get("source", "")[:LONGEST].replace("\r\n", "\n")


def _editor(
    request: HttpRequest,
    actor: Actor,
    version: MethodVersion,
    source: str,
    *,
    seen: str,
    wrong: Iterable[Any] = (),
    status: int = 200,
) -> HttpResponse:
    row = rows_of([version], actor)[0]
    may_publish = can(actor, METHOD_PUBLISH, version)
    base = MethodUse.objects.filter(key=version.key, area_code=version.area_code).select_related("version").first()
    context = {
        "row": row,
        "base": base.version if base else None,
        "source": source,
        "seen": seen,
        "wrong": [str(problem) for problem in wrong],
        "sample_step": SAMPLE_STEP,
        "publish_reason": "" if may_publish else may_publish.reason,
        **checked(source),
    }
    return render(request, "web/desk/methods/edit.html", context, status=status)


def checked(source: str) -> dict[str, Any]:
    """Return every problem of a text in the reader's language, and the picture where it can be drawn."""
    loaded = api.load(source)
    english = language() == "en"
    problems = [
        {
            "line": problem.line,
            "path": problem.path,
            "severity": problem.severity,
            "message": problem.message_en if english else problem.message,
            "mend": problem.mend_en if english else problem.mend,
        }
        for problem in loaded.problems
    ]
    errors = sum(problem["severity"] == "error" for problem in problems)
    return {
        "problems": problems,
        "errors": errors,
        "warnings": len(problems) - errors,
        **shown(loaded.method if not errors else None),
    }


@require_POST
def method_check(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Check the text as it is typed; nothing is kept."""
    load_version(actor_for(request), version_id, METHOD_EDIT)
    return render(request, "web/desk/methods/_check.html", checked(_source(request)))


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
        _say(request, error.problems)
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


def _say(request: HttpRequest, problems: Iterable[Any]) -> None:
    for problem in problems:
        messages.error(request, str(problem))


urlpatterns = [
    path("methods/", method_list, name="methods"),
    path("methods/<uuid:version_id>/", method_page, name="method"),
    path("methods/<uuid:version_id>/copy/", method_copy, name="method_copy"),
    path("methods/<uuid:version_id>/edit/", method_edit, name="method_edit"),
    path("methods/<uuid:version_id>/check/", method_check, name="method_check"),
    path("methods/<uuid:old_id>/diff/<uuid:new_id>/", method_diff, name="method_diff"),
    path("methods/<uuid:old_id>/migrate/<uuid:new_id>/", method_migrate, name="method_migrate"),
]
