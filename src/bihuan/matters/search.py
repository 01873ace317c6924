"""Search in titles and texts, newest first, within what the reader may see.

The index holds pieces of two characters (``grams``); what it proposes is rechecked on the text itself. Effort is
bounded everywhere: a frequent word is looked for in the newest months first, and never more than ``PROBE``
proposals are looked at. What the worker has not indexed yet is found by a walk over those few rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.kernel.api import clock, sql
from bihuan.matters import keyset
from bihuan.matters.grams import contains_all, grams, terms
from bihuan.matters.ledger import _SELECT, as_instant, conditions, present
from bihuan.matters.scope import area_conditions, branches
from bihuan.matters.shapes import LedgerFilters, LedgerRow, Listing
from bihuan.people.api import MATTER_READ, Actor

PROBE = 600  # proposals looked at in one window of time
UNINDEXED = 500  # rows the worker has not reached yet
WALK = 1000  # newest rows looked through for a single character
NEWEST = 1200  # newest rows looked through for a frequent word before the index is asked (PostgreSQL)
_TAGS = {6: "d", 9: "s", 12: "c"}
_TEXT = 18  # position of m.text after the ledger's columns
_CREATED = 15


def tag(code: str) -> str:
    """Return the index word of the area: of its community where the code is finer than one."""
    code = code[:12]
    return _TAGS[len(code)] + code if len(code) in _TAGS else ""


def month_tag(at: datetime) -> str:
    """Return the index word of a month: ``m202404``."""
    local = at.astimezone(clock.ZONE)
    return f"m{local.year:04d}{local.month:02d}"


def search(actor: Actor, filters: LedgerFilters, cursor: str | None, limit: int) -> Listing[LedgerRow]:
    """Return the newest matters in which every term occurs.

    ``Listing.capped`` says that older ones were not looked at.
    """
    wanted = terms(filters.text)
    parts = branches(actor, MATTER_READ, filters.area)
    if not wanted or not parts:
        return Listing(())
    before = keyset.unpack_uuid(cursor)
    found: dict[Any, tuple[Any, ...]] = {}
    capped = False
    for rows, cut in _proposals(parts, wanted, filters, before, limit):
        capped = cut
        for row in rows:
            if row[0] not in found and contains_all(wanted, row[2], row[_TEXT]):
                found[row[0]] = row
        if len(found) > limit:
            break
    ordered = sorted(found.values(), key=lambda row: (as_instant(row[_CREATED]), sql.as_uuid(row[0])), reverse=True)
    following = None
    if len(ordered) > limit:
        ordered = ordered[:limit]
        last = ordered[-1]
        following = keyset.pack(as_instant(last[_CREATED]), sql.as_uuid(last[0]))  # type: ignore[arg-type]
    return Listing(present([row[:_TEXT] for row in ordered]), following, capped=capped and following is None)


Proposal = tuple[list[tuple[Any, ...]], bool]


def _proposals(
    parts: Sequence[Any], wanted: list[str], filters: LedgerFilters, before: Any, limit: int
) -> Iterator[Proposal]:
    """Yield rows that may match: what is not indexed and the reader's own first, then the newest, then the index."""
    pieces = sorted({piece for term in wanted for piece in grams(term) if len(piece) > 1})
    where, given = ("AND (m.created_at, m.id) < (%s, %s)", list(before)) if before is not None else ("", [])
    if not pieces:  # the newest rows first, then the filters: one that lets nothing through must not read on
        rows, cut = _fetch(parts, where, given, WALK)
        yield [row for row in rows if _passes(filters, row)], cut
        return
    sieve, values = conditions(filters)
    where, given = f"{sieve} {where}", [*values, *given]
    hint = " INDEXED BY matter_unindexed" if sql.is_sqlite() else ""
    few = f"SELECT u.id FROM matters_matter u{hint} WHERE NOT u.indexed ORDER BY u.id DESC LIMIT {UNINDEXED:d}"  # noqa: S608
    fresh, _cut = _fetch(parts, f"AND m.id IN ({few}) {where}", given, 0)
    own, _cut = _fetch([part for part in parts if not part.root and part.params], where, given, UNINDEXED)
    yield fresh + own, False
    roots = sorted({part.root for part in parts if part.root or not part.params})
    if not roots:
        return
    if sql.is_sqlite():
        yield from _sqlite(roots, pieces, where, given, limit)
        return
    if all(_is_han(term) for term in wanted) and len(roots) == 1:
        yield _newest(roots[0], wanted, where, given, limit), False
    yield from _postgres(roots, pieces, where, given, limit)


def _is_han(term: str) -> bool:
    """Say whether a term is written one way alone: no letters or digits, which have wide and capital forms."""
    return all("\u4e00" <= char <= "\u9fff" for char in term)


def _newest(root: str, wanted: Sequence[str], where: str, given: list[Any], limit: int) -> list[tuple[Any, ...]]:
    """Return the newest rows with the terms among the last ``NEWEST`` of an area.

    A word that every tenth report holds fills a page from these, whatever the district's size; PostgreSQL's index
    gives its proposals in no order, so that of a frequent word it would fetch and sort thousands first.
    """
    area, *others = area_conditions(root)
    if others:
        return []  # two ranges are no one walk; a single building has few reports
    condition, params = area
    holds = " AND ".join(["(strpos(m.title, %s) > 0 OR strpos(m.text, %s) > 0)"] * len(wanted))
    order = "ORDER BY m.created_at DESC, m.id DESC LIMIT"
    return sql.rows(
        f"SELECT {_SELECT}, m.text FROM (SELECT * FROM matters_matter m WHERE {condition} {where} "  # noqa: S608
        f"{order} {NEWEST:d}) AS m WHERE {holds} {order} {limit + 1:d}",
        [*params, *given, *(term for term in wanted for _twice in range(2))],
    )


def _passes(filters: LedgerFilters, row: Sequence[Any]) -> bool:
    """Say whether a row is what the filters ask for, as ``conditions`` says it in SQL."""
    wanted = (
        (6, filters.step),
        (8, filters.outcome),
        (9, filters.channel),
        (10, filters.category),
        (11, filters.urgency),
    )
    if any(value and row[at] != value for at, value in wanted):
        return False
    if filters.card in {"yellow", "red"} and row[13] != filters.card:
        return False
    if filters.state == "open" or filters.sort == "due":
        return bool(row[7])
    return filters.state != "closed" or not row[7]


def _fetch(parts: Sequence[Any], where: str, given: list[Any], most: int) -> Proposal:
    if not parts:
        return [], False
    selects: list[str] = []
    params: list[Any] = []
    for index, part in enumerate(parts):
        order = f"ORDER BY m.created_at DESC, m.id DESC LIMIT {most:d}" if most else ""
        selects.append(
            f"SELECT * FROM (SELECT {_SELECT}, m.text FROM matters_matter m WHERE {part.sql} {where} {order}) AS part{index}"  # noqa: S608, E501
        )
        params += [*part.params, *given]
    rows = sql.rows(" UNION ALL ".join(selects), params)
    return rows, bool(most) and len(rows) >= most


def _area_filter(roots: Sequence[str]) -> tuple[str, list[Any]]:
    conditions_: list[str] = []
    params: list[Any] = []
    for root in roots:
        for condition, given in area_conditions(root):
            conditions_.append(f"({condition})")
            params += given
    return f"AND ({' OR '.join(conditions_)})", params


def _sqlite(roots: Sequence[str], pieces: list[str], where: str, given: list[Any], limit: int) -> Iterator[Proposal]:
    """Walk the index from its newest end, ``PROBE`` proposals at a time, at most three times."""
    tags = sorted({tag(root) for root in roots if root})
    match = " AND ".join(f'"{piece}"' for piece in pieces)
    if tags and "" not in roots and "" not in tags:
        match = f"({' OR '.join(tags)}) AND {match}"
    area, area_params = _area_filter(roots)
    last, probes = 2**62, (2 * limit + 20, PROBE, PROBE)
    for turn, probe in enumerate(probes):
        proposed = sql.rows(
            "SELECT rowid FROM matters_search WHERE matters_search MATCH %s AND rowid < %s "  # noqa: S608
            f"ORDER BY rowid DESC LIMIT {probe:d}",
            [match, last],
        )
        if not proposed:
            return
        last = proposed[-1][0]
        marks = ", ".join(str(int(row[0])) for row in proposed)
        rows = sql.rows(
            f"SELECT {_SELECT}, m.text FROM matters_search_doc x "  # noqa: S608
            f"JOIN matters_matter m ON m.id = x.matter_id WHERE x.id IN ({marks}) {area} {where}",
            [*area_params, *given],
        )
        full = len(proposed) >= probe
        yield rows, full and turn == 2
        if not full:
            return


def _postgres(roots: Sequence[str], pieces: list[str], where: str, given: list[Any], limit: int) -> Iterator[Proposal]:
    """Look in the newest months first, then further back; the last time without a bound in time."""
    tags = sorted({tag(root) for root in roots if root})
    query = " & ".join(f"'{piece}'" for piece in pieces)
    if tags and "" not in roots and "" not in tags:
        query = f"({' | '.join(tags)}) & {query}"
    area, area_params = _area_filter(roots)
    for months, probe in ((2, 2 * limit + 20), (8, PROBE), (0, PROBE)):
        narrowed = f"{query} & ({' | '.join(_months(months))})" if months else query
        rows = sql.rows(
            f"SELECT {_SELECT}, m.text FROM (SELECT s.matter_id FROM matters_search s "  # noqa: S608
            f"WHERE s.grams @@ %s::tsquery ORDER BY s.created_at DESC LIMIT {probe:d}) AS x "
            f"JOIN matters_matter m ON m.id = x.matter_id WHERE true {area} {where} "
            f"ORDER BY m.created_at DESC, m.id DESC",
            [narrowed, *area_params, *given],
        )
        yield rows, len(rows) >= probe and not months


def _months(count: int) -> list[str]:
    today = clock.today()
    first = today.year * 12 + today.month - 1
    return [f"m{(first - back) // 12:04d}{(first - back) % 12 + 1:02d}" for back in range(count)]


def index_pending(limit: int = 500) -> int:
    """Index up to ``limit`` matters that are not yet in the search table; return how many."""
    from django.db import transaction

    with transaction.atomic():
        lock = "" if sql.is_sqlite() else " FOR UPDATE SKIP LOCKED"
        rows = sql.rows(
            "SELECT id, title, text, district_code, street_code, community_code, created_at "  # noqa: S608
            f"FROM matters_matter WHERE NOT indexed ORDER BY id LIMIT {int(limit):d}{lock}"
        )
        if not rows:
            return 0
        documents = [(sql.as_uuid(row[0]), as_instant(row[6]), _words(row)) for row in rows]
        (_index_sqlite if sql.is_sqlite() else _index_postgres)(documents)
        marks = ", ".join(["%s"] * len(rows))
        sql.execute(
            f"UPDATE matters_matter SET indexed = {'1' if sql.is_sqlite() else 'true'} WHERE id IN ({marks})",  # noqa: S608
            [document[0] for document in documents],
        )
    return len(rows)


def _words(row: Sequence[Any]) -> list[str]:
    pieces = {piece for piece in grams(f"{row[1]} {row[2]}") if len(piece) > 1}
    at = as_instant(row[6])
    assert at is not None  # noqa: S101
    return [*sorted(pieces), f"d{row[3]}", f"s{row[4]}", f"c{row[5]}", month_tag(at)]


Document = tuple[UUID, Any, list[str]]


def _index_sqlite(documents: Sequence[Document]) -> None:
    marks = ", ".join(["(%s)"] * len(documents))
    ids = [key for key, _at, _words_ in documents]
    sql.execute(f"INSERT INTO matters_search_doc (matter_id) VALUES {marks} ON CONFLICT DO NOTHING", ids)  # noqa: S608
    marks = ", ".join(["%s"] * len(documents))
    numbered = {
        sql.as_uuid(key): number
        for number, key in sql.rows(
            f"SELECT id, matter_id FROM matters_search_doc WHERE matter_id IN ({marks})",  # noqa: S608
            ids,
        )
    }
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO matters_search (rowid, grams) VALUES (%s, %s)",
            [(numbered[key], " ".join(words)) for key, _at, words in documents],
        )


def _index_postgres(documents: Sequence[Document]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO matters_search (matter_id, created_at, grams) VALUES (%s, %s, array_to_tsvector(%s)) "
            "ON CONFLICT (matter_id) DO NOTHING",
            [(key, at, words) for key, at, words in documents],
        )


def forget(matter_id: UUID, row: Sequence[Any]) -> None:
    """Take a matter out of the index, given its row as ``index_pending`` read it (before its text is erased)."""
    if not sql.is_sqlite():
        sql.execute("DELETE FROM matters_search WHERE matter_id = %s", [matter_id])
        return
    found = sql.rows("SELECT id FROM matters_search_doc WHERE matter_id = %s", [matter_id])
    if found:
        sql.execute(
            "INSERT INTO matters_search (matters_search, rowid, grams) VALUES ('delete', %s, %s)",
            [found[0][0], " ".join(_words(row))],
        )
        sql.execute("DELETE FROM matters_search_doc WHERE matter_id = %s", [matter_id])
