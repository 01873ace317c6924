"""The writes that several use cases of this package share; each runs in its caller's transaction."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.areas import codes
from bihuan.kernel.api import BadInput, Problem, Refused, new_id, visible
from bihuan.people import phones, record, registry
from bihuan.people.actor import Actor
from bihuan.people.models import Organisation, Person, Post
from bihuan.people.permissions import PEOPLE_MANAGE


def read_name(name: str) -> tuple[str, list[Problem]]:
    """Return a name as kept, with what is wrong with it as typed."""
    name = " ".join(visible(name).split())
    if 1 <= len(name) <= 40:
        return name, []
    return name, [Problem("name", _("姓名应为 1 到 40 个字"), _("请填写姓名"))]


def read_phone(phone: str) -> tuple[str, list[Problem]]:
    """Return a number (which may be empty) as kept, with what is wrong with it as typed."""
    try:
        return (phones.normalise(phone) if phone.strip() else ""), []
    except BadInput as error:
        return phone, list(error.problems)


def create_person(
    *,
    actor: Actor,
    name: str,
    phone: str,
    organisation: str,
    home_code: str,
    area_code: str,
    now: datetime.datetime,
    person_id: UUID | None = None,
    entry_id: UUID | None = None,
) -> Person:
    """Insert a checked person (``phone`` normalised or empty) with the first entry of their chain."""
    person = Person.objects.create(
        id=person_id or new_id(now),
        name=name,
        organisation=organisation_named(organisation, area_code),
        home_code=home_code,
        created_at=now,
        **phones.fields(phone),
    )
    record.write(
        person,
        verb=registry.RECORDED,
        actor=actor.ref(actor.role_for(PEOPLE_MANAGE, area_code)),
        area_code=area_code,
        now=now,
        body={"home": home_code},
        sealed=record.sealed_identity(name, phone),
        entry_id=entry_id,
    )
    return person


def organisation_named(name: str, area_code: str) -> Organisation | None:
    """Return the unit of that name in the community (or the area itself, higher up), made when new."""
    name = " ".join(name.split())[:80]
    if not name:
        return None
    home = codes.level_prefix(area_code, 12) or area_code
    found = Organisation.objects.filter(name=name, area_code=home).first()
    return found or Organisation.objects.create(name=name, kind="unit", area_code=home)


def create_post(
    *,
    actor: Actor,
    person: Person,
    role: str,
    area_code: str,
    since: datetime.date,
    until: datetime.date | None,
    now: datetime.datetime,
    chief: Post | None = None,
    entry_id: UUID | None = None,
) -> Post:
    """Insert a checked post with its entry; the person's row is locked or new.

    Raises:
        Refused: when the person holds it already.
    """
    if Post.objects.filter(person=person, role_id=role, area_code=area_code, until__isnull=True).exists():
        raise Refused(Problem("role", _("已经在这个区域担任这个岗位"), _("不必重复任命")))
    post = Post.objects.create(
        id=new_id(now),
        person=person,
        role_id=role,
        area_code=area_code,
        since=since,
        until=until,
        deputy_of=chief,
    )
    record.write(
        person,
        verb=registry.POST_GIVEN,
        actor=actor.ref(actor.role_for(PEOPLE_MANAGE, area_code)),
        area_code=area_code,
        now=now,
        body={
            "post": str(post.pk),
            "role": role,
            "area": area_code,
            "since": since.isoformat(),
            "until": until.isoformat() if until else "",
            "deputy_of": str(chief.pk) if chief else "",
        },
        entry_id=entry_id,
    )
    return post
