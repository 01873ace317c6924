"""Keys by which other systems come in, and hooks by which they are told."""

from __future__ import annotations

from django.db import models


class ApiKey(models.Model):
    """A key of a machine: acts with the posts of the person who answers for it, and never beyond its scopes."""

    PERSONAL_DATA = {"person_id": "who answers for the key"}

    id = models.UUIDField(primary_key=True, editable=False)
    person_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12, unique=True)  # shown, so that it can be told from others
    secret_hash = models.BinaryField(max_length=32)
    scopes_json = models.JSONField()
    per_minute = models.PositiveIntegerField(default=60)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    used_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.name} {self.prefix}"


class Hook(models.Model):
    """An address that is told of what happens, each message signed."""

    PERSONAL_DATA = {"person_id": "who answers for the hook"}

    id = models.UUIDField(primary_key=True, editable=False)
    person_id = models.UUIDField()
    area_code = models.CharField(max_length=21)
    url = models.URLField(max_length=300)
    secret = models.BinaryField()  # encrypted; signs what is sent
    events_json = models.JSONField()
    created_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.url


class HookMessage(models.Model):
    """What a hook is told, in order; kept for some days so that it can be sent again."""

    PERSONAL_DATA: dict[str, str] = {}

    id = models.UUIDField(primary_key=True, editable=False)
    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="messages", db_index=False)
    event = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    payload_json = models.JSONField()
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    status = models.PositiveIntegerField(null=True)  # of the last answer; 0 where nobody answered

    class Meta:
        indexes = [models.Index(fields=["hook", "-created_at"], name="hookmessage_recent")]

    def __str__(self) -> str:
        return f"{self.event} {self.id}"
