"""Folding: what moved since is worked out, its facts rewritten, the difference added to the tallies.

What holds at every moment: the tallies are the sums of the facts, as both change in one transaction; and a matter that
is marked as counted has the facts that it adds as it is now. A matter that moved while it was being folded stays
unmarked: its facts are an earlier state's, and a reading puts the difference to what it is now. So nobody who writes
waits for a fold, and no fold waits for them.

One fold at a time: on PostgreSQL by a lock of its own, on SQLite because there is one writer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from bihuan.kernel.api import sql
from bihuan.reporting.figures.definitions import fingerprint
from bihuan.reporting.figures.facts import Facts, Key, Row, Values, difference, facts_of
from bihuan.reporting.figures.snapshot import uncounted_matters
from bihuan.reporting.models import FigureRules

FACT = "reporting_fact"
COLUMNS = (
    "matter_id", "measure", "month", "area_code", "method_key", "category", "channel", "outcome", "urgency", "amount",
)  # fmt: skip
BATCH = 1000
_ROUNDS = 50
_LOCK = 0x62696875616E  # "bihuan"
_MARK = 20_000
_TALLY = "reporting_tally"
_TALLY_COLUMNS = ("measure", "area_code", "dim", "month", "value", "n", "amount")
_UP = (
    "ON CONFLICT (measure, area_code, dim, month, value) DO UPDATE SET "
    "n = reporting_tally.n + excluded.n, amount = reporting_tally.amount + excluded.amount"
)


def fold_pending() -> int:
    """Fold all that waits, batch by batch; return how many matters were worked out. The worker's job."""
    count = 0
    if not same_rules():
        begin_anew()
    for _round in range(_ROUNDS):
        done = fold(BATCH)
        count += done
        if done < BATCH:
            break
    return count


def fold(limit: int = BATCH) -> int:
    """Fold one batch in one transaction; return how many matters were worked out (0: none, or another folds)."""
    if sql.is_sqlite():
        rows = _uncounted(limit)
        made = [(row, facts_of(row)) for row in rows]  # before the transaction, as everybody would wait for it
        if not made:
            return 0
        with transaction.atomic():
            if not same_rules():
                return 0
            still = _versions([row.id for row in rows])
            _write([(row, facts) for row, facts in made if still.get(row.id) == row.version])
        return len(made)
    with transaction.atomic():
        if not _alone() or not same_rules():
            return 0
        made = [(row, facts_of(row)) for row in _uncounted(limit)]
        if made:
            _write(made)
    return len(made)


def same_rules() -> bool:
    """Say whether the facts were folded by this program's rules; the first who asks writes them down."""
    found = FigureRules.objects.values_list("fingerprint", flat=True).first()
    if found is None:
        FigureRules.objects.bulk_create([FigureRules(id=1, fingerprint=fingerprint())], ignore_conflicts=True)
        return True
    return bool(found == fingerprint())


def begin_anew() -> None:
    """Mark everything as uncounted, in steps; the new rules hold when nothing of the old ones is left.

    Until then nothing is folded and nothing is read: figures of two rules are never mixed.
    """
    marks = f"SELECT id FROM matters_matter WHERE counted LIMIT {_MARK}"  # noqa: S608
    update = f"UPDATE matters_matter SET counted = {_false()} WHERE id IN ({marks})"  # noqa: S608
    while True:
        with transaction.atomic():
            if not sql.is_sqlite() and not _alone():
                return
            if sql.execute(update) < _MARK:
                FigureRules.objects.filter(pk=1).update(fingerprint=fingerprint())
                return


def _false() -> str:
    return "0" if sql.is_sqlite() else "false"


def _alone() -> bool:
    return bool(sql.rows("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])[0][0])


def _uncounted(limit: int) -> list[Row]:
    found = sql.rows(
        f"SELECT id, version_ref_id, area_code, channel, version, state_json FROM {uncounted_matters()} "  # noqa: S608
        "WHERE NOT counted ORDER BY id LIMIT %s",
        [limit],
    )
    return [Row(sql.as_uuid(row[0]), sql.as_uuid(row[1]), *row[2:]) for row in found]


def _versions(ids: Sequence[UUID]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for chunk in sql.batched(ids, 500):
        marks = ", ".join(["%s"] * len(chunk))
        rows = sql.rows(f"SELECT id, version FROM matters_matter WHERE NOT counted AND id IN ({marks})", chunk)  # noqa: S608
        found |= {sql.as_uuid(key): version for key, version in rows}
    return found


def _write(made: Sequence[tuple[Row, Facts]]) -> None:
    old = _facts([row.id for row, _facts in made])
    deltas: dict[Key, list[int]] = {}
    gone: list[tuple[UUID, str]] = []
    come: list[tuple[Any, ...]] = []
    for row, new in made:
        went, came = difference(deltas, row.version_id, old.get(row.id, {}), new)
        gone += [(row.id, measure) for measure in went]
        come += [(row.id, measure, *values) for measure, values in came]
    _delete(gone)
    sql.insert_rows(FACT, COLUMNS, come)
    _add_up([(*key, n, amount) for key, (n, amount) in sorted(deltas.items()) if n or amount])
    _mark([(row.id, row.version) for row, _new in made])


def _facts(ids: Sequence[UUID]) -> dict[UUID, Facts]:
    found: dict[UUID, Facts] = {}
    names = ", ".join(COLUMNS)
    for chunk in sql.batched(ids, 500):
        marks = ", ".join(["%s"] * len(chunk))
        for row in sql.rows(f"SELECT {names} FROM {FACT} WHERE matter_id IN ({marks})", chunk):  # noqa: S608
            found.setdefault(sql.as_uuid(row[0]), {})[row[1]] = Values(*row[2:])
    return found


def _delete(gone: Sequence[tuple[UUID, str]]) -> None:
    if not gone:
        return
    with connection.cursor() as cursor:
        if sql.is_sqlite():
            statement = f"DELETE FROM {FACT} WHERE matter_id = %s AND measure = %s"  # noqa: S608
            cursor.executemany(statement, [(key.hex, measure) for key, measure in gone])
        else:
            cursor.execute(
                f"DELETE FROM {FACT} f USING unnest(%s::uuid[], %s::text[]) AS g(id, measure) "  # noqa: S608
                "WHERE f.matter_id = g.id AND f.measure = g.measure",
                [[key for key, _measure in gone], [measure for _key, measure in gone]],
            )


def _add_up(rows: Sequence[tuple[Any, ...]]) -> None:
    """Add to the tallies, in the order of their key: whoever else adds takes the rows in the same order."""
    if not rows:
        return
    names = ", ".join(_TALLY_COLUMNS)
    with connection.cursor() as cursor:
        if sql.is_sqlite():
            cursor.executemany(sql.insert_statement(_TALLY, _TALLY_COLUMNS, 1, _UP), rows)
            return
        for chunk in sql.batched(rows, 5000):
            columns = [list(column) for column in zip(*chunk, strict=True)]
            cursor.execute(
                f"INSERT INTO {_TALLY} ({names}) SELECT * FROM unnest("  # noqa: S608
                f"%s::text[], %s::text[], %s::text[], %s::int[], %s::text[], %s::bigint[], %s::bigint[]) {_UP}",
                columns,
            )


def _mark(done: Sequence[tuple[UUID, int]]) -> None:
    """Mark as counted what is still as it was worked out; a row that somebody holds just now is left for the next."""
    with connection.cursor() as cursor:
        if sql.is_sqlite():
            statement = "UPDATE matters_matter SET counted = 1 WHERE id = %s AND version = %s"
            cursor.executemany(statement, [(key.hex, version) for key, version in done])
        else:
            cursor.execute(
                "UPDATE matters_matter SET counted = true WHERE id IN ("
                "SELECT m.id FROM matters_matter m JOIN unnest(%s::uuid[], %s::int[]) AS f(id, version) "
                "ON m.id = f.id AND m.version = f.version ORDER BY m.id FOR NO KEY UPDATE OF m SKIP LOCKED)",
                [[key for key, _version in done], [version for _key, version in done]],
            )
