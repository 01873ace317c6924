"""Handing a party's personal link over: by whom, when and to whom it was given. Never the secret itself."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, clock
from bihuan.matters import checks
from bihuan.matters.entering import append_beside
from bihuan.matters.loading import Loaded, load
from bihuan.matters.methodinfo import info_of
from bihuan.matters.models import Matter
from bihuan.people.api import MATTER_PERSONAL, Actor, access


def hand_over(*, actor: Actor, matter_id: UUID, person_id: UUID, role: str, entry_id: UUID | str) -> bool:
    """Record that a party was given their personal link. Whoever works on the matter gives none: they could use it.

    Args:
        actor: who gives it; may read personal data there and answers for nothing in the matter.
        matter_id: which matter.
        person_id: to whom.
        role: the party they are ("supervisor").
        entry_id: UUIDv7 made by the client; the same again changes nothing.

    Returns:
        True where it was recorded now, False for a resend.

    Raises:
        Http404: no such matter or party, or not the actor's to know of. PermissionDenied: not theirs to hand over.
        BadInput: a bent id, or one used for another record.
    """
    access(actor, MATTER_PERSONAL, Matter.objects.all(), pk=matter_id)
    key = checks.v7(entry_id, "entry_id")
    with transaction.atomic():
        loaded = load(matter_id, key)
        if loaded is None or person_id.hex not in loaded.current.state.parties.get(role, ()):
            raise Http404(_("没有找到，或者您没有查看的权限"))
        if loaded.resent is not None:
            if loaded.resent[0] != matter_id:
                raise BadInput(Problem("entry_id", _("这个编号已用于另一条记录。"), _("请刷新页面后重新提交。")))
            return False
        if _answers(actor, loaded):
            raise PermissionDenied(_("个人链接由不承办这件事的人交出。"))
        acts_as = actor.ref(actor.role_for(MATTER_PERSONAL, loaded.current.area_code))
        body = {"action": "hand", "role": role, "person": person_id.hex, "version": loaded.current.version_id.hex}
        append_beside(loaded, "matter.handed_over", acts_as, body, key, clock.now())
    return True


def _answers(actor: Actor, loaded: Loaded) -> bool:
    """Say whether the actor is one of those responsible for the matter."""
    if actor.person_id is None:
        return False
    responsible = info_of(loaded.current.version_id).method.responsibility
    parties = loaded.current.state.parties
    return any(actor.person_id.hex in parties.get(role, ()) for role in responsible)
