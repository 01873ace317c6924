"""Recording visits: one by one, or five hundred from a phone that was out of reach.

What stands is written in one transaction; a visit that does not stand is told with its problems and keeps none of the
others out. Whether it counts towards its round is told, and never a reason not to record it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.fieldwork import judging, store
from bihuan.fieldwork.labels import why_title
from bihuan.fieldwork.models import Visit
from bihuan.fieldwork.preparing import Around, Item, pair_again, prepare, read_around, still_paired
from bihuan.fieldwork.shapes import NewVisit, RecordedVisit
from bihuan.fieldwork.shaping import check_visit
from bihuan.fieldwork.store import Ready
from bihuan.fieldwork.verbs import RECORDED
from bihuan.kernel.api import (
    BadInput,
    Conflict,
    NotFound,
    Problem,
    Refused,
    already_many,
    build_entries,
    clock,
    find_files,
    keep_many,
    ready_files,
)
from bihuan.kernel.uploads import UNNAMED
from bihuan.people.api import Actor

MOST = 500
ATTEMPTS = 4
SUBJECT = "visit"


def record(actor: Actor, given: Mapping[str, Any]) -> RecordedVisit:
    """Record one visit; see ``actions.record_visit``. At most eight statements, files apart."""
    now = clock.now()
    new = check_visit(given, now)
    files = _files(new)
    around = read_around(actor, [new], now)
    try:
        item = prepare(around, 0, new, files)
    except (Refused, Http404):
        before = _in_before(actor, new)
        if before is None:
            raise
        return before
    try:
        with transaction.atomic():
            _lock([item])
            pair_again(around, [item])
            still_paired(around, item)
            _write([item], now)
    except IntegrityError:
        again = _again(actor, [new.id])
        if new.id not in again:
            raise
        return _settle(again[new.id])
    return _answer(item.ready)


def record_many(actor: Actor, visits: Sequence[Mapping[str, Any]]) -> list[RecordedVisit | Problem]:
    """Record up to 500 visits in their order; see ``actions.record_visits``."""
    if len(visits) > MOST:
        raise BadInput(Problem("visits", _("一次最多 %(n)s 条。") % {"n": MOST}, _("请分几次提交。")))
    now = clock.now()
    answers: list[RecordedVisit | Problem | None] = [None] * len(visits)
    checked = [(index, new) for index, given in enumerate(visits) if (new := _check(index, given, now, answers))]
    around = read_around(actor, [new for _index, new in checked], now)
    come = _come(actor, [new for _index, new in checked])
    items: dict[UUID, Item] = {}
    for index, new in checked:
        if new.id in items:
            answers[index] = Problem(f"{index}.id", _("同一批里有两条用了同一个编号。"), _("请各用各的编号。"))
        elif not come.get(new.id, True):
            why = _("有文件还没有传到，或者已经用在别处。")
            answers[index] = Problem(f"{index}.photos", why, _("请等文件传完再试，或重新选择。"))
        elif (item := _try(around, index, new, answers)) is not None:
            items[new.id] = item
    _answer_resent(actor, checked, answers)
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                _write_new(around, dict(items), answers, now)
            break
        except IntegrityError:  # another phone sent some of them meanwhile: they are there now
            if attempt == ATTEMPTS - 1:
                raise
    return [answer for answer in answers if answer is not None]


def _write_new(
    around: Around, items: dict[UUID, Item], answers: list[RecordedVisit | Problem | None], now: datetime
) -> None:
    """Answer what is in the record already, write the rest."""
    _lock(items.values())
    pair_again(around, list(items.values()))
    for key, row in _again(around.actor, already_many(items)).items():
        item = items.pop(key)
        try:
            answers[item.index] = _settle(row)
        except Conflict as error:
            answers[item.index] = _indexed(item.index, error.problems)
    for key, item in list(items.items()):
        if (problem := _told(item.index, partial(still_paired, around, item))) is not None:
            answers[item.index] = problem
            del items[key]
    _write(list(items.values()), now)
    for item in items.values():
        answers[item.index] = _answer(item.ready)


def _come(actor: Actor, visits: Sequence[NewVisit]) -> dict[UUID, bool]:
    """Say of each visit that names files sent ahead whether they are all there: one statement, none without such."""
    named = {
        new.id: [file.file_id for file in (*new.photos, *new.sounds) if file.upload is None and file.file_id]
        for new in visits
        if new.photos or new.sounds
    }
    there = find_files({key for keys in named.values() for key in keys})
    mine = {(UNNAMED, actor.person_id)}
    return {
        visit: all(
            key in there and (there[key].subject_type, there[key].subject_id) in mine | {(SUBJECT, visit)}
            for key in keys
        )
        for visit, keys in named.items()
    }


def _check(
    index: int, given: Mapping[str, Any], now: datetime, answers: list[RecordedVisit | Problem | None]
) -> NewVisit | None:
    try:
        if not isinstance(given, Mapping):
            raise BadInput(Problem("", _("每一条应当是一个对象。")))
        return check_visit(given, now)
    except BadInput as error:
        answers[index] = _indexed(index, error.problems)
    return None


def _try(around: Around, index: int, new: NewVisit, answers: list[RecordedVisit | Problem | None]) -> Item | None:
    found: list[Item] = []
    answers[index] = _told(index, lambda: found.append(prepare(around, index, new, _files(new))))
    return found[0] if found else None


def _told(index: int, check: Callable[[], None]) -> Problem | None:
    """Do what may be refused; return the refusal as the answer to one visit of many, None where there is none."""
    try:
        check()
    except (BadInput, Refused, NotFound, Conflict) as error:
        return _indexed(index, error.problems)
    except (PermissionDenied, Http404) as error:
        return Problem(f"{index}", str(error))
    return None


def _indexed(index: int, problems: Sequence[Problem]) -> Problem:
    first = problems[0] if problems else Problem("", _("没有说明原因。"))
    return Problem(f"{index}.{first.field}" if first.field else f"{index}", first.why, first.how)


def _files(new: NewVisit) -> list[Any]:
    return [*ready_files(new.photos), *ready_files(new.sounds, kind="sound")] if new.photos or new.sounds else []


# --- writing -------------------------------------------------------------------------------------------------------


def _lock(items: Iterable[Item]) -> None:
    """Let others wait who record visits to the same targets of rounds."""
    store.lock({item.ready.target for item in items if item.ready.new.round})


def _write(items: Sequence[Item], now: datetime) -> None:
    """Judge and write visits, their entries and what follows from them."""
    if not items:
        return
    in_rounds = [(item.ready, item.ref) for item in items if item.ready.new.round]
    late = judging.judge(in_rounds)
    rows = build_entries(item.ready.draft(RECORDED, now) for item in items)
    written = [item.ready.values(entry.hash, now) for entry, item in zip(rows.entries, items, strict=True)]
    store.insert(rows, written)
    store.fold([ready for ready, _ref in in_rounds if ready.counted and ready.key not in late])
    for key in sorted(late):
        there = [ready for ready, _ref in in_rounds if ready.key[0] == key[0] and ready.key[2] == key[2]]
        first = min(there, key=lambda ready: ready.new.happened_at)
        judging.rejudge(key, first.new.happened_at, first.version_id)
    _tell_pairings(items)
    kept = [(item.ready.new.id, item.ready.new.id, item.files) for item in items if item.files]
    if kept:
        keep_many(kept, subject_type=SUBJECT, person_id=items[0].ready.actor.person_id)


def _tell_pairings(items: Sequence[Item]) -> None:
    latest: dict[UUID, datetime] = {}
    for item in items:
        new = item.ready.new
        if new.pairing_id is not None and item.ready.counted:
            latest[new.pairing_id] = max(latest.get(new.pairing_id, new.happened_at), new.happened_at)
    store.visited_pairings(latest)


def _answer(ready: Ready) -> RecordedVisit:
    why = ready.not_counted
    return RecordedVisit(ready.new.id, created=True, counted=ready.counted, not_counted=why, why=why_title(why))


# --- again ---------------------------------------------------------------------------------------------------------


def _again(actor: Actor, ids: Sequence[UUID] | set[UUID]) -> dict[UUID, Visit | None]:
    """Return the visits that are in the record under these ids; None where the id is another record's."""
    if not ids or actor.person_id is None:
        return {}
    rows = {row.pk: row for row in Visit.objects.filter(pk__in=ids, person_id=actor.person_id)}
    return {key: rows.get(key) for key in already_many(ids)}


def _in_before(actor: Actor, new: NewVisit) -> RecordedVisit | None:
    """Answer a visit to a household that is in though none could be recorded any more; None where it is not in.

    The answer was lost on the way and the household took its consent back since: the phone need not keep the words.
    """
    row = _again(actor, [new.id]).get(new.id) if new.pairing_id is not None else None
    return _settle(row) if row is not None else None


def _answer_resent(
    actor: Actor, checked: Sequence[tuple[int, NewVisit]], answers: list[RecordedVisit | Problem | None]
) -> None:
    """Do as ``_in_before`` for many: two statements where a visit to a household was refused, none otherwise."""
    refused = {
        new.id: index for index, new in checked if new.pairing_id is not None and isinstance(answers[index], Problem)
    }
    for key, row in _again(actor, set(refused)).items() if refused else ():
        if row is not None:
            answers[refused[key]] = _settle(row)


def _settle(row: Visit | None) -> RecordedVisit:
    if row is None:
        raise Conflict(None, Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面后重新提交；内容不会丢失。")))
    return RecordedVisit(
        row.pk, created=False, counted=row.counted, not_counted=row.not_counted, why=why_title(row.not_counted)
    )
