"""Things held at a place and a time: festival events, clinics, rehearsals; and the teams that hold them.

The record is the chain of entries of each activity and team; these rows are what the pages read.
"""

from __future__ import annotations

from django.db import models

from bihuan.activities.duties.models import Call, Duty, Roster, Service

__all__ = ["Activity", "Call", "Duty", "Member", "Roster", "Service", "SignUp", "Team"]


class Team(models.Model):
    """A group of residents or volunteers with a leader (文艺志愿服务队)."""

    PERSONAL_DATA = {"leader_id": "who leads it, where they have an account"}

    id = models.UUIDField(primary_key=True, editable=False)  # id of the entry that founded it
    version_ref = models.ForeignKey("methods.MethodVersion", on_delete=models.PROTECT)
    kind = models.CharField(max_length=40)  # key in the method's activities section: which sort of team
    area_code = models.CharField(max_length=21)
    name = models.CharField(max_length=60)
    leader_id = models.UUIDField(null=True)
    founded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    head_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area_code", "name"], condition=models.Q(ended_at__isnull=True), name="team_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """One member of a team; the name is given by themselves, the talent is theirs to tell."""

    PERSONAL_DATA = {
        "person_id": "the member's account, where they have one; forgotten with the name",
        "name": "as they want to be called in the team; erased some days after they left",
        "talent": "what they bring: 二胡, 舞蹈; erased with the name",
        "away": "days on which they cannot stand a duty; erased with the name",
    }

    id = models.UUIDField(primary_key=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    person_id = models.UUIDField(null=True)
    name = models.CharField(max_length=40, blank=True)  # "" once it is erased
    talent = models.CharField(max_length=40, default="", blank=True)
    away = models.JSONField(default=list, blank=True)  # ["2024-03-12", "3"]: days, and weekdays as 1 (Monday) to 7
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        ordering = ["since", "id"]

    def __str__(self) -> str:
        return self.name


class Activity(models.Model):
    """One activity: announced, signed up for, held (or called off), attended."""

    PERSONAL_DATA = {"organiser_id": "who announced it"}

    class State(models.TextChoices):
        """Announced, held, called off."""

        ANNOUNCED = "announced", "已发布"
        HELD = "held", "已举办"
        CANCELLED = "cancelled", "已取消"

    id = models.UUIDField(primary_key=True, editable=False)  # id of the entry that announced it
    version_ref = models.ForeignKey("methods.MethodVersion", on_delete=models.PROTECT)
    kind = models.CharField(max_length=40)  # key in the method's activities section
    area_code = models.CharField(max_length=21)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="activities")
    title = models.CharField(max_length=60)
    text = models.TextField(default="", blank=True)
    place = models.CharField(max_length=80)
    festival = models.CharField(max_length=40, default="", blank=True)  # 元宵节, 重阳节
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveIntegerField(null=True)  # none: as many as come
    sign_up_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.ANNOUNCED)
    organiser_id = models.UUIDField()
    came_uncounted = models.PositiveIntegerField(default=0)  # people who came and are in no list, by headcount
    summary = models.TextField(default="", blank=True)
    reason = models.CharField(max_length=200, default="", blank=True)  # why it was called off
    announced_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)  # when it was recorded as held
    reminded_at = models.DateTimeField(null=True)  # when the organiser was reminded to record it, once
    version = models.PositiveIntegerField(default=1)
    head_hash = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["area_code", "-starts_at", "-id"], name="activity_area"),
            models.Index(fields=["ends_at"], name="activity_unrecorded", condition=models.Q(state="announced")),
        ]

    def __str__(self) -> str:
        return self.title


class SignUp(models.Model):
    """One person, or a few of a household, who want to come; no account needed: a name is enough."""

    PERSONAL_DATA = {
        "person_id": "the account that signed up; forgotten with the name, so that nobody's coming adds up",
        "name": "as they want to be called; erased some days after the activity (30 where the method says nothing)",
        "follow_hash": "hash of the secret by which it is withdrawn",
    }

    class State(models.TextChoices):
        """Coming, waiting for a place, withdrawn; afterwards: came, did not come."""

        COMING = "coming", "已报名"
        WAITING = "waiting", "候补"
        WITHDRAWN = "withdrawn", "已取消"
        CAME = "came", "到场"
        ABSENT = "absent", "未到"

    id = models.UUIDField(primary_key=True, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="sign_ups")
    person_id = models.UUIDField(null=True)
    name = models.CharField(max_length=40, blank=True)  # "" once it is erased
    people = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=9, choices=State.choices, default=State.COMING)
    follow_hash = models.BinaryField(max_length=32, null=True, unique=True)
    signed_at = models.DateTimeField()
    number = models.PositiveIntegerField()  # of its entry in the activity's chain: the order in which people wait

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person_id"],
                condition=models.Q(person_id__isnull=False) & ~models.Q(state="withdrawn"),
                name="signup_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"
