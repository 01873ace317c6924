"""The same numbers from the entries themselves: every matter is folded again, and nothing kept is believed.

In one snapshot with what is read, so that a check may run while people work: any difference is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

from bihuan.areas.api import upper_bound
from bihuan.kernel.api import sql
from bihuan.matters.api import NotFoldable, folded
from bihuan.matters.models import Matter
from bihuan.methods.api import get_method
from bihuan.reporting.figures.definitions import compiled
from bihuan.reporting.figures.facts import Facts, Key, Values, difference, is_median, tally_keys
from bihuan.reporting.figures.measures import contributions, splits
from bihuan.reporting.figures.shapes import Check, Difference
from bihuan.reporting.figures.snapshot import pending_in

_PAGE = 500
Sums = dict[Key, list[int]]


@contextmanager
def one_moment() -> Iterator[None]:
    """Let all statements within see one moment; reads only. Nested in a transaction it is that transaction's."""
    if connection.in_atomic_block:
        yield
    elif sql.is_sqlite():
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")  # deferred: it reads, and keeps nobody from writing
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def check_figures(area_code: str = "", progress: Callable[[int], None] | None = None) -> Check:
    """Compare every tally, in every split and month, with a recount from the entries of an area ("": everywhere)."""
    with one_moment():
        found = Check()
        recounted = recount(area_code, found, progress)
        _compare(found, read(area_code), recounted, area_code)
    return found


def recount(area_code: str, found: Check, progress: Callable[[int], None] | None = None) -> Sums:
    """Return every sum as the entries make it; matters whose entries make no state are named in ``found``."""
    sums: Sums = {}
    last = UUID(int=0)
    while True:
        page = list(
            Matter.objects.filter(pk__gt=last, area_code__gte=area_code, area_code__lte=_end(area_code))
            .only("pk", "number", "version_ref_id")
            .order_by("pk")[:_PAGE]
        )
        for matter in page:
            try:
                facts, version = raw_facts(matter)
            except NotFoldable as error:
                found.unfoldable.append(f"{matter.number}: {error}")
                continue
            difference(sums, version, {}, facts)
        found.matters += len(page)
        if progress is not None:
            progress(found.matters)
        if len(page) < _PAGE:
            return sums
        last = page[-1].pk


def raw_facts(matter: Matter) -> tuple[Facts, UUID]:
    """Return what one matter adds, from its entries alone, and by which version of its method.

    Raises:
        NotFoldable: its entries make no state.
    """
    made = folded(matter)
    method = get_method(made.version_id)
    by = splits(made.state)
    facts = {
        measure: Values(
            added.month, made.area_code, method.key, by["category"][:40], made.channel, by["outcome"],
            by["urgency"][:12], added.amount,
        )
        for measure, added in contributions(compiled(method), made.state).items()
    }  # fmt: skip
    return facts, made.version_id


def read(area_code: str) -> Sums:
    """Return every sum as a reading has it: the tallies, and what the uncounted matters change."""
    rows = sql.rows(
        "SELECT measure, area_code, dim, month, value, n, amount FROM reporting_tally "
        "WHERE area_code >= %s AND area_code <= %s",
        [area_code, _end(area_code)],
    )
    sums: Sums = {tuple(row[:5]): [row[5], row[6]] for row in rows}
    for waiting in pending_in(area_code):
        difference(sums, waiting.row.version_id, waiting.folded, waiting.now)
    return sums


def _end(area_code: str) -> str:
    return upper_bound(area_code) if area_code else "9" * 21


def _compare(found: Check, kept: Sums, recounted: Sums, area_code: str) -> None:
    for key in sorted(kept.keys() | recounted.keys()):
        measure, area, dim, month, value = key
        if not area.startswith(area_code[: len(area)]) or len(area) < len(area_code):
            continue  # the sums of the areas above are not of this area alone
        found.numbers += 1
        have, want = tuple(kept.get(key, (0, 0))), tuple(recounted.get(key, (0, 0)))
        if have != want:
            found.differences.append(Difference(measure, area, month, dim, value, have, want))  # type: ignore[arg-type]


__all__ = ["check_figures", "is_median", "one_moment", "read", "recount", "tally_keys"]
