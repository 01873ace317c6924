"""The one home of exports: whoever takes a file out leaves an entry, whichever page, command or key it went through."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F

from bihuan.kernel.api import GENESIS, append, clock, day_bounds, new_id
from bihuan.people.api import Actor
from bihuan.reporting.models import Export

SUBJECT = "export"
_T = TypeVar("_T")
FORMS = frozenset({"xlsx", "csv", "docx", "pdf", "json"})
_TYPED = "*"  # stands for what somebody typed: it may be a name, and an entry is for ever
_KEY = re.compile(r"[a-z][a-z0-9_.:-]{0,59}|[0-9]{1,6}(-[0-9]{2}){0,2}")
_AREA = re.compile(r"[0-9]{2,21}")


@dataclass(slots=True)
class Counted:
    """An export under way: how many lines have gone out so far."""

    rows: int = 0

    def over(self, lines: Iterable[_T]) -> Iterator[_T]:
        """Pass lines on and count them."""
        for line in lines:
            self.rows += 1
            yield line


@transaction.atomic
def note_export(  # noqa: PLR0913
    *,
    actor: Actor,
    what: str,
    form: str,
    area_code: str,
    rows: int,
    key: str = "",
    filters: Mapping[str, str] | None = None,
    daily: bool = False,
) -> Export:
    """Leave an entry for a file that is ready to go out; call it once it is made, before it is handed over.

    ``export_xlsx`` and ``export_csv`` of registers, ``fill_run`` and ``fill_form`` do so themselves. Everything else
    that hands out a list calls this, as an interface that answers registers or figures in JSON does::

        note_export(actor=actor, what="register", key="livelihood_card", form="json", area_code=area,
                    rows=len(lines.rows), filters=opened.filters, daily=True)

    Asking for the right is the caller's; this only writes. Nothing that somebody typed gets into the entry: of
    ``filters`` only keys, months and codes stand there, for all else "*".

    Args:
        actor: who takes it, with the key it went through.
        what: one of ``Export.What``: register, form, figures, bulletin, list.
        form: xlsx, csv, docx, pdf, json.
        area_code: whose lines they are.
        rows: how many lines; of a form how many cells were filled; of figures how many numbers.
        key: which register, form, bulletin, list.
        filters: by name, as they were given.
        daily: of pages that a machine reads one after the other: the same thing again on the same day leaves no
            further entry, it is counted on in the row.
    """
    if what not in Export.What.values or form not in FORMS:
        raise ValueError(f"no export of {what!r} as {form!r}")
    said = {"filters": plain_filters(filters or {}), "key": key, "what": what, "form": form}
    if daily and (before := _today(actor, said, area_code)) is not None:
        Export.objects.filter(pk=before.pk).update(times=F("times") + 1, rows=F("rows") + rows)
        before.refresh_from_db()
        return before
    return _begin(actor, "export.taken", said, area_code, rows)


@contextmanager
def counted_export(
    *, actor: Actor, what: str, form: str, area_code: str, key: str = "", filters: Mapping[str, str] | None = None
) -> Iterator[Counted]:
    """Leave an entry before the first line of a stream goes out, and another at its end, or where it broke off.

    Around the generator that streams::

        with counted_export(actor=actor, what="register", form="csv", area_code=code, key=key) as out:
            for line in out.over(lines):
                yield line
    """
    said = {"filters": plain_filters(filters or {}), "key": key, "what": what, "form": form}
    row, out, whole = _begin(actor, "export.begun", said, area_code, None), Counted(), False
    try:
        yield out
        whole = True
    finally:
        _end(actor, row, out.rows, whole=whole)


def plain_filters(filters: Mapping[str, str]) -> dict[str, str]:
    """Return filters as an entry may hold them for ever: keys, months, codes; "*" for what was typed."""
    return {
        str(name)[:40]: said
        if (name == "area" and _AREA.fullmatch(said)) or (name != "text" and _KEY.fullmatch(said))
        else _TYPED
        for name, said in filters.items()
        if said
    }


def _today(actor: Actor, said: Mapping[str, Any], area_code: str) -> Export | None:
    begin, end = day_bounds(clock.today())
    same = Export.objects.select_for_update().filter(
        person_id=actor.person_id, via=actor.via[:120], area_code=area_code, what=said["what"], key=said["key"],
        form=said["form"], created_at__gte=begin, created_at__lt=end,
    )  # fmt: skip
    return next((row for row in same if row.filters_json == said["filters"]), None)


@transaction.atomic
def _begin(actor: Actor, verb: str, said: Mapping[str, Any], area_code: str, rows: int | None) -> Export:
    key, now = new_id(), clock.now()
    ref = actor.ref(next(iter(sorted(actor.roles_in(area_code))), ""))
    body = dict(said) if rows is None else {**said, "rows": rows}
    entry = append(
        subject_type=SUBJECT, subject_id=key, seq=1, prev_hash=GENESIS, verb=verb, actor=ref, area_code=area_code,
        happened_at=now, recorded_at=now, body=body, entry_id=key,
    )  # fmt: skip
    return Export.objects.create(
        id=key, what=said["what"], key=said["key"][:130], form=said["form"], area_code=area_code,
        filters_json=said["filters"], person_id=ref.person_id, role=ref.role, via=ref.via[:120], rows=rows,
        whole=rows is not None, created_at=now, head_hash=bytes(entry.hash),
    )  # fmt: skip


@transaction.atomic
def _end(actor: Actor, row: Export, rows: int, *, whole: bool) -> None:
    now = clock.now()
    entry = append(
        subject_type=SUBJECT, subject_id=row.pk, seq=2, prev_hash=bytes(row.head_hash),
        verb="export.finished" if whole else "export.broken_off", actor=actor.ref(row.role), area_code=row.area_code,
        happened_at=now, recorded_at=now, body={"rows": rows}, entry_id=new_id(),
    )  # fmt: skip
    Export.objects.filter(pk=row.pk).update(rows=rows, whole=whole, version=2, head_hash=bytes(entry.hash))
