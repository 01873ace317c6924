"""Forms: what people do with them. A blank one is looked at, what is not known is answered, it is filled."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bihuan.areas.api import find
from bihuan.kernel.api import BadInput, NotFound, Problem, Refused, clock, visible
from bihuan.matters.api import LedgerRow, by_numbers
from bihuan.people.api import FORM_FILL, Actor, require
from bihuan.reporting.exports.actions import note_export
from bihuan.reporting.figures.months import period
from bihuan.reporting.forms import store
from bihuan.reporting.forms.facts import first_day, last_day
from bihuan.reporting.forms.making import Asked, Filled, Read, make, of_slots, understand
from bihuan.reporting.forms.matters import MOST, chosen
from bihuan.reporting.forms.meanings import Meanings
from bihuan.reporting.models import FormRun

_MOST_ANSWERS = 500


@transaction.atomic
def look(
    *,
    actor: Actor,
    id: UUID,
    area_code: str,
    name: str,
    data: bytes,
    since: int,
    until: int,
    matters: Sequence[UUID] = (),
) -> FormRun:
    """Take a blank form in: keep it for a month, so that it can be asked about and filled.

    Args:
        actor: needs FORM_FILL in the area.
        id: the run's, made by the client; the same again gives the same run.
        area_code: whose figures and registers fill it.
        name: the file's name.
        data: the file.
        since: the first month that it is about (202404).
        until: the last one.
        matters: of a card for one matter, which ones it is filled for.

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
                matters_json=[row.id.hex for row in chosen(actor, area_code, matters)],
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
    of = of_slots(read.form)
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
def choose(*, actor: Actor, run_id: UUID, numbers: Sequence[str]) -> FormRun:
    """Say for which matters a card is filled, by their numbers; none takes it back.

    Raises:
        NotFound: no such form of the actor's. BadInput: a number that is of no matter one may see there.
    """
    run = mine(actor, run_id)
    run.matters_json = [one.hex for one in by_numbers(actor, run.area_code, numbers, MOST)]
    run.save(update_fields=["matters_json"])
    return run


@transaction.atomic
def fill_run(*, actor: Actor, run_id: UUID, reason: str = "") -> Filled:
    """Fill a form that was looked at, with what is true now; keeps what was left blank.

    Args:
        actor: whose form it is.
        run_id: the form.
        reason: of a card: why names and telephones are wanted in the clear; each reading is kept with it. Without one
            they are masked.

    Raises:
        NotFound: no such form of the actor's, or its file was deleted. BadInput: the file.
        PermissionDenied: a reason is given, and there is no right to personal values.
    """
    run = mine(actor, run_id)
    data = store.read_file(run)
    if data is None:
        raise _gone()
    read = read_run(run)
    frame = Asked(run.area_code, month_of(run.period_from), month_of(run.period_until), run.name, reason)
    filled = make(actor, data, read, frame, matters_of(actor, run))
    run.left_json = [[one.sheet, one.ref, one.heading, one.why.zh] for one in filled.plan.left][:_MOST_ANSWERS]
    run.filled_at = clock.now()
    run.save(update_fields=["left_json", "filled_at"])
    _note(actor, filled, run.area_code, month_of(run.period_from), month_of(run.period_until), str(run.pk))
    return filled


@transaction.atomic
def fill_form(
    *,
    actor: Actor,
    area_code: str,
    name: str,
    data: bytes,
    since: int,
    until: int,
    answers: Mapping[str, str] | None = None,
    numbers: Sequence[str] = (),
    reason: str = "",
) -> Filled:
    """Fill a form at once, with answers given along; keeps nothing but the entry that it was taken out, and readings.

    Args:
        actor: needs FORM_FILL in the area.
        area_code: whose figures and registers fill it.
        name: the file's name.
        data: the file.
        since: the first month (202404).
        until: the last one.
        answers: what headings mean.
        numbers: of a card: the numbers of the matters it is filled for.
        reason: of a card: as ``fill_run``.

    Raises:
        PermissionDenied: no right to fill forms there. BadInput: the file, the period, a number.
    """
    require(actor, FORM_FILL, area_code)
    months = period(since, until)
    matters = chosen(actor, area_code, by_numbers(actor, area_code, numbers, MOST))
    read = understand(data=data, name=name, area_code=area_code, answers=answers)
    if matters and not read.form.cards:
        raise BadInput(
            Problem("matter", _("这张表不是一件事一张的，不用选事项。"), _("去掉选的事项再填；或者换一张表。"))
        )
    filled = make(actor, data, read, Asked(area_code, months.since, months.until, name, reason), matters)
    _note(actor, filled, area_code, months.since, months.until)
    return filled


def _note(actor: Actor, filled: Filled, area_code: str, since: int, until: int, key: str = "") -> None:
    """Leave an entry: a filled form carries lines out of the house like any other file."""
    months = {"since": f"{since // 100}-{since % 100:02d}", "until": f"{until // 100}-{until % 100:02d}"}
    note_export(
        actor=actor, what="form", form="xlsx", area_code=area_code, rows=len(filled.plan.done), key=key,
        filters=months,
    )  # fmt: skip


def matters_of(actor: Actor, run: FormRun) -> list[LedgerRow]:
    """Return the matters that a card is filled for, those that one may still see."""
    return chosen(actor, run.area_code, [UUID(one) for one in run.matters_json])


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
