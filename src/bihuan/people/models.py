"""Persons, their accounts, organisations and posts. Rights come from posts alone."""

from __future__ import annotations

import datetime
import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from bihuan.people.roles import RESERVED


class Organisation(models.Model):
    """A unit: a community committee, a property company, a partner unit, a district office."""

    PERSONAL_DATA: dict[str, str] = {}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=24)  # "committee", "property", "police", "partner", "office", "volunteer"
    area_code = models.CharField(max_length=21, db_index=True)

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """A human being, with or without an account."""

    PERSONAL_DATA = {
        "name": "to address and to name the responsible; shown to who works with them",
        "phone": "to be reached about a matter; encrypted, masked by default",
    }

    id = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(max_length=40)
    phone_cipher = models.BinaryField(null=True)
    phone_masked = models.CharField(max_length=20, default="", blank=True)
    phone_lookup = models.BinaryField(max_length=32, null=True, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.SET_NULL, null=True, blank=True)
    home_code = models.CharField(max_length=21, default="", blank=True)  # micro-grid of a resident
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    erasure_asked_at = models.DateTimeField(null=True)  # they asked to be erased; not answered yet
    erasure_area = models.CharField(max_length=21, default="", blank=True)  # whose answer they wait for
    version = models.PositiveIntegerField(default=0)  # seq of the last entry about the person
    head_hash = models.BinaryField(max_length=32, default=bytes(32))

    class Meta:
        indexes = [
            models.Index(
                fields=["erasure_area"], name="person_erasure_asked", condition=Q(erasure_asked_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A sign-in account. It holds no rights: its person's posts do."""

    PERSONAL_DATA = {
        "username": "sign-in name",
        "email": "sign-in and notices, when given",
        "phone_cipher": "sign-in by a code sent to it; encrypted, masked, found by keyed hash",
    }

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, null=True, related_name="user")
    phone_cipher = models.BinaryField(null=True)  # the number that codes go to; the person's is for contact
    phone_masked = models.CharField(max_length=20, default="", blank=True)
    phone_lookup = models.BinaryField(max_length=32, null=True, unique=True)
    phone_verified_at = models.DateTimeField(null=True)
    must_change_password = models.BooleanField(default=False)  # a first password made by an administrator
    large_type = models.BooleanField(default=False)  # elder mode

    def __str__(self) -> str:
        return self.username


class Role(models.Model):
    """A role's name and what it grants, as data: a district adds its own without code."""

    PERSONAL_DATA: dict[str, str] = {}

    key = models.CharField(max_length=40, primary_key=True)
    title = models.CharField(max_length=40)
    title_en = models.CharField(max_length=60, default="", blank=True)
    grants = models.JSONField(default=list)  # permission keys held within the post's area
    order = models.PositiveSmallIntegerField(default=100)
    customised = models.BooleanField(default=False)  # the place's own: an upgrade leaves its grants alone

    class Meta:
        ordering = ["order", "key"]
        constraints = [
            models.CheckConstraint(
                condition=~(Q(key__in=sorted(RESERVED)) | Q(key__contains=":") | Q(key__endswith="_deputy")),
                name="role_key_is_free",
            )
        ]

    def __str__(self) -> str:
        return self.title


def in_office(on: datetime.date, since: datetime.date | None, until: datetime.date | None) -> bool:
    """Say whether a post from ``since`` to ``until`` is held on a day; both ends count."""
    return since is not None and since <= on and (until is None or until >= on)


class PostQuerySet(models.QuerySet["Post"]):
    """Posts by time: the definition of "in office" in SQL; ``in_office`` is the same in Python."""

    def active(self, on: datetime.date) -> PostQuerySet:
        """Keep the posts held on a day; both ends count. A deputy's ends with the post it stands in for."""
        held = Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gte=on))
        stood_for = Q(deputy_of__since__lte=on) & (Q(deputy_of__until__isnull=True) | Q(deputy_of__until__gte=on))
        in_office = held & (Q(deputy_of__isnull=True) | stood_for)
        return self.filter(in_office).exclude(role_id__in=sorted(RESERVED))


class Post(models.Model):
    """A person holds a role in an area (and all below it) for a time."""

    PERSONAL_DATA = {"person": "who holds the post; published as the source's offices are"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="posts")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="posts")
    area_code = models.CharField(max_length=21)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    deputy_of = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="deputies")

    objects = PostQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["role", "area_code"], name="post_role_area")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "area_code"],
                condition=models.Q(until__isnull=True),
                name="post_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role_id} {self.area_code}"


class CacheRow(models.Model):
    """The table of Django's database cache, so that sign-in limits count across workers and restarts.

    Rows are written by ``django.core.cache`` alone; the model only makes the table. Keys of sign-in limits
    are hashes of addresses and numbers.
    """

    PERSONAL_DATA = {"cache_key": "hash of an address or account for sign-in limits; kept for one window"}

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "bihuan_cache"

    def __str__(self) -> str:
        return self.cache_key


class Mailing(models.Model):
    """Where and of what a person wants to be told by e-mail; used only once a code sent there came back."""

    PERSONAL_DATA = {
        "address_cipher": "to be told by e-mail what the bell says; encrypted, gone when the person takes it back",
        "address_masked": "what is shown of it",
        "asked_cipher": "an address not yet confirmed; gone with its code after 30 minutes",
        "asked_masked": "what is shown of it",
    }

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="mailing")
    address_cipher = models.BinaryField(null=True)
    address_masked = models.CharField(max_length=120, default="", blank=True)
    confirmed_at = models.DateTimeField(null=True)
    kinds = models.JSONField(default=list)  # of kernel.NOTICE_GROUPS: "turn", "card", "progress"
    language = models.CharField(max_length=2, default="zh")  # "zh", "en": the one they asked in
    asked_cipher = models.BinaryField(null=True)
    asked_masked = models.CharField(max_length=120, default="", blank=True)
    code_hash = models.BinaryField(max_length=32, null=True)
    code_until = models.DateTimeField(null=True, db_index=True)
    code_tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.person_id} {self.address_masked}"


class Robot(models.Model):
    """A robot in a work group's chat (WeCom, DingTalk): one line per event in its area, never personal data.

    Whoever has the address can write into the group, so it is kept encrypted and shown by its host and end alone. A
    deleted one stays as a row without its address: its entries still have their subject.
    """

    PERSONAL_DATA: dict[str, str] = {}

    id = models.UUIDField(primary_key=True, editable=False)
    area_code = models.CharField(max_length=21, db_index=True)
    name = models.CharField(max_length=40)
    address_cipher = models.BinaryField(null=True)
    address_masked = models.CharField(max_length=80, default="", blank=True)
    kinds = models.JSONField(default=list)  # of people.robots.KINDS: "card", "new", "done"
    every_minutes = models.PositiveSmallIntegerField(default=30)  # how often new reports are summed up
    active = models.BooleanField(default=True)
    told_until = models.DateTimeField()  # events up to here are in the outbox
    summed_until = models.DateTimeField()  # new reports up to here are in a digest
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)  # seq of the last entry about the robot
    head_hash = models.BinaryField(max_length=32, default=bytes(32))

    class Meta:
        indexes = [
            models.Index(fields=["told_until"], name="robot_told", condition=Q(active=True, deleted_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.area_code})"
