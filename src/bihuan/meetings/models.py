"""Meetings: who was due, who came, what was deliberated, how it was voted, what was resolved.

The record is the chain of entries of each meeting; these rows are what the pages read. A secret ballot
keeps *that* somebody voted (``Vote``) apart from *what* was voted (``BallotBox``): a box is one counter
per choice, updated in place, so neither an id, nor a time, nor the order of rows leads from one to the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models


class Meeting(models.Model):
    """One session of a body that a method declares (grid meeting, joint meeting)."""

    PERSONAL_DATA = {
        "called_by": "who called it",
        "chair_id": "who chairs",
        "minutes_id": "who keeps minutes",
    }

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
    called_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)  # when those due were reminded of it, once
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    objections_until = models.DateField(null=True)  # last day of the publicity window
    state = models.CharField(max_length=10, choices=State.choices, default=State.CALLED)
    quorum = models.JSONField(default=dict)  # as found when it was opened: Quorum.as_json()
    called_by = models.UUIDField()
    chair_id = models.UUIDField(null=True)
    minutes_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    head_hash = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["area_code", "-starts_at", "-id"], name="meeting_area"),
            models.Index(
                fields=["starts_at"],
                name="meeting_to_remind",
                condition=models.Q(state="called", reminded_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["area_code", "body", "starts_at"],
                condition=~models.Q(state="cancelled"),
                name="meeting_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """One person due at (or sitting in on) one meeting: one row is one mandate, so one vote."""

    PERSONAL_DATA = {
        "person_id": "who was due or came",
        "name": "kept with the minutes",
        "reason": "why absent; kept with the minutes",
        "deputy_id": "who came in their place",
        "deputy_name": "kept with the minutes",
    }

    class Kind(models.TextChoices):
        """应到 or 列席."""

        DUE = "due", "应到"
        SITTING_IN = "sitting_in", "列席"

    class Presence(models.TextChoices):
        """Told nothing yet, present, absent with reason, or somebody came in their place."""

        UNKNOWN = "unknown", "未签到"
        PRESENT = "present", "到会"
        ABSENT = "absent", "请假"
        DEPUTY = "deputy", "委托他人"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    person_id = models.UUIDField(null=True)  # null: a guest who is in no list of ours
    name = models.CharField(max_length=40)
    role = models.CharField(max_length=40)
    corrected: Sequence[object] = ()  # no column: how the reason was corrected, put here by the reads
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.DUE)
    presence = models.CharField(max_length=8, choices=Presence.choices, default=Presence.UNKNOWN)
    reason = models.CharField(max_length=120, default="", blank=True)
    weights = models.JSONField(default=dict)  # named measures as exact text, e.g. {"heads": "1", "floor_area": "87.5"}
    deputy_id = models.UUIDField(null=True)
    deputy_name = models.CharField(max_length=40, default="", blank=True)
    ballot_hash = models.BinaryField(max_length=32, null=True, unique=True)  # of the personal phone-vote link
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person_id"], name="attendance_once")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name} {self.presence}"


class AgendaItem(models.Model):
    """One matter (or free topic) on one meeting's agenda."""

    PERSONAL_DATA: dict[str, str] = {}

    class State(models.TextChoices):
        """What became of the item."""

        WAITING = "waiting", "待议"
        VOTING = "voting", "表决中"
        COUNTED = "counted", "已计票"
        CARRIED = "carried", "通过"
        REJECTED = "rejected", "未通过"
        REFERRED = "referred", "提交联席会议"
        DEFERRED = "deferred", "顺延"
        NOTED = "noted", "已通报"

    id = models.UUIDField(primary_key=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, null=True, related_name="agenda_items")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=200, default="", blank=True)  # why deferred or referred
    ballot = models.CharField(max_length=16, default="", blank=True)  # "hands", "open", "secret"
    voting_opened_at = models.DateTimeField(null=True)
    voting_closed_at = models.DateTimeField(null=True)
    count = models.JSONField(default=dict)  # empty until the ballot is closed; then Count.as_json()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"],
                condition=models.Q(state__in=["waiting", "voting", "counted"]),
                name="matter_on_one_open_agenda",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Opinion(models.Model):
    """What somebody said on an item, in the order of speaking."""

    PERSONAL_DATA = {
        "person_id": "who spoke, when named",
        "name": "who spoke; minutes",
        "text": "what was said; minutes",
    }

    id = models.UUIDField(primary_key=True, editable=False)
    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="opinions")
    person_id = models.UUIDField(null=True)
    name = models.CharField(max_length=40)
    text = models.TextField()
    created_at = models.DateTimeField()
    corrected: Sequence[object] = ()  # no column: how the text was corrected, put here by the reads

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:20]}"


class Vote(models.Model):
    """That one mandate was used on one item. ``choice`` is empty in a secret ballot, for ever."""

    PERSONAL_DATA = {"person_id": "who voted: needed for one vote each; the choice only in open ballots"}

    id = models.UUIDField(primary_key=True, editable=False)
    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="votes")
    person_id = models.UUIDField()  # whose mandate
    cast_by = models.UUIDField()  # who used it: the same, or their deputy
    channel = models.CharField(max_length=8)  # "hands", "paper", "phone"
    choice = models.CharField(max_length=8, default="", blank=True)  # "for", "against", "abstain"
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "person_id"], name="vote_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.channel}"


class BallotBox(models.Model):
    """How many secret ballots for one choice on one item. No person, no time, no channel, no order."""

    PERSONAL_DATA: dict[str, str] = {}

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="boxes")
    choice = models.CharField(max_length=8)  # "for", "against", "abstain", "spoilt"
    ballots = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "choice"], name="ballot_box_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.choice}"


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


class Objection(models.Model):
    """What somebody objects to while a result is on the wall, and the answer they got."""

    PERSONAL_DATA = {
        "name": "who objects, when they say so",
        "text": "what is objected to; kept with the minutes",
        "answered_by": "who answered",
    }

    id = models.UUIDField(primary_key=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="objections")
    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, null=True, related_name="objections")
    name = models.CharField(max_length=40, default="", blank=True)
    text = models.TextField()
    created_at = models.DateTimeField()
    answer = models.TextField(default="", blank=True)
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.text[:40]


class Correction(models.Model):
    """What was wrong in the record of an ended meeting, why, and how it should read. The first words stay beside it."""

    PERSONAL_DATA = {
        "was": "the words as they stood; kept with the minutes",
        "words": "the corrected words; kept with the minutes",
        "by": "who corrected",
    }

    class What(models.TextChoices):
        """What may be corrected so; votes and decisions may not."""

        PLACE = "place", "地点"
        BEGAN = "began", "开会时间"
        ENDED = "ended", "散会时间"
        CHAIR = "chair", "主持"
        MINUTES = "minutes", "记录"
        REASON = "reason", "缺席原因"
        OPINION = "opinion", "发言"

    id = models.UUIDField(primary_key=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="corrections")
    what = models.CharField(max_length=8, choices=What.choices)
    target = models.CharField(max_length=36, default="", blank=True)  # of a reason the list's row, of an opinion its id
    was = models.TextField()
    words = models.TextField()
    why = models.CharField(max_length=200)
    by = models.UUIDField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.what} {self.target}: {self.words[:20]}"


class SessionReminder(models.Model):
    """That those who call were told of one standing session that nobody had called yet: one row, one telling."""

    PERSONAL_DATA: dict[str, str] = {}

    area_code = models.CharField(max_length=21)
    body = models.CharField(max_length=40)
    session_at = models.DateTimeField()
    reminded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area_code", "body", "session_at"], name="session_reminded_once")
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.body} {self.session_at:%Y-%m-%d}"
