"""Versions of work methods as lists and pages show them: whose, where in use, how many matters follow them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext as _

from bihuan.areas.api import names, within
from bihuan.matters.models import Matter
from bihuan.methods.models import MethodUse, MethodVersion
from bihuan.people.api import MATTER_READ, METHOD_READ, Actor, access, visible
from bihuan.people.models import Person


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


def whose(actor: Actor, area_code: str) -> str:
    """Return in words on which level a method was made, as the reader stands to it."""
    if len(area_code) <= 6:
        return _("区里统一的")
    if len(area_code) <= 9:
        return _("街道统一的")
    mine = any(within(root, area_code) for root in actor.areas_with(METHOD_READ))
    return _("本社区自己的") if mine else _("社区自己的")


def say(request: HttpRequest, problems: Iterable[Any]) -> None:
    """Tell every problem at the head of the next page."""
    for problem in problems:
        messages.error(request, str(problem))
