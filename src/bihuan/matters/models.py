"""Matters and what is derived from their entries for fast reading.

``Matter.state_json`` is the pure engine's state (a fold of the entries); every other table here is a
projection of it, rewritten in the same transaction by ``matters.store``.
"""

from __future__ import annotations

from django.db import models

_OPEN = models.Q(is_open=True)
_LIMITED = models.Q(is_open=True, due_at__isnull=False)
_CARDED = ~models.Q(card="")
_SORTED = ~models.Q(category="")
_TICKS = models.Q(next_tick_at__isnull=False)
_FOLLOWABLE = models.Q(follow_hash__isnull=False)
_DUPLICATE = models.Q(duplicate_of__isnull=False)
_CHILD = models.Q(parent__isnull=False)
_TOLD = models.Q(public=True, is_open=False, duplicate_of__isnull=True, closed_at__isnull=False)


class Matter(models.Model):
    """Anything to be settled. Moves only through ``actions.advance()``, compare-and-set on ``version``."""

    PERSONAL_DATA = {
        "title": "what was reported; may name people, erased with the entry's text",
        "text": "what was reported; may name people, erased with the entry's text",
        "reporter_id": "to tell and ask the reporter; null when anonymous",
        "follow_hash": "hash of the secret link the reporter follows by",
    }

    class Channel(models.TextChoices):
        """How it came in."""

        DOOR = "door", "楼门二维码"
        WEB = "web", "网页"
        VISIT = "visit", "上门走访"
        PHONE = "phone", "电话"
        PAPER = "paper", "纸质"
        PARLOUR = "parlour", "居民会客厅"
        PATROL = "patrol", "巡查"
        API = "api", "接口"

    id = models.UUIDField(primary_key=True, editable=False)  # the id of the entry that opened it
    number = models.CharField(max_length=32)  # "410802004004-2024-0017" shown as 电建-2024-0017
    version_ref = models.ForeignKey("methods.MethodVersion", on_delete=models.PROTECT, db_index=False)
    area_code = models.CharField(max_length=21)
    community_code = models.CharField(max_length=12)
    street_code = models.CharField(max_length=9)
    district_code = models.CharField(max_length=6)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    title = models.CharField(max_length=120)
    text = models.TextField(default="", blank=True)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    category = models.CharField(max_length=40, default="", blank=True)
    urgency = models.CharField(max_length=12, default="", blank=True)
    step = models.CharField(max_length=40)
    is_open = models.BooleanField(default=True)
    outcome = models.CharField(max_length=40, default="", blank=True)
    public = models.BooleanField(default=True)  # may strangers see what the method says they may
    due_at = models.DateTimeField(null=True)  # of the nearest running clock
    card = models.CharField(max_length=8, default="", blank=True)  # "", "yellow", "red"
    next_tick_at = models.DateTimeField(null=True)  # next instant at which a clock says something
    reporter_id = models.UUIDField(null=True)
    follow_hash = models.BinaryField(max_length=32, null=True)
    has_contact = models.BooleanField(default=False)  # a phone number lies sealed in the first entry
    follower_count = models.PositiveIntegerField(default=0)
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="duplicates", db_index=False
    )
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children", db_index=False)
    happened_at = models.DateTimeField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    indexed = models.BooleanField(default=False)  # in the search table yet?
    counted = models.BooleanField(default=False)  # are the figures folded from it as it is now?
    state_json = models.JSONField()
    version = models.PositiveIntegerField(default=1)  # compare-and-set; also the last entry's seq
    head_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], name="matter_number")]
        indexes = [
            models.Index(fields=["area_code", "-created_at", "-id"], name="matter_area"),
            models.Index(fields=["community_code", "-created_at", "-id"], name="matter_community"),
            models.Index(fields=["street_code", "-created_at", "-id"], name="matter_street"),
            models.Index(fields=["district_code", "-created_at", "-id"], name="matter_district"),
            # What is open, and what has a limit, is a small part of what there is: partial indexes stay small.
            *(
                models.Index(fields=[f"{level}_code", "-created_at", "-id"], name=f"m_open_{level}", condition=_OPEN)
                for level in ("community", "street", "district")
            ),
            *(
                models.Index(fields=[f"{level}_code", "due_at", "id"], name=f"m_due_{level}", condition=_LIMITED)
                for level in ("area", "community", "street", "district")
            ),
            *(
                models.Index(fields=[f"{level}_code", "-created_at", "-id"], name=f"m_card_{level}", condition=_CARDED)
                for level in ("community", "street", "district")
            ),
            # What was settled last, for everybody to read: only closing pays for these.
            *(
                models.Index(fields=[f"{level}_code", "-closed_at", "-id"], name=f"m_told_{level}", condition=_TOLD)
                for level in ("community", "street", "district")
            ),
            # Reports come without a category: they do not pay for these; who sorts them does.
            *(
                models.Index(
                    fields=["category", f"{level}_code", "-created_at", "-id"], name=f"m_cat_{level}", condition=_SORTED
                )
                for level in ("community", "street", "district")
            ),
            # Which versions run in an area, and what waits there at a step for a meeting: an area of any level is a
            # range of codes, so that one index serves community, street and district.
            models.Index(fields=["version_ref", "area_code"], name="matter_running", condition=_OPEN),
            models.Index(fields=["step", "area_code"], name="matter_step", condition=_OPEN),
            models.Index(fields=["next_tick_at"], name="matter_tick", condition=_TICKS),
            models.Index(fields=["id"], name="matter_unindexed", condition=models.Q(indexed=False)),
            models.Index(fields=["id"], name="matter_uncounted", condition=models.Q(counted=False)),
            models.Index(fields=["follow_hash"], name="matter_follow", condition=_FOLLOWABLE),
            models.Index(fields=["duplicate_of"], name="matter_duplicates", condition=_DUPLICATE),
            models.Index(fields=["parent"], name="matter_children", condition=_CHILD),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Party(models.Model):
    """Who answers for a matter: a post on one matter (1+1+1), given by an entry, ended by one."""

    PERSONAL_DATA = {"person_id": "who answers for or follows the matter; shown as the method says"}

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(max_length=40)  # "lead", "tracker", "supervisor", "reporter", "follower", …
    person_id = models.UUIDField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "role", "person_id"], condition=models.Q(until__isnull=True), name="party_once"
            )
        ]
        indexes = [
            models.Index(fields=["person_id", "role"], name="party_person", condition=models.Q(until__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.person_id}"


class Todo(models.Model):
    """What a role (in an area) or a person owes an open matter, or may do on it; rewritten at each advance.

    An act that is owed has a row of its own; what is only allowed is one row for each role or person.
    """

    PERSONAL_DATA = {
        "person_id": "whose turn it is",
        "barred": "who may not check their own work; gone when the matter moves",
    }

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="todos")
    action = models.TextField()  # the method's action key; of what is only allowed all keys, by blanks
    must = models.BooleanField()  # owed, not only allowed
    role = models.CharField(max_length=40, default="", blank=True)
    person_id = models.UUIDField(null=True)
    barred = models.TextField(default="", blank=True)  # who of the role may not, act by act (;): they did the work
    area_code = models.CharField(max_length=21)
    community_code = models.CharField(max_length=12)
    street_code = models.CharField(max_length=9)
    district_code = models.CharField(max_length=6)
    due_at = models.DateTimeField(null=True)
    sort_at = models.DateTimeField()  # due_at, or created_at + 10 years; 200 years later where it is not owed

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "sort_at", "id"], name="todo_person"),
            models.Index(fields=["role", "area_code", "sort_at", "id"], name="todo_area"),
            models.Index(fields=["role", "community_code", "sort_at", "id"], name="todo_community"),
            models.Index(fields=["role", "street_code", "sort_at", "id"], name="todo_street"),
            models.Index(fields=["role", "district_code", "sort_at", "id"], name="todo_district"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.role or self.person_id}"


class Follow(models.Model):
    """Somebody who met the same problem follows it instead of reporting it again."""

    PERSONAL_DATA = {"person_id": "who follows, when signed in", "follow_hash": "hash of the secret link"}

    id = models.UUIDField(primary_key=True, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="follows")
    person_id = models.UUIDField(null=True)
    follow_hash = models.BinaryField(max_length=32, null=True, db_index=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"follows {self.matter_id}"


class NumberCounter(models.Model):
    """The last number given in a community in a year."""

    PERSONAL_DATA: dict[str, str] = {}

    key = models.CharField(max_length=20, primary_key=True)  # "410802004004-2024"
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key}: {self.last}"


class AreaTally(models.Model):
    """How many matters a micro-grid has: in all, open, with a card. Exact: folded in the same transaction."""

    PERSONAL_DATA: dict[str, str] = {}

    area_code = models.CharField(max_length=21, primary_key=True)
    total = models.PositiveIntegerField(default=0)
    open = models.PositiveIntegerField(default=0)
    yellow = models.PositiveIntegerField(default=0)
    red = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.area_code}: {self.open}/{self.total}"
