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

Reads: ``day(actor, at=None)``, ``rounds_in(actor, area_code)``, ``coverage(actor, area_code, method_key, round,
level=1, since=None, until=None)``, ``diary(actor, filters, cursor, limit)``, ``visit_page(actor, visit_id)``,
``findings_by(actor, area_code, since, until, by)``, ``found_twice(actor, area_code, since, until)``,
``places(actor, area_code, kind, …)``, ``acts_by_plan(area_code, since, until)``.

Pairings (结对): ``propose_pairing(id, key, area_code, door, name, person_id, phone="", needs=(), method_key=None)``,
``consent_to_pairing(pairing_id, entry_id, how, happened_at=None, witness_id=None, witness="")``,
``change_pairing(pairing_id, entry_id, person_id=None, needs=None, name="", phone=None)``,
``end_pairing(pairing_id, entry_id, reason, note="", happened_at=None)``,
``withdraw_consent(pairing_id, entry_id, how="")`` by staff or by the household itself,
``reveal_pairing(pairing_id, name, reason) -> str``; each but the last returns ``Paired``. Reads:
``pairings(actor, state="", area="", cursor=None)``, ``pairing_page(actor, pairing_id)``, ``kept_about(actor)`` for the
household, ``schemes_for(actor)``, ``unit_people(area_code, scheme)``. A text that is to become a matter goes through
``must_not_name(pairing, text, checked=…)`` first.

What was pasted from a chat: ``read_paste(text, now) -> Pasted`` of ``Draft`` and ``Rest``; pure, loses nothing. Kinds
of work: ``acts_of(counted_as, acts)`` over the method's section ``DILIGENCES``.

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
from bihuan.fieldwork.day_shapes import (
    CheckItem,
    Choice,
    Day,
    DayArea,
    DayForm,
    DayMatter,
    DayPairing,
    DayPlan,
    DayTarget,
    PlanStanding,
)
from bihuan.fieldwork.engine import acts_of
from bihuan.fieldwork.labels import marks, never_title, state_title
from bihuan.fieldwork.lookups import may_read_visit, visits_that_found
from bihuan.fieldwork.pairing_ending import PROPOSED_DAYS, end_pairing, lapse_proposals, withdraw_consent
from bihuan.fieldwork.pairing_household import KeptPairing, KeptValue, is_paired, kept_about, kept_in
from bihuan.fieldwork.pairing_reads import (
    HelpMatter,
    HelpVisit,
    PairingLine,
    PairingPage,
    PairingRow,
    UnitPerson,
    pairing_page,
    pairings,
    schemes_for,
    unit_people,
)
from bihuan.fieldwork.pairing_store import Paired
from bihuan.fieldwork.pairing_visiting import visit_household
from bihuan.fieldwork.pairing_words import Named, consent_title, end_reasons, must_not_name, named_in
from bihuan.fieldwork.pairings import change_pairing, consent_to_pairing, propose_pairing, reveal_pairing
from bihuan.fieldwork.paste import MOST_CHARACTERS, Draft, Pasted, Rest
from bihuan.fieldwork.paste import parse as read_paste
from bihuan.fieldwork.paste_words import find_door
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
from bihuan.fieldwork.read_shapes import (
    CheckLine,
    CoverageRow,
    CoverageView,
    DiaryFilters,
    DiaryRow,
    FindingCount,
    FindingLine,
    FoundTwice,
    RoundRef,
    VisitLine,
    VisitPage,
)
from bihuan.fieldwork.schemes import SchemeRef
from bihuan.fieldwork.section import DILIGENCES, Diligences
from bihuan.fieldwork.shapes import Corrected, Found, KeptPlace, ListPage, PlaceImport, PlaceRow, RecordedVisit, Sound

__all__ = [
    "DILIGENCES",
    "Diligences",
    "Draft",
    "MOST_CHARACTERS",
    "Pasted",
    "Rest",
    "acts_of",
    "find_door",
    "read_paste",
    "HelpMatter",
    "HelpVisit",
    "KeptPairing",
    "KeptValue",
    "Named",
    "PROPOSED_DAYS",
    "Paired",
    "PairingLine",
    "PairingPage",
    "PairingRow",
    "SchemeRef",
    "UnitPerson",
    "change_pairing",
    "consent_title",
    "consent_to_pairing",
    "end_pairing",
    "end_reasons",
    "is_paired",
    "kept_about",
    "kept_in",
    "lapse_proposals",
    "must_not_name",
    "named_in",
    "pairing_page",
    "pairings",
    "propose_pairing",
    "reveal_pairing",
    "schemes_for",
    "unit_people",
    "withdraw_consent",
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
    "marks",
    "never_title",
    "state_title",
    "import_places",
    "may_read_visit",
    "places",
    "record_finding",
    "record_visit",
    "record_visits",
    "register_place",
    "review_visit",
    "rounds_in",
    "visit_household",
    "visit_page",
    "visits_that_found",
]
