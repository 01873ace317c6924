"""The territory: a tree whose codes are prefixes of their children's."""

from __future__ import annotations

from django.db import models


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

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["name"], name="area_name")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
