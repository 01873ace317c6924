"""What other packages may use of the matters package.

Use cases (each one transaction, keyword-only, ``actor`` first):

- ``report(*, actor, id, text, title="", area_code=None, door_token=None, channel="web", category="", urgency="",
  people_affected=None, phone="", reporter_name="", anonymous=False, lon=None, lat=None, happened_at=None, photos=(),
  method_key=None, follow_token=None, extra={}) -> Reported``
- ``record(...)``: the same for somebody else, by a person with MATTER_RECORD in the area.
- ``report_batch(*, actor, reports: Sequence[Mapping]) -> list[Reported | Problem]`` (at most 500)
- ``report_again(*, actor, id, matter_id, text, reporter_id=None, reporter_name="", phone="", happened_at=None,
  follow_token=None, photos=()) -> Reported``: somebody else reports, through one who records, what is open already
- ``advance(*, actor, matter_id, action, entry_id, data={}, photos=(), expected_version=None, happened_at=None,
  via_link=None, meeting=None) -> Advanced``; ``meeting``: "meeting:<body>" when a meeting decides.
- ``follow(*, actor, id, matter_id, follow_token=None, phone="") -> str`` (the token)
- ``unfollow(*, actor, matter_id, follow_token=None) -> bool``
- ``merge(*, actor, matter_id, into_id, entry_id, reason) -> Advanced``
- ``reveal_contact(*, actor, matter_id, sealed_id, reason) -> str``; ``may_follow_link(matter, token) -> bool``,
  ``is_reporters_link(matter, token) -> bool``
- ``forget(*, actor, matter_id, what: "contact" | "text", entry_id, via_link=None) -> bool``: the reporter's own
- ``hand_over(*, actor, matter_id, person_id, role, entry_id) -> bool``: records that a personal link was given
- ``migrate_matters(*, actor, from_version, to_version, dry_run=True, matter_ids=None) -> Migration``
- ``tick_due(now=None, limit=200) -> int``, ``index_pending(limit=500) -> int`` (jobs)

Reads:

- ``todo(actor, cursor=None, limit=50) -> Listing[TodoRow]``, ``todo_count(actor) -> int`` (at most 100)
- ``ledger(actor, filters, cursor=None, limit=50) -> Listing[LedgerRow]``
- ``rows_of(actor, ids) -> {id: LedgerRow}``: those of them that one may see
- ``search(actor, text, area="", limit=50, cursor=None) -> Listing[LedgerRow]``
- ``carried(actor, roots, limit=200) -> (tuple[Carried, ...], more)``: open matters there, with what one may do
- ``matter_page(actor, matter_id, via_link=None) -> MatterPage``; raises Http404 / PermissionDenied
- ``public_page(number, token=None) -> PublicPage | None``, ``by_follow_token(token) -> Matter | None``
- ``map_counts(actor, community_code) -> tuple[AreaCount, ...]``
- ``duplicates(area_code, text, lon=None, lat=None, limit=3) -> tuple[Alike, ...]``
- ``kept_about(*, actor, matter, via_link) -> KeptAll | None``: for the reporter alone
- ``readings(sealed_ids) -> list[Reading]``: who read them in the clear; the system's own are counted in one
- ``contact_days(version_id) -> int``: how long a phone is kept after closing
- ``waiting_for(body, area_code, ids=None, without=None, limit=200) -> tuple[Matter, ...]``, at any level
- ``display_number(number) -> str``, ``spoken(number, community_name) -> str`` without a look-up

- ``folded(matter) -> Folded``: a matter as its entries alone make it; raises NotFoldable;
  ``check_matter(matter) -> Iterator[Difference]``: what its rows say otherwise

``register_acts(fn)``: have ``fn(Acted)`` called in the transaction of each act.

Errors are the kernel's: ``BadInput``, ``Refused``, ``Conflict``, ``NotFound``, and Django's ``PermissionDenied``.
"""

from __future__ import annotations

from bihuan.matters import keyset
from bihuan.matters.acted import Acted, register_acts
from bihuan.matters.actions import (
    advance,
    follow,
    index_pending,
    is_reporters_link,
    may_follow_link,
    merge,
    migrate_matters,
    record,
    report,
    report_again,
    report_batch,
    reveal_contact,
    tick_due,
    unfollow,
)
from bihuan.matters.carried import Carried, carried
from bihuan.matters.checks import first_words
from bihuan.matters.eligible import candidates
from bihuan.matters.erasing import GONE
from bihuan.matters.forget import Kept, KeptAll, forget, kept_about
from bihuan.matters.handing import hand_over
from bihuan.matters.labels import spoken
from bihuan.matters.methodinfo import MethodInfo, info_of
from bihuan.matters.numbers import by_number, by_numbers
from bihuan.matters.partylinks import SUPERVISOR, party_secret, read_party_secret, supervisor_by
from bihuan.matters.queries import (
    MOST_WAITING,
    by_follow_token,
    contact_days,
    display_number,
    duplicates,
    ledger,
    map_counts,
    matter_page,
    public_page,
    rows_of,
    search,
    todo,
    todo_count,
    waiting_for,
)
from bihuan.matters.readings import Reading, readings
from bihuan.matters.replay import Difference, Folded, NotFoldable, check_matter, folded
from bihuan.matters.shapes import (
    Advanced,
    Alike,
    AreaCount,
    Change,
    Earlier,
    LedgerFilters,
    LedgerRow,
    Listing,
    MatterPage,
    Migration,
    Photo,
    PublicPage,
    Reported,
    TimelineLine,
    TodoRow,
)

__all__ = [
    "GONE",
    "MOST_WAITING",
    "Acted",
    "Advanced",
    "Alike",
    "AreaCount",
    "Carried",
    "Change",
    "Difference",
    "Earlier",
    "Folded",
    "Kept",
    "KeptAll",
    "LedgerFilters",
    "LedgerRow",
    "Listing",
    "MatterPage",
    "MethodInfo",
    "Migration",
    "NotFoldable",
    "Photo",
    "PublicPage",
    "Reading",
    "Reported",
    "TimelineLine",
    "TodoRow",
    "advance",
    "SUPERVISOR",
    "by_follow_token",
    "by_number",
    "by_numbers",
    "party_secret",
    "read_party_secret",
    "supervisor_by",
    "candidates",
    "carried",
    "check_matter",
    "contact_days",
    "display_number",
    "duplicates",
    "first_words",
    "folded",
    "follow",
    "forget",
    "hand_over",
    "index_pending",
    "info_of",
    "is_reporters_link",
    "kept_about",
    "keyset",
    "ledger",
    "map_counts",
    "matter_page",
    "may_follow_link",
    "merge",
    "migrate_matters",
    "public_page",
    "readings",
    "record",
    "register_acts",
    "report",
    "report_again",
    "report_batch",
    "reveal_contact",
    "rows_of",
    "search",
    "spoken",
    "tick_due",
    "todo",
    "todo_count",
    "unfollow",
    "waiting_for",
]
