"""What leaves this package for work groups and for people: events without personal data, who answers for what.

Lines are read from the record afterwards, so that the act itself pays nothing for them. A matter that is not public is
told by its number and community alone: the building might say whose it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from bihuan.areas.api import upper_bound
from bihuan.kernel.api import sql
from bihuan.matters.labels import area_names, spoken, titled
from bihuan.matters.methodinfo import info_of
from bihuan.matters.models import Party
from bihuan.matters.scope import area_conditions
from bihuan.people.api import RobotLine

_MOST_LINES = 200
_MOST_COUNTED = 1000
_MOST_PLACES = 4
_NOT_ANSWERING = ("reporter", "follower")


def events(area_code: str, after: datetime, until: datetime) -> Iterator[RobotLine]:
    """Yield a line for each card hung and each escalation in an area; the record is read along its time index."""
    rows = sql.rows(
        "SELECT e.id, e.body, m.number, m.area_code, m.public FROM kernel_entry e "
        "JOIN matters_matter m ON m.id = e.subject_id WHERE e.subject_type = 'matter' "
        "AND e.recorded_at > %s AND e.recorded_at <= %s AND e.verb IN ('matter.ticked', 'matter.escalated') "
        "AND e.area_code >= %s AND e.area_code <= %s ORDER BY e.recorded_at, e.id LIMIT %s",
        [after, until, area_code, upper_bound(area_code), _MOST_LINES],
    )
    names = area_names([row[3] for row in rows])
    for key, body, number, code, public in rows:
        community = names.get(code[:12], "")
        where = names.get(code, code) if public else community
        for index, words in enumerate(_happened(orjson.loads(body))):
            text = _("【闭环】%(what)s：%(number)s（%(where)s）") % {
                "what": words,
                "number": spoken(number, community),
                "where": where,
            }
            yield RobotLine(f"{sql.as_uuid(key).hex}:{index}", "card", text)


def _happened(body: dict[str, Any]) -> Iterator[str]:
    info = info_of(UUID(hex=body["version"]))
    told = False
    for effect in body.get("effects", ()):
        if effect["kind"] == "card":
            colour = _("红牌") if effect["colour"] == "red" else _("黄牌")
            told = True
            yield _("%(colour)s，%(clock)s") % {"colour": colour, "clock": titled(*info.clock(effect["clock"]))}
        elif effect["kind"] == "escalated":
            told = True
            yield _("提级")
    if not told and body.get("action") != "tick":
        yield _("提级")


def fresh(area_code: str, after: datetime, until: datetime) -> str:
    """Return one line that sums up what was reported in an area in a time, or "" where nothing was."""
    found: dict[str, int] = {}
    for condition, params in area_conditions(area_code):
        rows = sql.rows(
            f"SELECT p.area_code, count(*) FROM (SELECT m.area_code FROM matters_matter m WHERE {condition} "  # noqa: S608
            f"AND m.created_at > %s AND m.created_at <= %s LIMIT {_MOST_COUNTED:d}) p GROUP BY p.area_code",
            [*params, after, until],
        )
        for code, count in rows:
            found[code] = found.get(code, 0) + count
    total = sum(found.values())
    if not total:
        return ""
    most = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:_MOST_PLACES]
    names = area_names([code for code, _count in most])
    places = _("、").join(_("%(place)s %(n)s 件") % {"place": names.get(code, code), "n": n} for code, n in most)
    shown = f"{total}+" if total >= _MOST_COUNTED else str(total)
    more = _("等") if len(found) > _MOST_PLACES else ""
    minutes = max(1, round((until - after).total_seconds() / 60))
    return _("【闭环】近 %(minutes)s 分钟新反映 %(n)s 件：%(places)s%(more)s。请到“待办”中处理。") % {
        "minutes": minutes,
        "n": shown,
        "places": places,
        "more": more,
    }


def ties(person_id: UUID) -> list[str]:
    """Return the open matters that a person answers for, by number and role."""
    parties = Party.objects.filter(person_id=person_id, until__isnull=True, matter__is_open=True)
    parties = parties.exclude(role__in=_NOT_ANSWERING).select_related("matter").order_by("matter__created_at")
    rows = list(parties[:50])
    names = area_names([party.matter.area_code for party in rows])
    return [
        _("%(number)s（%(role)s）")
        % {
            "number": spoken(party.matter.number, names.get(party.matter.community_code, "")),
            "role": titled(*info_of(party.matter.version_ref_id).role(party.role)),
        }
        for party in rows
    ]
