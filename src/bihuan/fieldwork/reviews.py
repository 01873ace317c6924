"""The secretary's answer to what somebody wrote in the field (点评); the writer is told."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.fieldwork import chain, sealing
from bihuan.fieldwork.models import Visit
from bihuan.fieldwork.plans import rounds_of
from bihuan.fieldwork.shapes import Corrected
from bihuan.fieldwork.verbs import REVIEWED, TOLD_REVIEWED
from bihuan.kernel.api import BadInput, Problem, Refused, clock, notify, visible
from bihuan.methods.api import get_method
from bihuan.people.api import Actor
from bihuan.people.permissions import VISIT_REVIEW

LONGEST = 500


def review(actor: Actor, visit_id: UUID, entry_id: UUID, text: str) -> Corrected:
    """Answer a visit; see ``actions.review_visit``."""
    text = visible(text)
    if not text or len(text) > LONGEST:
        raise BadInput(Problem("text", _("请写点评，500 字以内。"), _("一两句话即可。")))
    now = clock.now()
    with transaction.atomic():
        work, visit = chain.load_visit(actor, visit_id, entry_id, now)
        if work.resent:
            return Corrected(
                visit.pk, visit.version, created=False, counted=visit.counted, not_counted=visit.not_counted
            )
        role = reviewing_role(actor, visit)
        if not role:
            raise PermissionDenied(_("您的岗位不能点评这条日志"))
        if visit.pairing is not None and not visit.pairing.masked_name:
            why = _("这户的结对已经结束，内容已清除。")
            raise Refused(Problem("text", why, _("有话要说，请当面告诉走访的人。")))
        keep = sealing.keep_until(visit.version_ref_id, visit.happened_at)
        sealed = sealing.seal_words({"review": text}, keep)
        work.set(review=text, reviewed_by=actor.person_id, reviewed_at=now)
        work.record(REVIEWED, {"review": sealing.MARK}, role=role, sealed=sealed)
        day = visit.happened_at.astimezone(clock.ZONE).date()
        params = {"actor": actor.name, "day": f"{day.month}月{day.day}日", "day_en": f"{day:%d %B}"}
        notify(visit.person_id, TOLD_REVIEWED, params, f"/desk/visits/{visit.pk}/", created_at=now)
    return Corrected(visit.pk, visit.version, created=True, counted=visit.counted, not_counted=visit.not_counted)


def reviewing_role(actor: Actor, visit: Visit) -> str:
    """Return the role in which somebody may answer a visit, "" where they may not: nobody answers their own."""
    if actor.person_id is None or actor.person_id == visit.person_id or not actor.holds(VISIT_REVIEW, visit.area_code):
        return ""
    section = rounds_of(get_method(visit.version_ref_id))
    named = section.review if section is not None else []
    if not named:
        return actor.role_for(VISIT_REVIEW, visit.area_code)
    held = actor.roles_in(visit.area_code)
    return next((role for role in named if role in held), "")
