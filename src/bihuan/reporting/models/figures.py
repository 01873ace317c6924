"""What figures are read from: one fact for each matter and measure, and their sums by area and month.

A measure is a part of a figure: what is counted (``settled``), or a rate's numerator or denominator. What a matter
adds to a measure is a pure function of its state (``reporting.figures.measures``). The worker folds matters whose
``counted`` is false: their facts are rewritten and the difference goes to the tallies, in one transaction. A reading
takes the tallies and adds what the few uncounted matters change, in one snapshot: exact at any moment.
"""

from __future__ import annotations

from django.db import models


class Fact(models.Model):
    """What one matter adds to one measure, as last folded."""

    PERSONAL_DATA: dict[str, str] = {}

    pk = models.CompositePrimaryKey("matter_id", "measure")  # one index less on the widest table there is
    # No constraint in the database: a projection is checked by a recount, and a fold locks no matter's row.
    matter = models.ForeignKey(
        "matters.Matter", on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="facts"
    )
    measure = models.CharField(max_length=128)  # "settled" of the standard figures; "<method key>:<figure>.<part>"
    month = models.PositiveIntegerField()  # 202404, of Asia/Shanghai: the month it counts in
    area_code = models.CharField(max_length=21)  # the leaf; an area of any level is a range of codes
    method_key = models.CharField(max_length=60)
    category = models.CharField(max_length=40, default="")
    channel = models.CharField(max_length=12, default="")
    outcome = models.CharField(max_length=40, default="")
    urgency = models.CharField(max_length=12, default="")
    amount = models.BigIntegerField(default=1)  # 1 for a count; the sum's number; a duration in the figure's unit

    class Meta:
        indexes = [models.Index(fields=["measure", "month", "area_code", "matter"], name="fact_drill")]

    def __str__(self) -> str:
        return f"{self.measure} {self.month} {self.matter_id}"


class Tally(models.Model):
    """The sum of the facts of one measure in an area, a month and one split.

    ``dim`` is "" for the whole, or the split: "category", "channel", "outcome", "urgency", "method"; "value" names
    the part. ``dim`` "amount" is a histogram: ``value`` is the amount, so that medians are exact at any size.
    """

    PERSONAL_DATA: dict[str, str] = {}

    measure = models.CharField(max_length=128)
    area_code = models.CharField(max_length=21)  # of 4 to 12 digits in every split; of 15, 18 or 21 as a whole alone
    month = models.PositiveIntegerField()
    dim = models.CharField(max_length=12, default="")
    value = models.CharField(max_length=60, default="")
    n = models.BigIntegerField(default=0)
    amount = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "area_code", "dim", "month", "value"], name="tally_once")
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.area_code} {self.month} {self.dim}={self.value}: {self.n}"


class FigureRules(models.Model):
    """By which rules the facts were folded: where the program's are others, everything is folded anew.

    One row. A method's published version never changes; what the program itself says (the standard figures, and how
    they are worked out) may, with an upgrade.
    """

    PERSONAL_DATA: dict[str, str] = {}

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    fingerprint = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.fingerprint[:12]
