"""Reads behind sign-in: the list, and the page of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.areas.api import names as area_names
from bihuan.kernel.api import BadInput, EntryView, Problem, Refused, sentence, unseal
from bihuan.kernel.models import Entry, Sealed
from bihuan.people.api import (
    BULLETIN_READ,
    BULLETIN_SIGN,
    BULLETIN_WRITE,
    FIGURE_READ,
    Actor,
    access,
    can,
    person_names,
    visible,
)
from bihuan.reporting.bulletins import guards, heads
from bihuan.reporting.bulletins.actions.checking import Difference, differences
from bihuan.reporting.bulletins.actions.drafting import reader_of
from bihuan.reporting.bulletins.narrowing import said
from bihuan.reporting.bulletins.reader import period_words
from bihuan.reporting.bulletins.shapes import Listing, ObjectionLine, Page, Row, TimelineLine
from bihuan.reporting.bulletins.showing import shown
from bihuan.reporting.bulletins.templates import templates_in
from bihuan.reporting.bulletins.wording import Only
from bihuan.reporting.models import Bulletin

PAGE = 30


def bulletins(
    actor: Actor, *, kind: str = "", state: str = "", cursor: str | None = None, limit: int = PAGE
) -> Listing:
    """Return one page of what an actor may see, the newest first.

    Raises:
        BadInput: for a bent cursor.
    """
    found = visible(actor, BULLETIN_READ, Bulletin.objects.all())
    if kind in Bulletin.Kind.values:
        found = found.filter(kind=kind)
    if state in Bulletin.State.values:
        found = found.filter(state=state)
    return page_of(found, "created_at", cursor, limit)


def page_of(found: QuerySet[Bulletin], at: str, cursor: str | None, limit: int) -> Listing:
    """Return one page by key: the newest first by ``at``, then by id."""
    if cursor:
        try:
            when, _bar, key = cursor.partition("|")
            moment, last = datetime.fromisoformat(when), UUID(key)
        except ValueError as error:
            raise BadInput(Problem("cursor", _("翻页的位置不对。"), _("请回到第一页。"))) from error
        if moment.tzinfo is None:
            raise BadInput(Problem("cursor", _("翻页的位置不对。"), _("请回到第一页。")))
        found = found.filter(Q(**{f"{at}__lt": moment}) | Q(**{at: moment, "pk__lt": last}))
    rows = list(found.defer("blocks_json", "figures_json").order_by(f"-{at}", "-pk")[: limit + 1])
    called = area_names({row.area_code for row in rows}) if rows else {}
    more = len(rows) > limit
    rows = rows[:limit]
    return Listing(
        tuple(_row(row, called, at) for row in rows),
        f"{getattr(rows[-1], at).isoformat()}|{rows[-1].pk}" if more else None,
    )


def _row(row: Bulletin, called: dict[str, str], at: str) -> Row:
    return Row(
        id=row.pk,
        kind=row.kind,
        kind_title=guards.kind_title(row.kind),
        title=row.title,
        number=row.number,
        area_name=called.get(row.area_code, row.area_code),
        state=row.state,
        state_title=guards.state_title(row),
        at=getattr(row, at),
    )


def bulletin_page(actor: Actor, bulletin_id: UUID) -> Page:
    """Return the page of one: the text with its numbers, what differs now, objections, what was done.

    Raises:
        Http404: when there is none, or the actor may not know of it.
    """
    row = access(actor, BULLETIN_READ, Bulletin.objects.all(), pk=bulletin_id)
    people = person_names({key for key in (row.author_id, row.signer_id) if key})
    titles = {one.key: one.title for one in templates_in(row.area_code)} if row.template else {}
    return Page(
        row=row,
        area_name=area_names([row.area_code]).get(row.area_code, row.area_code),
        kind_title=guards.kind_title(row.kind),
        state_title=guards.state_title(row),
        template_title=titles.get(row.template, row.template),
        period=period_words(row.period_from, row.period_until),
        only=said(row.area_code, Only(**row.rules_json.get("only", {}))),
        author=people.get(row.author_id, "") if row.author_id else "",
        signer=people.get(row.signer_id, "") if row.signer_id else "",
        blocks=shown(row.blocks_json, row.figures_json),
        text=guards.text(row),
        head=heads.head_of(row),
        differences=_differences(actor, row),
        objections=objection_lines(row),
        timeline=_timeline(row),
        may=_may(actor, row),
    )


def _differences(actor: Actor, row: Bulletin) -> tuple[Difference, ...]:
    """Return what differs now; nothing while it cannot be said: the check asks again, and tells why."""
    if guards.open_to_edit(row) is not None or not actor.holds(FIGURE_READ, row.area_code):
        return ()
    try:
        return tuple(differences(row, reader_of(actor, row)))
    except (BadInput, Refused):  # figures are worked out anew, or one is no more
        return ()


def _may(actor: Actor, row: Bulletin) -> dict[str, Problem | None]:
    write = _holds(actor, BULLETIN_WRITE, row)
    sign = _holds(actor, BULLETIN_SIGN, row)
    waiting = row.objections.filter(answered_at__isnull=True).count() if row.kind == Bulletin.Kind.NOTICE else 0
    return {
        "edit": write or guards.open_to_edit(row),
        "check": write or guards.open_to_edit(row) or guards.no_blanks(row) or heads.signed_for(row),
        "sign": sign or guards.checked(row) or guards.by_another(actor, row) or guards.agreed(row),
        "send_back": sign or guards.checked(row),
        "publish": sign or guards.signed(row) or guards.agreed(row),
        "withdraw": sign or guards.out_already(row),
        "answer": write,
        "conclude": sign or guards.may_conclude(row, waiting),
    }


def _holds(actor: Actor, permission: str, row: Bulletin) -> Problem | None:
    decision = can(actor, permission, row)
    return None if decision.allowed else Problem("", decision.reason, "")


def objection_lines(row: Bulletin) -> tuple[ObjectionLine, ...]:
    """Return the objections to a notice with their texts; how to reach somebody stays masked."""
    if row.kind != Bulletin.Kind.NOTICE:
        return ()
    sealed: dict[tuple[UUID, str], Sealed] = {
        (one.entry_id, one.name): one
        for one in Sealed.objects.filter(subject_type="bulletin", subject_id=row.pk, name__in=["objection", "contact"])
    }
    answers = answers_of(row)
    return tuple(
        ObjectionLine(
            id=one.pk,
            text=_open(sealed.get((one.pk, "objection"))),
            contact=found.masked if (found := sealed.get((one.pk, "contact"))) else "",
            created_at=one.created_at,
            answer=answers.get(one.pk, ""),
            answered_at=one.answered_at,
            upheld=one.upheld,
        )
        for one in row.objections.order_by("created_at", "pk")
    )


def answers_of(row: Bulletin) -> dict[UUID, str]:
    """Return the answers to the objections to a notice, by objection."""
    entries = Entry.objects.filter(subject_type="bulletin", subject_id=row.pk, verb="bulletin.answered")
    which = {entry.pk: UUID(orjson.loads(entry.body)["objection"]) for entry in entries}
    found = Sealed.objects.filter(entry_id__in=list(which), name="answer")
    return {which[one.entry_id]: _open(one) for one in found}


def _open(sealed: Sealed | None) -> str:
    if sealed is None:
        return ""
    if sealed.erased_at:
        return _("（已删除）")
    try:
        return unseal(sealed)
    except Refused:  # somebody changed what is kept: the page opens all the same, and its check names it
        return _("（保存的内容与记录不符）")


def _timeline(row: Bulletin) -> tuple[TimelineLine, ...]:
    entries = list(Entry.objects.filter(subject_type="bulletin", subject_id=row.pk).order_by("-seq")[:200])
    names = person_names({entry.actor_id for entry in entries if entry.actor_id is not None})
    language = get_language() or "zh"
    return tuple(
        TimelineLine(sentence(EntryView(entry.verb, _params(entry, names, row)), language), entry.happened_at)
        for entry in reversed(entries)
    )


def _params(entry: Entry, names: dict[UUID, str], row: Bulletin) -> dict[str, Any]:
    body: dict[str, Any] = orjson.loads(entry.body)
    return {
        "actor": names.get(entry.actor_id, _("有人")) if entry.actor_id else _("系统"),
        "title": row.title,
        "reason": body.get("reason", ""),
        "number": body.get("number", ""),
        "until": body.get("until", ""),
        "how": body.get("how", ""),
    }
