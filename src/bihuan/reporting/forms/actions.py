"""Forms: what people do with them. A blank one is looked at, what is not known is answered, it is filled."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.areas.api import find
from bihuan.kernel.api import BadInput, NotFound, Problem, Refused, clock, visible
from bihuan.people.api import FORM_FILL, Actor, require
from bihuan.reporting.exports.actions import note_export
from bihuan.reporting.figures.months import period
from bihuan.reporting.forms import store
from bihuan.reporting.forms.facts import Record, first_day, last_day, place_of
from bihuan.reporting.forms.filling import Frame, Plan, plan
from bihuan.reporting.forms.meanings import Meanings
from bihuan.reporting.forms.recognise import recognise
from bihuan.reporting.forms.shapes import Form
from bihuan.reporting.forms.words import Place, words
from bihuan.reporting.models import FormRun
from bihuan.reporting.sheets.grid import Unreadable
from bihuan.reporting.sheets.patch import fill, old_format
from bihuan.reporting.sheets.reading import read_grid
from bihuan.reporting.sheets.safety import Limits

LIMITS = Limits(packed=5 * 1024 * 1024, unpacked=40 * 1024 * 1024, sheet=8 * 1024 * 1024, cells=120_000)
_MOST_ANSWERS = 500


@dataclass(frozen=True, slots=True)
class Filled:
    """A form given back: its bytes, as what it was understood, what was filled and what was left."""

    data: bytes
    form: Form
    plan: Plan


@dataclass(frozen=True, slots=True)
class Read:
    """A blank form as it is understood where it is filled."""

    form: Form
    place: Place


def understand(*, data: bytes, name: str, area_code: str, answers: Mapping[str, str] | None = None) -> Read:
    """Read a blank form with all that an area remembers. Writes nothing.

    Raises:
        BadInput: it is no workbook, damaged, too large, or of an old format that cannot be filled in place.
    """
    try:
        grid = read_grid(data, LIMITS)
        if not grid.writable:
            raise old_format()
    except Unreadable as error:
        raise BadInput(problem_of(error)) from error
    place = place_of(area_code)
    said = {"answers": answers or {}, "name": name}
    common = store.remembered(area_code)
    form = recognise(grid, words(), place, remembered=common, **said)  # type: ignore[arg-type]
    known = store.remembered(area_code, form.fingerprint)
    if known != common:
        form = recognise(grid, words(), place, remembered=known, **said)  # type: ignore[arg-type]
    return Read(form, place)


def problem_of(error: Unreadable) -> Problem:
    """Return why a file cannot be taken, in the reader's language."""
    english = (get_language() or "").startswith("en")
    return Problem("file", error.why_en if english else error.why, error.how_en if english else error.how)


@transaction.atomic
def look(*, actor: Actor, id: UUID, area_code: str, name: str, data: bytes, since: int, until: int) -> FormRun:
    """Take a blank form in: keep it for a month, so that it can be asked about and filled.

    Args:
        actor: needs FORM_FILL in the area.
        id: the run's, made by the client; the same again gives the same run.
        area_code: whose figures and registers fill it.
        name: the file's name.
        data: the file.
        since: the first month that it is about (202404).
        until: the last one.

    Raises:
        PermissionDenied: no right to fill forms there. BadInput: the file, the period.
        NotFound: no such area, or the id is somebody else's.
    """
    require(actor, FORM_FILL, area_code)
    if find(area_code) is None:
        raise NotFound(Problem("area", _("没有这个区域。"), _("请从列表里选。")))
    months = period(since, until)
    if (before := FormRun.objects.filter(pk=id).first()) is not None:
        if before.person_id != actor.person_id:
            raise NotFound(Problem("id", _("没有这张表。"), _("请重新上传。")))
        return before
    understand(data=data, name=name, area_code=area_code)
    if actor.person_id is None:
        raise Refused(Problem("file", _("没有登录，不能保存表格。"), _("请先登录。")))
    file = store.keep_file(id, data)
    try:
        with transaction.atomic():
            return FormRun.objects.create(
                id=id,
                person_id=actor.person_id,
                area_code=area_code,
                name=visible(name)[-120:] or _("未命名.xlsx"),
                sha256=hashlib.sha256(data).hexdigest(),
                file=file,
                period_from=first_day(months.since),
                period_until=last_day(months.until),
                created_at=clock.now(),
            )
    except IntegrityError as error:  # sent twice at once: the other one was first
        store.drop_file(file)
        raise NotFound(Problem("id", _("没有这张表。"), _("请重新上传。"))) from error


@transaction.atomic
def answer(*, actor: Actor, run_id: UUID, answers: Mapping[str, str]) -> FormRun:
    """Say what headings mean: kept with this form, remembered for the next one alike. "" takes it back.

    Raises:
        NotFound: no such form of the actor's, or its file was deleted. BadInput: an answer that there is not.
    """
    run = mine(actor, run_id)
    read = read_run(run)
    of = {key: items.of for items in read.form.items for _left, key in items.columns}
    meanings = Meanings(run.area_code, read.place)
    wrong = [
        Problem(key[:120], _("没有这个选项。"), _("请从列表里选。"))
        for key, meaning in list(answers.items())[:_MOST_ANSWERS]
        if key not in read.form.slots
        or (meaning and not meanings.allowed(read.form.slots[key], meaning, of.get(key, "")))
    ]
    if wrong or len(answers) > _MOST_ANSWERS:
        raise BadInput(*(wrong or [Problem("answers", _("一次回答的太多。"), _("请分几次。"))]))
    kept = {**run.answers_json, **answers}
    run.answers_json = {key: meaning for key, meaning in kept.items() if meaning}
    run.save(update_fields=["answers_json"])
    store.remember(run.area_code, run.name, read.form, answers)
    return run


@transaction.atomic
def fill_run(*, actor: Actor, run_id: UUID) -> Filled:
    """Fill a form that was looked at, with what is true now; keeps what was left blank.

    Raises:
        NotFound: no such form of the actor's, or its file was deleted. BadInput: the file.
    """
    run = mine(actor, run_id)
    data = store.read_file(run)
    if data is None:
        raise _gone()
    read = read_run(run)
    filled = _fill(actor, data, read, run.area_code, month_of(run.period_from), month_of(run.period_until))
    run.left_json = [[one.sheet, one.ref, one.heading, one.why.zh] for one in filled.plan.left][:_MOST_ANSWERS]
    run.filled_at = clock.now()
    run.save(update_fields=["left_json", "filled_at"])
    _note(actor, filled, run.area_code, month_of(run.period_from), month_of(run.period_until), str(run.pk))
    return filled


def fill_form(
    *,
    actor: Actor,
    area_code: str,
    name: str,
    data: bytes,
    since: int,
    until: int,
    answers: Mapping[str, str] | None = None,
) -> Filled:
    """Fill a form at once, with answers given along; keeps nothing but the entry that it was taken out.

    Raises:
        PermissionDenied: no right to fill forms there. BadInput: the file, the period.
    """
    require(actor, FORM_FILL, area_code)
    months = period(since, until)
    read = understand(data=data, name=name, area_code=area_code, answers=answers)
    filled = _fill(actor, data, read, area_code, months.since, months.until)
    _note(actor, filled, area_code, months.since, months.until)
    return filled


def _note(actor: Actor, filled: Filled, area_code: str, since: int, until: int, key: str = "") -> None:
    """Leave an entry: a filled form carries lines out of the house like any other file."""
    months = {"since": f"{since // 100}-{since % 100:02d}", "until": f"{until // 100}-{until % 100:02d}"}
    note_export(
        actor=actor, what="form", form="xlsx", area_code=area_code, rows=len(filled.plan.done), key=key,
        filters=months,
    )  # fmt: skip


def planned(actor: Actor, read: Read, area_code: str, since: int, until: int) -> Plan:
    """Work out what a form would be filled with. What goes into a form is Chinese, whatever the reader's language."""
    area = find(area_code)
    today = clock.today()
    frame = Frame(
        unit=area.name if area is not None else area_code,
        person=actor.name if actor.kind == "person" else "",
        today=today,
        since=first_day(since),
        until=max(min(last_day(until), today), first_day(until)),
    )
    with translation.override("zh-hans"):
        return plan(read.form, Record(actor, area_code, since, until), frame)


def _fill(actor: Actor, data: bytes, read: Read, area_code: str, since: int, until: int) -> Filled:
    made = planned(actor, read, area_code, since, until)
    try:
        return Filled(fill(data, made.values, made.like, LIMITS), read.form, made)
    except Unreadable as error:
        raise BadInput(problem_of(error)) from error


def mine(actor: Actor, run_id: UUID) -> FormRun:
    """Return one of the actor's own runs; the right is asked anew, since a post may have ended.

    Raises:
        NotFound: there is none. PermissionDenied: no right to fill forms there any more.
    """
    run = FormRun.objects.filter(pk=run_id, person_id=actor.person_id or UUID(int=0)).first()
    if run is None:
        raise NotFound(Problem("id", _("没有这张表。"), _("请重新上传。")))
    require(actor, FORM_FILL, run.area_code)
    return run


def read_run(run: FormRun) -> Read:
    """Read a run's blank form with what was said of it.

    Raises:
        NotFound: its file was deleted.
    """
    data = store.read_file(run)
    if data is None:
        raise _gone()
    return understand(data=data, name=run.name, area_code=run.area_code, answers=run.answers_json)


def month_of(day: object) -> int:
    """Return a day's month: 1 April 2024 → 202404."""
    return int(getattr(day, "year", 0)) * 100 + int(getattr(day, "month", 0))


def _gone() -> NotFound:
    return NotFound(Problem("file", _("这张空白表已过一个月，已经删除。"), _("请重新上传；以前的回答还记得。")))
