"""Persons, their accounts, organisations and posts. Rights come from posts alone."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


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

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A sign-in account. It holds no rights: its person's posts do."""

    PERSONAL_DATA = {"username": "sign-in name", "email": "sign-in and notices, when given"}

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, null=True, related_name="user")
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

    class Meta:
        ordering = ["order", "key"]

    def __str__(self) -> str:
        return self.title


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

    class Meta:
        indexes = [models.Index(fields=["role", "area_code"], name="post_role_area")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "area_code"], condition=models.Q(until__isnull=True), name="post_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role_id} {self.area_code}"
