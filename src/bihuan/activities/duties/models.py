"""Rosters, the duties on them, what came in during one, and the hours given: what the pages read.

The record is the chain of entries of each roster; hours are on the chains of the activity and the team.
"""

from __future__ import annotations

from django.db import models


class Roster(models.Model):
    """The duty roster (值班表) of a team from one day to another, as it was published."""

    PERSONAL_DATA: dict[str, str] = {}

    id = models.UUIDField(primary_key=True, editable=False)  # id of the entry that published it
    team = models.ForeignKey("activities.Team", on_delete=models.PROTECT, related_name="rosters")
    area_code = models.CharField(max_length=21)
    since = models.DateField()
    until = models.DateField()
    shifts = models.TextField()  # a line for each: 工作日 09:00–11:00 2人
    published_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # taken back: what had not begun is off it
    version = models.PositiveIntegerField(default=1)
    head_hash = models.BinaryField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["team", "-since"], name="roster_team")]

    def __str__(self) -> str:
        return f"{self.team_id} {self.since}"


class Duty(models.Model):
    """One person's turn in one shift; without a member it is a seat that nobody could take."""

    PERSONAL_DATA = {"handed_by": "who handed it over"}

    id = models.UUIDField(primary_key=True, editable=False)
    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="duties")
    team = models.ForeignKey("activities.Team", on_delete=models.PROTECT, related_name="duties")
    area_code = models.CharField(max_length=21)
    day = models.DateField()
    rest = models.BooleanField()  # on a day that is no workday
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    member = models.ForeignKey("activities.Member", on_delete=models.PROTECT, null=True, related_name="duties")
    offered_at = models.DateTimeField(null=True)  # its member asks for somebody to stand in
    handed_at = models.DateTimeField(null=True)  # stood, and handed over
    handed_by = models.UUIDField(null=True)
    taker = models.ForeignKey("activities.Member", on_delete=models.PROTECT, null=True, related_name="+")
    undone = models.CharField(max_length=500, default="", blank=True)  # words beside the calls that are open

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["team", "starts_at"], name="duty_team"),
            models.Index(fields=["member", "starts_at"], name="duty_member"),
            models.Index(
                fields=["area_code", "-handed_at", "-id"],
                name="duty_handed",
                condition=models.Q(handed_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "starts_at", "ends_at", "member"],
                condition=models.Q(member__isnull=False),
                name="duty_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.team_id}"


class Call(models.Model):
    """A call or a need that came in during a duty (值班登记). Names and telephones are shown masked, and sealed."""

    PERSONAL_DATA = {
        "unit": "where the caller belongs; erased with the name",
        "name": "the caller's, masked; the sealed one is erased some days after it was settled",
        "phone": "the caller's, masked; erased with the name",
        "text": "what it was about, in the words of who took it; erased at their word",
        "recorder_id": "who took it",
        "instructor_id": "who gave the instruction",
    }

    class State(models.TextChoices):
        """Open, settled on the spot, a matter."""

        OPEN = "open", "未办结"
        SETTLED = "settled", "已办结"
        MATTER = "matter", "已转事项"

    id = models.UUIDField(primary_key=True, editable=False)  # id of the entry that noted it
    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="calls")
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="calls")
    team = models.ForeignKey("activities.Team", on_delete=models.PROTECT, related_name="calls")
    area_code = models.CharField(max_length=21)
    came_at = models.DateTimeField()
    unit = models.CharField(max_length=60, default="", blank=True)
    name = models.CharField(max_length=40, default="", blank=True)
    phone = models.CharField(max_length=40, default="", blank=True)
    text = models.TextField(blank=True)
    proposal = models.CharField(max_length=500, default="", blank=True)
    instruction = models.CharField(max_length=500, default="", blank=True)
    result = models.CharField(max_length=500, default="", blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, null=True, related_name="+")
    recorder_id = models.UUIDField(null=True)
    instructor_id = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["area_code", "-came_at", "-id"], name="call_area"),
            models.Index(fields=["team", "-came_at", "-id"], name="call_team"),
        ]

    def __str__(self) -> str:
        return f"{self.came_at} {self.state}"


class Service(models.Model):
    """What one volunteer gave: a duty stood, or help at an activity; counted once it was published long enough.

    Nothing adds up what a person gave: no ranking, no points.
    """

    PERSONAL_DATA = {
        "member_id": "who gave it; the name is erased with the membership",
        "objector_id": "who objected",
        "objection": "why; erased at their word",
    }

    id = models.UUIDField(primary_key=True, editable=False)
    team = models.ForeignKey("activities.Team", on_delete=models.PROTECT, related_name="services")
    area_code = models.CharField(max_length=21)
    member = models.ForeignKey("activities.Member", on_delete=models.PROTECT, related_name="services")
    duty = models.OneToOneField(Duty, on_delete=models.PROTECT, null=True, related_name="service")
    activity = models.ForeignKey("activities.Activity", on_delete=models.PROTECT, null=True, related_name="services")
    starts_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()
    recorder_id = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)
    counts_from = models.DateTimeField(null=True)  # three workdays after it was published
    objected_at = models.DateTimeField(null=True)
    objector_id = models.UUIDField(null=True)
    objection = models.CharField(max_length=200, default="", blank=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["area_code", "-starts_at", "-id"], name="service_area"),
            models.Index(fields=["team", "-starts_at", "-id"], name="service_team"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "member"], condition=models.Q(activity__isnull=False), name="helped_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at} {self.minutes}"
