"""Superiors' forms by the machine interface: a blank one sent, what is recognised, what is asked, given back filled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from bihuan.api.access import FILE, caller, file_of, keyed
from bihuan.api.rest.given import EntryId
from bihuan.api.rest.inputs import FILE_BODY, READ, WRITE, AreaCode, FileName, In, Month, Reason
from bihuan.api.scopes import FORMS_WRITE
from bihuan.people.api import FORM_FILL
from bihuan.reporting.api import (
    FormPage,
    FormQuestion,
    answer_form,
    choose_form_matters,
    fill_run,
    form_page,
    forms_of,
    look_at_form,
)
from bihuan.reporting.models import FormRun

router = Router(tags=["forms"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSM = "application/vnd.ms-excel.sheet.macroEnabled.12"
_FILLS = keyed(FORMS_WRITE, needs=FORM_FILL)
Words = Annotated[str, Field(max_length=200)]


class RunOut(Schema):
    """A blank form that was sent; it is kept for a month."""

    id: UUID
    name: str
    area_code: str
    period_from: date
    period_until: date
    created_at: datetime
    filled_at: datetime | None


class RunsOut(Schema):
    """The forms that the caller sent lately, the newest first."""

    forms: list[RunOut]


class ChoiceOut(Schema):
    """One thing that a heading may mean."""

    meaning: str
    title: str


class QuestionOut(Schema):
    """A heading, where it stands ("C4"), what it is taken for ("": not known), and what it may mean."""

    key: str
    sheet: str
    spot: str
    heading: str
    meaning: str
    proposed: str
    why: str
    likely: list[ChoiceOut]
    choices: list[ChoiceOut]


class DoneOut(Schema):
    """A cell, or a column with so many cells, that gets a value."""

    sheet: str
    ref: str
    heading: str
    value: str
    count: int


class LeftOut(Schema):
    """What stays blank, and why."""

    sheet: str
    ref: str
    heading: str
    why: str


class FormOut(RunOut):
    """A form as it is understood: what is asked, what is known, what would be filled, what stays blank."""

    open: list[QuestionOut]
    known: list[QuestionOut]
    done: list[DoneOut]
    left: list[LeftOut]
    cells: int
    card: bool = Field(description="it is for one matter: say which by its number")
    matters: list[str]


class AnswersIn(In):
    """By a question's key what it means; "" takes an answer back, "-" leaves it blank on purpose."""

    answers: dict[Words, Words] = Field(max_length=60)


class MattersIn(In):
    """For which matters a card is filled, by number."""

    numbers: list[Annotated[str, Field(max_length=32)]] = Field(max_length=100)


class FillIn(In):
    """``reason``: of a card: why names and numbers are wanted in the clear; sessions alone may, each is recorded."""

    reason: Reason = ""


class BlankIn(Schema):
    """Whose figures and registers fill it, and the first and last month that it is about."""

    id: EntryId
    area: AreaCode
    name: FileName
    since: Month
    until: Month


def _run(row: FormRun) -> dict[str, Any]:
    return {name: getattr(row, name) for name in RunOut.model_fields}


def _asked(one: FormQuestion) -> dict[str, Any]:
    slot = one.slot
    told = {"key": slot.key, "sheet": slot.sheet, "heading": slot.heading}
    told |= {"meaning": slot.meaning, "proposed": slot.proposed}
    same = {"spot": one.spot, "why": one.why}
    listed = {
        name: [{"meaning": meaning, "title": title} for meaning, title in getattr(one, name)]
        for name in ("likely", "choices")
    }
    return told | same | listed


def _page(page: FormPage) -> dict[str, Any]:
    return _run(page.run) | {
        "open": [_asked(one) for one in page.open],
        "known": [_asked(one) for one in page.known],
        "done": page.done,
        "left": page.left,
        "cells": page.cells,
        "card": page.card,
        "matters": [row.number for row in page.matters],
    }


@router.get("/forms", auth=_FILLS, response={200: RunsOut, **READ})
def get_forms(request: HttpRequest) -> Any:
    """The forms that the caller sent lately."""
    return Status(200, {"forms": [_run(row) for row in forms_of(caller(request))]})


@router.post(
    "/forms",
    auth=keyed(FORMS_WRITE, most=FILE, needs=FORM_FILL),
    response={200: FormOut, **WRITE},
    openapi_extra=FILE_BODY,
)
def post_form(request: HttpRequest, blank: Query[BlankIn]) -> Any:
    """Send a blank Excel form (the body, its bytes as they are); the answer says what it is understood as."""
    actor = caller(request)
    run = look_at_form(
        actor=actor, id=blank.id, area_code=blank.area, name=blank.name, data=file_of(request), since=blank.since,
        until=blank.until,
    )  # fmt: skip
    return Status(200, _page(form_page(actor, run.pk)))


@router.get("/forms/{uuid:form_id}", auth=_FILLS, response={200: FormOut, **READ})
def get_form(request: HttpRequest, form_id: UUID) -> Any:
    """One form as it is understood now."""
    return Status(200, _page(form_page(caller(request), form_id)))


@router.post("/forms/{uuid:form_id}/answers", auth=_FILLS, response={200: FormOut, **WRITE})
def post_form_answers(request: HttpRequest, form_id: UUID, payload: AnswersIn) -> Any:
    """Say what headings mean; remembered for the next form alike."""
    actor = caller(request)
    answer_form(actor=actor, run_id=form_id, answers=payload.answers)
    return Status(200, _page(form_page(actor, form_id)))


@router.post("/forms/{uuid:form_id}/matters", auth=_FILLS, response={200: FormOut, **WRITE})
def post_form_matters(request: HttpRequest, form_id: UUID, payload: MattersIn) -> Any:
    """Say for which matters a card is filled."""
    actor = caller(request)
    choose_form_matters(actor=actor, run_id=form_id, numbers=payload.numbers)
    return Status(200, _page(form_page(actor, form_id)))


@router.post(
    "/forms/{uuid:form_id}/filled",
    auth=_FILLS,
    response={200: str, **WRITE},
    openapi_extra={"responses": {200: {"content": {XLSX: {}, XLSM: {}}}}},
)
def post_form_filled(request: HttpRequest, form_id: UUID, payload: FillIn) -> HttpResponse:
    """Get the form back filled with what is true now; all else in it as it was."""
    actor = caller(request)
    run = form_page(actor, form_id).run
    filled = fill_run(actor=actor, run_id=form_id, reason=payload.reason)
    macros = run.name.lower().endswith(".xlsm")
    response = HttpResponse(filled.data, content_type=XLSM if macros else XLSX)
    response["Content-Disposition"] = f'attachment; filename="{form_id}.{"xlsm" if macros else "xlsx"}"'
    response["Cache-Control"] = "private, no-store"
    return response
