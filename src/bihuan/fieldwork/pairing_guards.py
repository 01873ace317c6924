"""Why something may not be done with a pairing now: one list for the refusal and for the disabled button."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.fieldwork.models import Pairing
from bihuan.fieldwork.pairing_rights import manages
from bihuan.fieldwork.pairing_words import state_title
from bihuan.fieldwork.schemes import SchemeRef
from bihuan.kernel.api import Problem, Refused
from bihuan.people.api import Actor


def must(*problems: Problem | None) -> None:
    """Raise Refused with every problem there is."""
    found = [problem for problem in problems if problem is not None]
    if found:
        raise Refused(found)


def may_manage(actor: Actor, area_code: str, ref: SchemeRef) -> Problem | None:
    """Only whom the method names pairs, records consents and ends."""
    if manages(actor, area_code, ref):
        return None
    roles = ref.role_titles(ref.spec.managed_by)
    return Problem(
        "",
        _("%(title)s由%(roles)s管理。") % {"title": ref.title, "roles": roles},
        _("请告诉%(roles)s。") % {"roles": roles},
    )


def state_is(pairing: Pairing, *states: str) -> Problem | None:
    """The pairing must stand in one of ``states``."""
    if pairing.state in states:
        return None
    how = {
        Pairing.State.PROPOSED: _("先登记本人同意。"),
        Pairing.State.ACTIVE: _("本人已经同意，不用再登记。"),
        Pairing.State.ENDED: _("需要继续帮扶的，重新提出结对。"),
    }[Pairing.State(pairing.state)]
    return Problem("", _("这户结对现在是“%(state)s”。") % {"state": state_title(pairing)}, how)


def household_is_free(area_code: str, door: str, ref: SchemeRef) -> Problem | None:
    """One to one: a household has one open pairing under a scheme."""
    same = Pairing.objects.filter(area_code=area_code, door=door, key=ref.key)
    if not same.exclude(state=Pairing.State.ENDED).exists():
        return None
    return Problem(
        "door",
        _("这户已经有一个结对，一户只结一个。"),
        _("要换单位的，先结束原来的结对。"),
    )


def person_is_free(person_id: UUID, ref: SchemeRef, without: UUID | None = None) -> Problem | None:
    """One to one: a person of a unit goes to as many households as the method says (one)."""
    open_ = Pairing.objects.filter(person_id=person_id, key=ref.key).exclude(state=Pairing.State.ENDED)
    most = ref.spec.households
    if without is not None:
        open_ = open_.exclude(pk=without)
    if open_.count() < most:
        return None
    return Problem(
        "person_id",
        _("这个人已经结对 %(most)s 户，一人最多结 %(most)s 户。") % {"most": most},
        _("请选单位里的另一个人，或先结束原来的结对。"),
    )
