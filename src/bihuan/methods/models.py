"""Work methods as they are kept: drafts, immutable published versions, and where each is used."""

from __future__ import annotations

import uuid

from django.db import models


class MethodVersion(models.Model):
    """One version of one method file. Published versions never change: matters are pinned to them."""

    PERSONAL_DATA = {"edited_by": "who wrote it, for responsibility"}

    class State(models.TextChoices):
        """Only published versions run."""

        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "已发布"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    area_code = models.CharField(max_length=21)  # who owns it: a community's copy, a district's rule
    title = models.CharField(max_length=80)
    source = models.TextField()  # the YAML as written, comments and all
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    edited_by = models.UUIDField(null=True)
    edited_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    seq = models.PositiveIntegerField(default=0)  # of its last entry
    head_hash = models.BinaryField(max_length=32, default=bytes(32))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "area_code", "number"], name="method_version_once")]

    def __str__(self) -> str:
        return f"{self.key}@{self.number}"


class MethodUse(models.Model):
    """Which version new matters of an area follow. The nearest ancestor's use applies."""

    PERSONAL_DATA: dict[str, str] = {}

    key = models.SlugField(max_length=60)
    area_code = models.CharField(max_length=21)
    version = models.ForeignKey(MethodVersion, on_delete=models.PROTECT)
    default_for_reports = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "area_code"], name="method_use_once")]

    def __str__(self) -> str:
        return f"{self.key} in {self.area_code}"
