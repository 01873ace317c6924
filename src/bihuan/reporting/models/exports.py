"""What was taken out of the house as a file: who, what, of which area, how many lines, when."""

from __future__ import annotations

from django.db import models


class Export(models.Model):
    """One file, or what a machine read of one thing in one day; a chain of its own entries says so in the record."""

    PERSONAL_DATA = {"person_id": "who took it out; kept as long as the record"}

    class What(models.TextChoices):
        """What was taken out."""

        REGISTER = "register", "台账"
        FORM = "form", "上级表格"
        FIGURES = "figures", "指标"
        BULLETIN = "bulletin", "简报公文"
        LIST = "list", "清单"

    id = models.UUIDField(primary_key=True, editable=False)  # the id of the entry that began it
    what = models.CharField(max_length=12, choices=What.choices)
    key = models.CharField(max_length=130, blank=True, default="")  # which of them: the register's key, the form's id
    form = models.CharField(max_length=8)  # xlsx, csv, docx, pdf, json
    area_code = models.CharField(max_length=21)
    filters_json = models.JSONField(default=dict)  # names and keys; what somebody typed stands as *
    person_id = models.UUIDField(null=True)
    role = models.CharField(max_length=40)
    via = models.CharField(max_length=120, blank=True, default="")  # the machine's key it went through
    rows = models.PositiveIntegerField(null=True)  # null: it is on its way, or broke off before its first line
    times = models.PositiveIntegerField(default=1)  # of a machine: how often that day
    whole = models.BooleanField(default=True)  # False: broken off, or not at its end yet
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    head_hash = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["area_code", "-created_at", "-id"], name="export_area"),
            models.Index(fields=["person_id", "what", "-created_at"], name="export_person"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.key} {self.area_code}"
