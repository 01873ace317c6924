"""What people keep of registers: their own choice of columns, filters and order."""

from __future__ import annotations

from django.db import models


class SavedView(models.Model):
    """A register as somebody wants to see it again."""

    PERSONAL_DATA = {"person_id": "whose view it is"}

    id = models.UUIDField(primary_key=True, editable=False)
    register = models.CharField(max_length=60)
    person_id = models.UUIDField()
    area_code = models.CharField(max_length=21)
    shared = models.BooleanField(default=False)  # with everybody who may read the register in that area
    name = models.CharField(max_length=40)
    spec_json = models.JSONField()  # {"columns": [...], "filters": {...}, "order": "..."}
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "register", "name"], name="view_once")]

    def __str__(self) -> str:
        return self.name
