"""One page for every import: choose a file, read the report of a dry run, confirm. Nothing is typed twice.

Between report and confirmation the file waits in the shared cache for half an hour, for its owner alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.areas.api import ImportReport
from bihuan.kernel.api import BadInput
from bihuan.people.api import Actor, actor_for, require

_KEEP = 30 * 60
_MAX_BYTES = 5 * 1024 * 1024
_SHOWN = 300


class Act(Protocol):
    """An import's use case."""

    def __call__(self, *, actor: Actor, data: bytes, filename: str, dry_run: bool) -> ImportReport | Counted:
        """Import or try to."""


class Counted(Protocol):
    """What an import that only counts what it made says of itself."""

    @property
    def rows(self) -> int:
        """How many rows the file has."""

    @property
    def created(self) -> int:
        """How many are new."""

    @property
    def changed(self) -> int:
        """How many differ."""

    @property
    def unchanged(self) -> int:
        """How many are as they were."""

    @property
    def problems(self) -> tuple[Any, ...]:
        """Every bad row."""


@dataclass(frozen=True)
class Importer:
    """What differs between imports: the act, the words, where to go afterwards."""

    act: Act
    right: str  # the permission without which the page is closed
    here: str
    home: str
    title: str
    home_title: str
    columns: tuple[tuple[str, str], ...]
    sample: str


class FileForm(forms.Form):
    """A file to import."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy("Excel（.xlsx）或 CSV，不超过 5 MB；先检查并列出每一处问题，您确认后才写入"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )


def import_page(request: HttpRequest, importer: Importer) -> HttpResponse:
    """Serve the page: GET shows the form, POST a report, POST with ``confirm`` imports."""
    actor = actor_for(request)
    require(actor, importer.right)
    if request.method != "POST":
        return _show(request, importer, FileForm())
    if token := request.POST.get("confirm", ""):
        return _confirm(request, actor, importer, token)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, importer, form, status=422)
    upload = form.cleaned_data["file"]
    try:
        data = upload.read(_MAX_BYTES + 1)  # a byte too many is refused by the reader, in its words
        report = importer.act(actor=actor, data=data, filename=upload.name, dry_run=True)
    except BadInput as error:
        for problem in error.problems:
            form.add_error("file", f"{problem.why}。{problem.how}。")
        return _show(request, importer, form, status=422)
    token = ""
    if not report.problems:
        token = secrets.token_urlsafe(16)
        cache.set(_key(request, importer, token), (upload.name, data), _KEEP)
    return _show(request, importer, FileForm(), report=report, token=token, filename=upload.name)


def _key(request: HttpRequest, importer: Importer, token: str) -> str:
    return f"import:{importer.here}:{request.user.pk}:{token[:40]}"


def _confirm(request: HttpRequest, actor: Actor, importer: Importer, token: str) -> HttpResponse:
    kept = cache.get(_key(request, importer, token)) if token.isascii() and token.isprintable() else None
    if kept is None:
        form = FileForm()
        messages.error(request, _("检查结果已过半小时，请重新选择文件"))
        return _show(request, importer, form, status=422)
    filename, data = kept
    report = importer.act(actor=actor, data=data, filename=filename, dry_run=False)
    if report.problems:  # somebody changed things since the dry run
        return _show(request, importer, FileForm(), report=report, filename=filename, status=422)
    cache.delete(_key(request, importer, token))
    counts = {"new": _number(report.created), "changed": _number(report.changed), "same": report.unchanged}
    messages.success(request, _("已导入：新增 %(new)d，修改 %(changed)d，不变 %(same)d") % counts)
    return HttpResponseRedirect(reverse(importer.home))


def _number(made: Sequence[str] | int) -> int:
    return made if isinstance(made, int) else len(made)


def _show(
    request: HttpRequest,
    importer: Importer,
    form: forms.Form,
    *,
    report: ImportReport | Counted | None = None,
    token: str = "",
    filename: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "importer": importer,
        "home_url": reverse(importer.home),
        "here_url": reverse(importer.here),
        "form": form,
        "report": report,
        "token": token,
        "filename": filename,
        "problems": report.problems[:_SHOWN] if report else (),
        "more": max(0, len(report.problems) - _SHOWN) if report else 0,
        "new": _number(report.created) if report else 0,
        "changed": _number(report.changed) if report else 0,
        "bad": len(report.problems) if report else 0,
    }
    return render(request, "web/desk/import.html", context, status=status)
