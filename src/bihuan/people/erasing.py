"""Erasing a person: name, numbers, account, e-mail. What they did stays in the record, by an id that names nobody."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.kernel.api import SYSTEM_REF, BadInput, Problem, Refused, clock, erase
from bihuan.kernel.models import Notification
from bihuan.people import record, registry
from bihuan.people.actor import Actor
from bihuan.people.appointing import manage_everywhere
from bihuan.people.mailing import forget_mailing
from bihuan.people.models import Person, Post, User
from bihuan.people.permissions import PEOPLE_MANAGE, PEOPLE_READ
from bihuan.people.rule import access

GONE = "（已删除）"
MOST_NAMED = 5

Ties = Callable[[UUID], Sequence[str]]
_ties: list[Ties] = []


def register_ties(fn: Ties) -> None:
    """Have ``fn(person_id)`` asked before a person is erased: what they still answer for, each named in words."""
    if fn not in _ties:
        _ties.append(fn)


def answers_for(person_id: UUID) -> list[str]:
    """Return what a person still answers for, named in words; while there is any, they cannot be erased."""
    return [named for fn in _ties for named in fn(person_id)]


def erase_person(*, actor: Actor, person_id: UUID, reason: str, entry_id: UUID | None = None) -> None:
    """Erase a person: posts end, the account goes, name and numbers become unreadable; the chain stays valid.

    What stays: the entries of what they did, by an id without a name; names in minutes of meetings, which are kept as
    long as the minutes.

    Args:
        actor: Needs PEOPLE_MANAGE in the area of every post held; not the person.
        person_id: Whom.
        reason: Why, at most 120 characters; stands in the record, so without names.
        entry_id: UUIDv7 made by the client.

    Raises:
        Http404, PermissionDenied: as for making a sign-in.
        BadInput: without a reason.
        Refused: when it is oneself, or the person still answers for something; names it.
    """
    person = access(actor, PEOPLE_READ, Person.objects.filter(erased_at__isnull=True), pk=person_id)
    if actor.kind == "person" and actor.person_id == person.pk:
        raise Refused(Problem("", _("不能删除自己"), _("请由上级或其他管理员办理")))
    today = clock.today()
    area = manage_everywhere(actor, person, home=person.home_code or person.erasure_area)
    reason = reason.strip()[:120]
    if not reason:
        raise BadInput(Problem("reason", _("删除须写明原因"), _("如“本人要求”“已搬离”；请不要写姓名和电话")))
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        _not_needed(person)
        now = clock.now()
        record.write(
            person,
            verb=registry.ERASED,
            actor=actor.ref(actor.role_for(PEOPLE_MANAGE, area)),
            area_code=area,
            now=now,
            body={"reason": reason, "posts": sorted(str(key) for key in _end_posts(person, today))},
            entry_id=entry_id,
        )
        erase(actor=SYSTEM_REF, subject_type="person", subject_id=person.pk)
        forget_mailing(person.pk)
        Notification.objects.filter(person_id=person.pk).delete()
        User.objects.filter(person=person).delete()
        Person.objects.filter(pk=person.pk).update(
            name=GONE, phone_cipher=None, phone_masked="", phone_lookup=None, home_code="", organisation=None,
            erased_at=now, erasure_asked_at=None, erasure_area="",
        )  # fmt: skip


def _not_needed(person: Person) -> None:
    open_ = answers_for(person.pk)
    if open_:
        named = _("、").join(open_[:MOST_NAMED])
        more = _("等") if len(open_) > MOST_NAMED else ""
        why = _("还有没办完的事由此人负责：%(what)s%(more)s") % {"what": named, "more": more}
        raise Refused(Problem("", why, _("请先移交给别人，或办结后再删除")))


def _end_posts(person: Person, today: datetime.date) -> list[UUID]:
    """End at once what is held, and what was to begin later; returns the posts."""
    open_ = Post.objects.filter(person=person).exclude(until__lt=today)
    found = list(open_.values_list("pk", flat=True))
    Post.objects.filter(pk__in=found).update(until=today - datetime.timedelta(days=1))
    return found
