"""What came in from old spreadsheets: how their columns were read, and which rows are in already."""

from __future__ import annotations

from django.db import models


class ImportLayout(models.Model):
    """How a layout of columns is read: corrected once by a person, remembered for the next file alike."""

    PERSONAL_DATA: dict[str, str] = {}

    fingerprint = models.CharField(max_length=64)  # of the headings
    area_code = models.CharField(max_length=21)  # whose it is; used there and below
    register = models.CharField(max_length=60)
    columns_json = models.JSONField()  # left edge → field; "method" → whose matters
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area_code", "fingerprint"], name="layout_once")]

    def __str__(self) -> str:
        return f"{self.register} {self.fingerprint[:8]}"


class ImportRun(models.Model):
    """One file that was looked at, and brought in whole or not at all."""

    PERSONAL_DATA = {
        "person_id": "who brought it in",
        "file": "the sheet as it came, encrypted; deleted when it is in, given up, or a day old",
    }

    id = models.UUIDField(primary_key=True, editable=False)
    person_id = models.UUIDField()
    area_code = models.CharField(max_length=21)
    register = models.CharField(max_length=60, default="")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=120, default="")  # name in the file store
    plan_json = models.JSONField(default=dict)  # sheet, heading rows, columns as chosen
    state = models.CharField(max_length=12, default="looking")  # looking, in, given_up
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class ImportedRow(models.Model):
    """A row that is in: the same row again adds nothing."""

    PERSONAL_DATA: dict[str, str] = {}

    register = models.CharField(max_length=60)
    area_code = models.CharField(max_length=21)
    fingerprint = models.CharField(max_length=64)  # keyed hash of what the row says
    subject_type = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="imported")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "area_code", "fingerprint"], name="imported_once")]

    def __str__(self) -> str:
        return f"{self.register} {self.fingerprint[:8]}"
