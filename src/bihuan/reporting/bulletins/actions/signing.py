"""Signing off, numbering, publishing, withdrawing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.kernel.api import CHINA, BadInput, Problem, clock, notify, visible
from bihuan.people.api import BULLETIN_SIGN, Actor
from bihuan.reporting.bulletins import guards
from bihuan.reporting.bulletins.store import Work, load, must, text_of
from bihuan.reporting.models import Bulletin

_TRIES = 5


def sign(*, actor: Actor, entry_id: UUID, bulletin_id: UUID) -> Bulletin:
    """Sign a checked text off: it gets the next number of its area, code and year, and is changed no more.

    Raises:
        Http404, PermissionDenied: as ``people.access`` says.
        Refused: not checked, by its author, or a role model who has not agreed.
    """
    for _attempt in range(_TRIES - 1):
        try:
            return _sign(actor, entry_id, bulletin_id)
        except IntegrityError:  # another one of the area took the number at this moment
            continue
    return _sign(actor, entry_id, bulletin_id)


@transaction.atomic
def _sign(actor: Actor, entry_id: UUID, bulletin_id: UUID) -> Bulletin:
    work = load(actor=actor, permission=BULLETIN_SIGN, entry_id=entry_id, bulletin_id=bulletin_id)
    row = work.row
    if work.resent:
        return row
    must(guards.checked(row), guards.by_another(actor, row), guards.no_blanks(row), guards.agreed(row))
    year = work.now.astimezone(clock.ZONE).year
    taken = Bulletin.objects.filter(area_code=row.area_code, code=row.code, year=year)
    serial = (taken.aggregate(last=Max("serial"))["last"] or 0) + 1
    number = f"{row.code}〔{year}〕{serial}号"
    work.set(
        state=Bulletin.State.SIGNED,
        signer_id=actor.person_id,
        signed_at=work.now,
        year=year,
        serial=serial,
        number=number,
    )
    work.record("bulletin.signed", {"number": number}, sealed=[text_of(row)])
    return row


@transaction.atomic
def send_back(*, actor: Actor, entry_id: UUID, bulletin_id: UUID, reason: str) -> Bulletin:
    """Do not sign a checked text: its author changes it, and is told why.

    Raises:
        Http404, PermissionDenied: as ``people.access`` says. Refused: not checked. BadInput: no reason.
    """
    work = load(actor=actor, permission=BULLETIN_SIGN, entry_id=entry_id, bulletin_id=bulletin_id)
    row = work.row
    if work.resent:
        return row
    must(guards.checked(row))
    words = _reason(reason)
    work.set(state=Bulletin.State.DRAFT)
    work.record("bulletin.returned", {"reason": words})
    if row.author_id is not None:
        link = f"/desk/bulletins/{row.pk}/"
        notify(row.author_id, "bulletin.sent_back", {"title": row.title, "reason": words}, link)
    return row


@transaction.atomic
def publish(*, actor: Actor, entry_id: UUID, bulletin_id: UUID) -> Bulletin:
    """Publish what was signed off; a notice is shown for its workdays, from the next one on.

    Raises:
        Http404, PermissionDenied: as ``people.access`` says. Refused: it is not signed off.
    """
    work = load(actor=actor, permission=BULLETIN_SIGN, entry_id=entry_id, bulletin_id=bulletin_id)
    row = work.row
    if work.resent:
        return row
    must(guards.signed(row), guards.agreed(row))
    work.set(state=Bulletin.State.PUBLISHED, published_at=work.now)
    body: dict[str, Any] = {"number": row.number}
    if row.kind == Bulletin.Kind.NOTICE:
        _set_window(work)
        body["until"] = str(row.window_until)
    work.record("bulletin.published", body, sealed=[text_of(row)])
    return row


def _set_window(work: Work) -> None:
    days = int(work.row.rules_json.get("window") or 1)
    local = work.now.astimezone(clock.ZONE)
    last = CHINA.add(local, days, "workdays").astimezone(clock.ZONE).date()
    work.set(window_from=local.date(), window_until=last)


@transaction.atomic
def withdraw(*, actor: Actor, entry_id: UUID, bulletin_id: UUID, reason: str) -> Bulletin:
    """Take back what was signed off or published; its page says so, and why.

    Raises:
        Http404, PermissionDenied: as ``people.access`` says. Refused: not signed off. BadInput: no reason.
    """
    work = load(actor=actor, permission=BULLETIN_SIGN, entry_id=entry_id, bulletin_id=bulletin_id)
    row = work.row
    if work.resent:
        return row
    must(guards.out_already(row))
    words = _reason(reason)
    work.set(state=Bulletin.State.WITHDRAWN, reason=words)
    work.record("bulletin.withdrawn", {"reason": words})
    return row


def _reason(reason: str) -> str:
    words = " ".join(visible(reason).split())
    if not words or len(words) > 200:
        raise BadInput(Problem("reason", _("没有写理由，或写得太长。"), _("写明为什么，200 字以内。")))
    return words
