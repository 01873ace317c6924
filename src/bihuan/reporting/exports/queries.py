"""What was taken out of an area, newest first, as whoever answers for the area reads it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.areas.api import names, subtree_q
from bihuan.kernel.api import BadInput, parse_id
from bihuan.matters.api import keyset
from bihuan.people.api import BULLETIN_READ, EXPORT_READ, Actor, person_names, role_words, visible
from bihuan.reporting.models import Bulletin, Export, FormRun
from bihuan.reporting.registers.definitions import registers_in, standard

EXPORT_KINDS = Export.What.choices
MOST = 200
_MOST_LOOKED = 3


@dataclass(frozen=True, slots=True)
class Taken:
    """An export as a line: who, in which post, what it is called, where. ``name``: the register's, form's, number's."""

    row: Export
    who: str
    role: str
    area: str
    what: str
    name: str


@dataclass(frozen=True, slots=True)
class TakenPage:
    """Lines and the cursor of the next ones ("": none)."""

    rows: tuple[Taken, ...]
    next: str = ""


def exports_in(actor: Actor, area: str = "", what: str = "", cursor: str = "", limit: int = 50) -> TakenPage:
    """Return what was taken out of an area and all below it, of what the actor answers for.

    A fixed number of statements, however many lines.

    Raises:
        BadInput: for a bent cursor.
    """
    rows = visible(actor, EXPORT_READ, Export.objects.all())
    if area:
        rows = rows.filter(subtree_q("area_code", area))
    if what in Export.What.values:
        rows = rows.filter(what=what)
    if (after := keyset.unpack_uuid(cursor)) is not None:
        rows = keyset.older(rows, *after)
    limit = max(1, min(limit, MOST))
    found = list(rows.order_by("-created_at", "-pk")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    people = person_names({row.person_id for row in found if row.person_id is not None})
    areas = names({row.area_code for row in found})
    called = _called(actor, found)
    return TakenPage(
        tuple(
            Taken(
                row,
                people.get(row.person_id, "") if row.person_id else "",
                _role(row.role),
                areas.get(row.area_code, row.area_code),
                _(str(row.get_what_display())),
                called.get((row.what, row.key), ""),
            )
            for row in found
        ),
        keyset.pack(found[-1].created_at, found[-1].pk) if more else "",
    )


def _role(key: str) -> str:
    zh, en = role_words(key)
    return en if (get_language() or "").startswith("en") else zh


def _called(actor: Actor, rows: Sequence[Export]) -> dict[tuple[str, str], str]:
    """Return what each thing is called: a bulletin's number only for who may read bulletins there."""
    language = get_language() or ""
    found: dict[tuple[str, str], str] = {}
    for key, one in standard().items():
        found["register", key] = one.spec.title.say(language)
    own = {row.key: row.area_code for row in rows if row.what == Export.What.REGISTER and "." in row.key}
    for area in sorted(set(own.values()))[:_MOST_LOOKED]:  # a method's own registers: seldom more than one place's
        for key, one in registers_in(area).items():
            found["register", key] = one.spec.title.say(language)
    for run, name in FormRun.objects.filter(pk__in=_ids(rows, Export.What.FORM)).values_list("pk", "name"):
        found["form", str(run)] = name
    bulletins = visible(actor, BULLETIN_READ, Bulletin.objects.filter(pk__in=_ids(rows, Export.What.BULLETIN)))
    for bulletin, number, title in bulletins.values_list("pk", "number", "title"):
        found["bulletin", str(bulletin)] = f"{title} {number}".strip()
    return found


def _ids(rows: Collection[Export], what: str) -> list[UUID]:
    found = []
    for row in rows:
        if row.what == what and row.key:
            try:
                found.append(parse_id(row.key))
            except BadInput:
                continue
    return found
