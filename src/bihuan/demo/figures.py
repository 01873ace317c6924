"""The source's own figures beside the ones derived from the record.

The derived side is a query over entries and what they made; nothing here writes. The keys are stable: other
programs read them from ``bihuan demo --no-serve --json``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.utils.translation import gettext_noop as _

from bihuan.activities.api import acts_by_kind
from bihuan.areas.api import subtree_q
from bihuan.areas.models import Area
from bihuan.demo.cast import COMMUNITY, OWN_METHOD
from bihuan.fieldwork.api import DILIGENCES, Diligences, acts_by_plan, acts_of
from bihuan.kernel.clock import ZONE
from bihuan.meetings.models import Meeting
from bihuan.methods.api import method_for
from bihuan.people.api import SYSTEM
from bihuan.reporting.api import figures

FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2024, 4, 3)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what the source says, and how it is derived."""

    key: str
    title: str
    source: int
    derive: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure as printed."""

    key: str
    title: str
    source: int
    derived: int

    @property
    def agrees(self) -> bool:
        """Whether the record arrives at what the source says."""
        return self.source == self.derived

    def as_json(self) -> dict[str, str | int]:
        """Return the three values that programs read."""
        return {"key": self.key, "source": self.source, "derived": self.derived}


def _quarter() -> tuple[datetime, datetime]:
    """Return the first instant of the period and the first one after it, local time."""
    midnight = datetime.min.time()
    return (
        datetime.combine(FIRST_DAY, midnight, ZONE),
        datetime.combine(LAST_DAY + timedelta(days=1), midnight, ZONE),
    )


def micro_grids() -> int:
    """Count the micro-grids in use in the community."""
    return Area.objects.filter(subtree_q("code", COMMUNITY), level=Area.Level.MICRO_GRID, active=True).count()


def problems_collected() -> int:
    """Return the problems collected in the months of the period; one merged into another is the same problem."""
    return _figure("collected")


def problems_settled() -> int:
    """Return those that were closed as solved: closed is not solved."""
    return _figure("solved")


def _figure(key: str) -> int:
    """Return a figure of the community as its pages show it, of its own method: a hazard is no livelihood problem."""
    months = [day.year * 100 + day.month for day in (FIRST_DAY, LAST_DAY)]
    found = figures(SYSTEM, COMMUNITY, months[0], months[1], [key], method_key=OWN_METHOD)
    return int(found[0].value or 0)


def joint_meetings() -> int:
    """Count the joint meetings held (not only called) within the period."""
    return _meetings_by_body().get("meetings.joint_meeting", 0)


def diligences() -> int:
    """Count the kinds of work (五勤) of which something was done within the period, by the method's own words.

    What counts as an act of a kind (算作) is told by the package that keeps such acts: rounds and pairings, meetings
    that were held, activities that were held.
    """
    _version, method = method_for(COMMUNITY, OWN_METHOD)
    section = method.section(DILIGENCES)
    begin, end = _quarter()
    acts = acts_by_plan(COMMUNITY, FIRST_DAY, LAST_DAY) | acts_by_kind(COMMUNITY, begin, end) | _meetings_by_body()
    done = acts_of(section.counted_as, acts) if isinstance(section, Diligences) else {}
    return sum(1 for number in done.values() if number)


def _meetings_by_body() -> dict[str, int]:
    begin, end = _quarter()
    held = Meeting.objects.filter(
        subtree_q("area_code", COMMUNITY),
        ended_at__gte=begin,
        ended_at__lt=end,
        state__in=[Meeting.State.ENDED, Meeting.State.PUBLISHED],
    )
    return {f"meetings.{body}": n for body, n in held.order_by().values_list("body").annotate(n=Count("pk"))}


FIGURES: tuple[Figure, ...] = (
    Figure("dianjian.micro_grids", _("电建社区的微网格（48 栋楼）"), 48, micro_grids),
    Figure("dianjian.problems_collected", _("年初以来收集的民生问题"), 5, problems_collected),
    Figure("dianjian.problems_settled", _("其中协调解决的"), 5, problems_settled),
    Figure("dianjian.joint_meetings", _("本季度党建联席会议"), 1, joint_meetings),
    Figure("dianjian.diligences", _("“五勤”中本季度做过的"), 5, diligences),
)


def derive() -> list[Pair]:
    """Return every figure with its derived value, in the order of the source."""
    return [Pair(figure.key, figure.title, figure.source, figure.derive()) for figure in FIGURES]
