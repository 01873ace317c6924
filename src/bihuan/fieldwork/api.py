"""What other packages may use of work in the field.

Use cases (keyword-only, ``actor`` first, ids UUIDv7 made by the client; sent twice they act once):

- ``record_visit(id, area_code, happened_at, place_id=None, round="", method_key=None, level=None, pairing_id=None,
  help_kind="", arrived_at=None, result="nothing", checklist={}, title="", text="", together=(), photos=(), sounds=())
  -> RecordedVisit``; ``together``: [{"role", "name", "person": hex}]
- ``record_visits(visits: Sequence[Mapping]) -> list[RecordedVisit | Problem]``: at most 500, in their order
- ``record_finding(id, visit_id, text, item="", title="", category="", urgency="", method_key=None, join=None,
  expected_version=None, photos=()) -> Found``; a ``Conflict`` carries the version the matter has now
- ``correct_visit(visit_id, entry_id, reason, changes)``: ``changes`` holds any of area_code, place_id, round, level,
  happened_at, result, checklist, title, text, together; or {"withdrawn": True}
- ``review_visit(visit_id, entry_id, text)``
- ``register_place(id, area_code, kind, name, order=0, lon=None, lat=None)``,
  ``change_place(place_id, entry_id, changes, expected_version=None)``,
  ``import_places(file, name, dry_run=True)``

Reads: ``day(actor, at=None)``, ``rounds_in(actor, area_code)``, ``coverage(actor, area_code, method_key, round, level=1,
since=None, until=None)``, ``diary(actor, filters, cursor, limit)``, ``visit_page(actor, visit_id)``,
``findings_by(actor, area_code, since, until, by)``, ``found_twice(actor, area_code, since, until)``,
``places(actor, area_code, kind, …)``, ``acts_by_plan(area_code, since, until)``.

Errors are the kernel's: ``BadInput``, ``Refused``, ``Conflict``, ``NotFound``; Http404 and ``PermissionDenied``.
"""

from __future__ import annotations

from bihuan.fieldwork.actions import (
    change_place,
    correct_visit,
    import_places,
    record_finding,
    record_visit,
    record_visits,
    register_place,
    review_visit,
)
from bihuan.fieldwork.queries import (
    acts_by_plan,
    coverage,
    day,
    diary,
    findings_by,
    found_twice,
    places,
    rounds_in,
    visit_page,
)
from bihuan.fieldwork.shapes import (
    CheckItem,
    CheckLine,
    Choice,
    Corrected,
    CoverageRow,
    CoverageView,
    Day,
    DayArea,
    DayForm,
    DayMatter,
    DayPairing,
    DayPlan,
    DayTarget,
    DiaryFilters,
    DiaryRow,
    FindingCount,
    FindingLine,
    Found,
    FoundTwice,
    KeptPlace,
    ListPage,
    PlaceImport,
    PlaceRow,
    PlanStanding,
    RecordedVisit,
    RoundRef,
    Sound,
    VisitLine,
    VisitPage,
)

__all__ = [
    "CheckItem",
    "CheckLine",
    "Choice",
    "Corrected",
    "CoverageRow",
    "CoverageView",
    "Day",
    "DayArea",
    "DayForm",
    "DayMatter",
    "DayPairing",
    "DayPlan",
    "DayTarget",
    "DiaryFilters",
    "DiaryRow",
    "FindingCount",
    "FindingLine",
    "Found",
    "FoundTwice",
    "KeptPlace",
    "ListPage",
    "PlaceImport",
    "PlaceRow",
    "PlanStanding",
    "RecordedVisit",
    "RoundRef",
    "Sound",
    "VisitLine",
    "VisitPage",
    "acts_by_plan",
    "change_place",
    "correct_visit",
    "coverage",
    "day",
    "diary",
    "findings_by",
    "found_twice",
    "import_places",
    "places",
    "record_finding",
    "record_visit",
    "record_visits",
    "register_place",
    "review_visit",
    "rounds_in",
    "visit_page",
]
