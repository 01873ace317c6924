"""Taking a report in: the one path by which matters begin, and the busiest of the house.

Everything that can be refused is refused before the transaction begins; inside it there are inserts only, of
which the counter's row is the one others may wait for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bihuan.kernel.api import Conflict, Problem, already, clock, first_inserts, sql
from bihuan.matters import checks, numbers, store
from bihuan.matters.labels import spoken
from bihuan.matters.links import token_hash
from bihuan.matters.opening import Prepared, prepare
from bihuan.matters.photos import keep_photos, ready_photos
from bihuan.matters.places import find_place
from bihuan.matters.shapes import Reported
from bihuan.people.api import Actor


def take_in(*, actor: Actor, kind: str, given: Mapping[str, Any]) -> Reported:
    """Accept one report (``kind`` "report") or one recorded for somebody else ("record"). At most ten statements.

    Raises:
        BadInput: what was given is incomplete or unreadable; every problem at once.
        Refused: the method does not begin like this.
        PermissionDenied: recording without the right to.
        Conflict: the id belongs to another report.
    """
    now = clock.now()
    key = checks.v7(given.get("id"))
    place = find_place(given)
    new = checks.check({**given, "id": key, "area_code": place.area_code}, now)
    photos = ready_photos(new.photos)
    prepared = prepare(actor=actor, kind=kind, new=new, place=place, given=given, now=now, photos=photos)
    try:
        with transaction.atomic():
            number = numbers.take(numbers.counter_key(place.area_code, now))
            prepared.opened.number = number
            entry, inserts = first_inserts(prepared.draft(number, now))
            sql.insert_together([*inserts, *store.first_inserts(prepared.opened, entry.hash)])
            keep_photos(photos, key, key, actor.person_id)
    except IntegrityError:
        if already(key) is None:
            raise
        return resent(prepared)
    return answer(prepared, number)


def answer(prepared: Prepared, number: str) -> Reported:
    """Return what the reporter is told."""
    return Reported(
        matter_id=prepared.new.id,
        number=number,
        display_number=spoken(number, prepared.place.community_name),
        follow_token=prepared.follow_token,
        created=True,
    )


def resent(prepared: Prepared) -> Reported:
    """Return the first answer to a report that came again; the token only to whoever sent it along."""
    rows = sql.rows(
        "SELECT number, text, area_code, reporter_id, follow_hash FROM matters_matter WHERE id = %s",
        (prepared.new.id,),
    )
    new = prepared.new
    same = bool(rows) and rows[0][1] == new.text and rows[0][2] == new.area_code
    if not same:
        raise Conflict(None, _used())
    number, _text, _area, reporter, hashed = rows[0]
    mine = (sql.as_uuid(reporter) if reporter else None) == prepared.opened.reporter_id
    if not mine:
        raise Conflict(None, _used())
    proven = new.follow_token is not None and hashed is not None and bytes(hashed) == token_hash(new.follow_token)
    return Reported(
        matter_id=new.id,
        number=number,
        display_number=spoken(number, prepared.place.community_name),
        follow_token=new.follow_token if proven and new.follow_token else "",
        created=False,
    )


def _used() -> Problem:
    return Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面后重新提交；内容不会丢失。"))
