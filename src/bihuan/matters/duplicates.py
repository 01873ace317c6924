"""Is this already known? Earlier matters of the same place whose words are alike, with enough to judge by.

The place first: the same micro-grid, or within eighty metres where both have a point. Then the time: what is
open, or closed within the last thirty days. Then the words (``alike``): an open matter of the very same place needs
less likeness than one next door or one already closed.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from bihuan.kernel.api import clock, sql
from bihuan.kernel.models import StoredFile
from bihuan.matters.alike import ELSEWHERE, SAME_PLACE, alike
from bihuan.matters.grams import grams
from bihuan.matters.labels import area_names, spoken, titled
from bihuan.matters.ledger import as_instant
from bihuan.matters.methodinfo import info_of
from bihuan.matters.shapes import Alike

NEAR_METRES = 80
CLOSED_DAYS = 30
LOOK_AT = 200
_FIELDS = (
    "id, number, title, text, area_code, community_code, version_ref_id, step, is_open, created_at, closed_at, "
    "lon, lat, follower_count"
)


def metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Return the distance of two near points in metres (equirectangular: exact enough within a town)."""
    x = math.radians(other_lon - lon) * math.cos(math.radians((lat + other_lat) / 2))
    y = math.radians(other_lat - lat)
    return 6_371_000 * math.hypot(x, y)


def duplicates(
    area_code: str, text: str, lon: float | None = None, lat: float | None = None, limit: int = 3
) -> tuple[Alike, ...]:
    """Return at most ``limit`` public matters that may be the same, the likeliest first. At most three statements."""
    if not area_code or not grams(text):
        return ()
    scored = []
    for row in _near(area_code, lon, lat):
        away = None
        if lon is not None and lat is not None and row[11] is not None and row[12] is not None:
            away = metres(lon, lat, row[11], row[12])
        if row[4] != area_code and (away is None or away > NEAR_METRES):
            continue
        score = max(alike(text, row[2]), alike(text, row[3]))
        if score >= (SAME_PLACE if row[4] == area_code and row[8] else ELSEWHERE):
            scored.append((score, away, row))
    scored.sort(key=lambda item: (-item[0], item[1] or 0.0, -as_instant(item[2][9]).timestamp()))  # type: ignore[union-attr]
    return _present(scored[: max(0, min(limit, 3))])


def _near(area_code: str, lon: float | None, lat: float | None) -> list[tuple[Any, ...]]:
    since = clock.now() - timedelta(days=CLOSED_DAYS)
    fresh = "public AND duplicate_of_id IS NULL AND (is_open OR closed_at > %s)"
    selects = [
        f"SELECT {_FIELDS} FROM matters_matter WHERE area_code = %s AND {fresh} "  # noqa: S608
        f"ORDER BY created_at DESC LIMIT {LOOK_AT:d}"
    ]
    params: list[Any] = [area_code, since]
    if lon is not None and lat is not None and len(area_code) >= 12:
        high = NEAR_METRES / 111_000
        wide = high / max(math.cos(math.radians(lat)), 0.1)
        selects.append(
            f"SELECT {_FIELDS} FROM matters_matter WHERE community_code = %s AND {fresh} "  # noqa: S608
            f"AND lon > %s AND lon < %s AND lat > %s AND lat < %s AND is_open "
            f"ORDER BY created_at DESC LIMIT {LOOK_AT:d}"
        )
        params += [area_code[:12], since, lon - wide, lon + wide, lat - high, lat + high]
    union = " UNION ALL ".join(f"SELECT * FROM ({part}) AS part{n}" for n, part in enumerate(selects))  # noqa: S608
    seen: dict[Any, tuple[Any, ...]] = {}
    for row in sql.rows(union, params):
        seen.setdefault(row[0], row)
    return list(seen.values())


def _present(scored: list[tuple[float, float | None, tuple[Any, ...]]]) -> tuple[Alike, ...]:
    if not scored:
        return ()
    ids = [sql.as_uuid(row[0]) for _score, _away, row in scored]
    names = area_names(row[4] for _score, _away, row in scored)
    shown = StoredFile.objects.filter(subject_type="matter", subject_id__in=ids, public=True)
    photos: dict[Any, Any] = dict(shown.order_by("-created_at").values_list("subject_id", "id"))
    found = []
    for (score, away, row), key in zip(scored, ids, strict=True):
        info = info_of(sql.as_uuid(row[6]))
        found.append(
            Alike(
                matter_id=key,
                number=row[1],
                display_number=spoken(row[1], names.get(row[5], "")),
                title=row[2],
                area_name=names.get(row[4], row[4]),
                public_words=titled(*info.public(row[7])),
                step_title=titled(*info.step(row[7])),
                is_open=bool(row[8]),
                created_at=as_instant(row[9]),  # type: ignore[arg-type]
                metres=None if away is None else round(away),
                likeness=round(score, 2),
                photo_id=photos.get(key),
                follower_count=row[13],
            )
        )
    return tuple(found)
