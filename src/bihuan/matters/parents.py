"""The matter that another is a part of."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, Refused
from bihuan.matters.models import Matter
from bihuan.people.api import MATTER_READ, Actor, access


def parent_of(actor: Actor, parent: Any) -> UUID:
    """Return the open matter that another shall be a part of.

    Raises:
        Http404: none that the actor may see. BadInput: no id. Refused: it is closed.
    """
    try:
        key = parent if isinstance(parent, UUID) else UUID(str(parent))
    except ValueError as error:
        raise BadInput(Problem("parent_id", _("没有找到这件事项。"), _("请核对编号。"))) from error
    matter = access(actor, MATTER_READ, Matter.objects.all(), pk=key)
    if not matter.is_open:
        raise Refused(Problem("parent_id", _("那件事项已办结，不能再分出子事项。"), _("请先重新办理那件事项。")))
    return matter.pk
