"""Checks the whole record: every entry's hash, every chain, every commitment, every published day.

Streams: keyset pages in the order of (subject, seq), each page with its sealed values; memory does not grow with the
record. It needs no key: commitments are over what is stored (see ``kernel.sealing``).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import orjson
from django.db import DatabaseError, connection

from . import sql
from .chain import GENESIS, digest
from .dayroots import compute_root
from .filecheck import check_files
from .flaws import MOST_FLAWS, Flaw, Report, id_text, is_id, row_flaw
from .models import DayRoot
from .sealing import commit

Heads = Callable[[list[UUID]], Mapping[UUID, tuple[int, bytes]]]
Progress = Callable[[int], None]

_PAGE = 4000
_heads: dict[str, Heads] = {}


def register_heads(subject_type: str, fn: Heads) -> None:
    """Say what a package believes the last entry of its subjects to be: ``fn(ids) -> {id: (seq, hash)}``.

    With it, an entry cut off at the end of a chain is found at once, not only by its day's root.
    """
    _heads[subject_type] = fn


def verify(subject: tuple[str, UUID] | None = None, progress: Progress | None = None, *, files: bool = False) -> Report:
    """Check the whole record, or one subject's chain.

    Args:
        subject: (subject_type, subject_id) to check alone; day roots are then left out.
        progress: called with the number of entries checked, after each page; then of files.
        files: also read every photo and compare it with the hash that names it (the whole record only).
    """
    began = time.perf_counter()
    report = Report()
    walk = _Walk(report)
    try:
        with _text_as_stored():
            for page in _pages(subject):
                walk.page(page)
                if progress is not None:
                    progress(report.entries)
            walk.finish()
            _orphans(report, subject)
            if subject is None:
                _day_roots(report)
                if files:
                    check_files(report, progress)
    except DatabaseError as error:  # a file damaged below the level of rows
        what, what_en = f"数据库无法读取：{error}", f"the database cannot be read: {error}"
        report.add(Flaw("database", what, what_en, subject=":".join(map(str, walk.subject or ()))))
    report.seconds = time.perf_counter() - began
    return report


@contextmanager
def _text_as_stored() -> Iterator[None]:
    """Let SQLite hand over text that is not UTF-8 any more, so that its entry can be named."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    raw: Any = connection.connection
    before, raw.text_factory = raw.text_factory, lambda data: data.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        raw.text_factory = before


# One row as selected: ids hyphenated or 32 hex digits, instants as canonical text.
_Row = tuple[Any, ...]


def _pages(subject: tuple[str, UUID] | None) -> Iterable[list[_Row]]:
    if connection.vendor == "sqlite":
        # "|| ''" keeps the driver from parsing the text: what is stored is what is checked
        happened, recorded = "happened_at || ''", "recorded_at || ''"
        uuids = ("id", "subject_id", "actor_id")
    else:
        happened, recorded = (f"({name} AT TIME ZONE 'UTC')::text" for name in ("happened_at", "recorded_at"))
        uuids = ("id::text", "subject_id::text", "actor_id::text")
    columns = (
        f"{uuids[0]}, subject_type, {uuids[1]}, seq, verb, {uuids[2]}, actor_role, area_code, {happened}, "
        f"{recorded}, method, body, prev_hash, hash"
    )
    only = "subject_type = %s AND subject_id = %s AND" if subject else ""
    statement = (
        f"SELECT {columns} FROM kernel_entry e WHERE {only} (subject_type, subject_id, seq) > (%s, %s, %s) "  # noqa: S608
        f"ORDER BY e.subject_type, e.subject_id, e.seq LIMIT {_PAGE}"  # e.: the column, not its text, for the index
    )
    after: tuple[Any, ...] = ("", UUID(int=0), 0) if subject is None else (*subject, 0)
    while True:
        page = sql.rows(statement, (*(subject or ()), *after))
        if page:
            yield page
        if len(page) < _PAGE:
            return
        after = page[-1][1:4]


class _Walk:
    """Goes along the chains and keeps what the next entry must fit."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._hex = connection.vendor == "sqlite"
        self.subject: tuple[str, str] | None = None
        self._seq = 0
        self._head = GENESIS
        self._also: bytes | None = None  # what the entry before must have been, where its hash was changed
        self._ended: dict[str, dict[str, tuple[int, bytes]]] = defaultdict(dict)

    def page(self, rows: list[_Row]) -> None:
        bodies: dict[str, _Row] = {}
        for row in rows:
            try:
                self._entry(row)
                bodies[row[0]] = row
            except (TypeError, ValueError, AttributeError):  # SQLite holds anything in any column
                self._flaw(row, "changed", "某一列的内容无法读取。", "a column holds what cannot be read.")
        self.report.entries += len(rows)
        _check_sealed(self.report, bodies)
        self._compare_heads()

    def finish(self) -> None:
        if self.subject is not None:
            self._end_subject()
        self._compare_heads()

    def _entry(self, row: _Row) -> None:
        key = (row[1], row[2])
        if key != self.subject:
            if self.subject is not None:
                self._end_subject()
            self.subject, self._seq, self._head, self._also = key, 0, GENESIS, None
            self.report.subjects += 1
        seq, prev, stored = row[3], bytes(row[12]), bytes(row[13])
        gap = seq != self._seq + 1
        if gap:
            self._missing(row)
        computed = self._digest(row, prev)
        fits = gap or prev in (self._head, self._also)
        if computed != stored:
            self._changed(row, computed, fits=fits)
        elif not fits:
            self._flaw(row, "wrong_prev", "与前一条记录的链接不符。", "does not link to the entry before it.")
        self._seq, self._head = seq, stored
        self._also = computed if computed != stored else None

    def _digest(self, row: _Row, prev: bytes) -> bytes:
        if self._hex:
            key, subject, actor = _hyphens(row[0]), _hyphens(row[2]), None if row[5] is None else _hyphens(row[5])
        else:
            key, subject, actor = row[0], row[2], row[5]
        return digest(
            key,
            row[1],
            subject,
            row[3],
            row[4],
            actor,
            row[6],
            row[7],
            _instant(row[8]),
            _instant(row[9]),
            row[10],
            row[11],
            prev,
        )

    def _missing(self, row: _Row) -> None:
        first, last = self._seq + 1, row[3] - 1
        which = f"{first}" if first == last else f"{first}–{last}"
        self._flaw(
            row, "missing_seq", f"缺少第 {which} 条记录（在本条之前）。", f"entry {which} before this one is missing."
        )

    def _changed(self, row: _Row, computed: bytes, *, fits: bool) -> None:
        if not fits and self._digest(row, self._head) == bytes(row[13]):
            what, what_en = "prev_hash 被改动。", "its prev_hash was changed."
        else:
            what, what_en = "内容与哈希不符：某一列被改动。", "its hash does not match: a column was changed."
        self._flaw(row, "changed", what, what_en)

    def _flaw(self, row: _Row, kind: str, what: str, what_en: str) -> None:
        self.report.add(row_flaw(row, kind, what, what_en))

    def _end_subject(self) -> None:
        assert self.subject is not None  # noqa: S101 - for the type checker
        kind, subject_id = self.subject
        if kind in _heads:
            self._ended[kind][subject_id] = (self._seq, self._head)

    def _compare_heads(self) -> None:
        for kind, ended in self._ended.items():
            believed = _heads[kind]([UUID(key) for key in ended if is_id(key)]) if ended else {}
            for key, (seq, head) in ended.items():
                known = believed.get(UUID(key)) if is_id(key) else None
                if known is not None and not _agrees(kind, UUID(key), seq, head, known):
                    self.report.add(
                        Flaw(
                            "head",
                            f"链的末尾（第 {seq} 条）与业务表所记（第 {known[0]} 条）不符。",
                            f"the chain ends at {seq}, but its subject stands at {known[0]} with another hash.",
                            subject=f"{kind}:{UUID(key)}",
                            seq=seq,
                        )
                    )
            ended.clear()


def _agrees(kind: str, subject: UUID, seq: int, head: bytes, known: tuple[int, bytes]) -> bool:
    """Compare; where the subject moved on while we read, look again before saying that something is wrong."""
    if (seq, head) == (known[0], bytes(known[1])):
        return True
    again = sql.rows(
        "SELECT hash FROM kernel_entry WHERE subject_type = %s AND subject_id = %s AND seq = %s",
        (kind, subject, known[0]),
    )
    return known[0] > seq and bool(again) and bytes(again[0][0]) == bytes(known[1])


def _check_sealed(report: Report, rows: dict[str, _Row]) -> None:
    """Compare each unerased sealed value of a page of entries with the commitment in its entry."""
    expected: dict[str, dict[str, str]] = {}
    for key, row in rows.items():
        if '"sealed":{' in row[11]:
            try:
                expected[key] = dict(orjson.loads(row[11]).get("sealed", {}))
            except (orjson.JSONDecodeError, AttributeError, ValueError, TypeError):
                report.add(row_flaw(row, "body", "正文不是有效的 JSON。", "its body is not JSON."))
    for key, name, content, salt, erased_at in _sealed_of(list(rows)):
        report.sealed += 1
        erased = content is None and salt is None and erased_at is not None
        report.erased += erased
        kind = _sealed_flaw(expected.get(key, {}).pop(name, None), content, salt, erased=erased)
        if kind:
            what, what_en = _SEALED_WORDS[kind]
            report.add(row_flaw(rows[key], kind, what.format(name), what_en.format(name)))
    for key, names in expected.items():
        for name in names:
            what, what_en = f"密封项“{name}”整行缺失。", f"the row of sealed “{name}” is missing."
            report.add(row_flaw(rows[key], "sealed_missing", what, what_en))


_SEALED_WORDS = {
    "sealed_extra": ("密封项“{}”未被记录承诺。", "sealed “{}” is not committed to."),
    "sealed_lost": ("密封项“{}”不见了，但没有删除记录。", "sealed “{}” is gone, yet was not erased."),
    "sealed_changed": ("密封项“{}”与承诺不符。", "sealed “{}” does not match its commitment."),
}


def _sealed_flaw(want: str | None, content: Any, salt: Any, *, erased: bool) -> str:
    """Return what is wrong with one sealed value, or nothing."""
    if want is None:
        return "sealed_extra"
    if erased:
        return ""
    if content is None or salt is None:
        return "sealed_lost"
    return "" if commit(bytes(salt), bytes(content)) == want else "sealed_changed"


def _sealed_of(keys: list[str]) -> list[_Row]:
    if connection.vendor == "sqlite":
        statement = (
            "SELECT entry_id, name, content, salt, erased_at FROM kernel_sealed "
            "WHERE entry_id IN (SELECT value FROM json_each(%s))"
        )
        return sql.rows(statement, (orjson.dumps(keys).decode(),))
    statement = (
        "SELECT entry_id::text, name, content, salt, erased_at FROM kernel_sealed WHERE entry_id = ANY(%s::uuid[])"
    )
    return sql.rows(statement, ("{" + ",".join(keys) + "}",))


def _orphans(report: Report, subject: tuple[str, UUID] | None) -> None:
    """Find sealed values whose entry is gone."""
    only = "AND s.subject_type = %s AND s.subject_id = %s" if subject else ""
    found = sql.rows(
        f"""SELECT s.entry_id, s.subject_type, s.subject_id, s.name FROM kernel_sealed s WHERE NOT EXISTS
        (SELECT 1 FROM kernel_entry e WHERE e.id = s.entry_id) {only} LIMIT {MOST_FLAWS}""",  # noqa: S608
        subject or (),
    )
    for entry_id, kind, subject_id, name in found:
        report.add(
            Flaw(
                "sealed_orphan",
                f"密封项“{name}”所属的记录不存在。",
                f"the entry of sealed “{name}” does not exist.",
                id_text(entry_id),
                f"{kind}:{id_text(subject_id)}",
            )
        )


def _day_roots(report: Report) -> None:
    """Recompute every published day."""
    for kept in DayRoot.objects.order_by("day").iterator():
        report.days += 1
        count, root = compute_root(kept.day)
        if (count, root) != (kept.count, bytes(kept.root)):
            report.add(
                Flaw(
                    "day_root",
                    f"{kept.day} 的日根不符：公布时 {kept.count} 条，现在 {count} 条。",
                    f"the root of {kept.day} differs: {kept.count} entries when published, {count} now.",
                )
            )


def _hyphens(text: str) -> str:
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _instant(text: str) -> str:
    """Turn the database's text of an instant in UTC into the record's; PostgreSQL cuts zeros off the end."""
    seconds, point, micros = text.partition(".")
    seconds = seconds.replace(" ", "T")
    return f"{seconds}.{micros.ljust(6, '0')}Z" if point else f"{seconds}Z"
