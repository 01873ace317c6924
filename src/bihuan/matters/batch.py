"""Many reports at once: the same checks and the same rows as one by one, written by few statements.

A report that does not stand is told with its problems and keeps none of the others out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.kernel.api import (
    BadInput,
    Conflict,
    NotFound,
    Problem,
    Refused,
    already_many,
    build_entries,
    clock,
    insert_entries,
    sql,
)
from bihuan.matters import checks, numbers, store
from bihuan.matters.derive import TODO_COLUMNS
from bihuan.matters.intake import answer, resent
from bihuan.matters.opening import Prepared, Shared, prepare
from bihuan.matters.parents import parent_of
from bihuan.matters.places import Place, find_place, find_places
from bihuan.matters.shapes import Reported
from bihuan.people.api import MATTER_RECORD, Actor, require

MOST = 500
_AREA_OF_MATTER = itemgetter(store.MATTER_COLUMNS.index("area_code"))
_AREA_OF_TODO = itemgetter(TODO_COLUMNS.index("area_code"))


def report_batch(*, actor: Actor, reports: Sequence[Mapping[str, Any]]) -> list[Reported | Problem]:
    """Record up to 500 reports told by others (a paper ledger, a phone that was out of reach), in their order.

    Each takes what ``record`` takes, without photos. What stands is written in one transaction; the answers stand in
    the order of the reports: ``Reported``, or the first ``Problem`` of one that does not stand (``field`` begins
    with its index). A report that came before is answered as then.

    Raises:
        BadInput: more than 500. PermissionDenied: the actor records nowhere.
    """
    if len(reports) > MOST:
        raise BadInput(Problem("reports", _("一次最多 %(n)s 条。") % {"n": MOST}, _("请分几次提交。")))
    if actor.kind != "system":
        require(actor, MATTER_RECORD)
    now = clock.now()
    answers: list[Reported | Problem | None] = [None] * len(reports)
    places: dict[tuple[str, str, str], Place] = {}
    for code, found in find_places(_codes(reports)).items():
        places["", code, ""] = found
    ready: dict[UUID, tuple[int, Prepared]] = {}
    shared = Shared(actor)
    for index, given in enumerate(reports):
        prepared = _try(actor, index, given, places, now, shared)
        if isinstance(prepared, Problem):
            answers[index] = prepared
        elif prepared.new.id in ready:
            answers[index] = Problem(f"{index}.id", _("同一批里有两条用了同一个编号。"), _("请各用各的编号。"))
        else:
            ready[prepared.new.id] = (index, prepared)
    with transaction.atomic():
        for key in already_many(ready):
            index, prepared = ready.pop(key)
            try:
                answers[index] = resent(prepared)
            except Conflict as error:
                answers[index] = _indexed(index, error.problems)
        for (index, prepared), number in zip(ready.values(), _write(list(ready.values()), now), strict=True):
            answers[index] = answer(prepared, number)
    return [answer for answer in answers if answer is not None]


def _try(
    actor: Actor,
    index: int,
    given: Mapping[str, Any],
    places: dict[tuple[str, str, str], Place],
    now: datetime,
    shared: Shared,
) -> Prepared | Problem:
    """Return a prepared report, or the first problem of one that does not stand."""
    try:
        return _one(actor, given, places, now, shared)
    except (BadInput, Refused, NotFound, Conflict) as error:
        return _indexed(index, error.problems)
    except PermissionDenied as error:
        return Problem(f"{index}", str(error))
    except Http404 as error:
        return Problem(f"{index}.parent_id", str(error))


def _codes(reports: Sequence[Mapping[str, Any]]) -> set[str]:
    codes = (given.get("area_code") for given in reports if isinstance(given, Mapping) and not given.get("method_key"))
    return {code for code in codes if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) <= 21}


def _one(
    actor: Actor, given: Mapping[str, Any], places: dict[tuple[str, str, str], Place], now: datetime, shared: Shared
) -> Prepared:
    if not isinstance(given, Mapping):
        raise BadInput(Problem("", _("每一条应当是一个对象。")))
    if given.get("photos"):
        raise BadInput(Problem("photos", _("成批提交不带照片。"), _("请登记后在事项页面添加照片。")))
    if given.get("parent_id") is not None:
        given = {**given, "parent_id": parent_of(actor, given["parent_id"])}
    where = (str(given.get("door_token") or ""), str(given.get("area_code") or ""), str(given.get("method_key") or ""))
    place = places.get(where) if where[0] or where[1] else None
    if place is None:
        place = find_place(given)
        if where[0] or where[1]:
            places[where] = place
    new = checks.check({**given, "id": checks.v7(given.get("id")), "area_code": place.area_code}, now)
    return prepare(actor=actor, kind="record", new=new, place=place, given=given, now=now, photos=[], shared=shared)


def _indexed(index: int, problems: Sequence[Problem]) -> Problem:
    first = problems[0] if problems else Problem("", _("没有说明原因。"))
    return Problem(f"{index}.{first.field}" if first.field else f"{index}", first.why, first.how)


def _write(ready: Sequence[tuple[int, Prepared]], now: datetime) -> list[str]:
    """Write prepared reports; returns their numbers in order."""
    if not ready:
        return []
    keys = [numbers.counter_key(prepared.place.area_code, prepared.opened.created_at) for _index, prepared in ready]
    following = numbers.take_ranges(dict(Counter(keys)))
    given: list[str] = []
    drafts = []
    for key, (_index, prepared) in zip(keys, ready, strict=True):
        number = numbers.number_of(key, following[key])
        following[key] += 1
        given.append(number)
        prepared.opened.number = number
        drafts.append(prepared.draft(number, now))
    rows = build_entries(drafts)
    insert_entries(rows)
    matters, todos, parties = [], [], []
    tallies: dict[str, list[int]] = {}
    for entry, (_index, prepared) in zip(rows.entries, ready, strict=True):
        opened = prepared.opened
        matters.append(opened.values(entry.hash))
        todos.extend(opened.todos())
        parties.extend(opened.parties())
        tally = tallies.setdefault(opened.area_code, [0, 0])
        tally[0] += 1
        tally[1] += int(opened.state.is_open)
    matters.sort(key=_AREA_OF_MATTER)  # neighbours in the indexes are written one after another
    todos.sort(key=_AREA_OF_TODO)
    sql.insert_rows(store.MATTER, store.MATTER_COLUMNS, matters)
    sql.insert_rows(store.TODO, TODO_COLUMNS, todos)
    sql.insert_rows(store.PARTY, store.PARTY_COLUMNS, parties)
    store.tally_up({code: (total, open_) for code, (total, open_) in tallies.items()})
    return given
