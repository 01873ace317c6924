"""A person's own request to be erased: asked, taken back, refused with a reason; ``erase_person`` carries it out.

The right is the person's (PIPL art. 47, withdrawal of consent; a refusal gives its reason, art. 50). The answer is due
within 30 days (GB/T 35273-2020, 8.7). What an authority must keep, the record of what was done, stays without a name.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.areas.codes import ancestors, within
from bihuan.areas.models import Area
from bihuan.kernel.api import BadInput, Notice, Problem, Refused, clock, notify, notify_many
from bihuan.people import record, registry
from bihuan.people.actor import Actor
from bihuan.people.appointing import manage_everywhere, not_oneself
from bihuan.people.models import Person, Post, Role
from bihuan.people.permissions import PEOPLE_MANAGE, PEOPLE_READ
from bihuan.people.rule import access, visible

ANSWER_WITHIN = datetime.timedelta(days=30)
MOST_TOLD = 20


def ask_erasure(*, actor: Actor, area_code: str = "", entry_id: UUID | None = None) -> Person:
    """Record that a person asks to be erased, and tell those who may do it there.

    Args:
        actor: The person themself.
        area_code: The community that is asked; needed only of somebody who holds no post and lives nowhere known.
        entry_id: UUIDv7 made by the client.

    Raises:
        BadInput: when nothing tells whom to ask.
        Refused: when it is asked already, or nobody is signed in.
    """
    with transaction.atomic():
        person = _own(actor)
        if person.erasure_asked_at is not None:
            raise Refused(Problem("", _("您已经提出过请求，还没有答复"), _("请等候答复，或先收回")))
        area = _asked_of(person) or area_code
        if not Area.objects.filter(code=area, active=True).exists():
            raise BadInput(Problem("area_code", _("不知道该由哪个社区答复"), _("请选择您所在的社区")))
        now = clock.now()
        Person.objects.filter(pk=person.pk).update(erasure_asked_at=now, erasure_area=area)
        person.erasure_asked_at, person.erasure_area = now, area
        record.write(
            person,
            verb=registry.ERASURE_ASKED,
            actor=actor.ref(),
            area_code=area,
            now=now,
            body={"area": area},
            entry_id=entry_id,
        )
        day = answer_by(person)
        notify_many(
            Notice(told, registry.TOLD_ERASURE_ASKED, {"day": str(day)}, f"/desk/people/{person.pk}/")
            for told in _answerers(area)
            if told != person.pk
        )
    return person


def take_back_erasure(*, actor: Actor, entry_id: UUID | None = None) -> None:
    """Take one's own request back.

    Raises:
        Refused: when there is none, or nobody is signed in.
    """
    with transaction.atomic():
        person = _own(actor)
        if person.erasure_asked_at is None:
            raise Refused(Problem("", _("没有等候答复的请求"), _("不必再办")))
        area = person.erasure_area
        _answered(person)
        record.write(
            person,
            verb=registry.ERASURE_TAKEN_BACK,
            actor=actor.ref(),
            area_code=area,
            now=clock.now(),
            body={},
            entry_id=entry_id,
        )


def refuse_erasure(*, actor: Actor, person_id: UUID, reason: str, entry_id: UUID | None = None) -> None:
    """Refuse a request; the person is told who did and why, and may ask again.

    Args:
        actor: Who could carry it out: see ``erase_person``.
        person_id: Who asked.
        reason: Why not, at most 120 characters.
        entry_id: UUIDv7 made by the client.

    Raises:
        Http404, PermissionDenied: as for ``erase_person``.
        BadInput: without a reason.
        Refused: when nothing is asked, or it is one's own request.
    """
    person = access(actor, PEOPLE_READ, Person.objects.filter(erased_at__isnull=True), pk=person_id)
    not_oneself(actor, person)
    manage_everywhere(actor, person, home=person.home_code or person.erasure_area)
    reason = reason.strip()[:120]
    if not reason:
        raise BadInput(Problem("reason", _("不同意须写明理由"), _("理由会原样告诉本人")))
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        if person.erasure_asked_at is None:
            raise Refused(Problem("", _("没有等候答复的请求"), _("本人可能已经收回")))
        area = person.erasure_area
        _answered(person)
        record.write(
            person,
            verb=registry.ERASURE_REFUSED,
            actor=actor.ref(actor.role_for(PEOPLE_MANAGE, area)),
            area_code=area,
            now=clock.now(),
            body={"reason": reason},
            entry_id=entry_id,
        )
        params = {"actor": actor.name, "reason": reason}
        notify(person.pk, registry.TOLD_ERASURE_REFUSED, params, "/desk/me/")


def erasures_asked(actor: Actor) -> Sequence[Person]:
    """Return who waits for an answer where the actor may manage people, the oldest first. One statement."""
    asked = Person.objects.filter(erasure_asked_at__isnull=False, erased_at__isnull=True)
    seen = visible(actor, PEOPLE_MANAGE, asked)
    if actor.person_id is not None:
        seen = seen.exclude(pk=actor.person_id)
    return list(seen.order_by("erasure_asked_at", "pk")[:200])


def answer_by(person: Person) -> datetime.date | None:
    """Return the last day on which a person's request should be answered; None where nothing is asked."""
    if person.erasure_asked_at is None:
        return None
    return (person.erasure_asked_at + ANSWER_WITHIN).astimezone(clock.ZONE).date()


def knows_whom_to_ask(person_id: UUID) -> bool:
    """Say whether a person's posts or home tell which place answers them."""
    return bool(_asked_of(Person.objects.get(pk=person_id)))


def _own(actor: Actor) -> Person:
    if actor.kind == "person" and actor.person_id is not None:
        person = Person.objects.select_for_update().filter(pk=actor.person_id, erased_at__isnull=True).first()
        if person is not None:
            return person
    raise Refused(Problem("", _("请先登录"), ""))


def _asked_of(person: Person) -> str:
    """Return the lowest area that holds all of a person's posts, or their home without posts; "" where neither is."""
    held = list(Post.objects.active(clock.today()).filter(person=person).values_list("area_code", flat=True))
    if not held:
        return person.home_code
    shared = [code for code in ancestors(held[0]) if all(within(other, code) for other in held)]
    return max(shared, key=len, default="")


def _answered(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(erasure_asked_at=None, erasure_area="")
    person.erasure_asked_at, person.erasure_area = None, ""


def _answerers(area_code: str) -> list[UUID]:
    """Return who may manage people in an area, the nearest first: those of a community before those of the district."""
    roles = [key for key, grants in Role.objects.values_list("key", "grants") if PEOPLE_MANAGE in grants]
    posts = Post.objects.active(clock.today()).filter(role_id__in=roles, area_code__in=ancestors(area_code))
    found = sorted(posts.values_list("area_code", "person_id"), key=lambda row: (-len(row[0]), str(row[1])))
    return list(dict.fromkeys(person_id for _code, person_id in found))[:MOST_TOLD]
