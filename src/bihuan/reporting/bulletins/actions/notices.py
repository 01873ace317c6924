"""公示: objections while it is shown, each answered; only then does it end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, NotFound, Problem, notify, reveal, seal, visible
from bihuan.kernel.models import Sealed
from bihuan.people.api import BULLETIN_SIGN, BULLETIN_WRITE, MATTER_PERSONAL, Actor, access, require
from bihuan.reporting.bulletins import guards
from bihuan.reporting.bulletins.store import load, load_public, must, role_of
from bihuan.reporting.bulletins.tokens import hash_of, token_of
from bihuan.reporting.models import Bulletin, Objection

LONGEST = 2000
KEEP = timedelta(days=180)  # a way to reach somebody, after the window is over
MOST = 2000  # of one notice: a flood, not objections


@dataclass(frozen=True, slots=True)
class Objected:
    """An objection that was taken in, and the secret of the link by which its answer is read."""

    objection: Objection
    token: str
    created: bool


@transaction.atomic
def object_to(*, actor: Actor, entry_id: UUID, bulletin_id: UUID, text: str, contact: str = "") -> Objected:
    """Object to a notice while it is shown; anybody may, without a name. What is said and how to reach them is sealed.

    Raises:
        Http404: no such notice. Refused: its window is not open. BadInput: no text.
    """
    work = load_public(actor=actor, entry_id=entry_id, bulletin_id=bulletin_id)
    row = work.row
    if work.resent:
        return Objected(Objection.objects.get(pk=entry_id), token_of(entry_id), created=False)
    must(guards.window_open(row))
    text, contact = visible(text), " ".join(visible(contact).split())
    problems = []
    if not text or len(text) > LONGEST:
        problems.append(
            Problem("text", _("没有写异议，或写得太长。"), _("写明对哪一项、为什么，%(n)s 字以内。") % {"n": LONGEST})
        )
    if len(contact) > 60:
        problems.append(Problem("contact", _("太长：最多 %(n)s 个字。") % {"n": 60}, _("写一个电话就可以。")))
    if problems:
        raise BadInput(problems)
    if row.objections.count() >= MOST:
        raise BadInput(Problem("text", _("异议太多，请到社区当面提出。"), ""))
    sealed = [seal("objection", text, purpose="公示异议", encrypted=True, keep_until=None)]
    if contact:
        until = (row.window_until or work.now.date()) + KEEP
        sealed.append(seal("contact", contact, purpose="答复异议", encrypted=True, keep_until=until, mask="phone"))
    objection = Objection.objects.create(
        id=entry_id,
        bulletin=row,
        person_id=actor.person_id,
        follow_hash=hash_of(token_of(entry_id)),
        created_at=work.now,
    )
    work.record("bulletin.objected", {"reachable": bool(contact)}, sealed=sealed)
    for person_id in {row.author_id, row.signer_id}:
        if person_id is not None:
            notify(person_id, "bulletin.objection_received", {"title": row.title}, f"/desk/bulletins/{row.pk}/")
    return Objected(objection, token_of(entry_id), created=True)


@transaction.atomic
def answer(*, actor: Actor, entry_id: UUID, objection_id: UUID, text: str, upheld: bool) -> Objection:
    """Answer an objection: whether it was right, and what follows. Who objected reads it by their link.

    Raises:
        Http404, PermissionDenied: as ``people.access`` says. Refused: it is answered. BadInput: no answer.
    """
    found = Objection.objects.filter(pk=objection_id).first()
    if found is None:
        raise Http404(_("没有这条异议"))
    work = load(actor=actor, permission=BULLETIN_WRITE, entry_id=entry_id, bulletin_id=found.bulletin_id)
    if work.resent:
        return found
    found.refresh_from_db()
    if found.answered_at is not None:
        must(Problem("", _("这条异议已经答复过了。"), _("请刷新页面。")))
    text = visible(text)
    if not text or len(text) > LONGEST:
        raise BadInput(Problem("text", _("没有写答复，或写得太长。"), _("写明怎样处理、理由是什么。")))
    found.answered_at, found.upheld = work.now, upheld
    found.save(update_fields=["answered_at", "upheld"])
    work.record(
        "bulletin.answered",
        {"objection": str(found.pk), "upheld": upheld},
        sealed=[seal("answer", text, purpose="答复异议", encrypted=False, keep_until=None)],
    )
    return found


@transaction.atomic
def read_contact(*, actor: Actor, objection_id: UUID, reason: str) -> str:
    """Return how to reach somebody who objected, in the clear; who read it and why is logged.

    Raises:
        Http404, PermissionDenied: who may not write, or not read personal data there.
        BadInput: no reason. Refused: it was erased. NotFound: they left none.
    """
    found = Objection.objects.select_related("bulletin").filter(pk=objection_id).first()
    if found is None:
        raise Http404(_("没有这条异议"))
    row = access(actor, BULLETIN_WRITE, Bulletin.objects.all(), pk=found.bulletin_id)
    require(actor, MATTER_PERSONAL, row.area_code)
    sealed = Sealed.objects.filter(entry_id=found.pk, name="contact").first()
    if sealed is None:
        raise NotFound(Problem("objection", _("没有留联系方式。"), ""))
    return reveal(actor=actor.ref(role_of(actor, row.area_code)), sealed=sealed, reason=visible(reason))


@transaction.atomic
def conclude(*, actor: Actor, entry_id: UUID, bulletin_id: UUID, outcome: str) -> Bulletin:
    """End a notice whose window is over and whose objections are all answered; the outcome is told on its page.

    Raises:
        Http404, PermissionDenied: as ``people.access`` says.
        Refused: the window is open, or an objection waits for its answer. BadInput: no outcome.
    """
    work = load(actor=actor, permission=BULLETIN_SIGN, entry_id=entry_id, bulletin_id=bulletin_id)
    row = work.row
    if work.resent:
        return row
    must(guards.may_conclude(row, row.objections.filter(answered_at__isnull=True).count()))
    words = visible(outcome)
    if not words or len(words) > LONGEST:
        raise BadInput(Problem("outcome", _("没有写公示结果，或写得太长。"), _("写明有几条异议、结果变没变。")))
    work.set(concluded_at=work.now, outcome=words)
    counts = {"objections": row.objections.count(), "upheld": row.objections.filter(upheld=True).count()}
    outcome_sealed = seal("outcome", words, purpose="公示结果", encrypted=False, keep_until=None)
    work.record("bulletin.concluded", counts, sealed=[outcome_sealed])
    return row
