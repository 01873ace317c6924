"""Persons and their sign-ins: recorded, made, reset. Rights come from posts, which ``appointing`` gives and ends."""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.areas.models import Area
from bihuan.kernel.api import BadInput, Problem, Refused, clock, lookup_hash, notify
from bihuan.people import record, registry
from bihuan.people.actor import Actor
from bihuan.people.appointing import manage_everywhere, not_oneself, post_problems
from bihuan.people.models import Person, Post, User
from bihuan.people.permissions import PEOPLE_MANAGE, PEOPLE_READ
from bihuan.people.rule import access
from bihuan.people.writing import create_person, create_post, read_name, read_phone

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class SignIn:
    """A sign-in just made: the password is known here and now, and never again."""

    username: str
    password: str
    made: bool  # False: an existing account got a new password


def record_person(
    *,
    actor: Actor,
    name: str,
    role: str,
    area_code: str,
    phone: str = "",
    organisation: str = "",
    home_code: str = "",
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    person_id: UUID | None = None,
    entry_id: UUID | None = None,
) -> Person:
    """Record a person together with a first post.

    Args:
        actor: Needs PEOPLE_MANAGE in ``area_code``.
        name: The person's name, at most 40 characters.
        role: Key of a role.
        area_code: Where the post is held.
        phone: As typed; kept encrypted.
        organisation: Name of the unit, made in the community when new.
        home_code: The micro-grid where a resident lives.
        since: First day of the post; today by default.
        until: Last day, when known.
        person_id: UUIDv7 for the person, made by the client; the same again is the same person.
        entry_id: UUIDv7 of the entry, made by the client.

    Raises:
        BadInput: with every field that is wrong.
        Refused: when the number belongs to somebody already.
        PermissionDenied: without the permission.
    """
    if person_id is not None and Person.objects.filter(pk=person_id).exists():
        return access(actor, PEOPLE_READ, Person.objects.filter(erased_at__isnull=True), pk=person_id)
    now = clock.now()
    since = since or clock.today()
    problems = post_problems(actor, role, area_code, since, until)
    name, wrong = read_name(name)
    problems += wrong
    if home_code and not Area.objects.filter(code=home_code, active=True).exists():
        problems.append(Problem("home_code", _("没有这个区域"), _("请填写住址所在楼栋的编码")))
    phone, wrong = read_phone(phone)
    problems += wrong
    if problems:
        raise BadInput(problems)
    with transaction.atomic():
        if phone and Person.objects.filter(phone_lookup=lookup_hash(phone)).exists():
            raise Refused(
                Problem("phone", _("这个手机号已经登记在别人名下"), _("请核对号码；同一个人请直接给他加岗位"))
            )
        person = create_person(
            actor=actor,
            name=name,
            phone=phone,
            organisation=organisation,
            home_code=home_code,
            area_code=area_code,
            now=now,
            person_id=person_id,
            entry_id=entry_id,
        )
        create_post(actor=actor, person=person, role=role, area_code=area_code, since=since, until=until, now=now)
    return person


def make_sign_in(
    *,
    actor: Actor,
    person_id: UUID,
    username: str = "",
    password: str = "",
    must_change: bool = True,
    drop_second_factor: bool = False,
    entry_id: UUID | None = None,
) -> SignIn:
    """Make a person's account, or give an existing one a new first password; it must be changed at sign-in.

    A reset is told to the person by the bell (and by e-mail, where they asked for it), and at their next sign-ins.

    Whoever may do this could act as that person: PEOPLE_MANAGE is needed in the area of *every* post held, so
    that a community's secretary cannot take over a district official who also serves there.

    Args:
        actor: See above; not the person.
        person_id: Whose account.
        username: Sign-in name; found by itself when empty. Not changed on an existing account.
        password: Only for samples; a random one otherwise.
        must_change: Ask for a new password at the first sign-in.
        drop_second_factor: Also remove TOTP and passkeys (a lost phone).
        entry_id: UUIDv7 made by the client.

    Raises:
        Http404, PermissionDenied, BadInput, Refused: as above; a name taken is BadInput.
    """
    person = access(actor, PEOPLE_READ, Person.objects.filter(erased_at__isnull=True), pk=person_id)
    not_oneself(actor, person)
    area_code = manage_everywhere(actor, person)
    password = password or "-".join("".join(secrets.choice(_LETTERS) for _i in range(5)) for _j in range(3))
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        user = User.objects.filter(person=person).first()
        made = user is None
        if user is not None:
            _not_a_residents_own(user, person)
        user = user or _new_user(person, username)
        user.set_password(password)
        user.must_change_password = must_change
        user.save()
        if drop_second_factor:
            Authenticator.objects.filter(user=user).delete()
        record.write(
            person,
            verb=registry.SIGN_IN_MADE,
            actor=actor.ref(actor.role_for(PEOPLE_MANAGE, area_code)),
            area_code=area_code,
            now=clock.now(),
            body={"made": made, "second_factor_dropped": drop_second_factor},
            entry_id=entry_id,
        )
        if not made:
            kind = registry.TOLD_RESET_ALL if drop_second_factor else registry.TOLD_RESET
            notify(person.pk, kind, {"actor": actor.name}, "/desk/me/")
    return SignIn(username=user.username, password=password, made=made)


def _not_a_residents_own(user: User, person: Person) -> None:
    """Refuse to take over a resident's account: residents supervise the work, so nobody else may act as them."""
    if user.phone_verified_at is None or Post.objects.filter(person=person).exclude(role_id="resident").exists():
        return
    raise Refused(Problem("", _("居民的账号由本人用手机验证码登录，别人不能重设"), _("请本人在登录页选“验证码登录”")))


def _new_user(person: Person, username: str) -> User:
    username = username.strip()
    if username:
        try:
            User.username_validator(username)
        except ValidationError as error:
            raise BadInput(
                Problem("username", _("登录名里有不能用的字符"), _("请用汉字、字母、数字和 @ . + - _"))
            ) from error
        if len(username) > 40 or User.objects.filter(username__iexact=username).exists():
            raise BadInput(Problem("username", _("这个登录名已有人使用"), _("请换一个登录名")))
    else:
        username = free_username(person.name)
    user = User(username=username, person=person)
    # A staff member's own number, as the administrator recorded it, may receive sign-in codes.
    if person.phone_lookup and not User.objects.filter(phone_lookup=person.phone_lookup).exists():
        user.phone_cipher, user.phone_masked = person.phone_cipher, person.phone_masked
        user.phone_lookup, user.phone_verified_at = person.phone_lookup, clock.now()
    return user


def free_username(base: str) -> str:
    """Return a sign-in name that nobody has, beginning with ``base`` where it can."""
    base = "".join(letter for letter in base if letter.isalnum())[:20] or "user"
    if not User.objects.filter(username__iexact=base).exists():
        return base
    while True:
        name = f"{base}{secrets.randbelow(9000) + 1000}"
        if not User.objects.filter(username__iexact=name).exists():
            return name
