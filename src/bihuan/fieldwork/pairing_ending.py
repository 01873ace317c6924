"""How a pairing ends: staff end it, the household takes its consent back, or nobody agrees in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.fieldwork import pairing_guards as guards
from bihuan.fieldwork import pairing_store as store
from bihuan.fieldwork.models import Pairing
from bihuan.fieldwork.pairing_forgetting import erase_all
from bihuan.fieldwork.pairing_household import is_household
from bihuan.fieldwork.pairing_rights import open_pairing
from bihuan.fieldwork.pairing_store import Paired
from bihuan.fieldwork.pairing_words import LAPSED, SUBJECT, WITHDRAWN, end_reasons
from bihuan.fieldwork.schemes import scheme_of
from bihuan.kernel.api import BadInput, Problem, Refused, clock, new_id, visible
from bihuan.kernel.models import Sealed
from bihuan.people.api import SYSTEM, Actor

PROPOSED_DAYS = 30  # a proposal nobody agreed to is withdrawn then: without consent nothing is kept for long
MOST_NOTE = 500


def end_pairing(
    *,
    actor: Actor,
    pairing_id: UUID,
    entry_id: UUID,
    reason: str,
    note: str = "",
    happened_at: datetime | None = None,
    expected_version: int | None = None,
) -> Paired:
    """End a pairing, with why. Name and phone are kept for the scheme's term, or go at once if nobody had agreed.

    Args:
        actor: who manages it.
        pairing_id: which.
        entry_id: UUIDv7 made by the client.
        reason: a key of ``pairing_words.end_reasons``; the household's own word is ``withdraw_consent``.
        note: what else there is to say; sealed, needed for "other".
        happened_at: when it ended; not before the consent.
        expected_version: what the form was made for.

    Raises:
        Http404, BadInput, Refused, Conflict.
    """
    with transaction.atomic():
        work = store.load(
            actor=actor,
            entry_id=entry_id,
            pairing_id=pairing_id,
            happened_at=happened_at,
            expected_version=expected_version,
        )
        pairing, ref = work.pairing, work.ref
        if work.resent:
            return Paired(pairing_id, pairing.version, created=False)
        guards.must(
            guards.may_manage(actor, pairing.area_code, ref),
            guards.state_is(pairing, Pairing.State.PROPOSED, Pairing.State.ACTIVE),
        )
        note = visible(note)[:MOST_NOTE]
        _check_end(work, reason, note)
        agreed = pairing.state == Pairing.State.ACTIVE
        until = store.last_day(ref, work.happened_at)
        work.set(state=Pairing.State.ENDED, ended_at=work.happened_at, end_reason=reason)
        work.record("pairing.ended", {"reason": reason}, sealed=store.seal_note(note, until))
        store.keep_until(pairing_id, until)
        if agreed:
            store.tell(work, "pairing.over")
        else:
            erase_all(pairing_id)
    return Paired(pairing_id, pairing.version)


def _check_end(work: store.Work, reason: str, note: str) -> None:
    if reason not in end_reasons():
        raise BadInput(Problem("reason", _("请选择结束的原因。"), ""))
    if reason == "other" and not note:
        raise BadInput(Problem("note", _("请写明原因。"), _("写清楚为什么结束；不要写姓名和电话。")))
    begun = work.pairing.consented_at
    if begun is not None and work.happened_at < begun:
        raise BadInput(Problem("happened_at", _("结束的时间早于本人同意的时间。"), _("核对日期，写实际结束的时间。")))


def withdraw_consent(*, actor: Actor, pairing_id: UUID, entry_id: UUID, how: str = "") -> Paired:
    """The household takes its consent back: the pairing ends, and what is kept about it is erased at once.

    Args:
        actor: who manages it and was told so, on paper or by word; or the household, signed in with the number kept.
        pairing_id: which; after the end, too, until the term is over.
        entry_id: UUIDv7 made by the client.
        how: "signed" or "spoken" where staff record it.

    Raises:
        Http404: none of theirs. Refused: nothing is kept any more.
    """
    with transaction.atomic():
        rows = Pairing.objects.select_for_update(of=("self",)).select_related("organisation")
        own = is_household(actor, pairing_id)
        if own:
            pairing = rows.get(pk=pairing_id)
            work = store.work_on(pairing, scheme_of(pairing.version_ref_id, pairing.key), actor, entry_id)
        else:
            pairing, ref = open_pairing(actor, pairing_id, rows)
            work = store.work_on(pairing, ref, actor, entry_id)
        if work.resent:
            return Paired(pairing_id, pairing.version, created=False)
        if not own:
            guards.must(guards.may_manage(actor, pairing.area_code, work.ref))
            if how not in work.ref.spec.consent:
                raise BadInput(Problem("how", _("请写明本人怎样表示的。"), _("请选列出的一种。")))
        if not Sealed.objects.filter(subject_type=SUBJECT, subject_id=pairing_id, erased_at=None).exists():
            raise Refused(Problem("", _("这户的信息已经删除了。"), _("不必再办。")))
        running = pairing.state == Pairing.State.ACTIVE
        if pairing.state != Pairing.State.ENDED:
            work.set(state=Pairing.State.ENDED, ended_at=work.now)
        work.set(end_reason=WITHDRAWN)
        body = {"by": "household"} if own else {"by": "staff", "how": how}
        work.record("pairing.withdrawn", body, role="resident" if own else "")
        erase_all(pairing_id)
        if running:
            store.tell(work, "pairing.over")
    return Paired(pairing_id, work.pairing.version)


def lapse_proposals(now: datetime | None = None, limit: int = 200) -> int:
    """Withdraw proposals that nobody agreed to in time and erase who they were about; returns how many."""
    now = now or clock.now()
    due = Pairing.objects.filter(state=Pairing.State.PROPOSED, created_at__lte=now - timedelta(days=PROPOSED_DAYS))
    count = 0
    for pairing_id in list(due.order_by("created_at").values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            pairing = Pairing.objects.select_for_update(of=("self",)).get(pk=pairing_id)
            if pairing.state != Pairing.State.PROPOSED:
                continue
            ref = scheme_of(pairing.version_ref_id, pairing.key)
            work = store.work_on(pairing, ref, SYSTEM, new_id(now))
            work.set(state=Pairing.State.ENDED, ended_at=now, end_reason=LAPSED)
            work.record("pairing.lapsed", {"days": PROPOSED_DAYS}, role="system")
            erase_all(pairing_id)
            count += 1
    return count
