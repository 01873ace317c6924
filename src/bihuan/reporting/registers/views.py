"""Views of registers that people keep: columns, filters and order under a name.

One's own goes when one leaves. A shared one belongs to its area: whoever may share there may change and delete it.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.areas.api import ancestors, within
from bihuan.kernel.api import BadInput, NotFound, Problem, Refused, clock
from bihuan.people.api import LEDGER_READ, Actor
from bihuan.people.models import Post
from bihuan.reporting.models import SavedView
from bihuan.reporting.registers.listing import View, check_view, open_register

LONGEST = 40
MOST_VIEWS = 50
_TYPED = frozenset({"text"})  # filters in words of one's own: they may be a name, or part of a number


@transaction.atomic
def save_view(*, actor: Actor, id: UUID, key: str, area: str, name: str, view: View, shared: bool = False) -> SavedView:
    """Keep a view of a register under a name; the same name again replaces it, the same id again is the same view.

    One's own is known by its name among one's own, a shared one by its name in its area, whoever made it. Only filters
    that the register knows are kept; of a shared view not what was searched for in one's own words.

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
    kept = {
        name: said
        for name, said in view.filters.items()
        if said and name in opened.source.filters and not (shared and name in _TYPED)
    }
    own = SavedView.objects.filter(person_id=actor.person_id, shared=False)
    alike = SavedView.objects.filter(area_code=opened.area, register=key, shared=True) if shared else own
    existing = alike.select_for_update().filter(register=key, name=name).first()
    if existing is None and alike.count() >= MOST_VIEWS:
        raise BadInput(Problem("name", _("最多保存 50 个视图。"), _("请先删掉不用的。")))
    if shared:  # one's own of that name is everybody's now
        mine = own.filter(register=key, name=name).first()
        if mine is not None and existing is not None:
            mine.delete()
        existing = existing or mine
    values = {
        "area_code": opened.area,
        "shared": shared,
        "spec_json": View(view.columns, kept, view.order).as_json(),
        "person_id": actor.person_id,
    }
    if existing is not None:
        for field, value in values.items():
            setattr(existing, field, value)
        existing.save(update_fields=list(values))
        return existing
    fresh = {**values, "register": key, "name": name, "created_at": clock.now()}
    saved, _created = SavedView.objects.get_or_create(id=id, defaults=fresh)
    if (saved.person_id, saved.register, saved.name) != (actor.person_id, key, name):
        raise BadInput(Problem("id", _("这个编号已用于另一条记录。"), _("请刷新页面重试。")))
    return saved


def may_change(actor: Actor, view: SavedView) -> bool:
    """Say whether somebody may change and delete a view: their own, and those of an area in which they may share."""
    if view.shared:
        return any(within(view.area_code, root) for root in actor.areas_with(LEDGER_READ))
    return view.person_id is not None and view.person_id == actor.person_id


@transaction.atomic
def delete_view(*, actor: Actor, view_id: UUID) -> None:
    """Delete a view: one's own, or one shared in an area where one may share.

    Raises:
        NotFound: it is not there, or neither.
    """
    view = SavedView.objects.select_for_update().filter(pk=view_id).first()
    if view is None or not may_change(actor, view):
        raise NotFound
    view.delete()


def views_of(actor: Actor, key: str, area: str) -> list[SavedView]:
    """Return one's own views of a register, and those shared for the area or one above it, by name."""
    shared = Q(shared=True, area_code__in=ancestors(area))
    own = Q(shared=False, person_id=actor.person_id or UUID(int=0))
    return list(SavedView.objects.filter(own | shared, register=key).order_by("name", "pk"))


def forget_views() -> int:
    """Delete the own views of who has left: erased, or without a post now and to come; returns how many.

    What they shared stays; of who was erased it no longer says that it was theirs.
    """
    people = set(SavedView.objects.exclude(person_id=None).values_list("person_id", flat=True).distinct())
    stay = set(
        Post.objects.filter(person__in=people, person__erased_at__isnull=True)
        .exclude(until__lt=clock.today())
        .values_list("person_id", flat=True)
    )
    gone = people - stay
    SavedView.objects.filter(person_id__in=gone, shared=True).update(person_id=None)
    return SavedView.objects.filter(person_id__in=gone, shared=False).delete()[0]
