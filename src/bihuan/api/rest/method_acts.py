"""What is done with work methods by the machine interface: copied, drafted, tried, published; matters moved over."""

from __future__ import annotations

import difflib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from bihuan.api.access import caller, keyed
from bihuan.api.rest.acts import language
from bihuan.api.rest.inputs import READ, WRITE, AreaCode, In, Reason
from bihuan.api.rest.methods import LintProblem, VersionOut, told_of
from bihuan.api.rest.picked import picked
from bihuan.api.scopes import METHODS_READ, METHODS_WRITE
from bihuan.kernel.api import BadInput, Problem
from bihuan.matters.api import migrate_matters
from bihuan.matters.shapes import Moved
from bihuan.methods.api import copy_method, diff, load, publish, save_draft, simulate
from bihuan.methods.models import MethodVersion
from bihuan.people.api import MATTER_MIGRATE, METHOD_EDIT, METHOD_PUBLISH, METHOD_READ, access

router = Router(tags=["methods"])
LONGEST = 200_000
SHA256 = Field("", max_length=64, pattern="^[0-9a-f]*$", description="of the text that the change began from")


class CopyIn(In):
    """Where the copy goes."""

    area_code: AreaCode


class DraftIn(In):
    """A new draft: its key is the file's."""

    area_code: AreaCode
    source: str = Field(max_length=LONGEST, description="YAML")


class SaveIn(In):
    """A draft's text. 409 where somebody else saved since ``expected_sha256``."""

    source: str = Field(max_length=LONGEST, description="YAML")
    expected_sha256: str = SHA256


class PublishIn(In):
    """``default_for_reports``: whether residents' reports follow it; null leaves it as it is."""

    expected_sha256: str = SHA256
    default_for_reports: bool | None = None


class DraftOut(VersionOut):
    """A draft as it is kept, with every problem of its text."""

    problems: list[LintProblem]


class ScenarioIn(In):
    """A method file and a scenario to be played by it."""

    source: str = Field(max_length=LONGEST, description="YAML")
    scenario: str = Field(max_length=LONGEST, description="YAML")


class LineOut(Schema):
    """One thing that happened, and where the matter then stands. ``refused``: the codes of what does not allow it."""

    at: datetime
    who: str
    action: str
    title: str
    step: str
    refused: list[str]
    effects: list[str]


class SimulationOut(Schema):
    """What came of it. ``ok``: every expectation held; ``waiting``: what the matter waits for at the end."""

    title: str
    ok: bool
    path: list[str]
    lines: list[LineOut]
    waiting: list[str]
    problems: list[LintProblem]


class DiffOut(Schema):
    """What changed: in words, and line by line as a unified comparison."""

    same: bool
    changes: list[str]
    lines: list[str]


class MigrateIn(In):
    """Which matters move. A dry run only says which would; ``matter_ids`` empty: all that can."""

    dry_run: bool = True
    matter_ids: list[UUID] = Field(default_factory=list, max_length=500)
    reason: Reason = ""


@picked(Moved)
class MovedOut(Schema):
    """One matter: moved, or why not."""


class MigrationOut(Schema):
    """What moved, or would move, and what stays and why."""

    dry_run: bool
    moved: list[MovedOut]
    kept: list[MovedOut]


def _version(row: MethodVersion) -> dict[str, Any]:
    return {name: getattr(row, name) for name in VersionOut.model_fields}


@router.post("/drafts", auth=keyed(METHODS_WRITE, needs=METHOD_EDIT), response={200: DraftOut, **WRITE})
def post_draft(request: HttpRequest, payload: DraftIn) -> Any:
    """Begin a draft; the file must read as far as its key. 409 where there is a draft of that method already."""
    row, loaded = save_draft(actor=caller(request), source=payload.source, area_code=payload.area_code)
    return Status(200, _version(row) | {"problems": told_of(loaded.problems)})


@router.post(
    "/{uuid:version_id}/copy", auth=keyed(METHODS_WRITE, needs=METHOD_EDIT), response={200: VersionOut, **WRITE}
)
def post_method_copy(request: HttpRequest, version_id: UUID, payload: CopyIn) -> Any:
    """Copy a version into a draft of an area where the caller edits."""
    return Status(200, copy_method(actor=caller(request), version_id=version_id, area_code=payload.area_code))


@router.post("/{uuid:version_id}/save", auth=keyed(METHODS_WRITE, needs=METHOD_EDIT), response={200: DraftOut, **WRITE})
def post_method_save(request: HttpRequest, version_id: UUID, payload: SaveIn) -> Any:
    """Keep a draft's text, problems and all."""
    row, loaded = save_draft(
        actor=caller(request),
        source=payload.source,
        version_id=version_id,
        expected_sha256=payload.expected_sha256,
    )
    return Status(200, _version(row) | {"problems": told_of(loaded.problems)})


@router.post(
    "/{uuid:version_id}/publish", auth=keyed(METHODS_WRITE, needs=METHOD_PUBLISH), response={200: VersionOut, **WRITE}
)
def post_method_publish(request: HttpRequest, version_id: UUID, payload: PublishIn) -> Any:
    """Publish a draft and put it in use in its area; running matters stay on their version."""
    return Status(200, publish(actor=caller(request), version_id=version_id, **payload.model_dump()))


@router.post("/simulate", auth=keyed(METHODS_READ, needs=METHOD_READ), response={200: SimulationOut, **WRITE})
def post_simulate(request: HttpRequest, payload: ScenarioIn) -> Any:
    """Play a scenario by a method file; nothing is kept. 422 where the file itself has errors."""
    loaded = load(payload.source)
    if loaded.method is None:
        raise BadInput(
            [
                Problem(f"{one.line}:{one.path}", one.message_en, one.mend_en)
                if language() == "en"
                else Problem(f"{one.line}:{one.path}", one.message, one.mend)
                for one in loaded.problems
                if one.severity == "error"
            ][:50]
        )
    played = simulate(loaded.method, payload.scenario)
    told = {name: getattr(played, name) for name in ("title", "ok", "path", "lines", "waiting")}
    return Status(200, told | {"problems": told_of(played.problems)})


@router.get(
    "/{uuid:old_id}/diff/{uuid:new_id}", auth=keyed(METHODS_READ, needs=METHOD_READ), response={200: DiffOut, **READ}
)
def get_method_diff(request: HttpRequest, old_id: UUID, new_id: UUID) -> Any:
    """What changed between two versions."""
    actor = caller(request)
    old, new = (access(actor, METHOD_READ, MethodVersion.objects.all(), pk=key) for key in (old_id, new_id))
    one, two = (load(row.source, check=False).method for row in (old, new))
    changes = [change.text(language()) for change in diff(one, two)] if one is not None and two is not None else []
    lines = list(difflib.unified_diff(old.source.splitlines(), new.source.splitlines(), lineterm="", n=2))[2:]
    return Status(200, {"same": old.source == new.source, "changes": changes, "lines": lines})


@router.post(
    "/{uuid:old_id}/migrate/{uuid:new_id}",
    auth=keyed(METHODS_WRITE, needs=MATTER_MIGRATE),
    response={200: MigrationOut, **WRITE},
)
def post_migrate(request: HttpRequest, old_id: UUID, new_id: UUID, payload: MigrateIn) -> Any:
    """Move running matters to another version, or say which would move; back again with the two exchanged."""
    actor = caller(request)
    for key in (old_id, new_id):
        access(actor, METHOD_READ, MethodVersion.objects.all(), pk=key)
    done = migrate_matters(
        actor=actor,
        from_version=old_id,
        to_version=new_id,
        dry_run=payload.dry_run,
        matter_ids=payload.matter_ids or None,
        reason=payload.reason,
    )
    return Status(200, done)
