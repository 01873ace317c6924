"""Residents' accounts: made by proving a number, holding no right until somebody gives a post.

The same page answers the same way whether a number is known or not: a code is sent in either case, and an
account without a person, made for a number that never proved itself, is swept away after a day.
"""

from __future__ import annotations

import datetime
import secrets

from django.db import IntegrityError, transaction

from bihuan.kernel.api import SYSTEM_REF, ActorRef, clock, lookup_hash, mask_phone, new_id
from bihuan.people import phones, record, registry
from bihuan.people.models import Person, Post, User

UNPROVEN_FOR = datetime.timedelta(days=1)


def user_by_phone(number: str) -> User | None:
    """Return the account that a normalised number signs in to, proven or not."""
    return User.objects.filter(phone_lookup=lookup_hash(number)).first()


def account_for_phone(number: str) -> User:
    """Return the account of a normalised number, making an empty one where there is none."""
    found = user_by_phone(number)
    if found is not None:
        return found
    user = User(username=f"u{secrets.randbelow(10**12):012d}", **phones.fields(number))
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:  # the same number asked twice at once
        return User.objects.get(phone_lookup=lookup_hash(number))
    return user


def number_of(user: User) -> str:
    """Return the number to which codes of an account go, ``""`` where it has none."""
    return phones.decrypt(bytes(user.phone_cipher)) if user.phone_cipher else ""


def phone_proven(user: User) -> None:
    """Note that the owner of an account typed the code sent to its number; gives the account a person.

    Somebody recorded earlier under the number (who reported by telephone) becomes the account's person, unless
    that person ever held a post: rights are never picked up by a number that may have changed hands. An
    administrator makes such a sign-in.
    """
    now = clock.now()
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.phone_verified_at is None:
            user.phone_verified_at = now
            user.save(update_fields=["phone_verified_at"])
        if user.person_id is not None:
            return
        person = Person.objects.filter(
            phone_lookup=user.phone_lookup, user__isnull=True, erased_at__isnull=True
        ).first()
        if person is not None and Post.objects.filter(person=person).exclude(role_id="resident").exists():
            person = None
        number = number_of(user)
        person = person or _new_resident(number, now)
        user.person = person
        user.save(update_fields=["person"])
        record.write(
            person,
            verb=registry.PHONE_VERIFIED,
            actor=ActorRef(person.pk, "resident"),
            area_code=person.home_code,
            now=now,
            body={},
        )


def _new_resident(number: str, now: datetime.datetime) -> Person:
    taken = Person.objects.filter(phone_lookup=lookup_hash(number)).exists()
    name = f"居民{mask_phone(number)[-4:]}"
    person = Person.objects.create(id=new_id(now), name=name, created_at=now, **phones.fields("" if taken else number))
    record.write(
        person,
        verb=registry.RECORDED,
        actor=SYSTEM_REF,
        area_code="",
        now=now,
        body={"home": ""},
        sealed=record.sealed_identity(name, number),
    )
    return person


def resident_for(user: User) -> Person:
    """Give an account that came without a number (WeChat) a person without any right."""
    now = clock.now()
    person = Person.objects.create(id=new_id(now), name="居民", created_at=now)
    record.write(
        person,
        verb=registry.RECORDED,
        actor=SYSTEM_REF,
        area_code="",
        now=now,
        body={"home": ""},
        sealed=record.sealed_identity("居民", ""),
    )
    user.person = person
    user.save(update_fields=["person"])
    return person


def sweep_unproven(now: datetime.datetime | None = None) -> int:
    """Delete accounts made for numbers that never proved themselves; returns how many."""
    old = User.objects.filter(
        person__isnull=True,
        phone_lookup__isnull=False,
        phone_verified_at__isnull=True,
        last_login__isnull=True,
        date_joined__lt=(now or clock.now()) - UNPROVEN_FOR,
    )
    return old.delete()[0]
