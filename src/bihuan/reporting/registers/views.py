"""Views of registers that people keep: columns, filters and order under a name."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.areas.api import ancestors
from bihuan.kernel.api import BadInput, NotFound, Problem, Refused, clock
from bihuan.people.api import Actor
from bihuan.reporting.models import SavedView
from bihuan.reporting.registers.listing import View, check_view, open_register

LONGEST = 40
MOST_VIEWS = 50
_TYPED = frozenset({"text"})  # filters in words of one's own: they may be a name, or part of a number


@transaction.atomic
def save_view(*, actor: Actor, id: UUID, key: str, area: str, name: str, view: View, shared: bool = False) -> SavedView:
    """Keep a view of a register under a name; the same name again replaces it, the same id again is the same view.

    Only filters that the register knows are kept; of a shared view not what was searched for in one's own words.

    Raises:
        BadInput: no name, too long, a column that the register has not, too many views, or somebody else's id.
        Refused, NotFound: as opening the register.
    """
    opened = open_register(actor, key, area, view)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise BadInput(Problem("name", _("请给这个视图起个名字，不超过 40 字。"), _("例如：本月未办结。")))
    check_view(opened.register, view.columns)
    if actor.person_id is None:
        raise Refused(Problem("name", _("没有登录，不能保存视图。"), _("请先登录。")))
    mine = SavedView.objects.filter(person_id=actor.person_id)
    existing = mine.filter(register=key, name=name).first()
    if existing is None and mine.count() >= MOST_VIEWS:
        raise BadInput(Problem("name", _("最多保存 50 个视图。"), _("请先删掉不用的。")))
    kept = {
        name: said
        for name, said in view.filters.items()
        if said and name in opened.source.filters and not (shared and name in _TYPED)
    }
    spec = View(view.columns, kept, view.order).as_json()
    values = {"area_code": opened.area, "shared": shared, "spec_json": spec}
    if existing is not None:
        for field, value in values.items():
            setattr(existing, field, value)
        existing.save(update_fields=list(values))
        return existing
    saved, _created = SavedView.objects.get_or_create(
        id=id,
        defaults={
            **values,
            "register": key,
            "person_id": actor.person_id,
            "name": name,
            "created_at": clock.now(),
        },
    )
    if saved.person_id != actor.person_id:
        raise BadInput(Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面重试。")))
    return saved


def delete_view(*, actor: Actor, view_id: UUID) -> None:
    """Delete one's own view.

    Raises:
        NotFound: it is not there, or somebody else's.
    """
    mine = SavedView.objects.filter(pk=view_id, person_id=actor.person_id or UUID(int=0))
    if not mine.delete()[0]:
        raise NotFound


def views_of(actor: Actor, key: str, area: str) -> list[SavedView]:
    """Return one's own views of a register, and those shared for the area or one above it, by name."""
    shared = Q(shared=True, area_code__in=ancestors(area))
    return list(
        SavedView.objects.filter(Q(person_id=actor.person_id or UUID(int=0)) | shared, register=key).order_by("name")
    )
