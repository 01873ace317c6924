"""The register of public notices (公示)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext

from bihuan.areas.api import names as area_names
from bihuan.areas.api import subtree_q
from bihuan.people.api import BULLETIN_READ, Actor, person_names, visible
from bihuan.reporting.models import Bulletin
from bihuan.reporting.registers.sources.base import Cell, Known, Line, Lines, Source
from bihuan.reporting.registers.sources.rows import newest_first

KNOWN: dict[str, Known] = {
    "number": Known("文号", "number"),
    "title": Known("标题", "title"),
    "text": Known("内容", "text"),
    "page": Known("公示页面的网址", "the address of its public page"),
    "area": Known("区域", "area"),
    "from": Known("开始日", "from", "date"),
    "until": Known("截止日", "until", "date"),
    "published": Known("发布时间", "published", "time"),
    "objections": Known("异议数", "objections", "number"),
    "answered": Known("已答复", "answered", "number"),
    "state": Known("状态", "state"),
    "author": Known("公示人", "by"),
}


def _text(one: Bulletin) -> str:
    # Bulletins list registers, so they are looked up when a notice is read and not before.
    from bihuan.reporting.bulletins.editing import to_text
    from bihuan.reporting.bulletins.showing import plain

    return to_text(plain(one.blocks_json))


def _cell(one: Bulletin, value: str, areas: Mapping[str, str], people: Mapping[UUID, str]) -> Cell:
    counted = {"objections": getattr(one, "raised", 0), "answered": getattr(one, "settled", 0)}
    take: dict[str, Callable[[], Cell]] = {
        "number": lambda: one.number,
        "title": lambda: one.title,
        "text": lambda: _text(one),
        "page": lambda: (
            settings.PUBLIC_URL.rstrip("/") + reverse("portal:notice", args=[one.pk]) if one.published_at else ""
        ),
        "area": lambda: areas.get(one.area_code, ""),
        "from": lambda: one.window_from,
        "until": lambda: one.window_until,
        "published": lambda: one.published_at,
        "objections": lambda: counted["objections"],
        "answered": lambda: counted["answered"],
        "state": lambda: gettext(str(one.get_state_display())),
        "author": lambda: people.get(one.author_id, "") if one.author_id else "",
    }
    return take[value]() if value in take else None


def _page(
    actor: Actor,
    area: str,
    filters: Mapping[str, str],
    sort: str,
    wanted: Sequence[str],
    cursor: str | None,
    limit: int,
) -> Lines:
    del sort
    rows = visible(actor, BULLETIN_READ, Bulletin.objects.filter(subtree_q("area_code", area)))
    rows = rows.filter(kind=filters.get("kind") or Bulletin.Kind.NOTICE)
    rows = rows.annotate(
        raised=Count("objections"), settled=Count("objections", filter=Q(objections__answered_at__isnull=False))
    )
    found, following = newest_first(rows, "created_at", cursor, limit)
    areas = area_names({one.area_code for one in found})
    people = person_names({one.author_id for one in found if one.author_id is not None})
    return Lines(
        tuple(
            Line(
                one.pk,
                reverse("desk:bulletin", args=[one.pk]),
                tuple(_cell(one, value, areas, people) for value in wanted),
            )
            for one in found
        ),
        following,
    )


NOTICES = Source(KNOWN, _page, filters=("kind",))
