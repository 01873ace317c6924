"""Meetings: who was due, who came, what was deliberated, how it was voted, what was resolved."""

from __future__ import annotations

from django.db import models


class Meeting(models.Model):
    """One session of a body that a method declares (grid meeting, joint meeting)."""

    PERSONAL_DATA = {"called_by": "who called it", "chair_id": "who chairs", "minutes_id": "who keeps minutes"}

    class State(models.TextChoices):
        """Called, under way, ended, results on the wall."""

        CALLED = "called", "已通知"
        OPEN = "open", "进行中"
        ENDED = "ended", "已结束"
        PUBLISHED = "published", "已公布"
        CANCELLED = "cancelled", "已取消"

    id = models.UUIDField(primary_key=True, editable=False)  # id of the entry that called it
    version_ref = models.ForeignKey("methods.MethodVersion", on_delete=models.PROTECT)
    body = models.CharField(max_length=40)  # key in the method's deliberation section
    area_code = models.CharField(max_length=21)
    title = models.CharField(max_length=80)
    number = models.PositiveIntegerField()  # 第 n 次 within body, area and year
    place = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CALLED)
    called_by = models.UUIDField()
    chair_id = models.UUIDField(null=True)
    minutes_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    head_hash = models.BinaryField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["area_code", "-starts_at", "-id"], name="meeting_area")]
        constraints = [
            models.UniqueConstraint(fields=["area_code", "body", "starts_at"], name="meeting_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """One person due at (or sitting in on) one meeting."""

    PERSONAL_DATA = {"person_id": "who was due or came", "reason": "why absent; kept with the minutes"}

    class Kind(models.TextChoices):
        """应到 or 列席."""

        DUE = "due", "应到"
        SITTING_IN = "sitting_in", "列席"

    class Presence(models.TextChoices):
        """Told nothing yet, present, or absent with reason."""

        UNKNOWN = "unknown", "未签到"
        PRESENT = "present", "到会"
        ABSENT = "absent", "请假"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    person_id = models.UUIDField()
    name = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.DUE)
    presence = models.CharField(max_length=8, choices=Presence.choices, default=Presence.UNKNOWN)
    reason = models.CharField(max_length=120, default="", blank=True)
    weights = models.JSONField(default=dict)  # named measures, e.g. {"heads": 1, "households": 24}
    deputy_for = models.UUIDField(null=True)
    ballot_hash = models.BinaryField(max_length=32, null=True)  # of the personal phone-vote link

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person_id"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.presence}"


class AgendaItem(models.Model):
    """One matter (or free topic) on one meeting's agenda."""

    PERSONAL_DATA: dict[str, str] = {}

    class State(models.TextChoices):
        """What became of the item."""

        WAITING = "waiting", "待议"
        VOTING = "voting", "表决中"
        CARRIED = "carried", "通过"
        REJECTED = "rejected", "未通过"
        DEFERRED = "deferred", "顺延"
        NOTED = "noted", "已通报"

    id = models.UUIDField(primary_key=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, null=True, related_name="agenda_items")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    ballot = models.CharField(max_length=16, default="", blank=True)  # "hands", "open", "secret"
    count = models.JSONField(default=dict)  # {"paper": {...}, "phone": {...}, "hands": {...}} by choice and measure

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"],
                condition=models.Q(state__in=["waiting", "voting"]),
                name="matter_on_one_open_agenda",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Opinion(models.Model):
    """What somebody said on an item, in the order of speaking."""

    PERSONAL_DATA = {"person_id": "who spoke, when named", "text": "what was said; minutes"}

    id = models.UUIDField(primary_key=True, editable=False)
    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="opinions")
    person_id = models.UUIDField(null=True)
    name = models.CharField(max_length=40)
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:20]}"


class Vote(models.Model):
    """One voter's vote on one item. In a secret ballot ``choice`` is empty here and only the counts move."""

    PERSONAL_DATA = {"person_id": "who voted: needed for one vote each; the choice only in open ballots"}

    id = models.UUIDField(primary_key=True, editable=False)
    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="votes")
    person_id = models.UUIDField()
    channel = models.CharField(max_length=8)  # "hands", "paper", "phone"
    choice = models.CharField(max_length=8, default="", blank=True)  # "for", "against", "abstain"
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "person_id"], name="vote_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.channel}"


class Resolution(models.Model):
    """What a meeting decided on an item, and the responsibility it gave."""

    PERSONAL_DATA = {"parties": "who was made responsible (1+1+1)"}

    id = models.UUIDField(primary_key=True, editable=False)
    item = models.OneToOneField(AgendaItem, on_delete=models.CASCADE, related_name="resolution")
    carried = models.BooleanField()
    text = models.TextField()
    parties = models.JSONField(default=dict)  # {"lead": [person ids], …}
    due_on = models.DateField(null=True)
    decided_at = models.DateTimeField()
    votes_for = models.FloatField(default=0)
    votes_against = models.FloatField(default=0)
    votes_abstain = models.FloatField(default=0)
    quorum_met = models.BooleanField(default=True)
    rule = models.CharField(max_length=200, default="", blank=True)  # the majority rule as it stood

    def __str__(self) -> str:
        return self.text[:40]
