"""Bringing an old ledger in: looked at, its columns corrected once and remembered, then in whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bihuan.areas.api import ancestors
from bihuan.kernel.api import BadInput, NotFound, Problem, clock, new_id
from bihuan.matters.api import Reported, report_batch
from bihuan.people.api import LEDGER_IMPORT, Actor, require
from bihuan.reporting.bringin import keeping
from bihuan.reporting.bringin.columns import FIELD, field_titles, fingerprint, guess
from bihuan.reporting.bringin.kinds import Kind, best, kinds_of, words_of
from bihuan.reporting.bringin.places import Places
from bihuan.reporting.bringin.reading import Source, read_sources
from bihuan.reporting.bringin.rows import Reading, Ready, RowProblem, read_rows
from bihuan.reporting.bringin.values import year_in
from bihuan.reporting.models import ImportedRow, ImportLayout, ImportRun

REGISTER = "matter"
BATCH = 500
METHOD = "method"  # beside the columns of a layout: the method its rows are matters of
KEEP_FILE = timedelta(days=1)  # a file that nobody brought in; it may hold names and numbers


class _TakenBack(Exception):
    """A row does not stand: nothing of the file goes in."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A file as it is read now: its tables, the one chosen, its method, what its columns are taken for."""

    run: ImportRun
    sources: tuple[Source, ...]
    source: Source
    fields: Mapping[int, str]
    remembered: bool
    kinds: Mapping[str, Kind]  # the methods it may be a ledger of
    kind: Kind

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Return what a column may be: what matters of every method have, then the fields of this one."""
        return [*field_titles(), *self.kind.field_titles()]

    @property
    def year(self) -> int | None:
        """Return the year of dates without one: as chosen, else the one that the sheet or its title names."""
        chosen = self.run.plan_json.get("year")
        return int(chosen) if chosen else year_in(self.source.sheet, self.source.title)

    @property
    def others(self) -> tuple[Source, ...]:
        """Return the file's other tables: they stay out until they are chosen."""
        return tuple(one for one in self.sources if one.index != self.source.index)


@dataclass(frozen=True, slots=True)
class Brought:
    """What bringing in makes, or would make, of a file."""

    rows: int
    added: int  # that go in, or went in
    already: int  # that are in from an earlier file
    problems: tuple[RowProblem, ...] = ()
    numbers: tuple[str, ...] = field(default=())

    @property
    def stops(self) -> bool:
        """Whether a row does not stand, so that nothing goes in."""
        return any(problem.stops for problem in self.problems)


def start_run(*, actor: Actor, id: UUID, area: str, name: str, data: bytes) -> ImportRun:
    """Keep an uploaded ledger to be looked at. The same id again is the same run.

    Raises:
        BadInput: unreadable, or without a table. PermissionDenied: the actor brings nothing in there.
    """
    require(actor, LEDGER_IMPORT, area)
    if actor.person_id is None and actor.kind != "system":
        raise NotFound
    read_sources(data, name, words_of(kinds_of(actor, area)))
    if (existing := _existing(actor, id)) is not None:
        return existing
    file = keeping.keep(id, data)
    try:
        with transaction.atomic():
            return ImportRun.objects.create(
                id=id,
                person_id=_person(actor),
                area_code=area,
                register=REGISTER,
                name=name[-120:],
                sha256=hashlib.sha256(data).hexdigest(),
                file=file,
                created_at=clock.now(),
            )
    except BaseException as error:
        keeping.drop(file)  # no row names it: nobody would ever delete it
        if isinstance(error, IntegrityError) and (existing := _existing(actor, id)) is not None:
            return existing  # sent twice at once: the other one was first
        raise


def _person(actor: Actor) -> UUID:
    return actor.person_id or UUID(int=0)


def _existing(actor: Actor, id: UUID) -> ImportRun | None:
    run = ImportRun.objects.filter(pk=id).first()
    if run is not None and run.person_id != _person(actor):
        raise BadInput(Problem("id", _("这个编号已用于另一个文件。"), _("请刷新页面重试。")))
    return run


def look(actor: Actor, run_id: UUID) -> Looked:
    """Read a kept file again, its columns as they were chosen, remembered, or guessed.

    Raises:
        NotFound: not the actor's, or its file is gone. PermissionDenied: the actor brings nothing in there any more.
    """
    run = ImportRun.objects.filter(pk=run_id, person_id=_person(actor)).first()
    data = keeping.read(run.pk, run.file) if run is not None else None
    if run is None or data is None:
        raise NotFound
    require(actor, LEDGER_IMPORT, run.area_code)
    kinds = kinds_of(actor, run.area_code)
    sources = tuple(read_sources(data, run.name, words_of(kinds)))
    plan: dict[str, Any] = run.plan_json
    source = next((one for one in sources if one.index == plan.get("table")), sources[0])
    print_ = fingerprint(source.columns)
    told: Mapping[str, Any] = plan.get("columns", {}) if plan.get("fingerprint") == print_ else {}
    asked, remembered = plan.get(METHOD), False
    if not told and (layout := _layout(run.area_code, print_)) is not None:
        before = layout.columns_json
        if asked in {None, before.get(METHOD)}:
            told, asked, remembered = before, before.get(METHOD), True
    kind = kinds.get(asked or "") or kinds[best(kinds, source.columns)]
    fields = guess(source.columns, source.samples(), kind.words)
    fields |= {int(left): name for left, name in told.items() if left != METHOD and kind.known(name)}
    return Looked(run, sources, source, fields, remembered, kinds, kind)


def _layout(area: str, print_: str) -> ImportLayout | None:
    """Return how a layout was read before, in this area or one above it; the nearest one counts."""
    found = ImportLayout.objects.filter(fingerprint=print_, area_code__in=ancestors(area))
    return max(found, key=lambda layout: len(layout.area_code), default=None)


def choose(
    *,
    actor: Actor,
    run_id: UUID,
    table: int,
    columns: Mapping[int, str],
    year: int | None = None,
    method: str = "",
) -> Looked:
    """Say which table it is, of which method its rows are, what its columns are; remembered for the next file alike.

    Raises:
        BadInput: no such table, column or method. NotFound: as ``look``.
    """
    looked = look(actor, run_id)
    source = next((one for one in looked.sources if one.index == table), None)
    if source is None:
        raise BadInput(Problem("table", _("文件里没有这个表。"), _("请从列出的表里选。")))
    kind = looked.kinds.get(method) if method else looked.kind
    if kind is None:
        titles = "、".join(f"{one.key}（{one.title}）" for one in looked.kinds.values())
        raise BadInput(Problem("method", _("这里不能按这个工作法登记。"), _("可用：%s。") % titles))
    known = {column.left for column in source.columns}
    chosen = {left: name for left, name in columns.items() if left in known and kind.known(name)}
    print_ = fingerprint(source.columns)
    kept = {str(left): name for left, name in chosen.items()}
    asked = kind.key if method or looked.run.plan_json.get(METHOD) else None  # else guessed anew for another table
    looked.run.plan_json = {"table": table, "fingerprint": print_, "columns": kept, "year": year, METHOD: asked}
    with transaction.atomic():
        looked.run.save(update_fields=["plan_json"])
        if chosen:
            ImportLayout.objects.update_or_create(
                area_code=looked.run.area_code,
                fingerprint=print_,
                defaults={
                    "register": REGISTER,
                    "columns_json": {**kept, METHOD: kind.key},
                    "updated_at": clock.now(),
                },
            )
    return look(actor, run_id)


def check(actor: Actor, looked: Looked) -> Brought:
    """Try a file without writing: every row that would not go in, and why."""
    return _bring(actor, looked, dry_run=True)


def bring_in(*, actor: Actor, run_id: UUID) -> Brought:
    """Bring a file in: whole, or where one row does not stand, not at all. What is in already is left as it is.

    Raises:
        NotFound: as ``look``. PermissionDenied: the actor brings nothing in there (any more).
    """
    looked = look(actor, run_id)
    try:
        brought = _bring(actor, looked, dry_run=False)
    except IntegrityError:  # somebody else brought the same rows in at this moment: they are in now
        brought = _bring(actor, looked, dry_run=False)
    if not brought.stops:
        keeping.drop(looked.run.file)
        ImportRun.objects.filter(pk=run_id, state="looking").update(
            state="in", file="", rows=brought.rows, added=brought.added, done_at=clock.now()
        )
    return brought


def give_up(*, actor: Actor, run_id: UUID) -> None:
    """Delete a file that is not to be brought in.

    Raises:
        NotFound: as ``look``.
    """
    run = look(actor, run_id).run
    keeping.drop(run.file)
    ImportRun.objects.filter(pk=run_id).update(state="given_up", file="", done_at=clock.now())


def forget_files() -> int:
    """Delete the files that were neither brought in nor given up within a day. A job of the worker."""
    old = ImportRun.objects.filter(state="looking", created_at__lt=clock.now() - KEEP_FILE).exclude(file="")
    for run in old:
        keeping.drop(run.file)
    return old.update(state="given_up", file="", done_at=clock.now())


def _bring(actor: Actor, looked: Looked, *, dry_run: bool) -> Brought:
    run = looked.run
    require(actor, LEDGER_IMPORT, run.area_code)
    places = Places.of(run.area_code)
    reading = Reading(looked.source, looked.fields, places, looked.kind.info, clock.now(), looked.year)
    ready = read_rows(reading)
    problems = list(reading.problems)
    numbers: list[str] = []
    fresh: list[Ready] = []
    try:
        with transaction.atomic():
            fresh = _not_yet(run, ready)
            for begin in range(0, len(fresh), BATCH):
                numbers += _write(actor, looked, fresh[begin : begin + BATCH], problems)
            if dry_run or any(problem.stops for problem in problems):
                raise _TakenBack
    except _TakenBack:
        if not dry_run:
            numbers = []
    problems.sort(key=lambda problem: problem.line)
    return Brought(
        rows=len(looked.source.rows),
        added=len(numbers),
        already=len(ready) - len(fresh),
        problems=tuple(problems),
        numbers=() if dry_run else tuple(numbers),
    )


def _not_yet(run: ImportRun, ready: list[Ready]) -> list[Ready]:
    """Return the rows that are not in yet."""
    known: set[str] = set()
    for begin in range(0, len(ready), BATCH):
        prints = [one.print for one in ready[begin : begin + BATCH]]
        found = ImportedRow.objects.filter(register=REGISTER, area_code=run.area_code, fingerprint__in=prints)
        known |= set(found.values_list("fingerprint", flat=True))
    return [one for one in ready if one.print not in known]


def _write(actor: Actor, looked: Looked, rows: list[Ready], problems: list[RowProblem]) -> list[str]:
    """Write some rows and remember them; what does not stand goes to the problems. Returns the numbers given."""
    ids = [new_id() for _row in rows]
    answers = report_batch(
        actor=actor,
        reports=[
            {**row.given, "id": str(id_), "method_key": looked.kind.key} for id_, row in zip(ids, rows, strict=True)
        ],
    )
    titles = {
        name.removeprefix(FIELD): title for left, name in looked.fields.items() if (title := _heading(looked, left))
    }
    numbers, kept = [], []
    for row, answer in zip(rows, answers, strict=True):
        if isinstance(answer, Reported):
            numbers.append(answer.number)
            kept.append(
                ImportedRow(
                    register=REGISTER,
                    area_code=looked.run.area_code,
                    fingerprint=row.print,
                    subject_type="matter",
                    subject_id=answer.matter_id,
                    run=looked.run,
                )
            )
        else:
            column = answer.field.partition(".")[2]
            problems.append(RowProblem(row.line, titles.get(column, ""), answer.why, answer.how))
    ImportedRow.objects.bulk_create(kept, batch_size=200)
    return numbers


def _heading(looked: Looked, left: int) -> str:
    return next((column.title for column in looked.source.columns if column.left == left), "")
