"""The leader's page by the machine interface: what stands open now, by place; this month; a year month by month."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from bihuan.api.access import caller, keyed
from bihuan.api.rest.figures import FigureOut, figure_told
from bihuan.api.rest.inputs import READ, AreaCode
from bihuan.api.rest.picked import picked
from bihuan.api.scopes import FIGURES_READ
from bihuan.people.api import FIGURE_READ
from bihuan.reporting.api import Standing, cockpit
from bihuan.reporting.cockpit import Month

router = Router(tags=["figures"])


@picked(Standing)
class StandingOut(Schema):
    """What stands in an area at this moment."""


@picked(Month)
class MonthOut(Schema):
    """One month of the year."""


class BelowOut(Schema):
    """An area directly below: what stands there now, and its figures of the month."""

    area: str
    name: str
    standing: StandingOut
    values: list[FigureOut]


class CockpitOut(Schema):
    """All of it. ``month`` is the one that runs; ``more_below``: areas below that are not listed."""

    area: str
    month: int
    standing: StandingOut
    values: list[FigureOut]
    below: list[BelowOut]
    more_below: int
    months: list[MonthOut]
    kinds: list[FigureOut]


@router.get("/cockpit", auth=keyed(FIGURES_READ, needs=FIGURE_READ), response={200: CockpitOut, **READ})
def get_cockpit(request: HttpRequest, area: AreaCode) -> Any:
    """What stands open in an area now, this month beside the last one, places below, a year."""
    found = cockpit(caller(request), area)
    return Status(
        200,
        {
            "area": found.area_code,
            "month": found.month,
            "standing": found.standing,
            "values": [figure_told(one) for one in found.values],
            "below": [
                {
                    "area": one.area.code,
                    "name": one.name,
                    "standing": one.standing,
                    "values": [figure_told(value) for value in one.values],
                }
                for one in found.below
            ],
            "more_below": found.more_below,
            "months": found.months,
            "kinds": [figure_told(one) for one in found.kinds],
        },
    )
