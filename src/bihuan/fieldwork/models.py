"""Work in the field: places gone round, visits made, what they found, households paired with units.

The record is the chain of entries of each visit and each pairing; these rows are what the pages read. A visit says
where somebody was because they say so: no track, no position, no photo is asked for.
"""

from __future__ import annotations

from django.db import models


class Place(models.Model):
    """Something that is gone to and is no area: a wall, a road, a public facility, a fire exit, a household's door."""

    PERSONAL_DATA = {"name": "a household is named by its door (3单元501), never by its people"}

    id = models.UUIDField(primary_key=True, editable=False)  # id of the entry that registered it
    area_code = models.CharField(max_length=21)
    kind = models.CharField(max_length=40)  # a key of the method's rounds: "wall", "road", "facility", "fire_exit", …
    name = models.CharField(max_length=60)
    order = models.PositiveIntegerField(default=0)  # the order people walk in, where somebody has said one
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    active = models.BooleanField(default=True)
    source = models.CharField(max_length=20, default="", blank=True)  # "样例" for the sample's
    version = models.PositiveIntegerField(default=1)
    head_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area_code", "kind", "name"], name="place_once")]
        indexes = [models.Index(fields=["area_code", "kind", "order", "name"], name="place_area")]

    def __str__(self) -> str:
        return self.name


class Visit(models.Model):
    """One visit: to a place on a round, to a paired household, or of one's own accord (民情日志)."""

    PERSONAL_DATA = {
        "person_id": "who went; staff and partners see their own work and their secretary's answers",
        "together": "who else went, by role and name",
        "title": "written by who went; kept with the visit's term",
        "text": "written by who went; may name people: sealed in the record, erasable",
        "review": "the secretary's answer",
        "reviewed_by": "who answered",
    }

    class Result(models.TextChoices):
        """What came of it."""

        NOTHING = "nothing", "一切正常"
        FOUND = "found", "发现问题"
        NOBODY = "nobody", "家中无人"

    id = models.UUIDField(primary_key=True, editable=False)  # id of the entry that recorded it; made on the phone
    version_ref = models.ForeignKey("methods.MethodVersion", on_delete=models.PROTECT)
    method_key = models.CharField(max_length=60)  # the version's: what its coverage is kept under
    round = models.CharField(max_length=40, default="", blank=True)  # key in the method's rounds; "" for none
    level = models.PositiveSmallIntegerField(default=1)  # of a round by levels (二级遍访): 1 first, then 2
    pairing = models.ForeignKey("fieldwork.Pairing", on_delete=models.PROTECT, null=True, related_name="visits")
    help_kind = models.CharField(max_length=40, default="", blank=True)  # key of the help given (六帮六助)
    area_code = models.CharField(max_length=21)
    community_code = models.CharField(max_length=12)
    street_code = models.CharField(max_length=9)
    district_code = models.CharField(max_length=6)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="visits")  # none: the area
    target = models.CharField(max_length=36)  # the place's id (hex), or the area's code
    person_id = models.UUIDField()  # who recorded it
    role = models.CharField(max_length=40)  # as what they went
    stood_in = models.BooleanField(default=False)  # went for the one whose round it is
    together = models.JSONField(default=list)  # [{"role": …, "name": …, "person": hex or ""}]
    arrived_at = models.DateTimeField()
    happened_at = models.DateTimeField()  # when it was finished, on the phone's clock
    recorded_at = models.DateTimeField()  # when the server had it
    result = models.CharField(max_length=8, choices=Result.choices, default=Result.NOTHING)
    checklist = models.JSONField(default=dict)  # {item key: "ok" | "bad" | "na"}
    title = models.CharField(max_length=60, default="", blank=True)
    text = models.TextField(default="", blank=True)
    findings_count = models.PositiveSmallIntegerField(default=0)
    counted = models.BooleanField(default=True)  # towards the round's coverage
    not_counted = models.CharField(max_length=40, default="", blank=True)  # why not: "too_soon", "alone" …
    withdrawn = models.BooleanField(default=False)  # recorded by mistake, taken back by who recorded it
    review = models.TextField(default="", blank=True)
    reviewed_by = models.UUIDField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    head_hash = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["community_code", "-happened_at", "-id"], name="visit_community"),
            models.Index(fields=["street_code", "-happened_at", "-id"], name="visit_street"),
            models.Index(fields=["district_code", "-happened_at", "-id"], name="visit_district"),
            models.Index(fields=["area_code", "-happened_at", "-id"], name="visit_area"),
            models.Index(fields=["person_id", "-happened_at", "-id"], name="visit_person"),
            models.Index(fields=["target", "method_key", "round", "-happened_at"], name="visit_target"),
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.happened_at:%Y-%m-%d}"


class Finding(models.Model):
    """What a visit found: a matter of its own, or one that was open there already."""

    PERSONAL_DATA: dict[str, str] = {}

    id = models.UUIDField(primary_key=True, editable=False)  # made on the phone
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="findings")
    matter = models.ForeignKey("matters.Matter", on_delete=models.PROTECT, related_name="findings")
    joined = models.BooleanField(default=False)  # an open matter took it in
    item = models.CharField(max_length=40, default="", blank=True)  # the checklist's

    class Meta:
        indexes = [models.Index(fields=["matter"], name="finding_matter")]

    def __str__(self) -> str:
        return str(self.id)


class Coverage(models.Model):
    """When a place was last covered, for each round and level: one row, rewritten by each visit that counts.

    Acts on matters that a round counts have rows of their own, under ``act.<action>`` for a round.
    """

    PERSONAL_DATA = {"last_person_id": "who covered it last; of an act nobody is named"}

    community_code = models.CharField(max_length=12)
    method_key = models.CharField(max_length=60)
    round = models.CharField(max_length=64)  # a round's key, or "act.<action>"
    level = models.PositiveSmallIntegerField(default=1)
    area_code = models.CharField(max_length=21)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True)
    target = models.CharField(max_length=36)  # the place's id (hex), or the area's code
    last_at = models.DateTimeField()
    last_visit_id = models.UUIDField(null=True)
    last_person_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["method_key", "round", "level", "target"], name="coverage_once")]
        indexes = [models.Index(fields=["community_code", "method_key", "round", "level"], name="coverage_round")]

    def __str__(self) -> str:
        return f"{self.round} {self.target}"


class EquivalentAct(models.Model):
    """An act on a matter that some round counts as having been there; folded in the act's own transaction.

    It was where its matter is: in an area, and at a place where the matter was found on a visit to that place.
    """

    PERSONAL_DATA: dict[str, str] = {}

    id = models.UUIDField(primary_key=True, editable=False)  # the act's entry
    matter = models.ForeignKey("matters.Matter", on_delete=models.CASCADE, related_name="+")
    community_code = models.CharField(max_length=12)
    method_key = models.CharField(max_length=60)
    action = models.CharField(max_length=60)
    area_code = models.CharField(max_length=21)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    happened_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["community_code", "method_key", "action", "-happened_at"], name="act_community"),
            models.Index(fields=["area_code", "method_key", "action", "-happened_at"], name="act_area"),
            models.Index(fields=["place", "method_key", "action", "-happened_at"], name="act_place"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.area_code}"


class Pairing(models.Model):
    """A partner unit and one household, one to one (结对帮扶): sensitive, so few may see it and each look is kept."""

    PERSONAL_DATA = {
        "person_id": "who of the unit goes there",
        "masked_name": "masked name of the household's head (张**); the name is sealed",
        "door": "which household; sealed in the record, erased with the name",
        "needs": "kinds of help needed",
        "consent_how": "how the household agreed",
        "witness": "masked name of who witnessed it; the name is sealed",
        "witness_id": "who witnessed it, where the person is known",
    }

    class State(models.TextChoices):
        """Proposed until the household has agreed; active; ended."""

        PROPOSED = "proposed", "待本人同意"
        ACTIVE = "active", "结对中"
        ENDED = "ended", "已结束"

    id = models.UUIDField(primary_key=True, editable=False)  # id of the entry that proposed it
    version_ref = models.ForeignKey("methods.MethodVersion", on_delete=models.PROTECT)
    key = models.CharField(max_length=40)  # in the method's pairings section
    area_code = models.CharField(max_length=21)  # the building
    door = models.CharField(max_length=60)  # 3单元501; no ``Place``: a list of places must not tell who is helped
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT)
    person_id = models.UUIDField(null=True)  # of the unit: goes there, and sees it
    masked_name = models.CharField(max_length=40)
    needs = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    consent_how = models.CharField(max_length=12, default="", blank=True)  # "signed", "spoken"
    consented_at = models.DateTimeField(null=True)
    witness = models.CharField(max_length=40, default="", blank=True)
    witness_id = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=12, default="", blank=True)  # a key of ``pairing_words.END_REASONS``
    last_visit_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    head_hash = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["area_code", "state"], name="pairing_area"),
            models.Index(fields=["person_id", "state"], name="pairing_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["area_code", "door", "key"],
                condition=~models.Q(state="ended"),
                name="pairing_one_to_one",
            )
        ]

    def __str__(self) -> str:
        return self.masked_name
