"""Correcting a person's name and number. What was written before stays sealed in the earlier entry."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.kernel.api import BadInput, Problem, Refused, SealedValue, clock, lookup_hash, notify
from bihuan.people import phones, record, registry
from bihuan.people.actor import Actor
from bihuan.people.appointing import manage_everywhere, not_oneself
from bihuan.people.models import Person, Post, User
from bihuan.people.permissions import PEOPLE_MANAGE, PEOPLE_READ
from bihuan.people.rule import access
from bihuan.people.writing import read_name, read_phone

ME = "/desk/me/"


def correct_person(
    *,
    actor: Actor,
    person_id: UUID,
    name: str,
    phone: str = "",
    drop_phone: bool = False,
    entry_id: UUID | None = None,
) -> Person:
    """Correct a name, or the number at which a person is reached; the person is told by the bell.

    The number that sign-in codes go to follows for staff whose account had the old one; a resident who proved their
    number keeps it, or somebody else could sign in as them.

    Args:
        actor: Needs PEOPLE_MANAGE wherever the person holds a post (or lives, without one); not the person.
        person_id: Whose.
        name: The right name, at most 40 characters; the same as before leaves it.
        phone: The new number as typed; empty leaves it.
        drop_phone: The old number is not theirs any more and there is none to put in its place.
        entry_id: UUIDv7 made by the client.

    Raises:
        Http404, PermissionDenied: as ``access``; see ``manage_everywhere``.
        BadInput, Refused: when name or number is wrong, the number is somebody's, or nothing would change.
    """
    person = access(actor, PEOPLE_READ, Person.objects.filter(erased_at__isnull=True), pk=person_id)
    not_oneself(actor, person)
    area_code = manage_everywhere(actor, person)
    name, phone = _checked(name, phone, drop_phone=drop_phone)
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        changes: dict[str, object] = {} if name == person.name else {"name": name}
        if (drop_phone and person.phone_lookup) or (phone and lookup_hash(phone) != _bytes(person.phone_lookup)):
            _may_have(person, phone)
            changes |= phones.fields(phone)
        if not changes:
            raise Refused(Problem("", _("没有改动"), _("请填写要更正的姓名或号码")))
        old = _bytes(person.phone_lookup)
        Person.objects.filter(pk=person.pk).update(**changes)
        followed = "phone_lookup" in changes and _account_follows(person, old, phone)
        record.write(
            person,
            verb=registry.CHANGED,
            actor=actor.ref(actor.role_for(PEOPLE_MANAGE, area_code)),
            area_code=area_code,
            now=clock.now(),
            body={
                "name_changed": "name" in changes,
                "phone_changed": "phone_lookup" in changes,
                "account_followed": followed,
            },
            sealed=_sealed(name, phone, changes),
            entry_id=entry_id,
        )
        notify(person.pk, registry.TOLD_CHANGED, {"actor": actor.name}, ME)
    person.refresh_from_db()
    return person


def _sealed(name: str, phone: str, changes: dict[str, object]) -> list[SealedValue]:
    changed = {"name"} & set(changes) | ({"phone"} if "phone_lookup" in changes else set())
    return [value for value in record.sealed_identity(name, phone) if value.name in changed]


def _checked(name: str, phone: str, *, drop_phone: bool) -> tuple[str, str]:
    name, problems = read_name(name)
    phone, wrong = read_phone(phone)
    problems += wrong
    if phone and drop_phone:
        problems.append(Problem("drop_phone", _("又填了新号码，又要删去号码"), _("请只选一样")))
    if problems:
        raise BadInput(problems)
    return name, phone


def _bytes(value: bytes | memoryview | None) -> bytes:
    return bytes(value) if value is not None else b""


def _only_resident(person: Person) -> bool:
    return not Post.objects.filter(person=person).exclude(role_id="resident").exists()


def _may_have(person: Person, phone: str) -> None:
    proven = User.objects.filter(person=person, phone_verified_at__isnull=False).exists()
    if proven and _only_resident(person):
        raise Refused(Problem("phone", _("这个号码是居民本人用验证码核实过的，别人不能改"), _("请由本人换号")))
    if phone and Person.objects.filter(phone_lookup=lookup_hash(phone)).exclude(pk=person.pk).exists():
        raise Refused(Problem("phone", _("这个手机号已经登记在别人名下"), _("请核对号码")))


def _account_follows(person: Person, old: bytes, phone: str) -> bool:
    """Have the account's number follow where it was the old one; codes no longer go to a number that changed hands."""
    user = User.objects.filter(person=person).first()
    if user is None or not old or _bytes(user.phone_lookup) != old:
        return False
    if phone and User.objects.filter(phone_lookup=lookup_hash(phone)).exists():
        phone = ""
    for key, value in phones.fields(phone).items():
        setattr(user, key, value)
    user.phone_verified_at = clock.now() if phone else None
    user.save(update_fields=["phone_cipher", "phone_masked", "phone_lookup", "phone_verified_at"])
    return True
