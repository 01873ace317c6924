"""Desk pages: a method's draft — type, check, change a limit, save, publish. What was typed is never lost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.kernel.api import BadInput, Conflict, Problem, Refused
from bihuan.methods import api
from bihuan.methods.models import MethodUse, MethodVersion
from bihuan.people.api import METHOD_EDIT, METHOD_PUBLISH, Actor, actor_for, can
from bihuan.web.desk.choices import language
from bihuan.web.desk.method_limits import change_limit
from bihuan.web.desk.method_rows import load_version, rows_of
from bihuan.web.desk.method_shown import shown

LONGEST = 200_000
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
