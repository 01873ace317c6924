"""What is remembered of superiors' forms: what their headings and cells ask for."""

from __future__ import annotations

from django.db import models


class FormLayout(models.Model):
    """What a form asks for, as a person said once: used when the same form, or one alike, comes again."""

    PERSONAL_DATA: dict[str, str] = {}

    fingerprint = models.CharField(max_length=64)  # of sheets, headings and where they stand
    area_code = models.CharField(max_length=21)
    name = models.CharField(max_length=120)
    answers_json = models.JSONField()  # cell or heading → meaning
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area_code", "fingerprint"], name="form_once")]

    def __str__(self) -> str:
        return self.name


class FormRun(models.Model):
    """One blank form that was uploaded and filled."""

    PERSONAL_DATA = {"person_id": "who filled it", "file": "the blank form; deleted after a month"}

    id = models.UUIDField(primary_key=True, editable=False)
    person_id = models.UUIDField()
    area_code = models.CharField(max_length=21)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=120)
    period_from = models.DateField()
    period_until = models.DateField()
    matters_json = models.JSONField(default=list)  # of a card: which matters it is filled for, by id
    answers_json = models.JSONField(default=dict)
    left_json = models.JSONField(default=list)  # what was left blank, and why
    created_at = models.DateTimeField()
    filled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
