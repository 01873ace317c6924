"""The record: entries, what is sealed in them, and what leaves the house.

Rows here name persons, areas and subjects by plain ids: the kernel knows none of the packages above it.
"""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """An immutable fact about one subject; the source of truth.

    ``hash`` is SHA-256 over the canonical JSON of every other column (see ``kernel.chain``) including
    ``prev_hash``, so the entries of a subject form a chain. The database refuses UPDATE and DELETE.
    Personal content never stands in ``body``: only its salted commitment does, the content is ``Sealed``.
    """

    PERSONAL_DATA = {"actor_id": "who acted, for responsibility; kept with the record"}

    id = models.UUIDField(primary_key=True, editable=False)  # made by the client, UUIDv7
    subject_type = models.CharField(max_length=16)  # "matter", "meeting", "method", "area", "person"
    subject_id = models.UUIDField()
    seq = models.PositiveIntegerField()  # 1, 2, 3 … within the subject
    verb = models.CharField(max_length=48)  # "matter.reported"; every verb has a sentence in both languages
    actor_id = models.UUIDField(null=True)  # Person; null: anonymous or the system
    actor_role = models.CharField(max_length=48)  # the role acted in: "grid_worker", "lead", "resident", "system"
    area_code = models.CharField(max_length=21)
    happened_at = models.DateTimeField()  # when it happened (paper, phone: told later)
    recorded_at = models.DateTimeField()  # when it was typed
    method = models.CharField(max_length=80, default="", blank=True)  # "yiwang-sanbu-wuqin@1"
    body = models.TextField()  # canonical JSON: old and new, reason, commitments
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id", "seq"], name="entry_subject_seq"),
        ]
        indexes = [models.Index(fields=["recorded_at", "id"], name="entry_recorded")]

    def __str__(self) -> str:
        return f"{self.subject_type}:{self.subject_id}#{self.seq} {self.verb}"


class Sealed(models.Model):
    """Personal or free-text content of an entry, apart from it so that it can be erased.

    The entry's body holds ``sha256(salt + content)``; erasing content and salt leaves the chain valid.
    ``encrypted`` content is AES-256-GCM under a key derived from ``PERSONAL_DATA_KEY``.
    """

    PERSONAL_DATA = {
        "content": "the value itself; purpose and term are on the row",
        "masked": "what is shown by default",
        "lookup": "keyed hash for exact search (phone)",
    }

    entry_id = models.UUIDField(db_index=True)
    subject_type = models.CharField(max_length=16)
    subject_id = models.UUIDField()
    name = models.CharField(max_length=48)  # "text", "phone", "reporter_name", …
    purpose = models.CharField(max_length=120)
    encrypted = models.BooleanField()
    content = models.BinaryField(null=True)
    salt = models.BinaryField(max_length=16, null=True)
    masked = models.CharField(max_length=120, default="", blank=True)
    lookup = models.BinaryField(max_length=32, null=True)
    expires_on = models.DateField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "name"], name="sealed_subject"),
            models.Index(fields=["lookup"], name="sealed_lookup", condition=models.Q(lookup__isnull=False)),
            models.Index(
                fields=["expires_on"],
                name="sealed_expiry",
                condition=models.Q(expires_on__isnull=False, erased_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.subject_type}:{self.subject_id}"


class PersonalRead(models.Model):
    """Who read which sealed value in the clear, when and why; shown to the person it is about."""

    PERSONAL_DATA = {"reader_id": "who read; kept as long as the log"}

    sealed = models.ForeignKey(Sealed, on_delete=models.PROTECT, related_name="reads")
    reader_id = models.UUIDField()
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sealed", "at"], name="personal_read_sealed")]

    def __str__(self) -> str:
        return f"{self.reader_id} read {self.sealed_id} at {self.at:%Y-%m-%d %H:%M}"


class DayRoot(models.Model):
    """The Merkle root over the hashes of all entries recorded on one day; published."""

    PERSONAL_DATA: dict[str, str] = {}

    day = models.DateField(primary_key=True)
    count = models.PositiveIntegerField()
    root = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"


class StoredFile(models.Model):
    """A photo or a voice note, without anything its device wrote beside it; the content is named by its hash.

    One that was sent ahead of what it belongs to stands under ``subject_type`` "upload", ``subject_id`` being who sent
    it and ``entry_id`` its own id, until an entry takes it or a month has passed.
    """

    PERSONAL_DATA = {
        "sha256": "photo of a place, people in it are asked to be avoided at upload; or what somebody said of a visit",
        "subject_id": "who sent it, while nothing names it: 30 days at most",
        "sent_sha256": "tells a file sent again from another one under its id",
    }

    class Kind(models.TextChoices):
        """What it is."""

        PHOTO = "photo", "照片"
        SOUND = "sound", "语音"

    id = models.UUIDField(primary_key=True, editable=False)  # client-made UUIDv7
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.PHOTO)
    subject_type = models.CharField(max_length=16)
    subject_id = models.UUIDField()
    entry_id = models.UUIDField()
    tag = models.CharField(max_length=16)  # "scene", "before", "after", "paper"; a voice note's is "note"
    sha256 = models.CharField(max_length=64)  # of the bytes as they are kept
    sent_sha256 = models.CharField(max_length=64, default="", blank=True)  # as they were sent ahead; "" with a form
    mime = models.CharField(max_length=32)
    bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField()  # 0 of a voice note
    height = models.PositiveIntegerField()
    seconds = models.PositiveIntegerField(null=True)  # a voice note's length, where its container says
    public = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="file_subject"),
            models.Index(fields=["created_at"], name="file_unnamed", condition=models.Q(subject_type="upload")),
        ]

    def __str__(self) -> str:
        return f"{self.tag} {self.sha256[:8]}"


class Notification(models.Model):
    """A line in a person's bell: what happened, linked to where it can be acted on."""

    PERSONAL_DATA = {"person_id": "whom it is for; deleted after 180 days"}

    id = models.UUIDField(primary_key=True, editable=False)
    person_id = models.UUIDField()
    kind = models.CharField(max_length=48)  # a registered sentence key
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    relayed = models.BooleanField(default=False)  # has the worker decided who is told of it outside, too?

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-created_at"], name="notification_person"),
            models.Index(fields=["link"], name="notification_link"),  # what an erasure looks them up by
            models.Index(fields=["id"], name="notification_unrelayed", condition=models.Q(relayed=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.person_id}"


class OutboxItem(models.Model):
    """Something to be delivered outside, written in the transaction that caused it.

    ``dedupe_key`` is unique: the same message is enqueued once. A delivery is claimed with a lease;
    receivers get the id as Idempotency-Key / Message-ID. Address and content of what its channel must not
    keep (codes, numbers) are blanked once it is sent, and of anything once ``expires_at`` has passed.
    """

    PERSONAL_DATA = {"target": "an address a person gave for being told", "payload": "the message"}

    class State(models.TextChoices):
        """Where a delivery stands."""

        WAITING = "waiting", "待发送"
        SENDING = "sending", "发送中"
        SENT = "sent", "已发送"
        FAILED = "failed", "多次失败，待人工处理"

    id = models.UUIDField(primary_key=True, editable=False)
    channel = models.CharField(max_length=16)  # "email", "webhook", "sms", or one that a package registered
    target = models.CharField(max_length=300)
    payload = models.JSONField()
    dedupe_key = models.CharField(max_length=160, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, default="", blank=True)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)  # of no use afterwards (a sign-in code): blanked, never sent

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="outbox_due", condition=models.Q(state__in=["waiting", "sending"])),
            models.Index(fields=["target"], name="outbox_failed", condition=models.Q(state="failed")),
            models.Index(fields=["expires_at"], name="outbox_expiry", condition=models.Q(expires_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.dedupe_key}"


class RateCount(models.Model):
    """How often a keyed-hashed source did something in a window; swept after the window, never a profile."""

    PERSONAL_DATA = {"key": "keyed hash of an address or account for throttling; kept for one window"}

    key = models.CharField(max_length=96, primary_key=True)  # "<bucket>:<hmac>:<window start>"
    count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
