"""Work methods by the machine interface: the list, one file, and the check of a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from bihuan.api.access import caller, keyed
from bihuan.api.rest.acts import language
from bihuan.api.rest.matters import ONE, READ
from bihuan.api.rest.schemas import ProblemDocument
from bihuan.api.scopes import METHODS_READ
from bihuan.methods.api import Problem as MethodProblem
from bihuan.methods.api import lint, mermaid, versions
from bihuan.methods.api import load as read_file
from bihuan.people.api import METHOD_READ, require

router = Router(tags=["methods"])
LINT: dict[Any, Any] = dict.fromkeys((400, 401, 403, 413, 422, 429), ProblemDocument)
MOST = 300


class VersionOut(Schema):
    """One version of a method; published ones never change."""

    id: UUID
    key: str
    number: int
    area_code: str
    title: str
    state: str
    sha256: str
    edited_at: datetime
    published_at: datetime | None


class VersionsOut(Schema):
    """The versions that the caller may read; at most 300."""

    rows: list[VersionOut]


class FileOut(VersionOut):
    """A version with its file as it was written, and its picture as a Mermaid text ("" where the file has errors)."""

    source: str
    mermaid: str


class LintIn(Schema):
    """A method file."""

    source: str = Field(max_length=200_000, description="YAML")


class LintProblem(Schema):
    """One thing wrong or doubtful: where, what and why, how to mend."""

    code: str
    line: int
    column: int
    path: str
    severity: str
    message: str
    mend: str


class LintOut(Schema):
    """``good``: nothing keeps the file from being published."""

    good: bool
    problems: list[LintProblem]


@router.get("", auth=keyed(METHODS_READ), response={200: VersionsOut, **READ})
def get_methods(request: HttpRequest, key: Annotated[str, Field(max_length=60)] = "") -> Any:
    """The versions of work methods that the caller may read, by key and place, the newest first."""
    return Status(200, {"rows": list(versions(caller(request), key.replace("\x00", "") or None)[:MOST])})


@router.get("/{uuid:version_id}", auth=keyed(METHODS_READ), response={200: FileOut, **ONE})
def get_method_file(request: HttpRequest, version_id: UUID) -> Any:
    """One version's file, as it was written."""
    row = versions(caller(request)).filter(pk=version_id).first()
    if row is None:
        raise Http404
    method = read_file(row.source, path=f"{row.key}@{row.number}").method
    told = {name: getattr(row, name) for name in VersionOut.model_fields}
    return Status(200, told | {"source": row.source, "mermaid": mermaid(method) if method is not None else ""})


@router.post("/lint", auth=keyed(METHODS_READ), response={200: LintOut, **LINT})
def post_lint(request: HttpRequest, payload: LintIn) -> Any:
    """Check a method file: every problem at once. Nothing is kept."""
    require(caller(request), METHOD_READ)
    problems = lint(payload.source)
    return Status(200, {"good": not any(one.severity == "error" for one in problems), "problems": told_of(problems)})


def told_of(problems: Iterable[MethodProblem]) -> list[dict[str, Any]]:
    """Return the problems of a file in the caller's language."""
    english = language() == "en"
    return [
        {
            **{name: getattr(one, name) for name in ("code", "line", "column", "path", "severity")},
            "message": one.message_en if english else one.message,
            "mend": one.mend_en if english else one.mend,
        }
        for one in problems
    ]
