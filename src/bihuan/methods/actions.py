"""What people do with methods: install, draft, copy, publish. Published versions never change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import bihuan.library
from bihuan.kernel.api import BadInput, Conflict, Problem, Refused, append, clock, new_id
from bihuan.people.api import METHOD_EDIT, METHOD_PUBLISH, METHOD_READ, Actor, access, require

from .loader import Loaded, load
from .models import MethodUse, MethodVersion
from .verbs import COPIED, INSTALLED, PUBLISHED, SAVED

LIBRARY = Path(bihuan.library.__file__).parent
REPORTS_BY_DEFAULT = "yiwang-sanbu-wuqin"


def library_files() -> dict[str, Path]:
    """Return the shipped method files by method key."""
    return {path.parent.name.replace("_", "-"): path for path in sorted(LIBRARY.glob("*/method.yaml"))}


@transaction.atomic
def install_library(
    *, actor: Actor, area_code: str, keys: Iterable[str] | None = None, default_for_reports: str = REPORTS_BY_DEFAULT
) -> list[MethodVersion]:
    """Install shipped methods in an area and put them in use; what is installed unchanged stays as it is.

    Args:
        actor: needs ``METHOD_PUBLISH`` in the area.
        area_code: the area whose matters shall follow them.
        keys: which ones; all by default.
        default_for_reports: the key of the one that residents' reports follow.
    """
    files = library_files()
    unknown = [key for key in keys or [] if key not in files]
    if unknown:
        raise BadInput(Problem("key", _("库里没有工作法 %s") % "、".join(unknown), "、".join(files)))
    return [
        _install(
            actor, files[key].read_text(encoding="utf-8"), area_code, default_for_reports=key == default_for_reports
        )
        for key in (keys or files)
    ]


@transaction.atomic
def install(*, actor: Actor, source: str, area_code: str, default_for_reports: bool = False) -> MethodVersion:
    """Publish a method file in an area and put it in use there; the same text twice is one version."""
    return _install(actor, source, area_code, default_for_reports=default_for_reports)


def _install(actor: Actor, source: str, area_code: str, *, default_for_reports: bool) -> MethodVersion:
    require(actor, METHOD_PUBLISH, area_code)
    loaded = _sound(source)
    assert loaded.method is not None  # noqa: S101 — _sound() raised otherwise
    key, digest = loaded.method.key, loaded.method.sha256
    row = MethodVersion.objects.filter(
        key=key, area_code=area_code, sha256=digest, state=MethodVersion.State.PUBLISHED
    ).first()
    if row is None:
        row = _new(actor, key, area_code, source, loaded.method.title.zh)
        _stamp_published(row)
        _record(row, INSTALLED, actor)
    _use(row, default_for_reports=default_for_reports)
    return row


@transaction.atomic
def copy_method(*, actor: Actor, version_id: UUID, area_code: str) -> MethodVersion:
    """Copy a version the actor can see into a draft of an area where they may edit; returns the draft."""
    original = access(actor, METHOD_READ, MethodVersion.objects.all(), pk=version_id)
    require(actor, METHOD_EDIT, area_code)
    draft = _draft_of(original.key, area_code)
    if draft is not None:
        raise Refused(
            Problem(
                "version", _("这里已经有这个工作法的草稿（第 %s 版）") % draft.number, _("继续编辑那一份，或先发布它")
            )
        )
    row = _new(actor, original.key, area_code, original.source, original.title)
    _record(row, COPIED, actor, copied_from=str(original.pk))
    return row


@transaction.atomic
def save_draft(
    *, actor: Actor, source: str, area_code: str = "", version_id: UUID | None = None, expected_sha256: str = ""
) -> tuple[MethodVersion, Loaded]:
    """Keep a draft, problems and all, so that nothing typed is lost.

    Args:
        actor: needs ``METHOD_EDIT`` in the draft's area.
        source: the YAML.
        area_code: for a new draft: whose it is. Its key is the file's.
        version_id: the draft to overwrite.
        expected_sha256: of the text the edit started from; another one there means somebody else saved meanwhile.

    Returns:
        The draft, and the method with every problem of the text.

    Raises:
        Refused: for a published version. Conflict: when somebody else saved. BadInput: a new draft without a key.
    """
    loaded = load(source)
    if version_id is not None:
        row = access(actor, METHOD_EDIT, MethodVersion.objects.select_for_update(), pk=version_id)
        _changeable(row, expected_sha256)
    else:
        require(actor, METHOD_EDIT, area_code)
        if loaded.method is None:
            raise BadInput(_as_problems(loaded))
        if _draft_of(loaded.method.key, area_code) is not None:
            raise Refused(Problem("version", _("这里已经有这个工作法的草稿"), _("继续编辑那一份")))
        row = _new(actor, loaded.method.key, area_code, source, loaded.method.title.zh)
    row.source, row.sha256 = source, hashlib.sha256(source.encode()).hexdigest()
    row.title = loaded.method.title.zh[:80] if loaded.method else row.title
    row.edited_by, row.edited_at = actor.person_id, clock.now()
    row.save()
    _record(row, SAVED, actor)
    return row, loaded


@transaction.atomic
def publish(
    *, actor: Actor, version_id: UUID, expected_sha256: str = "", default_for_reports: bool | None = None
) -> MethodVersion:
    """Publish a draft and put it in use in its area. Running matters stay on their version.

    Raises:
        BadInput: with every problem, when the file has errors. Refused: when it is published already.
    """
    row = access(actor, METHOD_PUBLISH, MethodVersion.objects.select_for_update(), pk=version_id)
    _changeable(row, expected_sha256)
    loaded = _sound(row.source)
    if loaded.method is not None and loaded.method.key != row.key:
        raise BadInput(
            Problem("key", _("文件里的代号是“%s”，应当是“%s”") % (loaded.method.key, row.key), _("代号不要改"))
        )
    _stamp_published(row)
    _record(row, PUBLISHED, actor)
    _use(row, default_for_reports=default_for_reports)
    return row


def _changeable(row: MethodVersion, expected_sha256: str) -> None:
    if row.state == MethodVersion.State.PUBLISHED:
        raise Refused(Problem("version", _("已发布的版本不能再改"), _("复制为草稿，改好后发布新版本")))
    if expected_sha256 and row.sha256 != expected_sha256:
        raise Conflict(row.seq, Problem("source", _("别人刚刚保存了这份草稿"), _("对比两份，合并后再保存")))


def _sound(source: str) -> Loaded:
    loaded = load(source)
    if not loaded.ok:
        raise BadInput(_as_problems(loaded))
    return loaded


def _as_problems(loaded: Loaded) -> list[Problem]:
    english = (get_language() or "zh").startswith("en")
    return [
        Problem(
            f"{problem.line}:{problem.path}",
            problem.message_en if english else problem.message,
            problem.mend_en if english else problem.mend,
        )
        for problem in loaded.problems
        if problem.severity == "error"
    ]


def _draft_of(key: str, area_code: str) -> MethodVersion | None:
    drafts = MethodVersion.objects.filter(key=key, area_code=area_code, state=MethodVersion.State.DRAFT)
    return drafts.first()


def _new(actor: Actor, key: str, area_code: str, source: str, title: str) -> MethodVersion:
    last = MethodVersion.objects.filter(key=key, area_code=area_code).aggregate(last=Max("number"))["last"]
    return MethodVersion.objects.create(
        id=new_id(),
        key=key,
        number=(last or 0) + 1,
        area_code=area_code,
        title=title[:80],
        source=source,
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        edited_by=actor.person_id,
        edited_at=clock.now(),
    )


def _stamp_published(row: MethodVersion) -> None:
    row.state, row.published_at = MethodVersion.State.PUBLISHED, clock.now()
    row.save(update_fields=["state", "published_at"])


def _use(row: MethodVersion, *, default_for_reports: bool | None) -> None:
    """Let new matters of the row's area follow it; None keeps what the area (or the one above) had."""
    if default_for_reports is None:
        from .queries import methods_in

        default_for_reports = any(u.default_for_reports for u in methods_in(row.area_code) if u.key == row.key)
    if default_for_reports:
        others = MethodUse.objects.filter(area_code=row.area_code, default_for_reports=True)
        others.exclude(key=row.key).update(default_for_reports=False)
    MethodUse.objects.update_or_create(
        key=row.key,
        area_code=row.area_code,
        defaults={"version": row, "default_for_reports": bool(default_for_reports)},
    )


def _record(row: MethodVersion, verb: str, actor: Actor, **body: str) -> None:
    now = clock.now()
    entry = append(
        subject_type="method",
        subject_id=row.pk,
        seq=row.seq + 1,
        prev_hash=bytes(row.head_hash),
        verb=verb,
        actor=actor.ref(actor.role_for(METHOD_EDIT, row.area_code)),
        area_code=row.area_code,
        happened_at=now,
        recorded_at=now,
        method=f"{row.key}@{row.number}",
        body={"title": row.title, "number": row.number, "sha256": row.sha256, **body},
        entry_id=new_id(now),
    )
    row.seq, row.head_hash = entry.seq, entry.hash
    row.save(update_fields=["seq", "head_hash"])
