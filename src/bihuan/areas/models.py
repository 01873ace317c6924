"""The territory: a tree whose codes are prefixes of their children's."""

from __future__ import annotations

import uuid

from django.db import models


class AreaQuerySet(models.QuerySet["Area"]):
    """Writes in bulk tell every process's point index that the territory changed.

    ``Model.save`` and ``delete`` are not overridden: single areas change through ``areas.actions``,
    which renews the stamp itself.
    """

    def create(self, **kwargs: object) -> Area:
        """Insert one area and renew the stamp."""
        area = super().create(**kwargs)
        AreaStamp.renew()
        return area

    def bulk_create(self, *args: object, **kwargs: object) -> list[Area]:
        """Insert many areas and renew the stamp."""
        rows = super().bulk_create(*args, **kwargs)  # type: ignore[arg-type]
        AreaStamp.renew()
        return rows

    def bulk_update(self, *args: object, **kwargs: object) -> int:
        """Update many areas and renew the stamp."""
        count = super().bulk_update(*args, **kwargs)  # type: ignore[arg-type]
        AreaStamp.renew()
        return count

    def update(self, **kwargs: object) -> int:
        """Update the areas of the queryset and renew the stamp."""
        count = super().update(**kwargs)
        AreaStamp.renew()
        return count

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the areas of the queryset and renew the stamp."""
        result = super().delete()
        AreaStamp.renew()
        return result


class Area(models.Model):
    """A district (6 digits), street (9), community (12), grid or micro-grid (15 and more).

    A subtree is the closed range of codes from ``code`` to ``code + "999…"``: digits sort alike in every
    collation, so no database needs a special one. Shapes are GeoJSON geometry in WGS-84.
    """

    PERSONAL_DATA: dict[str, str] = {}

    class Level(models.TextChoices):
        """Official levels, then the community's own."""

        CITY = "city", "市"
        DISTRICT = "district", "区县"
        STREET = "street", "街道"
        COMMUNITY = "community", "社区"
        GRID = "grid", "网格"
        MICRO_GRID = "micro_grid", "微网格"

    code = models.CharField(max_length=21, primary_key=True)
    parent_code = models.CharField(max_length=21, default="", blank=True, db_index=True)
    level = models.CharField(max_length=12, choices=Level.choices)
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=40, default="", blank=True)  # "12号楼"
    kind = models.CharField(max_length=40, default="", blank=True)  # "居委会/社区", "楼栋"
    shape = models.JSONField(null=True, blank=True)
    shape_source = models.CharField(max_length=80, default="", blank=True)  # "样例绘制" or the survey's name
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    households = models.PositiveIntegerField(null=True, blank=True)  # 在册户数, a denominator
    floor_area = models.FloatField(null=True, blank=True)  # 建筑面积, square metres, a denominator
    door_token = models.CharField(max_length=24, null=True, blank=True, unique=True)
    active = models.BooleanField(default=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["name"], name="area_name")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class AreaStamp(models.Model):
    """One row that changes whenever the territory does, and the head of the territory's chain of entries.

    ``stamp`` is random, not a counter: a transaction that is rolled back must not leave a process with an
    index under a number that another transaction will use again.
    """

    PERSONAL_DATA: dict[str, str] = {}

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    stamp = models.UUIDField(default=uuid.uuid4)
    seq = models.PositiveIntegerField(default=0)  # of the last entry about the territory
    head_hash = models.BinaryField(max_length=32, default=bytes(32))

    def __str__(self) -> str:
        return str(self.stamp)

    @staticmethod
    def renew() -> None:
        """Give the row a fresh stamp (one statement, two the very first time)."""
        stamp = uuid.uuid4()
        if not AreaStamp.objects.filter(pk=1).update(stamp=stamp):
            AreaStamp.objects.bulk_create([AreaStamp(pk=1, stamp=stamp)], ignore_conflicts=True)
