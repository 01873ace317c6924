"""Keys by which other systems come in, hooks by which they are told, links by which calendars are read."""

from __future__ import annotations

from django.db import models


class ApiKey(models.Model):
    """A key of a machine: acts with the posts of the person who answers for it, and never beyond its scopes.

    A row stays when the key is revoked: its entries still have their subject.
    """

    PERSONAL_DATA = {"person_id": "who answers for the key"}

    id = models.UUIDField(primary_key=True, editable=False)
    person_id = models.UUIDField(db_index=True)
    area_code = models.CharField(max_length=21, db_index=True)  # posts count here and below, and nowhere else
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12, unique=True)  # shown, so that it can be told from others
    secret_hash = models.BinaryField(max_length=32)
    scopes_json = models.JSONField()
    per_minute = models.PositiveIntegerField(default=60)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    used_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=0)  # seq of the last entry about the key
    head_hash = models.BinaryField(max_length=32, default=bytes(32))

    def __str__(self) -> str:
        return f"{self.name} {self.prefix}"


class Hook(models.Model):
    """An address that is told of what happens in an area, each message signed."""

    PERSONAL_DATA = {"person_id": "who answers for the hook"}

    id = models.UUIDField(primary_key=True, editable=False)
    person_id = models.UUIDField()
    area_code = models.CharField(max_length=21, db_index=True)
    url = models.URLField(max_length=300)
    secret = models.BinaryField()  # encrypted; signs what is sent
    events_json = models.JSONField()
    created_at = models.DateTimeField()
    since = models.DateTimeField()  # nothing from before is told: when it was made, or let go on
    told_until = models.DateTimeField()  # what happened up to here stands in the messages
    paused_at = models.DateTimeField(null=True)
    paused_why = models.CharField(max_length=12, default="", blank=True)  # "", "person": who answers lost the right
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)  # seq of the last entry about the hook
    head_hash = models.BinaryField(max_length=32, default=bytes(32))

    class Meta:
        indexes = [
            models.Index(
                fields=["told_until"],
                name="hook_told",
                condition=models.Q(paused_at__isnull=True, ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.url


class HookMessage(models.Model):
    """What a hook is told, in order; kept for some days so that it can be sent again."""

    PERSONAL_DATA: dict[str, str] = {}

    id = models.UUIDField(primary_key=True, editable=False)
    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="messages", db_index=False)
    event = models.CharField(max_length=40)
    entry_id = models.UUIDField()  # of the record: what happened is told once
    subject_id = models.UUIDField()
    payload_json = models.JSONField()
    created_at = models.DateTimeField(db_index=True)
    sent = models.PositiveSmallIntegerField(default=0)  # attempts, replays too
    answered_at = models.DateTimeField(null=True)
    status = models.PositiveIntegerField(null=True)  # of the last answer; 0 where nobody answered

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hook", "entry_id"], name="hookmessage_once")]
        indexes = [models.Index(fields=["hook", "-id"], name="hookmessage_recent")]

    def __str__(self) -> str:
        return f"{self.event} {self.id}"


class CalendarLink(models.Model):
    """The secret address of a person's own calendar; one is in force at a time, its hash alone is kept."""

    PERSONAL_DATA = {"person_id": "whose calendar it is", "token_hash": "hash of the secret link"}

    id = models.UUIDField(primary_key=True, editable=False)
    person_id = models.UUIDField(db_index=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"calendar {self.id}"
