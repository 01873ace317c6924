"""All pages of the desk: each part of the work keeps its own addresses beside its views."""

from __future__ import annotations

from bihuan.web.desk import (
    activities,
    areas,
    bringin,
    figures,
    hand,
    ledger,
    map,
    matter,
    me,
    meetings,
    methods,
    pairings,
    people,
    person,
    record,
    registers,
    robots,
    round_places,
    rounds,
    teams,
    todo,
    visits,
)

app_name = "desk"
urlpatterns = [
    *todo.urlpatterns,
    *ledger.urlpatterns,
    *registers.urlpatterns,
    *bringin.urlpatterns,
    *matter.urlpatterns,
    *hand.urlpatterns,
    *figures.urlpatterns,
    *record.urlpatterns,
    *map.urlpatterns,
    *rounds.urlpatterns,
    *visits.urlpatterns,
    *round_places.urlpatterns,
    *pairings.urlpatterns,
    *meetings.urlpatterns,
    *activities.urlpatterns,
    *teams.urlpatterns,
    *methods.urlpatterns,
    *areas.urlpatterns,
    *people.urlpatterns,
    *person.urlpatterns,
    *robots.urlpatterns,
    *me.urlpatterns,
]
