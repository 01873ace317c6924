"""What people keep of registers: their own choice of columns, filters and order."""

from __future__ import annotations

from django.db import models


class SavedView(models.Model):
    """A register as somebody wants to see it again; a shared one is the area's, whoever made it."""

    PERSONAL_DATA = {"person_id": "whose view it is; of a shared one who kept it last, null once they have left"}

    id = models.UUIDField(primary_key=True, editable=False)
    register = models.CharField(max_length=60)
    person_id = models.UUIDField(null=True)
    area_code = models.CharField(max_length=21)
    shared = models.BooleanField(default=False)  # with everybody who may read the register in that area
    name = models.CharField(max_length=40)
    spec_json = models.JSONField()  # {"columns": [...], "filters": {...}, "order": "..."}
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "register", "name"], condition=models.Q(shared=False), name="view_once"
            ),
            models.UniqueConstraint(
                fields=["area_code", "register", "name"], condition=models.Q(shared=True), name="view_once_shared"
            ),
        ]

    def __str__(self) -> str:
        return self.name
